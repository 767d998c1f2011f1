import { CAP_MAXIMUM_MAX } from '../caps/compile-caps.ts';
import type { TestSwitch } from '../config.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import type { CapRequest, PlacesAsked, RunStore } from '../pipeline/run-store.ts';
import { createRunStore } from '../store/postgres/run-store.ts';
import { createSession } from '../store/postgres/session.ts';
import type { ServerOptions } from './server-options.ts';

/*
 * SLUICE_TEST_SWITCHES: wrappers that take a guarantee away, so that the chaos run can show that its verdicts notice.
 * This file is all there is of them; without a switch nothing of it is on a lead's path.
 */

type Switches = ReadonlySet<TestSwitch>;
type OpenRunStore = NonNullable<ServerOptions['openRunStore']>;

/** With `hold-answers`: how long a settlement waits after its commit, ms. */
const HOLD_ANSWERS_MS = 50;

/** How the run store is opened; with `async-commit` its commits are not flushed. */
export function chooseRunStore({ config, openRunStore = createRunStore }: ServerOptions): OpenRunStore {
  if (!config.testSwitches.has('async-commit')) return openRunStore;
  return ({ openSession = createSession, ...options }) =>
    openRunStore({
      ...options,
      openSession: (session) =>
        openSession({ ...session, settings: [...session.settings, 'set synchronous_commit = off'] }),
    });
}

/** What the phases use, without the guarantees that are switched off. */
export function applyTestSwitches(phases: PhaseDeps, switches: Switches): PhaseDeps {
  if (switches.size === 0) return phases;
  let { store } = phases;
  if (switches.has('no-intent')) store = withoutIntent(store);
  if (switches.has('claim-unchecked'))
    store = claimingUnchecked(store, (cap) => ({ ...cap, maximum: CAP_MAXIMUM_MAX }));
  if (switches.has('look-only-duplicates')) store = claimingUnchecked(store, (cap) => cap);
  if (switches.has('no-fence')) store = withoutFence(store);
  if (switches.has('hold-answers')) store = holdingAnswers(store, phases);
  return { ...phases, store, isLeaseHeld: switches.has('no-fence') ? () => true : phases.isLeaseHeld };
}

/** `no-intent`: a request leaves although nothing durable says that it may. Its lead takes its places with its end. */
function withoutIntent(store: RunStore): RunStore {
  /** What leads would have claimed, by their ids. */
  const unclaimed = new Map<string, PlacesAsked>();
  return {
    ...store,
    claim: async (request) => {
      if (request.run.retryId) return store.claim(request);
      const before = unclaimed.get(request.run.runId) ?? { lists: [], caps: [] };
      unclaimed.set(request.run.runId, {
        lists: [...before.lists, ...request.lists],
        caps: [...before.caps, ...request.caps],
      });
      return { kind: 'committed', took: { lists: request.lists.filter(({ hold }) => hold), caps: [...request.caps] } };
    },
    settle: async (request) => {
      const places = unclaimed.get(request.run.runId);
      if (!places) return store.settle(request);
      unclaimed.delete(request.run.runId);
      const { used } = request;
      const claims = {
        lists: used.lead ? places.lists : [],
        caps: places.caps.filter(({ stepId }) => (stepId === null ? used.lead : used.steps.includes(stepId))),
      };
      const end = { ...request, hasRun: false, held: { lists: [], caps: [] }, intentCount: 0 };
      const result = await store.settle({ ...end, claims });
      return result.kind === 'changed' ? store.settle({ ...end, claims: null }) : result;
    },
  };
}

/**
 * `claim-unchecked`: a lead takes its places without asking whether what it was shown still holds. `look-only-duplicates`:
 * the same of list values alone. Either way no value is held.
 */
function claimingUnchecked(store: RunStore, change: (cap: CapRequest) => CapRequest): RunStore {
  const unchecked = ({ caps }: PlacesAsked): PlacesAsked => ({ lists: [], caps: caps.map(change) });
  return {
    ...store,
    claim: (request) => store.claim({ ...request, ...unchecked(request) }),
    settle: (request) => store.settle({ ...request, claims: request.claims ? unchecked(request.claims) : null }),
  };
}

/** `no-fence`: a process that was thought gone is answered as if its lead were still its own. */
function withoutFence(store: RunStore): RunStore {
  return {
    ...store,
    settle: async (request) => {
      const result = await store.settle(request);
      return result.kind === 'fenced' ? { kind: 'settled' } : result;
    },
  };
}

/** `hold-answers`: a process that is killed has committed leads whose senders have no answer. */
function holdingAnswers(store: RunStore, { startTimer }: Pick<PhaseDeps, 'startTimer'>): RunStore {
  return {
    ...store,
    settle: async (request) => {
      const result = await store.settle(request);
      await new Promise<void>((resolve) => startTimer(HOLD_ANSWERS_MS, resolve));
      return result;
    },
  };
}
