import { describe, expect, it } from 'vitest';
import { computeIdRange, intersect, NO_AFTER, NO_BEFORE } from './id-range.ts';

const NOON = Date.UTC(2025, 2, 3, 12);
const AT_NOON = '67c599c0';

const isWithin = (id: string, { after, before }: { after: string; before: string }) => id > after && id < before;

describe('idRangeOf', () => {
  it.each([
    ['an id of the first second', `${AT_NOON}0000000000000000`, true],
    ['the last id of the last second', `${AT_NOON}ffffffffffffffff`, true],
    ['the last id of the second before', '67c599bfffffffffffffffff', false],
    ['the first id of the second after', '67c599c10000000000000000', false],
  ])('holds the seconds of both ends: %s', (_what, id, isIn) => {
    expect(isWithin(id, computeIdRange(NOON, NOON + 1))).toBe(isIn);
  });

  it.each([
    [null, null, true],
    [0, Date.UTC(9999, 11, 31), true],
    [Date.UTC(9999, 0, 1), null, false],
    [-1, null, true],
    [null, -1, false],
  ])('from %s to %s', (start, end, isIn) => {
    for (const id of ['000000000000000000000000', `${AT_NOON}0000000000000000`, 'ffffffffffffffffffffffff']) {
      expect(isWithin(id, computeIdRange(start, end))).toBe(isIn);
    }
  });
});

it('what two ranges have in common is bounded by the later start and the earlier end', () => {
  expect(intersect({ after: 'a', before: 'c' }, { after: 'b', before: NO_BEFORE })).toEqual({
    after: 'b',
    before: 'c',
  });
  expect(intersect({ after: NO_AFTER, before: 'c' }, { after: 'b', before: 'd' })).toEqual({ after: 'b', before: 'c' });
});
