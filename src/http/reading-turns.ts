/**
 * Lets requests that may read many rows go one after the other while leads come in, so that readers of reports do not
 * make senders wait (decision page 0115).
 */
export interface ReadingTurns {
  /** Runs `read`, at once while few leads come in, else in its turn. Answers what it answers. */
  take<Answer>(read: () => Promise<Answer>): Promise<Answer>;
  /** Requests that wait for a turn. */
  waiting(): number;
}

export interface ReadingTurnsDeps {
  /** Turns at once. */
  places: number;
  /** Leads that came since the process started. */
  countLeads(): number;
  /** Milliseconds. */
  monotonic(): number;
  startTimer(ms: number, onEnd: () => void): () => void;
}

/** From so many leads a second on, readings take turns: below it they take less than a tenth of a core. */
const LEADS_PER_SECOND_MIN = 50;
/** The pace is counted over at least this long. */
const PACE_MS_MIN = 200;
/** A pace that was counted longer ago says nothing. */
const PACE_MS_MAX = 2000;
/** After a reading its place rests as long as it took, and at most this long. */
const REST_MS_MAX = 50;
/** Who has waited this long goes on without a turn: a slow question holds nobody up for longer. */
const WAIT_MS_MAX = 1000;
/** Beyond these nobody waits: the connections of the pool are the bound then. */
const WAITING_MAX = 100;

/** A process’s share of half of the cores: the others are left to leads. */
export function countReadingPlaces({ cores, processes }: { cores: number; processes: number }): number {
  return Math.max(1, Math.floor(cores / 2 / processes));
}

export function createReadingTurns({ places, countLeads, monotonic, startTimer }: ReadingTurnsDeps): ReadingTurns {
  const isBusy = createPace(countLeads, monotonic);
  const waiting = new Set<() => void>();
  let free = places;

  const leavePlace = () => {
    const [next] = waiting;
    if (next) next();
    else free += 1;
  };
  /** Answers whether the caller has a place, which it has to leave. */
  const waitForPlace = (): Promise<boolean> => {
    if (free > 0) {
      free -= 1;
      return Promise.resolve(true);
    }
    if (waiting.size >= WAITING_MAX) return Promise.resolve(false);
    return new Promise((resolve) => {
      const go = (hasPlace: boolean) => {
        waiting.delete(onPlace);
        cancel();
        resolve(hasPlace);
      };
      const onPlace = () => go(true);
      const cancel = startTimer(WAIT_MS_MAX, () => go(false));
      waiting.add(onPlace);
    });
  };
  return {
    async take(read) {
      if (!isBusy()) return read();
      const hasPlace = await waitForPlace();
      const started = monotonic();
      try {
        return await read();
      } finally {
        if (hasPlace) startTimer(Math.min(REST_MS_MAX, monotonic() - started), leavePlace);
      }
    },
    waiting: () => waiting.size,
  };
}

/** Whether leads come at `LEADS_PER_SECOND_MIN` or faster. It counts between one question and the next. */
function createPace(countLeads: () => number, monotonic: () => number): () => boolean {
  let mark = { at: monotonic(), leads: countLeads() };
  let isFast = false;
  return () => {
    const at = monotonic();
    const ms = at - mark.at;
    if (ms < PACE_MS_MIN) return isFast;
    const leads = countLeads();
    isFast = ms <= PACE_MS_MAX && (leads - mark.leads) * 1000 >= LEADS_PER_SECOND_MIN * ms;
    mark = { at, leads };
    return isFast;
  };
}
