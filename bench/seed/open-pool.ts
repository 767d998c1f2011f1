import pg from 'pg';

/** Connections to an embedded database that is stopped as soon as they are closed. */
export function openPool(connection: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(connection);
  // A server that stops may end a connection before its goodbye arrives, which nobody waits for any more.
  pool.on('connect', (client) => client.on('error', () => undefined));
  // The pool says so of one that was idle when the pool ended.
  pool.on('error', () => undefined);
  return pool;
}
