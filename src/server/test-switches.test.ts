import { describe, expect, it } from 'vitest';
import type { TestSwitch } from '../config.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import type { RunStore, SettleRequest, SettleResult } from '../pipeline/run-store.ts';
import { applyTestSwitches } from './test-switches.ts';

const NOTHING = { caps: [], lists: [] };
const RUN = { accountId: 'a', runId: 'l', flowId: 'f', sourceId: 's', revision: 1, submittedAt: 0 };

/** Phases over a store that keeps what it was asked; settlements end as given, in order. */
function phasesWith(switches: TestSwitch[], ends: SettleResult[] = []) {
  const asked: { call: keyof RunStore; hasRun: boolean }[] = [];
  const timers: number[] = [];
  const store: RunStore = {
    reserve: async ({ held, hasRun }) => {
      asked.push({ call: 'reserve', hasRun });
      return { kind: 'reserved', lists: [], capRefusal: null, held, hasRun: true };
    },
    intend: async ({ hasRun }) => {
      asked.push({ call: 'intend', hasRun });
      return { kind: 'committed' };
    },
    settle: async ({ hasRun }) => {
      asked.push({ call: 'settle', hasRun });
      return ends.shift() ?? { kind: 'settled' };
    },
  };
  const startTimer = (ms: number, onEnd: () => void) => {
    timers.push(ms);
    onEnd();
    return () => undefined;
  };
  // What the wrappers read of the phases.
  const given = { store, startTimer, isLeaseHeld: () => false } as unknown as PhaseDeps;
  return { given, phases: applyTestSwitches(given, new Set(switches)), asked, timers };
}

function settlement(hasRun: boolean): SettleRequest {
  const end = { outcome: 'success', reason: null, price: 0 as SettleRequest['price'], events: [], document: '{}' };
  return { run: RUN, hasRun, held: NOTHING, used: { lead: true, steps: [] }, ...end } as SettleRequest;
}

describe('applyTestSwitches', () => {
  it('puts nothing on the path of a lead without a switch', () => {
    const { given, phases } = phasesWith([]);
    expect(phases).toBe(given);
  });

  it('no-intent: nothing is written before a request leaves, and the lead settles as one without a run row', async () => {
    const { phases, asked } = phasesWith(['no-intent']);
    expect(await phases.store.intend({ run: RUN, held: NOTHING, hasRun: false, seq: 0, state: '{}' })).toEqual({
      kind: 'committed',
    });
    await phases.store.settle(settlement(true));
    expect(asked).toEqual([{ call: 'settle', hasRun: false }]);
  });

  it('no-intent: a place that is taken later writes the run row', async () => {
    const { phases, asked } = phasesWith(['no-intent']);
    await phases.store.intend({ run: RUN, held: NOTHING, hasRun: false, seq: 0, state: '{}' });
    await phases.store.reserve({ run: RUN, held: NOTHING, hasRun: true, lists: [], caps: [] });
    await phases.store.settle(settlement(true));
    expect(asked).toEqual([
      { call: 'reserve', hasRun: false },
      { call: 'settle', hasRun: true },
    ]);
  });

  it('no-fence: a lead that others have settled is settled again, and the lease counts for nothing', async () => {
    const { phases, asked } = phasesWith(['no-fence'], [{ kind: 'fenced' }]);
    expect(await phases.store.settle(settlement(true))).toEqual({ kind: 'settled' });
    expect(asked.map(({ hasRun }) => hasRun)).toEqual([true, false]);
    expect(phases.isLeaseHeld()).toBe(true);
  });

  it('hold-answers: the answer to a settlement waits after its commit', async () => {
    const { phases, timers } = phasesWith(['hold-answers']);
    await phases.store.settle(settlement(false));
    expect(timers).toEqual([50]);
  });
});
