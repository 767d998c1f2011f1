import { changeOfCap } from '../../../../src/caps/generation.ts';
import type { Cap } from '../../../../src/model/cap.ts';
import type { CapCounter } from '../../api/caps.ts';

/** What publishing does to the count of a cap that runs: a sentence; null: the count goes on as it is. */
export function describeCountAfter(counter: CapCounter, cap: Cap, accountZone: string): string | null {
  const { type, rule_set, duration, duration_units, time_zone } = counter;
  const before = { type, rule_set, duration, duration_units, time_zone, maximum: counter.maximum };
  const after = { ...cap, time_zone: cap.time_zone ?? accountZone };
  // The counter has the rules of the deployed document, as they are in it.
  const change = changeOfCap(before as Cap, after);
  if (change === 'reset') return `When this is published, the count starts at 0: ${whyReset(before as Cap, after)}.`;
  if (change === 'carry') return 'When this is published, the count goes on in the new window.';
  return null;
}

function whyReset(before: Cap, after: Cap): string {
  if (before.type !== after.type) return 'leads and dollars are counted by themselves';
  const isShorter = changeOfCap({ ...before, rule_set: null }, { ...after, rule_set: null }) === 'reset';
  return isShorter ? 'the window is shorter' : 'other leads count';
}

/** The room of a counter, in the unit of its cap; never below 0. */
export function leftOf({
  maximum,
  count,
  held = 0,
}: {
  maximum: number;
  count: number;
  held?: number | undefined;
}): number {
  return Math.max(0, subtractExactly(maximum, count, held));
}

/** Dollars have four decimals: as whole ten-thousandths, differences are exact. */
export function subtractExactly(from: number, ...amounts: number[]): number {
  const units = (amount: number) => Math.round(amount * UNITS);
  return amounts.reduce((left, amount) => left - units(amount), units(from)) / UNITS;
}

const UNITS = 10_000;

export type ExtraRoom = { kind: 'none' } | { kind: 'room'; add: number } | { kind: 'fault'; fault: string };

/**
 * How a cap takes more in the window that runs alone: what is added to its count (a number below 0) so that `wanted` in all fit
 * in this window. A count does not fall below 0, so no more fit than the maximum and what is used.
 */
export function planExtraRoom({ maximum, count }: { maximum: number; count: number }, wanted: number): ExtraRoom {
  const extra = subtractExactly(wanted, maximum);
  if (extra <= 0) return { kind: 'none' };
  if (extra <= count) return { kind: 'room', add: -extra };
  const most = -subtractExactly(0, maximum, count);
  return {
    kind: 'fault',
    fault: `At most ${most.toLocaleString('en-US')} fit in this window now: a count does not fall below 0, and it is ${count.toLocaleString('en-US')}. Raise the maximum to take more.`,
  };
}
