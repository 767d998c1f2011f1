import { describe, expect, it } from 'vitest';
import { describeEta, describeRate, describeSize, listCounts } from './job-words.ts';

describe('words of a job', () => {
  it.each([
    [null, '–'],
    [0.2, 'about 1 s'],
    [36, 'about 36 s'],
    [720, 'about 12 min'],
    [10_800, 'about 3 h'],
  ])('say how long %s s are', (seconds, text) => {
    expect(describeEta(seconds)).toBe(text);
  });

  it.each([
    [null, '–'],
    [2.46, '2.5 a second'],
    [1_204.4, '1,204 a second'],
  ])('say the rate %s', (rate, text) => {
    expect(describeRate(rate)).toBe(text);
  });

  it.each([
    [412, '412 B'],
    [12_400, '12.4 kB'],
    [3_902_114, '3.9 MB'],
  ])('say the size %i', (bytes, text) => {
    expect(describeSize(bytes)).toBe(text);
  });

  it('count by result: what failed is no success because the job ended', () => {
    expect(listCounts({ counters: { error: 1, rejected: 6, success: 0, given: 2, refused: 7 } })).toEqual([
      { outcome: 'given', pieces: 2, tone: 'success' },
      { outcome: 'refused', pieces: 7, tone: 'failure' },
      { outcome: 'rejected', pieces: 6, tone: 'failure' },
      { outcome: 'error', pieces: 1, tone: 'error' },
    ]);
  });
});
