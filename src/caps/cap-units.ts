import type { CapType } from '../model/cap.ts';
import { dollars, exactMoneyFrom, type Money } from '../model/money.ts';

/*
 * Counters are whole numbers: leads of a volume cap, ten-thousandths of a dollar of a revenue cap. People and the API
 * write the maximum and the count of a revenue cap in dollars.
 */

/** Bounds of what a cap counts in one window. */
export const CAP_MAXIMUM_MAX = 2_000_000_000;
export const CAP_DOLLARS_MAX = 1_000_000_000;

/** What a cap counts by. */
export interface CapUnit {
  /** Of a revenue cap the money that is taken; undefined: the cap counts leads, and one place is taken. */
  amount?: Money | undefined;
}

/** What is taken of the counter. */
export function unitsOf({ amount }: CapUnit): number {
  return amount ?? 1;
}

/** What a person wrote, as the counter has it; undefined: no maximum and no count of such a cap, 0 or more. */
export function readUnits(type: CapType, written: unknown): number | undefined {
  if (type === 'revenue') return exactMoneyFrom(written, CAP_DOLLARS_MAX);
  return typeof written === 'number' && Number.isInteger(written) && written >= 0 && written <= CAP_MAXIMUM_MAX
    ? written
    : undefined;
}

/** Of a deployed cap, in the unit of its counter. */
export function maximumOfCap({ type, maximum }: { type: CapType; maximum: number }): number {
  return readUnits(type, maximum) ?? 0;
}

/** The inverse of `readUnits`. */
export function showUnits(type: CapType, units: number): number {
  return type === 'revenue' ? dollars(units as Money) : units; // a counter of a revenue cap is money
}

/**
 * The counter of a cap. Money has one beside that of leads: leads that began before a deploy changed the type of the cap
 * go on with the counter of their own revision, so that no lead adds dollars to a count of leads.
 */
export function counterIdOf({ capId, amount }: CapUnit & { capId: string }): string {
  return amount === undefined ? capId : `${capId}${OF_MONEY}`;
}

/** The same of a cap in a flow. */
export function counterIdOfCap({ id, type }: { id: string; type: CapType }): string {
  return type === 'revenue' ? `${id}${OF_MONEY}` : id;
}

const OF_MONEY = '.usd';
