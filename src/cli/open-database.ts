import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Log } from '../observe/log.ts';
import { packageRoot } from '../package-root.ts';
import type { DatabaseConnection } from '../store/database-connection.ts';
import { openEmbeddedPostgres } from '../store/embedded/embedded.ts';
import { migrate, readMigrations } from '../store/postgres/migrate.ts';
import { connectInSchema } from '../store/postgres/schemas.ts';

export interface OpenedDatabase {
  connection: DatabaseConnection;
  /** Sentences for the operator. */
  notices: string[];
  /** Ends an embedded server this process owns. */
  stop(): Promise<void>;
}

/** What a person who waits for a start reads: `Starting PostgreSQL …`. */
export type Say = (sentence: string) => void;
const SAY_NOTHING: Say = () => undefined;

/** Finds the database the settings name, starts the embedded one where they name none, and migrates it. */
export async function openDatabase(
  config: Config,
  log: Log,
  say: Say = SAY_NOTHING,
): Promise<Result<OpenedDatabase, string>> {
  const isEmbedded = config.databaseUrl === null;
  const isNew = isEmbedded && !existsSync(join(config.dataDir, 'postgres'));
  if (isEmbedded) say(isNew ? 'Creating a database and starting PostgreSQL …' : 'Starting PostgreSQL …');
  const found = await findDatabase(config, log);
  if (!found.ok) return found;
  // Of a database somewhere else it is not known yet whether it can be reached.
  if (isEmbedded) say(isNew ? 'Creating tables …' : 'Bringing tables up to date …');
  const migrations = readMigrations(join(packageRoot, 'sql'));
  const migrated = await migrate(found.value.connection, migrations, config.schema);
  if (migrated.ok) return found;
  await found.value.stop();
  return fail(migrated.error.message);
}

/** The database the settings name, as it is; the embedded one is started when no other process has. */
export async function findDatabase(config: Config, log: Log): Promise<Result<OpenedDatabase, string>> {
  if (config.databaseUrl !== null) {
    const connection = connectInSchema({ connectionString: config.databaseUrl }, config.schema);
    return ok({ connection, notices: [], stop: async () => undefined });
  }
  const report = (sentence: string) => log.warn({}, sentence);
  const opened = await openEmbeddedPostgres({ dataDir: config.dataDir, report });
  if (!opened.ok) return fail(opened.error.message);
  const { connection, notices, stop } = opened.value;
  return ok({ connection: connectInSchema(connection, config.schema), notices, stop });
}
