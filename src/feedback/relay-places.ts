/**
 * How many requests that bring feedback may wait for sources at once: a source takes up to 10 s for an answer, and feedback
 * that needs none must not wait behind it (decision page 0077). What finds no place is asked about later, by the duty.
 */
export interface RelayPlaces {
  /** false: there is no place; else the caller leaves it again. */
  enter(sourceId: string): boolean;
  leave(sourceId: string): void;
}

/** Of one process: half of the feedback that it handles at once. */
export const RELAYS_WAITING_MAX = 32;
/** Of one source: four that hang leave none for the others. */
export const RELAYS_WAITING_PER_SOURCE_MAX = 8;

export function createRelayPlaces(): RelayPlaces {
  const waiting = new Map<string, number>();
  let all = 0;
  return {
    enter(sourceId) {
      const ofSource = waiting.get(sourceId) ?? 0;
      if (all >= RELAYS_WAITING_MAX || ofSource >= RELAYS_WAITING_PER_SOURCE_MAX) return false;
      waiting.set(sourceId, ofSource + 1);
      all += 1;
      return true;
    },
    leave(sourceId) {
      const left = (waiting.get(sourceId) ?? 0) - 1;
      if (left > 0) waiting.set(sourceId, left);
      else waiting.delete(sourceId);
      all -= 1;
    },
  };
}
