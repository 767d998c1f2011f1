import type { Cap, CapDurationUnit, PingLimit } from '../../../../src/model/cap.ts';
import { formatMoney } from '../../parts/format-money.ts';
import { countRules } from '../rules/rule-tree.ts';
import { countOf } from '../sentence/count-words.ts';

/** What `describeCap` needs to know besides: the zone of the account, which a cap has unless it names its own. */
export interface CapNames {
  timeZone: string;
}

/** A cap as a short phrase: `50 a day, America/Chicago`, `$1,000.00 every 2 weeks, UTC, for 2 rules`. */
export function describeCap(cap: Cap, { timeZone }: CapNames): string {
  const amount = cap.type === 'revenue' ? formatMoney(cap.maximum) : formatCount(cap.maximum);
  const rules = countRules(cap.rule_set);
  const parts = [`${amount} ${describeSpan(cap)}`, cap.time_zone ?? timeZone];
  return rules === 0 ? parts.join(', ') : [...parts, `for ${countOf(rules, 'rule')}`].join(', ');
}

/** The caps of one owner in a cell of the matrix: the first one, and how many more; null: there is none. */
export function describeCaps(caps: readonly Cap[] | null | undefined, names: CapNames): string | null {
  const [first, ...others] = caps ?? [];
  if (first === undefined) return null;
  const phrase = describeCap(first, names);
  return others.length === 0 ? phrase : `${phrase}; ${others.length} more`;
}

/** `1,000 pings a day, America/Chicago`. */
export function describePingLimit(limit: PingLimit, { timeZone }: CapNames): string {
  return `${formatCount(limit.maximum)} pings ${describeSpan(limit)}, ${limit.time_zone ?? timeZone}`;
}

/** `a day`, `an hour`, `every 2 weeks`. */
export function describeSpan({ duration, duration_units }: Pick<Cap, 'duration' | 'duration_units'>): string {
  if (duration !== 1) return `every ${duration} ${duration_units}s`;
  return `${duration_units === 'hour' ? 'an' : 'a'} ${duration_units}`;
}

/** When windows begin, in words; `zone` is where. */
export function describeWindowStart(
  { duration, duration_units }: Pick<Cap, 'duration' | 'duration_units'>,
  zone: string,
): string {
  const several = duration === 1 ? '' : ' Windows of several begin with the one in which the limit was made.';
  return `${STARTS[duration_units]} in ${zone}.${SINGLE_ONLY.has(duration_units) ? '' : several}`;
}

const STARTS: Readonly<Record<CapDurationUnit, string>> = {
  minute: 'Minutes are counted from midnight',
  hour: 'Hours are counted from midnight',
  day: 'A day begins at midnight',
  week: 'A week begins at midnight between Sunday and Monday',
  month: 'A month begins at midnight before its first day',
};

/** Those are counted from midnight however many they are. */
const SINGLE_ONLY: ReadonlySet<CapDurationUnit> = new Set(['minute', 'hour']);

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
