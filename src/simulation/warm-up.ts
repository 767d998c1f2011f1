/** What is run again and again: one made-up lead of one flow, over one of the connections. May throw or never end. */
export type WarmUpWork = (lane: number) => Promise<void>;

export interface WarmUpTools {
  /** ms, of a clock that never goes back. */
  monotonic(): number;
  /** CPU of this process so far, ms: what other processes do meanwhile does not count. */
  cpuMs(): number;
  /** Calls back once after so many ms; returns how to call it off. */
  startTimer(ms: number, onEnd: () => void): () => void;
  /** Undoes what the leads of a round have left. */
  endRound(): Promise<void>;
  isStopping(): boolean;
}

export interface WarmUpBounds {
  /** It ends by then, whatever the work does. */
  ms: number;
  /** Leads under way at once. */
  lanes: number;
}

/** How a warm-up ended. */
export interface WarmUpEnd {
  /** `steady`: leads got no cheaper; `bound`: the time was up; `stopped`: the server stops; `idle`: no work is left. */
  kind: 'steady' | 'bound' | 'stopped' | 'idle';
  leads: number;
  ms: number;
  /** Of this process, with what else it did meanwhile. */
  cpuMs: number;
  /** CPU of a lead in the last window, ms; null: there was none. */
  leadCpuMs: number | null;
  /** What the first work that failed threw; undefined: none failed. */
  fault: unknown;
}

/** Leads between two discards: so few that no lock is held for long. */
const ROUND_LEADS = 128;
/** Rounds whose CPU is compared with that of as many before: two windows of 128 leads differ by chance. */
const WINDOW_ROUNDS = 6;
/** By how much a window may be cheaper at most, as a share of the one before, to count as no cheaper. */
const STEADY_SHARE = 0.05;

/**
 * Runs the work of all flows in turn, in rounds, until leads get no cheaper or the time is up. Work that throws is left
 * out from then on. Rejects when a round cannot be undone.
 */
export async function warmUp(
  works: readonly WarmUpWork[],
  tools: WarmUpTools,
  { ms, lanes }: WarmUpBounds,
): Promise<WarmUpEnd> {
  const startedAt = tools.monotonic();
  const cpuAtStartMs = tools.cpuMs();
  const state: WarmUpState = { works: [...works], next: 0, leads: 0, fault: undefined, isOver: false };
  let onOver = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    onOver = resolve;
  });
  const callOff = tools.startTimer(ms, onOver);
  const cost = watchCost(tools.cpuMs);

  async function run(): Promise<WarmUpEnd['kind']> {
    while (state.works.length > 0) {
      const round = { left: ROUND_LEADS };
      await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane, { state, round, tools })));
      if (tools.isStopping()) return 'stopped';
      if (state.isOver) return 'bound';
      await tools.endRound();
      if (cost.isSteady(state.leads)) return 'steady';
    }
    return 'idle';
  }

  try {
    const kind = await Promise.race([run(), over.then(() => 'bound' as const)]);
    const { leads, fault } = state;
    const spentMs = tools.cpuMs() - cpuAtStartMs;
    return { kind, leads, ms: tools.monotonic() - startedAt, cpuMs: spentMs, leadCpuMs: cost.leadCpuMs(), fault };
  } finally {
    state.isOver = true;
    callOff();
  }
}

interface WarmUpState {
  works: WarmUpWork[];
  next: number;
  leads: number;
  fault: unknown;
  isOver: boolean;
}

/** One lead after the other, until the round has had its leads. */
async function runLane(
  lane: number,
  { state, round, tools }: { state: WarmUpState; round: { left: number }; tools: WarmUpTools },
): Promise<void> {
  while (round.left > 0 && !state.isOver && !tools.isStopping()) {
    const work = state.works[state.next % state.works.length];
    if (!work) return;
    round.left -= 1;
    state.next += 1;
    try {
      await work(lane);
      state.leads += 1;
    } catch (error) {
      state.fault ??= error;
      state.works = state.works.filter((each) => each !== work);
    }
  }
}

/** Compares the CPU of a lead in successive windows. */
function watchCost(cpuMs: () => number) {
  let rounds = 0;
  let begin = { leads: 0, cpuMs: cpuMs() };
  let leadCpuMs: number | null = null;
  return {
    leadCpuMs: () => leadCpuMs,
    /** Called after each round; does a lead cost what it cost before? */
    isSteady(leads: number): boolean {
      rounds += 1;
      if (rounds % WINDOW_ROUNDS !== 0) return false;
      const end = { leads, cpuMs: cpuMs() };
      const before = leadCpuMs;
      leadCpuMs = (end.cpuMs - begin.cpuMs) / Math.max(1, end.leads - begin.leads);
      begin = end;
      return before !== null && leadCpuMs > before * (1 - STEADY_SHARE);
    },
  };
}
