import type { Ids } from '../lib/ids.ts';

/** Makes ids of a counter, in the form of real ones, so that the same evaluation always gets the same ids. */
export function countedIds(now: number): Ids {
  const second = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  let count = 0;
  const next = () => {
    count += 1;
    return second + count.toString(16).padStart(16, '0');
  };
  return {
    next,
    event: next,
    short() {
      count += 1;
      return count.toString(36).padStart(6, '0');
    },
  };
}
