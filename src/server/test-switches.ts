import type { TestSwitch } from '../config.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import type { RunStore } from '../pipeline/run-store.ts';
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
  if (switches.has('no-fence')) store = withoutFence(store);
  if (switches.has('hold-answers')) store = holdingAnswers(store, phases);
  return { ...phases, store, isLeaseHeld: switches.has('no-fence') ? () => true : phases.isLeaseHeld };
}

/** `no-intent`: a request leaves although nothing durable says that it may. */
function withoutIntent(store: RunStore): RunStore {
  /** Leads whose run row their process takes for written. */
  const unwritten = new Set<string>();
  const asWritten = <Request extends { run: { runId: string }; hasRun: boolean }>(request: Request): Request =>
    unwritten.has(request.run.runId) ? { ...request, hasRun: false } : request;
  return {
    reserve: async (request) => {
      const result = await store.reserve(asWritten(request));
      if (result.kind === 'reserved') unwritten.delete(request.run.runId);
      return result;
    },
    intend: async ({ run, hasRun }) => {
      if (!hasRun) unwritten.add(run.runId);
      return { kind: 'committed' };
    },
    settle: async (request) => {
      const result = await store.settle(asWritten(request));
      unwritten.delete(request.run.runId);
      return result;
    },
  };
}

/** `no-fence`: a lead that another process has settled is settled again, as one without a run row. */
function withoutFence(store: RunStore): RunStore {
  return {
    ...store,
    settle: async (request) => {
      const result = await store.settle(request);
      return result.kind === 'fenced' ? store.settle({ ...request, hasRun: false }) : result;
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
