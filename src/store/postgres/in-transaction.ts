import type pg from 'pg';

/**
 * Runs `work` in one transaction and answers what it answers; when it throws, everything is undone and the error goes
 * on. A connection that fails to roll back is closed instead of going back to the pool with an open transaction.
 */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    await client.query('rollback').then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    );
    throw error;
  }
}
