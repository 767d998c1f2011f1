import type { Clock } from '../lib/clock.ts';

/** The database's time as this process knows it: what is stored and decided goes by it, on every server alike. */
export interface DatabaseClock extends Clock {
  /** Takes in what the database said its time was. */
  observe(reading: ClockReading): void;
  /** Why no new leads may be taken, a sentence; undefined: nothing is wrong. Cheap: asked for every lead. */
  problem(): string | undefined;
}

/** The database was asked and answered at these instants of the monotonic clock, ms; its time, epoch ms, lies between. */
export interface ClockReading {
  askedAt: number;
  answeredAt: number;
  databaseNow: number;
}

/** How this machine's clock stands against the database's. */
export interface ClockState {
  /** `right`: nothing to say. `off`: logged, and corrected. `refused`: new leads are not taken. */
  kind: 'right' | 'off' | 'refused';
  /** Ahead of the database's clock, ms; negative: behind. */
  aheadMs: number;
  /** null unless refused. */
  reason: string | null;
}

/** A machine that NTP looks after is off by some milliseconds; from here on somebody should look. */
export const CLOCK_OFF_MS = 1_000;
/** Either clock may be the wrong one, so a larger difference stops new leads instead of being corrected. */
export const CLOCK_OFF_MS_MAX = 60_000;
/** Between two comparisons the wall clock keeps step with the monotonic one, unless it is set or the machine slept. */
const STEP_MS_MAX = 2_000;

const REMEDY = 'let NTP set both clocks';
const STEPPED = 'the clock of this machine has just been set, or the machine slept; it is compared within seconds';

/**
 * The database's time carried on by the monotonic clock. Each reading says between which bounds the database's time must
 * be, and moves ours no further than into them, so that a slow answer spoils nothing and the best one stays. Time never
 * goes back: where it would, it stands still until it has caught up. Before the first reading it is the machine's.
 */
export function createDatabaseClock(options: { machine: Clock; onChange(state: ClockState): void }): DatabaseClock {
  const { machine, onChange } = options;
  /** The database's time less the monotonic clock's. null: not read yet. */
  let shift: number | null = null;
  /** Likewise of the machine's wall clock, at the last reading. */
  let wallShift = 0;
  let given = Number.NEGATIVE_INFINITY;
  let state: ClockState = { kind: 'right', aheadMs: 0, reason: null };

  const databaseNow = (): number => (shift === null ? machine.now() : machine.monotonic() + shift);

  function now(): number {
    given = Math.max(given, Math.floor(databaseNow()));
    return given;
  }

  function observe({ askedAt, answeredAt, databaseNow: databaseTime }: ClockReading): void {
    const [least, most] = [databaseTime - answeredAt, databaseTime - askedAt];
    shift = shift === null ? (least + most) / 2 : Math.min(Math.max(shift, least), most);
    wallShift = machine.now() - machine.monotonic();
    const next = judge(wallShift - shift, given - databaseNow());
    const isNews = next.kind !== state.kind || (next.kind === 'refused' && next.reason !== state.reason);
    state = next;
    if (isNews) onChange(next);
  }

  return {
    now,
    monotonic: () => machine.monotonic(),
    observe,
    problem: () => {
      if (shift !== null && Math.abs(machine.now() - machine.monotonic() - wallShift) > STEP_MS_MAX) return STEPPED;
      return state.reason ?? undefined;
    },
  };
}

/** `aheadMs`: of the machine's clock. `behindMs`: of the database's clock, of the time that was given before. */
function judge(aheadMs: number, behindMs: number): ClockState {
  const ahead = Math.round(aheadMs);
  if (Math.abs(aheadMs) > CLOCK_OFF_MS_MAX) {
    const where = `${seconds(aheadMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
    return {
      kind: 'refused',
      aheadMs: ahead,
      reason: `the clock of this machine is ${where} the database's: ${REMEDY}`,
    };
  }
  if (behindMs > CLOCK_OFF_MS_MAX) {
    const reason = `the database's clock went back by ${seconds(behindMs)}: ${REMEDY}, then restart this server`;
    return { kind: 'refused', aheadMs: ahead, reason };
  }
  return { kind: Math.abs(aheadMs) >= CLOCK_OFF_MS ? 'off' : 'right', aheadMs: ahead, reason: null };
}

function seconds(ms: number): string {
  return `${Math.round(Math.abs(ms) / 1_000)} s`;
}
