import { randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createPasswordHasher, PasswordsBusy, type Scrypt } from './password-hash.ts';

const run: Scrypt = promisify(scrypt);
const CHEAP = { N: 16, r: 1, p: 1 };
const hasher = createPasswordHasher({ scrypt: run, randomBytes, cost: CHEAP });

describe('a stored password', () => {
  it('is matched by itself and by nothing else', async () => {
    const stored = await hasher.hash('purple tractor sings');
    expect(await hasher.matches('purple tractor sings', stored)).toBe(true);
    expect(await hasher.matches('Purple tractor sings', stored)).toBe(false);
    expect(await hasher.matches('purple tractor sings', null)).toBe(false);
  });

  it('has a salt of its own and says how it was made', async () => {
    const [one, other] = await Promise.all([hasher.hash('the same text'), hasher.hash('the same text')]);
    expect(one).not.toBe(other);
    expect(one).toMatch(/^scrypt\$16\$1\$1\$[\w-]{22}\$[\w-]{43}$/);
  });

  it('is the same however its characters are composed', async () => {
    const stored = await hasher.hash('caf\u00e9 tractor blue');
    expect(await hasher.matches('cafe\u0301 tractor blue', stored)).toBe(true);
  });

  it('made with other parameters still matches, and is outdated', async () => {
    const stored = await createPasswordHasher({ scrypt: run, randomBytes, cost: { ...CHEAP, N: 32 } }).hash(
      'a b c d e f',
    );
    expect(await hasher.matches('a b c d e f', stored)).toBe(true);
    expect(hasher.isOutdated(stored)).toBe(true);
    expect(hasher.isOutdated(await hasher.hash('a b c d e f'))).toBe(false);
  });
});

describe('many passwords at once', () => {
  it('are worked on two at a time, and no more than twenty wait', async () => {
    const ends: (() => void)[] = [];
    const slow: Scrypt = () => new Promise((resolve) => ends.push(() => resolve(Buffer.alloc(32))));
    const busy = createPasswordHasher({ scrypt: slow, randomBytes, cost: CHEAP });
    const asked = Array.from({ length: 22 }, () => busy.matches('x', null));
    expect(ends.length).toBe(2);
    await expect(busy.matches('x', null)).rejects.toThrow(PasswordsBusy);
    for (let done = 0; done < 22; done += 1) {
      ends[done]?.();
      await asked[done];
    }
    expect(ends.length).toBe(22);
  });
});
