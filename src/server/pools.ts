import pg from 'pg';
import type { Config } from '../config.ts';
import type { Log } from '../observe/log.ts';
import type { DatabaseConnection } from '../store/database-connection.ts';
import { connectInSchema } from '../store/postgres/schemas.ts';

export interface PoolBounds {
  connectionsMax: number;
  /** Longer than any query may take by its own bound. */
  answerMsMax: number;
}

/** Connections of the API and of work that may wait. Leads are stored over connections of their own. */
export const API_POOL: PoolBounds = { connectionsMax: 8, answerMsMax: 40_000 };
/**
 * Connections for what leads cannot do without: the lease, the configuration, recovery, the sender's key. However long
 * the API's queries take, these find one; and a connection that fell silent is soon given up for another.
 */
export const DUTY_POOL: PoolBounds = { connectionsMax: 4, answerMsMax: 10_000 };
const CONNECT_MS_MAX = 5_000;

/** Of SLUICE_READ_DATABASE_URL; null: it is not set. */
export function openStandby(config: Pick<Config, 'readDatabaseUrl' | 'schema'>, log: Log): pg.Pool | null {
  if (config.readDatabaseUrl === null) return null;
  const database = connectInSchema({ connectionString: config.readDatabaseUrl }, config.schema);
  return openPool(database, { bounds: API_POOL, log });
}

/** A pool that survives the loss of an idle connection. */
export function openPool(database: DatabaseConnection, { bounds, log }: { bounds: PoolBounds; log: Log }): pg.Pool {
  const pool = new pg.Pool({
    ...database,
    max: bounds.connectionsMax,
    query_timeout: bounds.answerMsMax,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    application_name: 'sluice',
  });
  // A connection that breaks in use is reported by its next query; unheard, its event would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', (error) => log.warn({ cause: error.name }, 'an idle database connection broke'));
  return pool;
}
