import { unitsOf } from '../caps/cap-units.ts';
import { type CapCounter, type PlaceRequest, startCounter } from '../caps/judge-cap.ts';

/**
 * What was seen of a cap counts for this long, ms, where it had ample room. Leads that are sold are exact all the same:
 * their claim asks the counter itself.
 */
export const RECENT_MS_MAX = 250;
/** From this age on, ms, one lead looks again while the others go on with what was seen: they do not all look at once. */
export const REFRESH_MS = 125;
/** Ample: not to be filled within that time by all servers together. Of money it is so many leads at the price of this one. */
export const AMPLE_PLACES_MIN = 1_000;
/** Windows that are remembered; beyond the bound the one seen longest ago is looked at again. */
const WINDOWS_MAX = 10_000;

/** Cap windows that had ample room a moment ago, by their keys: leads need not look at them. */
export interface RecentRoom {
  /** Notes what a look read. */
  note(key: string, row: Readonly<CapCounter> | undefined, request: PlaceRequest): void;
  /** The generation of the counter; undefined: it has to be looked at. */
  recall(key: string, request: PlaceRequest): number | undefined;
}

interface Seen {
  taken: number;
  /** As in the counter. */
  ownMaximum: number | null;
  generation: number;
  /** Of the monotonic clock, ms. */
  at: number;
  /** A lead looks at it now. */
  isLookedAt: boolean;
}

export function createRecentRoom(monotonic: () => number): RecentRoom {
  const windows = new Map<string, Seen>();
  return {
    note(key, row, request) {
      const { maximum, generation } = request;
      const counter = startCounter(row, generation);
      const taken = counter.count + counter.held;
      // Set anew, so that the map is in the order of what was seen last.
      windows.delete(key);
      const { ownMaximum = null } = counter;
      if ((ownMaximum ?? maximum) - taken < ampleFor(request)) return;
      windows.set(key, { taken, ownMaximum, generation: counter.generation, at: monotonic(), isLookedAt: false });
      if (windows.size <= WINDOWS_MAX) return;
      for (const oldest of windows.keys()) {
        windows.delete(oldest);
        break;
      }
    },
    recall(key, request) {
      const { maximum, generation } = request;
      const seen = windows.get(key);
      if (!seen || seen.generation < generation) return undefined;
      if ((seen.ownMaximum ?? maximum) - seen.taken < ampleFor(request)) return undefined;
      const age = monotonic() - seen.at;
      if (age > RECENT_MS_MAX) return undefined;
      if (age <= REFRESH_MS || seen.isLookedAt) return seen.generation;
      seen.isLookedAt = true;
      return undefined;
    },
  };
}

function ampleFor(request: PlaceRequest): number {
  return AMPLE_PLACES_MIN * unitsOf(request);
}
