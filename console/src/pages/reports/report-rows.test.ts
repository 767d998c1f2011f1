import { describe, expect, it } from 'vitest';
import { chartRows, readRows, type ShownRow, sortRows } from './report-rows.ts';

const timeframe = { start: '2026-11-20T00:00:00.000-06:00', end: '2026-11-20T23:59:59.999-06:00' };
const of = { columns: ['cost', 'source-success'], groupBy: ['vars.source.id'], isSplit: false };

describe('rows of a report', () => {
  it('have names, links and what was before; the total is apart', () => {
    const compared = { cost: { value: 4, difference: 6, ratio: 2.5 } };
    const { rows, total, frame } = readRows(
      [
        {
          ...{ timeframe, 'vars.source.id': 'a', 'vars.source.name': 'Ads', cost: 10, 'source-success': 2, compared },
          events: { cost: '/events?type=source' },
        },
        { timeframe, 'vars.source.id': 'b', cost: null, 'source-success': 0 },
        { timeframe, total: true, cost: 10, 'source-success': 2 },
      ],
      of,
    );
    expect(rows[0]).toMatchObject({
      groups: ['Ads'],
      at: null,
      before: { cost: 4 },
      links: { cost: '/events?type=source' },
    });
    expect(rows[1]).toMatchObject({ groups: ['b'], values: { cost: null, 'source-success': 0 } });
    expect(total).toMatchObject({ key: 'total', values: { cost: 10 } });
    expect(frame).toEqual(timeframe);
  });

  it('are none where nothing was counted', () => {
    expect(readRows([], of)).toEqual({ rows: [], total: null, frame: null });
  });
});

const row = (key: string, cost: number | null, more: Partial<ShownRow> = {}): ShownRow => ({
  ...{ key, groups: [key], at: null, values: { cost }, before: {}, links: {} },
  ...more,
});

it.each([
  [{ key: 'cost', direction: 'asc' }, ['b', 'a', 'c']],
  [{ key: 'cost', direction: 'desc' }, ['a', 'b', 'c']],
  [{ key: 'group:0', direction: 'desc' }, ['c', 'b', 'a']],
  [undefined, ['c', 'a', 'b']],
] as const)('sorted by %j are %j: what has no number is last', (sorting, keys) => {
  const rows = [row('c', null), row('a', 5), row('b', -2)];
  expect(sortRows(rows, sorting).map(({ key }) => key)).toEqual(keys);
});

describe('a chart', () => {
  const given = { column: 'cost', columnName: 'Cost', isAdditive: true, starts: [] };
  const DAYS = [1, 2, 3].map((day) => Date.UTC(2026, 10, day));
  const on = (day: number) => ({ at: `2026-11-0${day}T00:00:00.000Z` });

  it('has a bar for each group, the largest first', () => {
    expect(chartRows([row('a', 1), row('b', 3)], given)).toEqual({
      ...{ starts: [], names: ['b', 'a'], isOverTime: false },
      series: [{ name: 'Cost', values: [3, 1] }],
    });
  });

  it('has at most six lines, one of them the sum of the others; gaps are 0', () => {
    const rows = Array.from({ length: 8 }, (_, each) => row(`s${each}`, each, on(each % 2 === 0 ? 1 : 2)));
    const chart = chartRows(rows, given);
    expect(chart?.series.map(({ name }) => name)).toEqual(['s7', 's6', 's5', 's4', 's3', '3 others']);
    expect(chart?.series[0]?.values).toEqual([0, 7]);
    expect(chart?.series[5]?.values).toEqual([2, 1]);
    expect(chartRows(rows, { ...given, isAdditive: false })?.series, 'means are not added up').toHaveLength(6);
  });

  it('has a place for each part of the time: 0 of what is counted, and no value of a quotient', () => {
    const rows = [row('a', 2, on(1)), row('a', 4, on(3))];
    const counted = chartRows(rows, { ...given, starts: DAYS });
    expect([counted?.starts, counted?.series[0]?.values]).toEqual([DAYS, [2, 0, 4]]);
    expect(chartRows(rows, { ...given, starts: DAYS, isAdditive: false })?.series[0]?.values).toEqual([2, null, 4]);
  });

  it('is none of nothing', () => {
    expect(chartRows([], given)).toBeNull();
  });
});
