import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeQr } from './qr.ts';

const OTPAUTH = 'otpauth://totp/Sluice:ann%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sluice';

describe('a QR code', () => {
  // The pictures of versions 1 to 10 were read with jsQR when this was written.
  it.each([
    ['of version 2', 'otpauth://totp/Sluice:a', 25, '040d92a91600f8bd'],
    ['of version 5, with an alignment pattern', OTPAUTH, 37, '963d32d660a6c4da'],
    ['of version 7, with its version in it', 'x'.repeat(150), 45, 'da7bffc962b319b8'],
    ['of version 10, with a length of two bytes', 'x'.repeat(260), 57, '2c361675e84be2b0'],
  ])('%s has the modules that readers read', (_version, text, size, hash) => {
    const rows = encodeQr(text) ?? [];
    expect(rows.map(({ length }) => length)).toEqual(Array.from({ length: size }, () => size));
    const bits = rows.map((row) => row.map((isDark) => (isDark ? '1' : '0')).join('')).join('');
    expect(createHash('sha256').update(bits).digest('hex').slice(0, 16)).toBe(hash);
  });

  it('is not made of a text that is too long', () => {
    expect(encodeQr('x'.repeat(271))).toHaveLength(57);
    expect(encodeQr('x'.repeat(272))).toBeNull();
  });
});
