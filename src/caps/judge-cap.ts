import { type CapUnit, unitsOf } from './cap-units.ts';

/** The counter of a cap in one window, in the unit of the cap (cap-units.ts). */
export interface CapCounter {
  /** Used for good. */
  count: number;
  /** Held by leads that have not ended. */
  held: number;
  /** Raised by a reset; a place of an older generation settles without effect. */
  generation: number;
  /** In the place of the flow's maximum, in this window alone; null or absent: there is none (decision page 0109). */
  ownMaximum?: number | null;
}

/** One more place in a cap, or an amount of money in a revenue cap. */
export interface PlaceRequest extends CapUnit {
  maximum: number;
  /** The counter's generation the flow revision of this lead knows (decision 10). */
  generation: number;
}

export interface CapVerdict {
  /** What stood in the way; null: there is room. */
  full: { count: number; held: number; maximum: number } | null;
  /** What a place is taken in, which is what its settlement must name. */
  generation: number;
}

/**
 * Is there room for one more, or for the amount, so that `count + held` never passes the maximum (decision 9)? A counter without a row
 * starts at nothing.
 */
export function judgeCap(row: Readonly<CapCounter> | undefined, request: PlaceRequest): CapVerdict {
  const { count, held, generation: current, ownMaximum } = startCounter(row, request.generation);
  const maximum = ownMaximum ?? request.maximum;
  return { full: count + held + unitsOf(request) > maximum ? { count, held, maximum } : null, generation: current };
}

/** A request of a newer generation than its counter starts it again; an older one uses the counter as it is. */
export function startCounter(row: Readonly<CapCounter> | undefined, generation: number): CapCounter {
  return row && row.generation >= generation ? { ...row } : { count: 0, held: 0, generation };
}
