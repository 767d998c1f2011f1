import { describe, expect, it } from 'vitest';
import { readHistorySearch } from './read-history-search.ts';

describe('the address of the history', () => {
  it.each([
    [{}, {}],
    [
      { from: '1', to: '3' },
      { from: 1, to: 3 },
    ],
    [
      { from: '3', to: '1' },
      { from: 1, to: 3 },
    ],
    [{ to: '3' }, { to: 3 }],
    [{ from: '2' }, {}],
    [{ from: 'x', to: '0' }, {}],
    [{ from: '2', to: '99999999999' }, {}],
    [
      { from: 2, to: 4 },
      { from: 2, to: 4 },
    ],
  ])('of %j is read as %j', (given, expected) => expect(readHistorySearch(given)).toEqual(expected));
});
