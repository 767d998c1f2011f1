import { expect, it } from 'vitest';
import { cpuRatio } from '../../test/harness/cpu-ratio.ts';
import { compilePattern } from './compile-pattern.ts';
import { patternPoints } from './pattern-points.ts';

it.each([
  ['texas', 13],
  ['^7\\d{3}$', 13],
  ['*@example.com', 17],
  ['[a-z]{2,40}', 32],
  ['(?:ab){3}', 15],
  ['(?:(?:a{9}){9}){9}', 420],
  ['^\\S{999}$', 511],
  ['a{5,}', 13],
  ['\\p{L}', 77],
  ['(((', 10],
  [')', 11],
  ['{3}', 10],
  ['a{99999}{99999}', 500_010],
])('%s costs %d points', (pattern, points) => {
  expect(patternPoints(pattern)).toBe(points);
});

it('no pattern costs many times more to compile than its points say', () => {
  const words = Array.from({ length: 120 }, (_, word) => `w${word}x`).join('|');
  const patterns = [
    `^(${words})$`,
    `^${'\\S{30}'.repeat(33)}$`,
    '^[a-z]{1,999}$',
    `/${'\\p{L}'.repeat(190)}/u`,
    '/^[\\p{L}\\p{N}\\p{S}\\p{P}]{900}$/u',
    `[${'\\w\\s'.repeat(200)}]`,
    '.'.repeat(980),
    '[^a]'.repeat(240),
  ];
  let turn = 0;
  for (const pattern of patterns) {
    // Another text each time, because a pattern that is held is not compiled again.
    const ratio = cpuRatio(() => {
      turn += 1;
      expect(compilePattern(pattern.startsWith('/') ? pattern.replace('/', `/${turn}`) : `${turn}${pattern}`).ok).toBe(
        true,
      );
    });
    // A round of the reference is 140 to 400 points long.
    expect([pattern.slice(0, 20), ratio / patternPoints(pattern) < 1 / 25]).toEqual([pattern.slice(0, 20), true]);
  }
});
