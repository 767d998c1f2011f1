import { expect, it } from 'vitest';
import { describeTtl, splitValues } from './list-words.ts';

it.each([
  [null, 'Never'],
  [86_400, '1 day'],
  [2_592_000, '30 days'],
  [129_600, '36 hours'],
  [90, '90 seconds'],
  [120, '2 minutes'],
])('entries that end after %s s: %s', (seconds, words) => {
  expect(describeTtl(seconds)).toBe(words);
});

it('splits what was pasted into values', () => {
  expect(splitValues(' a@example.com\r\nb@example.com, c@example.com|d@example.com\n\n')).toEqual([
    'a@example.com',
    'b@example.com',
    'c@example.com',
    'd@example.com',
  ]);
});
