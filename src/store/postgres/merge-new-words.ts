import type pg from 'pg';
import { readPartitions } from './partitions.ts';

/** Leads that take longer to end are in a partition that has ended; their words wait for a vacuum of it. */
const RECENT_MS = 86_400_000;

/**
 * Moves what leads have added to the index of words from its list of new ones, which each search reads whole, to where it
 * is looked up. The commits that write words leave it to this: it takes a tenth of a second for ten thousand leads. Several
 * processes may do it at once: what one moves the others leave alone.
 */
export async function mergeNewWords(pool: pg.Pool, now: number): Promise<void> {
  const recent = (await readPartitions(pool)).filter(
    ({ table, startsAt, endsAt }) => table === 'lead_search' && startsAt <= now && endsAt > now - RECENT_MS,
  );
  await pool.query(
    `select gin_clean_pending_list(i.indexrelid)
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
      where a.amname = 'gin' and (i.indrelid = any($1::oid[]) or i.indrelid = 'lead_search_default'::regclass)`,
    [recent.map(({ oid }) => oid)],
  );
}
