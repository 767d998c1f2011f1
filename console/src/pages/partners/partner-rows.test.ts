import { describe, expect, it } from 'vitest';
import type { AccountEntity, PartnerNumbers, RecipientHealth } from '../../api/partners.ts';
import { buildRows, circuitOf, readPartnerSearch, sortPartners } from './partner-rows.ts';

const numbers = (id: string, given: Partial<PartnerNumbers> = {}): PartnerNumbers => ({
  ...{ id, name: id.toUpperCase(), submitted: 0, success: 0, failure: 0, error: 0 },
  ...{ returns: 0, cost: 0, revenue: 0, profit: 0 },
  ...given,
});
const entity = (id: string, source: 'form' | null) =>
  ({ id, name: id.toUpperCase(), source, recipient: null, flow_ids: ['f'] }) as unknown as AccountEntity;

describe('rows of partners', () => {
  it('are those of the side and all that did something, with shares of what there was', () => {
    const rows = buildRows('source', {
      entities: [entity('a', 'form'), entity('b', 'form'), entity('c', null)],
      numbers: [
        numbers('a', { submitted: 4, success: 2, failure: 2, returns: 1 }),
        numbers('deleted', { submitted: 1 }),
      ],
      latencies: new Map([['a', { count: 4, p50: 20, p95: 90 }]]),
    });
    expect(rows.map(({ id, accepted, returned, p95, flows }) => [id, accepted, returned, p95, flows])).toEqual([
      ['a', 0.5, 0.5, 90, 1],
      ['deleted', null, null, null, 0],
      ['b', null, null, null, 1],
    ]);
  });

  it.each([
    [{}, ['b', 'a', 'c']],
    [{ sort: 'profit', dir: 'asc' }, ['a', 'b', 'c']],
    [{ sort: 'profit' }, ['b', 'a', 'c']],
    [{ sort: 'accepted' }, ['a', 'b', 'c']],
    [{ sort: 'name' }, ['c', 'b', 'a']],
  ] as const)('sorted by %j are %j', (search, ids) => {
    const rows = buildRows('source', {
      entities: [],
      numbers: [
        numbers('a', { submitted: 5, success: 5, profit: -3 }),
        numbers('b', { submitted: 9, success: 3, failure: 6, profit: 8 }),
        numbers('c'),
      ],
    });
    expect(sortPartners(rows, search).map(({ id }) => id)).toEqual(ids);
  });
});

it('is the worst circuit of all processes', () => {
  const health = (['closed', 'open', 'half_open'] as const).map(
    (state) => ({ recipient_id: 'r', state }) as RecipientHealth,
  );
  expect([circuitOf(health, 'r'), circuitOf(health.slice(0, 1), 'r'), circuitOf(health, 'x')]).toEqual([
    ...['open', 'closed', 'idle'],
  ]);
});

it('reads of an address what it knows', () => {
  const search = { sort: 'profit', dir: 'asc', range: 'today', x: '1' };
  expect(readPartnerSearch(search)).toEqual({ sort: 'profit', dir: 'asc', range: 'today' });
  expect(readPartnerSearch({ sort: 'nonsense', dir: 'up' })).toEqual({});
});
