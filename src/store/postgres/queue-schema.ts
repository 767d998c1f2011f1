import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';

/**
 * Brings the queue's own schema to the state its library needs. Processes that start together do it once: the caller
 * holds the lock of the migrations.
 */
export async function migrateQueue(connection: pg.ClientConfig, schema: string): Promise<void> {
  const pool = new pg.Pool({ ...connection, max: 1, application_name: 'sluice migrate' });
  // The library asks for both; the running query already fails for a connection that breaks.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await runMigrations({ pgPool: pool, schema, logger: SILENT });
  } finally {
    await pool.end();
  }
}

/** It writes to the console otherwise. */
const SILENT = new Logger(() => () => undefined);
