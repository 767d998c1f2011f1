import { expect, it } from 'vitest';
import { describeComparison, listTiles } from './number-tiles.ts';
import { resolveFrame } from './time-frames.ts';

const frame = resolveFrame({}, { now: Date.parse('2026-11-20T20:03:00Z'), zone: 'America/Chicago' });
const before = { submitted: 100, success: 50, failure: 50, error: 0, cost: 100, revenue: 0, profit: -100 };

it('has each number with what it was, and a link to what is behind it', () => {
  const now = { submitted: 112, success: 84, failure: 20, error: 8, cost: 90, revenue: 200, profit: 109.5 };
  const tiles = listTiles({ now, before }, frame, 'f');
  expect(tiles.map(({ name, value, change }) => [name, value, change])).toEqual([
    ['Submitted', '112', '+12\u00a0%, 100\u00a0before'],
    ['Accept rate', '75.0 %', '+25\u00a0points, 50.0\u00a0%\u00a0before'],
    ['Cost', '$90.00', '−10\u00a0%, $100.00\u00a0before'],
    ['Revenue', '$200.00', '$0.00\u00a0before'],
    ['Profit', '$109.50', '+210\u00a0%, -$100.00\u00a0before'],
  ]);
  expect(tiles[1]).toMatchObject({
    to: '/leads',
    search: { start: '2026-11-20T06:00:00.000Z', flow_id: ['f'], outcome: ['success'] },
  });
  expect(tiles[1]?.search, 'today has no end: new leads are in the list').not.toHaveProperty('end');
});

it('has no rate of nothing', () => {
  const none = { submitted: 0, success: 0, failure: 0, error: 0, cost: 0, revenue: 0, profit: 0 };
  expect(listTiles({ now: none, before: none }, frame)[1]).toMatchObject({ value: '–', change: 'none\u00a0before' });
});

it.each([
  [{}, 'the same day a week before, up to the same time'],
  [{ range: 'yesterday' }, 'the same day a week before'],
  [{ range: 'this_30_days' }, 'as much time right before'],
  [{ range: 'previous_1_months' }, 'the month before'],
] as const)('%j is compared with %s', (search, words) => {
  const resolved = resolveFrame(search, { now: Date.parse('2026-11-20T20:03:00Z'), zone: 'UTC' });
  expect(describeComparison(resolved)).toBe(words);
});
