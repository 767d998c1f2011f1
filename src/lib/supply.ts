/** How much of something there is: `most` at once, and it fills again with time. */
export interface SupplyBounds {
  most: number;
  perSecond: number;
}

export interface Supply {
  /** Milliseconds until there is one; 0: now. `now` of a clock that never goes back. */
  waitMs(now: number): number;
  /** One is used. */
  take(now: number): void;
}

/** A supply that is full at `openedAt`. */
export function openSupply({ most, perSecond }: SupplyBounds, openedAt: number): Supply {
  let left = most;
  let countedAt = openedAt;
  const fill = (now: number) => {
    left = Math.min(most, left + ((now - countedAt) * perSecond) / 1000);
    countedAt = now;
  };
  return {
    waitMs: (now) => {
      fill(now);
      return left >= 1 ? 0 : Math.ceil(((1 - left) * 1000) / perSecond);
    },
    take: (now) => {
      fill(now);
      // Requests that were under way together may have taken the last one.
      left = Math.max(0, left - 1);
    },
  };
}

/** What counts as one sender: an IPv4 address, or the network of an IPv6 address, of which a host has 2^64. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  return [...first, ...zeros, ...last].slice(0, 4).join(':');
}
