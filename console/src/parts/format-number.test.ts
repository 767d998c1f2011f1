import { expect, it } from 'vitest';
import { formatChange, formatDuration, formatShare, shareOf } from './format-number.ts';

it.each([
  [0, '0 %'],
  [0.17021, '17.0 %'],
  [0.5, '50.0 %'],
  [0.0001, '< 0.1 %'],
  [0.0005, '0.1 %'],
  [0.6249, '62.5 %'],
  [0.9999, '100 %'],
  [1, '100 %'],
  [null, '–'],
])('a share of %s is %s', (share, text) => {
  expect(formatShare(share)).toBe(text);
});

it('is no share of nothing', () => {
  expect([shareOf(0, 0), shareOf(1, 4)]).toEqual([null, 0.25]);
});

it.each([
  [112, 100, '+12 %'],
  [97, 100, '−3 %'],
  [100, 100, 'no change'],
  [-50, -100, '+50 %'],
  [1_099, 100, '+999 %'],
  [4_540, 100, '45 times as much'],
  [100, -5, '+2,100 %'],
  [5, 0, null],
])('%d after %d is %s', (value, before, text) => {
  expect(formatChange(value, before)).toBe(text);
});

it.each([
  [840.4, '840 ms'],
  [1_240, '1.2 s'],
  [31_400, '31 s'],
  [null, '–'],
])('%s ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
