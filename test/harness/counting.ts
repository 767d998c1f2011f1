import pg from 'pg';
import type { TestDatabase } from './database.ts';
import { until } from './until.ts';

/** Nothing is under way and nothing waits to be counted, of any account: what tables of counts and of search have is all there is. */
export async function untilCounted(query: (text: string) => Promise<unknown[]>): Promise<void> {
  await until(
    'all is counted',
    async () => (await query('select from digests union all select from runs')).length === 0,
  );
}

/** Keeps every server from counting while `act` runs: it holds the locks that a fold skips an account for. */
export async function withoutCounting(
  { connection }: Pick<TestDatabase, 'connection'>,
  act: () => Promise<void>,
): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    // An account that was never counted has no row yet.
    await client.query(
      'insert into digest_progress (account_id, updated_at) select id, now() from accounts on conflict do nothing',
    );
    await client.query('begin');
    // It waits for a fold that is under way.
    await client.query('select from digest_progress for update');
    await act();
  } finally {
    await client.end();
  }
}
