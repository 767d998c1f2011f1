import type { DatabaseClock } from './database-clock.ts';

/** How often a lease is renewed, and how long after its last renewal a node still sends: well inside the lease itself. */
export const RENEW_EVERY_MS = 5_000;
export const SEND_WITHIN_MS = 10_000;

/** May this node still act for its runs? Once it cannot renew, it stops sending before others may take its runs. */
export interface Lease {
  isHeld(): boolean;
  /** Renews once; a failure leaves the old term running. */
  renew(): Promise<void>;
}

/** `renew` answers the database's time, epoch ms: the clocks are compared at every renewal. */
export function createLease(options: { clock: DatabaseClock; renew(): Promise<number> }): Lease {
  const { clock } = options;
  let renewedAt = Number.NEGATIVE_INFINITY;
  return {
    isHeld: () => clock.monotonic() - renewedAt < SEND_WITHIN_MS,
    renew: async () => {
      // The term counts from before the question: the database's own term ends later.
      const askedAt = clock.monotonic();
      const databaseNow = await options.renew();
      clock.observe({ askedAt, answeredAt: clock.monotonic(), databaseNow });
      renewedAt = askedAt;
    },
  };
}
