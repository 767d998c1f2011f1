import { CAP_MAXIMUM_MAX } from '../caps/cap-units.ts';
import type { TestSwitch } from '../config.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import type { CapRequest, ClaimRequest, ClaimResult, PlacesAsked, RunStore } from '../pipeline/run-store.ts';
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

/**
 * The database as the pools reach it: with `async-commit` nothing of this server flushes, for any flush would make what
 * came before it durable, too.
 */
export function chooseDatabase({
  config,
  database,
}: Pick<ServerOptions, 'config' | 'database'>): ServerOptions['database'] {
  if (!config.testSwitches.has('async-commit')) return database;
  return { ...database, options: `${database.options ?? ''} -c synchronous_commit=off` };
}

/** What the phases use, without the guarantees that are switched off. */
export function applyTestSwitches(phases: PhaseDeps, switches: Switches): PhaseDeps {
  if (switches.size === 0) return phases;
  let { store } = phases;
  if (switches.has('no-intent')) store = withoutIntent(store, phases);
  if (switches.has('claim-unchecked'))
    store = claimingUnchecked(store, (cap) => ({ ...cap, maximum: CAP_MAXIMUM_MAX }));
  if (switches.has('look-only-duplicates')) store = claimingUnchecked(store, (cap) => cap);
  if (switches.has('no-fence')) store = withoutFence(store);
  if (switches.has('hold-answers')) store = holdingAnswers(store, phases);
  return { ...phases, store, isLeaseHeld: switches.has('no-fence') ? () => true : phases.isLeaseHeld };
}

/** With `no-intent`: how long after its request a claim is made, ms. */
const LATE_CLAIM_MS = 300;

/** `no-intent`: a request leaves before it is durable that it may; its claim is made later, and its end waits for that. */
function withoutIntent(store: RunStore, { startTimer }: Pick<PhaseDeps, 'startTimer'>): RunStore {
  /** What leads have claimed, by their ids, one claim after the other. */
  const late = new Map<string, Promise<ClaimResult[]>>();
  const claimLate = async (request: ClaimRequest, before: Promise<ClaimResult[]>): Promise<ClaimResult[]> => {
    await new Promise<void>((resolve) => startTimer(LATE_CLAIM_MS, resolve));
    const claims = await before;
    return [...claims, await store.claim(request)];
  };
  return {
    ...store,
    claim: async (request) => {
      const { run, lists, caps } = request;
      late.set(run.runId, claimLate(request, late.get(run.runId) ?? Promise.resolve([])));
      return { kind: 'committed', took: { lists: lists.filter(({ hold }) => hold), caps: [...caps] } };
    },
    settle: async (request) => {
      const claims = await late.get(request.run.runId);
      late.delete(request.run.runId);
      if (!claims) return store.settle(request);
      const took = claims.flatMap((claim) => (claim.kind === 'committed' ? [claim.took] : []));
      const held = { lists: took.flatMap(({ lists }) => lists), caps: took.flatMap(({ caps }) => caps) };
      return store.settle({ ...request, hasRun: took.length > 0, held, intentCount: took.length });
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
