import { describe, expect, it } from 'vitest';
import { describeReplay, listCaveats } from './describe-replay.ts';

describe('a replay in words', () => {
  it.each([
    [0, 0, 'There is no lead yet to try this on.'],
    [1, 0, 'The last lead would end as it did.'],
    [1, 1, 'The last lead would end otherwise.'],
    [200, 0, 'None of the last 200 leads would end otherwise.'],
    [200, 1, '1 of the last 200 leads would end otherwise.'],
    [37, 12, '12 of the last 37 leads would end otherwise.'],
  ])('of %i leads, %i flipped', (leads, flipped, sentence) => {
    expect(describeReplay({ leads, flipped })).toBe(sentence);
  });

  it('says what is not in the count', () => {
    expect(listCaveats({ not_replayed: 0, assumed: 0, stopped_early: false })).toEqual([]);
    expect(listCaveats({ not_replayed: 1, assumed: 2, stopped_early: true })).toEqual([
      'The time was up before all of them were looked at.',
      '1 more lead is left out: what it was sent as is not kept any more.',
      '2 came to a recipient that did not answer them then; it is taken to accept.',
    ]);
  });
});
