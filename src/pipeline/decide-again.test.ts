import { describe, expect, it } from 'vitest';
import { builtinModules } from '../integrations/builtin-modules.ts';
import type { HandleModule } from '../integrations/contract.ts';
import { createModuleRegistry } from '../integrations/registry.ts';
import { DECIDED, KEPT } from './decide-again.ts';
import { AGAIN_GOES_ON_WITH, PHASES } from './phases.ts';
import type { ListVerdict } from './run-store.ts';
import { runTestLead, type TestLead } from './testing/run-test-lead.ts';
import { dailyCap, deliveryTo, filter, testFlow, when } from './testing/test-flow.ts';

const FLOW_CAP = 'c0c0c0c0c0c0c0c0c0c0c0c0';
const STEP_CAP = 'c1c1c1c1c1c1c1c1c1c1c1c1';
const HELD: ListVerdict = { found: true, because: 'held', addedAt: null, by: { leadId: 'first', isRetried: false } };

/** Rejects duplicates, has a cap of its own and one of its first recipient, and delivers to two. */
const flow = testFlow({
  list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
  caps: [dailyCap({ id: FLOW_CAP, reason: 'Full for today' })],
  pricing: { prices: [{ amount: 2 }] },
  steps: [
    filter(when('suppressionlist.is_duplicate', 'is true'), { reason: 'duplicate' }),
    deliveryTo('First', { caps: [dailyCap({ id: STEP_CAP })] }),
    deliveryTo('Second'),
  ],
});
const lead: TestLead = { flow, values: { email: 'ann@example.com' } };

describe('a lead whose places changed before it claimed them', () => {
  it('is a duplicate when its value was taken meanwhile: nothing was sent and nothing is held', async () => {
    const { body, sent, settled, store, run } = await runTestLead({ ...lead, store: { changed: [{ lists: [HELD] }] } });
    expect(body).toMatchObject({ outcome: 'failure', reason: 'duplicate', price: 0 });
    expect([sent, store.claims.length, store.looks.length]).toEqual([[], 1, 1]);
    expect(settled).toMatchObject({ hasRun: false, claims: null, held: { caps: [], lists: [] }, intentCount: 0 });
    expect(run.listFindings).toEqual([{ check: 'duplicate', place: null, listId: 'list people', verdict: HELD }]);
  });

  it('gets the reason of the cap that became full, which counts it as failed', async () => {
    const { body, sent, settled } = await runTestLead({ ...lead, store: { changed: [{ fullCaps: [FLOW_CAP] }] } });
    expect(body).toMatchObject({ outcome: 'failure', reason: 'Full for today' });
    expect(sent).toEqual([]);
    expect(settled?.refusals).toMatchObject([{ capId: FLOW_CAP }]);
  });

  it('skips a step whose cap became full, and claims with the next one', async () => {
    const { body, sent, store, events, settled } = await runTestLead({
      ...lead,
      store: { changed: [{ fullCaps: [STEP_CAP] }] },
    });
    expect(body.outcome).toBe('success');
    expect(sent).toHaveLength(1);
    expect(events.map(({ type, outcome }) => [type, outcome])).toEqual([
      ['filter', 'continue'],
      ['recipient', 'skip'],
      ['recipient', 'success'],
      ['source', 'success'],
    ]);
    expect(store.claims.map(({ caps }) => caps.map(({ capId }) => capId))).toEqual([[FLOW_CAP, STEP_CAP], [FLOW_CAP]]);
    expect(settled?.refusals).toMatchObject([{ capId: STEP_CAP }]);
  });

  it('leaves what it would have left had it arrived a moment later', async () => {
    const at = async (store: TestLead['store']) => {
      const { settled } = await runTestLead({ ...lead, ...(store && { store }) });
      return { ...settled, events: settled?.events.map((event) => ({ ...event, id: '' })) };
    };
    expect(await at({ changed: [{ lists: [HELD] }] })).toEqual(await at({ lists: [HELD] }));
    expect(await at({ changed: [{ fullCaps: [FLOW_CAP] }] })).toEqual(await at({ fullCaps: [FLOW_CAP] }));
    expect(await at({ changed: [{ fullCaps: [STEP_CAP] }] })).toEqual(await at({ fullCaps: [STEP_CAP] }));
  });

  it('learns each change once: what was full or found stays so, and the look is not repeated', async () => {
    const both = [{ fullCaps: [STEP_CAP] }, { lists: [HELD] }];
    const { body, store, settled } = await runTestLead({ ...lead, store: { changed: both } });
    expect(body).toMatchObject({ outcome: 'failure', reason: 'duplicate' });
    expect([store.looks.length, store.claims.length]).toEqual([1, 2]);
    expect(settled?.refusals).toEqual([]);
  });

  it('is refused rather than decided without end when a store keeps saying that something has changed', async () => {
    const nothing = Array.from({ length: 20 }, () => ({}));
    const { end, store, sent } = await runTestLead({ ...lead, store: { changed: nothing } });
    expect(end).toEqual({ kind: 'unavailable', reason: 'what the lead asked for changed more often than it can' });
    // One value, two caps: four decisions.
    expect([store.claims.length, store.settlements.length, sent]).toEqual([4, 0, []]);
  });

  it('has the random number, the instant and the ids of its first decision', async () => {
    const once = await runTestLead(lead);
    const twice = await runTestLead({ ...lead, store: { changed: [{}] } });
    expect(twice.events.map(({ id }) => id)).toEqual(once.events.map(({ id }) => id));
    expect(twice.run.vars['random']).toEqual(once.run.vars['random']);
    expect(twice.settled).toEqual(once.settled);
  });

  it('decides again before its answer when it is delivered nowhere and claims with its end', async () => {
    const undelivered = testFlow({
      list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
      acceptance_criteria: { rule_set: when('suppressionlist.is_duplicate', 'is not true'), reason: 'duplicate' },
    });
    const { body, store } = await runTestLead({
      ...lead,
      flow: undelivered,
      store: { firstSettles: [{ kind: 'changed', lists: [HELD], caps: [] }] },
    });
    expect(body).toMatchObject({ outcome: 'failure', reason: 'duplicate' });
    expect(store.settlements.map(({ outcome, claims }) => [outcome, claims?.lists.length ?? null])).toEqual([
      ['success', 1],
      ['failure', null],
    ]);
  });

  it('abandons a module that makes its own exchanges: it sends nothing more, and its end is ignored', async () => {
    let refused: unknown;
    const handling: HandleModule = {
      id: 'test.handle',
      version: '1.0.0',
      name: 'Handle',
      direction: 'outbound',
      style: 'handle',
      requestVariables: [],
      responseVariables: [],
      validate: () => undefined,
      handle: async (_, exchanges) => {
        const request = { url: 'https://buyer.example.com/', method: 'POST', headers: {} };
        const first = await exchanges.send(request);
        if (first.kind === 'answered') return { kind: 'answered', appended: { outcome: 'success' } };
        refused = await exchanges.send(request);
        return new Promise(() => undefined);
      },
    };
    const delivery = deliveryTo('First', { integration: { module_id: 'test.handle', mappings: [] } });
    const { body, sent, store } = await runTestLead({
      ...lead,
      flow: { ...flow, steps: [...flow.steps.slice(0, 1), delivery] },
      modules: createModuleRegistry([...builtinModules([]), handling]),
      store: { changed: [{ lists: [HELD] }] },
    });
    expect(body).toMatchObject({ outcome: 'failure', reason: 'duplicate' });
    expect([sent, store.claims.length]).toEqual([[], 1]);
    expect(refused).toMatchObject({ kind: 'unsent' });
  });
});

it('everything that a decision writes goes back, or is kept on purpose', () => {
  const start = PHASES.findIndex(({ name }) => name === AGAIN_GOES_ON_WITH);
  const written = PHASES.slice(start).flatMap(({ writes }) => [...writes]);
  const named: string[] = [...DECIDED, ...KEPT];
  expect(written.filter((key) => !named.includes(key))).toEqual([]);
});
