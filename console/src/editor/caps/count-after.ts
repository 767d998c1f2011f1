import { changeOfCap } from '../../../../src/caps/generation.ts';
import type { Cap } from '../../../../src/model/cap.ts';
import type { CapCounter } from '../../api/caps.ts';

/** What publishing does to the count of a cap that runs: a sentence; null: the count goes on as it is. */
export function describeCountAfter(counter: CapCounter, cap: Cap, accountZone: string): string | null {
  const { type, rule_set, duration, duration_units, time_zone } = counter;
  const before = { type, rule_set, duration, duration_units, time_zone, maximum: counter.deployed_maximum };
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

/** What another maximum of the window that runs does to leads: a sentence; null: it is the one that holds. */
export function describeWindowMaximum(
  counter: Pick<CapCounter, 'maximum' | 'deployed_maximum' | 'count'> & { held?: number | undefined },
  { wanted, show }: { wanted: number; show(amount: number): string },
): string | null {
  if (wanted === counter.maximum) return null;
  const left = leftOf({ ...counter, maximum: wanted });
  const more = left === 0 ? 'It is full at once: none fit until the window ends.' : `${show(left)} more fit.`;
  return `${more} It holds at once, without publishing, and the next window has ${show(counter.deployed_maximum)} again.`;
}
