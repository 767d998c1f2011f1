import { describe, expect, it } from 'vitest';
import { buildOtpauthUrl, computeTotp, encodeBase32, findTotpStep } from './totp.ts';

const SECRET = Buffer.from('12345678901234567890');

describe('a TOTP code', () => {
  // RFC 6238, appendix B, SHA-1: the last six of its eight digits.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %i seconds is %s', (seconds, code) => {
    expect(computeTotp(SECRET, Math.floor(seconds / 30))).toBe(code);
    expect(findTotpStep(SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
  });

  it.each(['', '28708', '2870822', '28708a', '２８７０８２'])('is not %j', (code) => {
    expect(findTotpStep(SECRET, code, 59_000)).toBeNull();
  });
});

describe('the secret', () => {
  // RFC 4648, section 10.
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foobar', 'MZXW6YTBOI'],
  ])('%j is %s in base 32', (text, encoded) => {
    expect(encodeBase32(Buffer.from(text))).toBe(encoded);
  });

  it('goes to an app as a URL', () => {
    expect(buildOtpauthUrl({ secret: SECRET, email: 'ann+x@example.com', issuer: 'Sluice' })).toBe(
      'otpauth://totp/Sluice:ann%2Bx%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sluice',
    );
  });
});
