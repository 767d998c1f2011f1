import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

/** What a measurement can wait for: two million leads take half an hour on slow cores. */
const COUNTED_MS_MAX = 3_600_000;
const POLL_MS = 500;

/**
 * Resolves once what was written has been counted, with the ms that took: an installation that runs is read like that.
 * Returns what it waited, too, when nothing was counted within an hour.
 */
export async function untilCounted(db: Pick<pg.Client, 'query'>): Promise<number> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < COUNTED_MS_MAX && (await isCounting(db))) await pause(POLL_MS);
  return performance.now() - startedAt;
}

async function isCounting(db: Pick<pg.Client, 'query'>): Promise<boolean> {
  const { rows } = await db.query<{ waits: boolean }>(
    `select exists (select from digests)
         or exists (select from accounts a, installation f where f.name = 'digests_from'
              and exists (select from leads l where l.account_id = a.id and l.id < convert_from(f.value, 'UTF8'))
              and not exists (select from digest_progress p
                where p.account_id = a.id and p.leads_below >= convert_from(f.value, 'UTF8'))) as waits`,
  );
  return rows[0]?.waits === true;
}
