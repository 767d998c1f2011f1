import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { TestDatabase } from './database.ts';
import { until } from './until.ts';

/** Nothing is under way and nothing waits to be counted, of any account: what tables of counts and of search have is all there is. */
export async function untilCounted(query: (text: string) => Promise<unknown[]>): Promise<void> {
  await until('all is counted', async () => (await query('select from digests union all select from runs')).length === 0);
}

/**
 * Keeps every server from counting until the answer is called, or the test is over: it holds the locks that a fold skips an
 * account for.
 */
export async function holdCounting({ connection }: Pick<TestDatabase, 'connection'>): Promise<() => Promise<void>> {
  const client = new pg.Client(connection);
  await client.connect();
  await client.query('begin');
  // It waits for a fold that is under way.
  await client.query('select from digest_progress for update');
  const release = () => client.end();
  onTestFinished(release);
  return release;
}
