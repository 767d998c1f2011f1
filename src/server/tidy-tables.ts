import type pg from 'pg';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../observe/log.ts';
import { countStrays, ensurePartitions, sweepCapWindows } from '../store/postgres/partitions.ts';

export interface TidyDeps {
  pool: pg.Pool;
  clock: Clock;
  log: Log;
}

/** Partitions for the days ahead, counters of long ago, and an alarm for what lies where nothing should. */
export async function tidyTables(deps: TidyDeps): Promise<void> {
  const { pool, log } = deps;
  await makePartitions(deps);
  await sweepCapWindows(pool);
  const strays = await countStrays(pool);
  if (strays > 0)
    log.error({ leads: strays }, 'leads lie outside the daily partitions: is the clock of a server wrong?');
}

/** Makes the partitions of the days ahead, and logs those that cannot be made yet. */
export async function makePartitions({ pool, clock, log }: TidyDeps): Promise<void> {
  const unmade = await ensurePartitions(pool, clock.now());
  if (unmade.length > 0) log.warn({ partitions: unmade }, 'these daily partitions could not be made yet');
}
