import { describe, expect, it } from 'vitest';
import type { TestSwitch } from '../config.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import type { ClaimRequest, RunStore, SettleRequest, SettleResult } from '../pipeline/run-store.ts';
import { applyTestSwitches } from './test-switches.ts';

const NOTHING = { caps: [], lists: [] };
const RUN = { accountId: 'a', runId: 'l', flowId: 'f', sourceId: 's', revision: 1, submittedAt: 0 };

/** Phases over a store that keeps what it was asked; settlements end as given, in order. */
function phasesWith(switches: TestSwitch[], ends: SettleResult[] = []) {
  const claims: ClaimRequest[] = [];
  const settlements: SettleRequest[] = [];
  const timers: number[] = [];
  const store: RunStore = {
    look: async () => ({ kind: 'seen', lists: [], caps: [] }),
    claim: async (request) => {
      claims.push(request);
      return { kind: 'committed', took: NOTHING };
    },
    settle: async (request) => {
      settlements.push(request);
      return ends.shift() ?? { kind: 'settled' };
    },
  };
  const waiting: (() => void)[] = [];
  const startTimer = (ms: number, onEnd: () => void) => {
    timers.push(ms);
    waiting.push(onEnd);
    return () => undefined;
  };
  const elapse = () => {
    for (const onEnd of waiting) onEnd();
  };
  // What the wrappers read of the phases.
  const given = { store, startTimer, isLeaseHeld: () => false } as unknown as PhaseDeps;
  return { given, phases: applyTestSwitches(given, new Set(switches)), claims, settlements, timers, elapse };
}

function settlement(hasRun: boolean): SettleRequest {
  const end = {
    outcome: 'success' as const,
    reason: null,
    price: 0 as SettleRequest['price'],
    events: [],
    document: '{}',
  };
  const places = { hasRun, held: NOTHING, intentCount: Number(hasRun), used: { lead: true, steps: [] } };
  return { run: RUN, ...places, ...end } as const;
}

describe('applyTestSwitches', () => {
  it('puts nothing on the path of a lead without a switch', () => {
    const { given, phases } = phasesWith([]);
    expect(phases).toBe(given);
  });

  const CLAIM: ClaimRequest = {
    run: RUN,
    hasRun: false,
    lists: [{ listId: 'dup', value: Buffer.from('v'), cutoff: null, hold: true }],
    caps: [
      { capId: 'flow', startsAt: 0, endsAt: 1, maximum: 1, generation: 0, stepId: null },
      { capId: 'step', startsAt: 0, endsAt: 1, maximum: 1, generation: 0, stepId: 'step01' },
    ],
    seq: 0,
    state: '{}',
  };

  it('no-intent: a request may leave before its claim, and the end of the lead waits for that', async () => {
    const { phases, claims, settlements, timers, elapse } = phasesWith(['no-intent']);
    expect(await phases.store.claim(CLAIM)).toMatchObject({ kind: 'committed', took: { caps: CLAIM.caps } });
    expect([claims, timers]).toEqual([[], [300]]);
    const ended = phases.store.settle(settlement(true));
    elapse();
    await ended;
    expect(claims).toEqual([CLAIM]);
    expect(settlements).toMatchObject([{ hasRun: true, intentCount: 1 }]);
  });

  it('claim-unchecked: a place is taken whatever the counter says, and no value is held', async () => {
    const { phases, claims } = phasesWith(['claim-unchecked']);
    await phases.store.claim(CLAIM);
    expect(claims).toMatchObject([{ lists: [], caps: [{ maximum: 2_000_000_000 }, { maximum: 2_000_000_000 }] }]);
  });

  it('look-only-duplicates: no value is held, and places are limited as ever', async () => {
    const { phases, claims } = phasesWith(['look-only-duplicates']);
    await phases.store.claim(CLAIM);
    expect(claims).toMatchObject([{ lists: [], caps: CLAIM.caps }]);
  });

  it('no-fence: a lead that others have settled is answered as settled, and the lease counts for nothing', async () => {
    const { phases } = phasesWith(['no-fence'], [{ kind: 'fenced' }]);
    expect(await phases.store.settle(settlement(true))).toEqual({ kind: 'settled' });
    expect(phases.isLeaseHeld()).toBe(true);
  });

  it('hold-answers: the answer to a settlement waits after its commit', async () => {
    const { phases, timers, elapse } = phasesWith(['hold-answers']);
    const settled = phases.store.settle(settlement(false));
    await Promise.resolve();
    await Promise.resolve();
    expect(timers).toEqual([50]);
    elapse();
    expect(await settled).toEqual({ kind: 'settled' });
  });
});
