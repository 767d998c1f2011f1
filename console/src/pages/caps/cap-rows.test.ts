import { expect, it } from 'vitest';
import { readPlaces } from '../../api/cap-places.ts';
import type { CapCounter, PingLimitCounter } from '../../api/caps.ts';
import { buildCapRows, filterCaps, stateOf } from './cap-rows.ts';
import { readCapSearch } from './read-cap-search.ts';

const FLOW = 'f'.repeat(24);
// Only what the rows read.
const cap = (parts: Record<string, unknown>) =>
  ({
    ...{ id: 'a'.repeat(24), type: 'volume', name: null, flow_id: FLOW, source_id: null, step_id: null },
    ...{ maximum: 10, duration: 1, duration_units: 'day', time_zone: 'UTC', count: 0, held: 0, ...parts },
    deployed_maximum: parts['maximum'] ?? 10,
  }) as unknown as CapCounter;

const places = readPlaces({
  sources: [{ entity: { id: 's1', name: 'Search ads' } }],
  steps: [
    { id: 'x1', type: 'filter' },
    { id: 'd1', type: 'distribution', name: 'Buyers', recipients: [{ id: 'r1', entity: { name: 'Acme' } }] },
  ],
});
const names = { flows: new Map([[FLOW, 'Solar']]), places: new Map([[FLOW, places]]) };

const rows = buildCapRows(
  {
    caps: [
      cap({ count: 2 }),
      cap({ name: 'Full', count: 9, held: 1, source_id: 's1' }),
      cap({ name: 'Near', type: 'revenue', maximum: 10.5, count: 8.5, step_id: 'r1' }),
      cap({ name: 'None', maximum: 0, step_id: 'gone' }),
    ],
    pingLimits: [cap({ name: 'A day' }) as unknown as PingLimitCounter],
  },
  names,
);

it('puts the fullest first, and says whose they are', () => {
  expect(rows.map((row) => [row.name, stateOf(row), row.ownerName, row.panel])).toEqual([
    ['Full', 'full', 'Search ads', 'sources.0.caps'],
    ['None', 'full', 'gone', null],
    ['Near', 'near', 'Acme', 'steps.1.recipients.0.caps'],
    ['10 a day', 'used', null, null],
    ['A day', 'unused', null, null],
  ]);
  expect(rows.map(({ left }) => left)).toEqual([0, 0, 2, 8, 10]);
  expect(rows.at(-1)?.phrase).toBe('10 pings a day');
});

it.each([
  [{ q: 'search' }, ['Full']],
  [{ state: 'full' as const }, ['Full', 'None']],
  [{ kind: 'ping-limit' as const }, ['A day']],
  [{ q: 'solar', state: 'near' as const }, ['Near']],
])('filters by %j', (search, found) => {
  expect(filterCaps(rows, search).map(({ name }) => name)).toEqual(found);
});

it('reads the address, and leaves out what is no filter', () => {
  expect(readCapSearch({ q: 5, state: 'full', kind: 'cap', cap: 'a'.repeat(24), x: 1 })).toEqual({
    ...{ q: '5', state: 'full', kind: 'cap' },
    cap: 'a'.repeat(24),
  });
  expect(readCapSearch({ q: '', state: 'odd', kind: 'x', cap: '../' })).toEqual({});
});
