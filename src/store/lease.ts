import type { Clock } from '../lib/clock.ts';

/** How often a lease is renewed, and how long after its last renewal a node still sends: well inside the lease itself. */
export const RENEW_EVERY_MS = 5_000;
export const SEND_WITHIN_MS = 10_000;

/** May this node still act for its runs? Once it cannot renew, it stops sending before others may take its runs. */
export interface Lease {
  isHeld(): boolean;
  /** Renews once; a failure leaves the old term running. */
  renew(): Promise<void>;
}

export function createLease(options: { clock: Clock; renew(): Promise<void> }): Lease {
  let renewedAt = Number.NEGATIVE_INFINITY;
  return {
    isHeld: () => options.clock.monotonic() - renewedAt < SEND_WITHIN_MS,
    renew: async () => {
      // The term counts from before the question: the database's own term ends later.
      const askedAt = options.clock.monotonic();
      await options.renew();
      renewedAt = askedAt;
    },
  };
}
