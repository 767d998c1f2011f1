import { describe, expect, it } from 'vitest';
import { chooseKey, describeStatus, listOperations, readRequestFilter } from './request-filter.ts';

const keyOf = (id: string, last_used_at: string | null) => ({ id, last_used_at }) as Parameters<typeof chooseKey>[0][0];
const KEYS = [keyOf('never', null), keyOf('early', '2026-01-01T00:00:00Z'), keyOf('late', '2026-02-01T00:00:00Z')];

describe('the filter of requests', () => {
  it.each([
    [{}, {}],
    [{ status: 'errors' }, { status: ['4xx', '5xx'] }],
    [{ status: 'nothing', before: 'x' }, {}],
    [
      { operation: 'listFlows', before: '0123456789abcdef01234567' },
      { operation: 'listFlows', before_id: '0123456789abcdef01234567' },
    ],
  ])('of %o is %o', (search, filter) => {
    expect(readRequestFilter(search)).toEqual(filter);
  });

  it.each([
    ['early', 'early'],
    [undefined, 'late'],
    ['gone', 'late'],
  ])('takes of the key %s in the address %s', (id, chosen) => {
    expect(chooseKey(KEYS, id)?.id).toBe(chosen);
  });

  it('has no key where there are none', () => {
    expect(chooseKey([], 'any')).toBeUndefined();
  });

  it.each([
    [204, 'success'],
    [404, 'failure'],
    [503, 'error'],
  ])('shows %d as %s', (status, look) => {
    expect(describeStatus(status)).toEqual({ status: look, word: String(status) });
  });

  it('lists each operation once, with the one that is picked', () => {
    const rows = ['b', 'a', 'b'].map((operation) => ({ operation }));
    expect(listOperations(rows, 'c')).toEqual(['a', 'b', 'c']);
  });
});
