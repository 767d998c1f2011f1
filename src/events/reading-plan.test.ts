import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_AFTER, NO_BEFORE } from './id-range.ts';
import { bucketOf, buildSpans, cutRange, LAST_BUCKET, listWindows, SPANS_MAX, takeSpans } from './reading-plan.ts';

const idAt = (second: number) => second.toString(16).padStart(8, '0').padEnd(24, '5');
const ALL = { after: NO_AFTER, before: NO_BEFORE };
const tally = (bucket: number, ids: readonly number[]) => ({
  bucket,
  events: ids.length,
  firstId: idAt(Math.min(...ids)),
  lastId: idAt(Math.max(...ids)),
});

describe('the windows in which tallies are read', () => {
  it('are the whole range, apart from each other and in the order of the page', () => {
    const bucket = fc.nat(LAST_BUCKET);
    fc.assert(
      fc.property(bucket, bucket, bucket, fc.constantFrom('asc' as const, 'desc' as const), (one, other, now, sort) => {
        const within = { low: Math.min(one, other), high: Math.max(one, other) };
        const windows = listWindows(within, { sort, now });
        const up = sort === 'asc' ? windows : windows.toReversed();
        expect(up[0]?.low).toBe(within.low);
        expect(up.at(-1)?.high).toBe(within.high);
        for (const [index, { low }] of up.entries()) if (index > 0) expect(low).toBe((up[index - 1]?.high ?? 0) + 1);
        expect(windows.length).toBeLessThan(12);
      }),
    );
  });

  it('of the newest entries begin four hours before now', () => {
    const [first] = listWindows({ low: 0, high: LAST_BUCKET }, { sort: 'desc', now: 1_000 });
    expect(first).toEqual({ low: 985, high: LAST_BUCKET });
  });
});

describe('spans', () => {
  it('have every entry once, in the order of the page', () => {
    const kinds = fc.array(fc.array(fc.nat(899), { minLength: 1, maxLength: 5 }), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(kinds, { maxLength: 4 }),
        fc.constantFrom('asc' as const, 'desc' as const),
        (quarters, sort) => {
          const seconds = quarters.map((each, bucket) =>
            each.map((ids) => [...new Set(ids)].map((s) => bucket * 900 + s)),
          );
          const tallies = seconds.flatMap((each, bucket) => each.map((ids) => tally(bucket, ids)));
          const spans = buildSpans(tallies, { range: ALL, sort });
          for (const second of seconds.flat(2)) {
            expect(spans.filter(({ first, last }) => idAt(second) >= first && idAt(second) <= last)).toHaveLength(1);
          }
          const up = sort === 'asc' ? spans : spans.toReversed();
          for (const [index, { first }] of up.entries())
            if (index > 0) expect(first > (up[index - 1]?.last ?? '')).toBe(true);
          expect(spans.reduce((sum, { events }) => sum + events, 0)).toBe(seconds.flat(2).length);
        },
      ),
    );
  });

  it('of two entries leave out what is between them, and those outside the range are no spans', () => {
    const range = { after: idAt(100), before: idAt(800) };
    const spans = buildSpans([tally(0, [50, 700]), tally(0, [850, 900])], { range, sort: 'asc' });
    expect(spans).toEqual([{ first: idAt(700), last: idAt(700), events: 1 }]);
  });

  it('are taken until they are likely to fill the page', () => {
    const spans = Array.from({ length: 200 }, (_, index) => ({ first: idAt(index), last: idAt(index), events: 3 }));
    expect(takeSpans(spans, 7)).toHaveLength(3);
    expect(takeSpans(spans, 10_000)).toHaveLength(SPANS_MAX);
    expect(takeSpans(spans.slice(0, 2), 10_000)).toHaveLength(2);
    expect(takeSpans(spans, 0)).toHaveLength(1);
  });
});

describe('a range cut where counting has come to', () => {
  it.each(['', 'g', '00000010', idAt(16), '0'.repeat(24)])('at %j has each id in one part', (until) => {
    const { older, newer } = cutRange({ after: idAt(3), before: idAt(90) }, until);
    for (const second of [4, 15, 16, 17, 89]) {
      const parts = [older, newer].filter(({ after, before }) => idAt(second) > after && idAt(second) < before);
      expect(parts).toEqual([idAt(second) < until ? older : newer]);
    }
  });
});

it('a quarter of an hour is of the second in the id', () => {
  expect([bucketOf(NO_AFTER), bucketOf(idAt(899)), bucketOf('00000384'), bucketOf(NO_BEFORE)]).toEqual([
    0,
    0,
    1,
    LAST_BUCKET,
  ]);
});
