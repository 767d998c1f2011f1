import { describe, expect, it } from 'vitest';
import type { FlowFacts } from '../../api/flows.ts';
import { filterFlows, readFlowFilter } from './read-flow-filter.ts';

const flowNamed = (name: string, more: Partial<FlowFacts> = {}): FlowFacts => ({
  ...{ id: `id of ${name}`, name, state: 'live', isChanged: false, errors: 0, updatedAt: '', revision: 1 },
  ...{ deployedRevision: 1, sources: [] },
  ...more,
});

describe('the filter of flows', () => {
  it.each([
    [
      { q: 'solar', state: 'off' },
      { q: 'solar', state: 'off' },
    ],
    [{ q: 2026 }, { q: '2026' }],
    [{ q: '', state: 'gone', page: 3 }, {}],
    [{ q: ['a'] }, {}],
  ])('of %o is %o', (search, filter) => {
    expect(readFlowFilter(search)).toEqual(filter);
  });

  it.each([
    [{}, ['Solar', 'Mortgage']],
    [{ q: 'SOL' }, ['Solar']],
    [{ q: 'ads' }, ['Mortgage']],
    [{ q: 'id of Solar'.toLowerCase() }, []],
    [{ q: 's1' }, ['Mortgage']],
    [{ state: 'off' as const }, ['Solar']],
    [{ q: 'ads', state: 'off' as const }, []],
  ])('%o finds %o', (filter, names) => {
    const source = { id: 's1', name: 'Search Ads', isEnabled: true, needsKey: false };
    const flows = [flowNamed('Solar', { state: 'off' }), flowNamed('Mortgage', { sources: [source] })];
    expect(filterFlows(flows, filter).map(({ name }) => name)).toEqual(names);
  });
});
