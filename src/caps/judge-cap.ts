/** The counter of a cap in one window. */
export interface CapCounter {
  /** Places used for good. */
  count: number;
  /** Places of leads that have not ended. */
  held: number;
  /** Raised by a reset; a place of an older generation settles without effect. */
  generation: number;
}

/** One more place in a cap. */
export interface PlaceRequest {
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
 * Is there room for one more, so that `count + held` never passes the maximum (decision 9)? A counter without a row
 * starts at nothing.
 */
export function judgeCap(row: Readonly<CapCounter> | undefined, { maximum, generation }: PlaceRequest): CapVerdict {
  const { count, held, generation: current } = startCounter(row, generation);
  return { full: count + held >= maximum ? { count, held, maximum } : null, generation: current };
}

/** A request of a newer generation than its counter starts it again; an older one uses the counter as it is. */
export function startCounter(row: Readonly<CapCounter> | undefined, generation: number): CapCounter {
  return row && row.generation >= generation ? { ...row } : { count: 0, held: 0, generation };
}
