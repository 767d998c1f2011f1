/**
 * The bytes of bodies that a process holds, those being read included: senders that stall cannot fill its memory. Two
 * purses, so that large bodies, however many and however slow, leave room for ordinary leads: the first
 * SMALL_BYTES of each body come from a quarter of the bound, what is beyond from the rest.
 */
export interface BodyBudget {
  open(): BodyShare;
  /** Bytes held now. */
  bytes(): number;
}

/** What one body holds of the budget. */
export interface BodyShare {
  /** Takes room for further bytes. false: there is none, and nothing was taken. */
  grow(bytes: number): boolean;
  /** Gives everything back; again does nothing. */
  release(): void;
}

/** Room for nearly every lead there is: the lead of the posting instructions has 300 bytes. */
export const SMALL_BYTES = 16 * 1024;
const SMALL_SHARE = 0.25;

export function createBodyBudget(bytesMax: number): BodyBudget {
  const smallMax = Math.floor(bytesMax * SMALL_SHARE);
  const largeMax = bytesMax - smallMax;
  let small = 0;
  let large = 0;
  return {
    open() {
      let own = 0;
      const smallOf = (bytes: number) => Math.min(bytes, SMALL_BYTES);
      return {
        grow(bytes) {
          const moreSmall = smallOf(own + bytes) - smallOf(own);
          const moreLarge = bytes - moreSmall;
          if (small + moreSmall > smallMax || large + moreLarge > largeMax) return false;
          small += moreSmall;
          large += moreLarge;
          own += bytes;
          return true;
        },
        release() {
          small -= smallOf(own);
          large -= own - smallOf(own);
          own = 0;
        },
      };
    },
    bytes: () => small + large,
  };
}
