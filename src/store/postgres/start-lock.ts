import pg from 'pg';

/** An otherwise unused number; not that of the migrations. */
const ADVISORY_LOCK = '126909663503206';

/** Runs work that must happen once although several processes start at the same time. */
export async function withStartLock<T>(connection: pg.ClientConfig, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    return await work();
  } finally {
    // The lock is the session's and ends with it.
    await client.end();
  }
}
