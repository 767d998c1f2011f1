import type pg from 'pg';
import { WAITING_COUNTED_MAX } from '../../outbox/channel.ts';
import { DIGESTS_COUNTED_MAX } from './digests.ts';

export interface OpenWork {
  /** Retries that wait or run. */
  retries: number;
  /** Unresolved deliveries of unknown outcome. */
  unknowns: number;
  /** Rows of the outbox that wait to be sent; at most `WAITING_COUNTED_MAX`. */
  outbox: number;
  /** The same that were set aside. */
  setAside: number;
  /** Channels that fail. */
  failing: number;
  /** Rows that wait to be counted; at most `DIGESTS_COUNTED_MAX`. */
  digests: number;
  /** Age of the oldest id of them, in seconds; 0: none waits. */
  digestsBehind: number;
}

/** Counts what waits for somebody, in all accounts. */
export async function countOpenWork(pool: pg.Pool): Promise<OpenWork> {
  const { rows } = await pool.query<OpenWork>(
    `select (select count(*)::int from retries where status in ('waiting', 'running')) as retries,
            (select count(distinct (account_id, lead_id, step_id))::int from unknowns where resolved_at is null) as unknowns,
            (select count(*)::int from (select from outbox where failed_at is null limit $1) o) as outbox,
            (select count(*)::int from (select from outbox where failed_at is not null limit $1) o) as "setAside",
            (select count(*)::int from event_channels where failing_since is not null) as failing,
            (select count(*)::int from (select from digests limit $2) d) as digests,
            (select coalesce(greatest(0, extract(epoch from now())::bigint - ('x' || min(since))::bit(32)::bigint), 0)::int
               from (select since from digests limit $2) d) as "digestsBehind"`,
    [WAITING_COUNTED_MAX, DIGESTS_COUNTED_MAX],
  );
  return rows[0] ?? { retries: 0, unknowns: 0, outbox: 0, setAside: 0, failing: 0, digests: 0, digestsBehind: 0 };
}
