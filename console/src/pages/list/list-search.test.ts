import { describe, expect, it } from 'vitest';
import {
  changeSearch,
  frameOf,
  intervalOf,
  listFilters,
  listIgnored,
  readListSearch,
  viewQueryOf,
} from './list-search.ts';

const FLOW = '5fd0c0de00000000000000aa';
const NOW = Date.UTC(2026, 10, 28, 12);

describe('what the address of a list says', () => {
  it.each([
    [
      'several values, repeated or with commas',
      { outcome: ['failure', 'error,success'] },
      { outcome: ['failure', 'error', 'success'] },
    ],
    ['ids in any case', { flow_id: FLOW.toUpperCase() }, { flow_id: [FLOW] }],
    ['no unknown value', { outcome: 'sold', flow_id: 'x', range: '2y', sort: 'up' }, {}],
    ['no unknown parameter', { colour: 'red' }, {}],
    ['no parameter of the other list', { type: 'source', live: '1', recipient_id: FLOW }, {}],
    ['instants in UTC', { start: '2026-11-01T00:00:00-06:00' }, { start: '2026-11-01T06:00:00.000Z' }],
    ['a named range before instants', { range: '24h', start: '2026-11-01' }, { range: '24h' }],
    [
      'no name of objects',
      Object.fromEntries([
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ]),
      {},
    ],
  ])('has %s', (_, search, read) => {
    expect(readListSearch('leads', search)).toEqual(read);
  });

  it('names what is ignored', () => {
    expect(listIgnored('leads', { outcome: ['sold', 'error'], range: '2y', colour: 'red' })).toEqual([
      'outcome=sold',
      'range=2y',
    ]);
  });

  it('begins a filtered list at its first page', () => {
    expect(changeSearch({ before_id: FLOW, q: 'a', outcome: ['error'] }, { outcome: [], sort: 'asc' })).toEqual({
      q: 'a',
      sort: 'asc',
    });
  });

  it('is kept in a view without what was searched for and without a page', () => {
    const search = {
      q: 'ann@example.com',
      before_id: FLOW,
      live: '1',
      view_id: 'x',
      outcome: ['error'],
      range: '24h' as const,
    };
    expect(viewQueryOf(search)).toEqual({ outcome: ['error'], range: '24h' });
    expect(listFilters(search)).toEqual(['outcome']);
  });
});

describe('the time of a list', () => {
  it.each([
    ['seven days unless given', {}, { start: NOW - 7 * 86_400_000, end: null }, 'hourly'],
    ['a range', { range: '1h' as const }, { start: NOW - 3_600_000, end: null }, 'minutely'],
    [
      'two instants',
      { start: '2026-01-01T00:00:00Z', end: '2026-11-01T00:00:00Z' },
      { start: Date.UTC(2026, 0, 1), end: Date.UTC(2026, 10, 1) },
      'weekly',
    ],
    [
      'seven days before an end',
      { end: '2026-11-08T00:00:00Z' },
      { start: Date.UTC(2026, 10, 1), end: Date.UTC(2026, 10, 8) },
      'hourly',
    ],
  ])('is %s', (_, search, frame, interval) => {
    expect(frameOf(search, NOW)).toEqual(frame);
    expect(intervalOf(frame, NOW)).toBe(interval);
  });
});
