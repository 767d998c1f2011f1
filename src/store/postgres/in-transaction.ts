import type pg from 'pg';

/**
 * Runs `work` in one transaction and answers what it answers; when it throws, everything is undone and the error goes
 * on. A connection that fails to roll back is closed instead of going back to the pool with an open transaction.
 */
export function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return inTransactionBegunBy(pool, 'begin', work);
}

/**
 * The same for reading: all statements have one view, and none may take longer. It begins in one message to the database, because a
 * message costs a page as much as a look along an index. `settings` are further statements that begin it: `set local jit = off`.
 */
export function inOneView<T>(
  pool: pg.Pool,
  { msMax, settings = [] }: { msMax: number; settings?: readonly string[] },
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const beginning = [
    'begin isolation level repeatable read, read only',
    `set local statement_timeout = ${msMax}`,
    ...settings,
  ];
  return inTransactionBegunBy(pool, beginning.join('; '), work);
}

async function inTransactionBegunBy<T>(
  pool: pg.Pool,
  beginning: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await checkOut(pool);
  try {
    await client.query(beginning);
    const result = await work(client);
    await client.query('commit');
    client.off('error', toldByTheNextQuery);
    client.release();
    return result;
  } catch (error) {
    const broken = await client.query('rollback').then(
      () => undefined,
      (fault: Error) => fault,
    );
    // The listener stays on a broken one: it may report the fault twice.
    if (!broken) client.off('error', toldByTheNextQuery);
    client.release(broken);
    throw error;
  }
}

/**
 * A connection that breaks between two queries is reported by the next one; without a listener, its event would end the process. It is
 * heard from the moment the pool stops listening: a server that is killed says so in the packet that opens the connection.
 */
function checkOut(pool: pg.Pool): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client) => {
      if (!client) return reject(error);
      client.on('error', toldByTheNextQuery);
      resolve(client);
    });
  });
}

function toldByTheNextQuery(): void {}
