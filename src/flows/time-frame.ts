import { DateTime } from 'luxon';

/** Epoch ms; the end is excluded. */
export interface TimeFrame {
  startsAt: number;
  endsAt: number;
}

const COUNT_MAX = 10_000;
const RELATIVE = /^(this|previous)_([0-9]{1,5})_(minute|hour|day|week|month|year)s?$/;

/**
 * A named time frame in an account's zone (decision 43): `today`, `yesterday`, `this_N_<units>` (the current unit and
 * the N−1 before it, up to and with now), `previous_N_<units>` (N whole units before the current one). Weeks begin on Monday.
 * undefined: it is none of these.
 */
export function parseTimeFrame(name: string, context: { now: number; timeZone: string }): TimeFrame | undefined {
  const [, kind, digits, unit] = RELATIVE.exec(NAMED.get(name) ?? name) ?? [];
  const count = Number(digits);
  if (kind === undefined || unit === undefined || count < 1 || count > COUNT_MAX) return undefined;
  const now = DateTime.fromMillis(context.now, { zone: context.timeZone });
  const current = now.startOf(parseUnit(unit));
  if (kind === 'previous') {
    return { startsAt: current.minus({ [unit]: count }).toMillis(), endsAt: current.toMillis() };
  }
  return { startsAt: current.minus({ [unit]: count - 1 }).toMillis(), endsAt: context.now + 1 };
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['today', 'this_1_days'],
  ['yesterday', 'previous_1_days'],
]);

const UNITS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;

function parseUnit(text: string): (typeof UNITS)[number] {
  return UNITS.find((unit) => unit === text) ?? 'day';
}
