import { describe, expect, it } from 'vitest';
import { quoted, shown, writeAmount } from './wording.ts';
import { writeMoment } from './write-moment.ts';

describe('a value in a sentence', () => {
  it.each<[value: unknown, text: string]>([
    ['CA', 'CA'],
    [['TX', 'CA'], 'TX,CA'],
    [17.5, '17.5'],
    [false, 'false'],
    ['ann@example.com', 'ann@example.com'],
    ['single family', '"single family"'],
    ['so.', '"so."'],
    ['', 'empty'],
    [null, 'empty'],
    [' \n ', 'empty'],
    ['x\nThe lead was accepted.\u0000\u202e', '"x The lead was accepted."'],
    ['say "yes"', '"say \'yes\'"'],
  ])('%j is shown as %s', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it('is cut, also between the halves of a character and in a megabyte', () => {
    for (const long of ['x'.repeat(1_000_000), '\u{1f600}'.repeat(1_000), ' '.repeat(1_000_000)]) {
      const text = quoted(long);
      expect(text.length).toBeLessThanOrEqual(122);
      expect(text).not.toMatch(/\p{Cs}/u);
    }
  });
});

it.each([
  [5, '5.00 dollars'],
  [0.125, '0.1250 dollars'],
  [12.5, '12.50 dollars'],
])('%d is %s', (amount, text) => {
  expect(writeAmount(amount)).toBe(text);
});

it('a moment is written in the zone it is meant in', () => {
  expect(writeMoment('2026-11-21T06:00:00.000Z', 'America/Chicago')).toBe('2026-11-21 00:00 America/Chicago');
});
