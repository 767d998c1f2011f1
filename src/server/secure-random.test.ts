import { describe, expect, it } from 'vitest';
import { createSecureRandom } from './secure-random.ts';

describe('createSecureRandom', () => {
  it('gives each number once, over several fillings of its pool', () => {
    const random = createSecureRandom();
    const given = Array.from({ length: 3_000 }, random);
    expect(new Set(given).size).toBe(3_000);
    expect(given.every((number) => number >= 0 && number < 1)).toBe(true);
  });
});
