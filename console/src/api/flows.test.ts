import { describe, expect, it, vi } from 'vitest';

// The client of the module knows the address of the page, which a test has not.
vi.stubGlobal('window', { location: { origin: 'https://leads.example.com' } });
const { readFlowFacts } = await import('./flows.ts');

describe('the facts of a flow', () => {
  it.each([
    ['that was never deployed', { enabled: true, deployed_revision: null, revision: 2 }, 'test', false],
    ['that runs as it is saved', { enabled: true, deployed_revision: 2, revision: 2 }, 'live', false],
    ['that runs as it was', { enabled: true, deployed_revision: 1, revision: 2 }, 'live', true],
    ['that is switched off', { enabled: false, deployed_revision: 2, revision: 2 }, 'off', false],
  ])('%s', (_what, flow, state, isChanged) => {
    expect(readFlowFacts(flow)).toMatchObject({ state, isChanged, errors: 0, sources: [] });
  });

  it('have the sources that leads can be sent to', () => {
    const sources = [
      { entity: { id: 'a', name: 'Search' }, authentication_required: true },
      { entity: { id: 'b' }, enabled: false },
      { entity: { name: 'without an id' } },
      {},
    ];
    expect(readFlowFacts({ sources }).sources).toEqual([
      { id: 'a', name: 'Search', isEnabled: true, needsKey: true },
      { id: 'b', name: 'b', isEnabled: false, needsKey: false },
    ]);
  });
});
