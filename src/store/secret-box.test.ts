import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSecretBox } from './secret-box.ts';

describe('the secret box', () => {
  const box = createSecretBox(randomBytes(32), randomBytes);
  const sealed = box.seal('pässword', 'credential:1');

  it('opens what it sealed', () => {
    expect(box.open(sealed, 'credential:1')).toBe('pässword');
  });

  it('does not open for another place, with another key, or when damaged', () => {
    const damaged = Buffer.from(sealed);
    damaged[20] = (damaged[20] ?? 0) ^ 1;
    expect(box.open(sealed, 'credential:2')).toBeNull();
    expect(createSecretBox(randomBytes(32), randomBytes).open(sealed, 'credential:1')).toBeNull();
    expect(box.open(damaged, 'credential:1')).toBeNull();
    expect(box.open(Buffer.alloc(3), 'credential:1')).toBeNull();
  });

  it('seals the same text differently each time', () => {
    expect(box.seal('pässword', 'credential:1')).not.toEqual(sealed);
  });
});
