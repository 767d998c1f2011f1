import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { StartRefusal } from '../start-refusal.ts';
import { migrateQueue } from './queue-schema.ts';
import { DEFAULT_SCHEMA, nameQueueSchema } from './schemas.ts';
import { splitStatements } from './split-statements.ts';

export interface Migration {
  /** From the file's name: `0001_initial.sql` is 1. */
  version: number;
  name: string;
  sql: string;
  /** SHA-256 of the file, in hex: an applied migration must never change. */
  checksum: string;
}

/** What a database said it has had. */
interface Applied {
  version: number;
  name: string;
  checksum: string;
}

const SERVER_VERSION_MIN = 15;
const SERVER_VERSION_MAX = 18;
/** An otherwise unused number: "sluice" as ASCII. */
const ADVISORY_LOCK = '126909663503205';
/** Another process may be migrating a large database; it is waited for, but not for ever. */
const LOCK_WAIT_MS_MAX = 600_000;
const CONNECT_MS_MAX = 10_000;
const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/;

/** The migrations of a folder, in order. Throws when their numbers have a gap or a file is named otherwise. */
export function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  return names.map((file, index) => {
    const [, number, name] = FILE_NAME.exec(file) ?? [];
    if (name === undefined || Number(number) !== index + 1) {
      throw new Error(`${file} in ${folder} is not the migration ${index + 1}: they are NNNN_name.sql without a gap`);
    }
    const sql = readFileSync(join(folder, file), 'utf8');
    return { version: index + 1, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

/**
 * Brings a schema of a database to the state this code needs and answers which migrations it applied; the connection
 * must look for its tables there (`connectInSchema`). All of them run in one
 * transaction under a lock, so two processes that start together do it once and a failure leaves nothing behind.
 */
export async function migrate(
  connection: pg.ClientConfig,
  migrations: readonly Migration[],
  schema: string = DEFAULT_SCHEMA,
): Promise<Result<{ applied: string[] }, StartRefusal>> {
  const client = new pg.Client({
    connectionTimeoutMillis: CONNECT_MS_MAX,
    application_name: 'sluice migrate',
    ...connection,
  });
  // A server that ends meanwhile reports on the connection too; the running query already fails for it.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    return fail({
      code: 'database-unreachable',
      message: `The database cannot be reached (${reasonOf(error)}): check DATABASE_URL.`,
    });
  }
  try {
    const migrated = await migrateWith(client, { migrations, schema });
    if (!migrated.ok) return migrated;
    const refusal = await migrateQueueOnce(client, { connection, schema });
    return refusal ? fail(refusal) : migrated;
  } finally {
    await client.end();
  }
}

/** The queue's library migrates its schema itself, in transactions of its own; one process at a time. */
async function migrateQueueOnce(
  client: pg.Client,
  { connection, schema }: { connection: pg.ClientConfig; schema: string },
): Promise<StartRefusal | undefined> {
  try {
    await client.query(`set lock_timeout = ${LOCK_WAIT_MS_MAX}`);
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await migrateQueue(connection, nameQueueSchema(schema));
    return undefined;
  } catch (error) {
    return {
      code: 'migration-failed',
      message: `The tables of the job queue could not be made (${reasonOf(error)}).${remedyOf(error)}`,
    };
  }
}

export interface MigrationState {
  /** Of PostgreSQL. */
  major: number;
  applied: number;
  missing: number;
  /** Why this code cannot use the database; undefined: it can. */
  refusal?: StartRefusal;
}

/** How far the database is, without changing it. Rejects when it does not answer. */
export async function readMigrationState(pool: pg.Pool, migrations: readonly Migration[]): Promise<MigrationState> {
  const { rows: versions } = await pool.query<{ server_version_num: string }>('show server_version_num');
  const major = Math.floor(Number(versions[0]?.server_version_num) / 10_000);
  const { rows: tables } = await pool.query<{ has: boolean }>(
    `select to_regclass('schema_migrations') is not null as has`,
  );
  const { rows: applied } = tables[0]?.has
    ? await pool.query<Applied>('select version, name, checksum from schema_migrations order by version')
    : { rows: [] };
  const refusal = refuseMajor(major) ?? refuseHistory(applied, migrations);
  const missing = Math.max(0, migrations.length - applied.length);
  return { major, applied: applied.length, missing, ...(refusal && { refusal }) };
}

async function migrateWith(
  client: pg.Client,
  { migrations, schema }: { migrations: readonly Migration[]; schema: string },
): Promise<Result<{ applied: string[] }, StartRefusal>> {
  const unfit = await refuseServerVersion(client);
  if (unfit) return fail(unfit);
  await client.query('begin');
  const outcome = await applyMissing(client, { migrations, schema }).catch((error: unknown) =>
    fail({
      code: 'migration-failed' as const,
      message: `The database could not be migrated (${reasonOf(error)}); nothing was changed.${remedyOf(error)}`,
    }),
  );
  await client.query(outcome.ok ? 'commit' : 'rollback');
  return outcome;
}

/** Since PostgreSQL 15 only its owner may make tables in a database's schema `public`: the usual trap of a new role. */
function remedyOf(error: unknown): string {
  if (!(error instanceof pg.DatabaseError) || error.code !== '42501') return '';
  return ' Make the role of DATABASE_URL the owner of its database: alter database … owner to ….';
}

async function applyMissing(
  client: pg.Client,
  { migrations, schema }: { migrations: readonly Migration[]; schema: string },
): Promise<Result<{ applied: string[] }, StartRefusal>> {
  await client.query(`set local lock_timeout = ${LOCK_WAIT_MS_MAX}`);
  await client.query('select pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
  if (schema !== DEFAULT_SCHEMA) await client.query(`create schema if not exists ${client.escapeIdentifier(schema)}`);
  await client.query(`create table if not exists schema_migrations (
    version integer primary key,
    name text not null,
    applied_at timestamptz not null default now(),
    checksum text not null
  )`);
  const { rows } = await client.query<Applied>(
    'select version, name, checksum from schema_migrations order by version',
  );
  const refusal = refuseHistory(rows, migrations);
  if (refusal) return fail(refusal);
  const missing = migrations.slice(rows.length);
  for (const { version, name, sql, checksum } of missing) {
    for (const statement of splitStatements(sql)) await client.query(statement);
    await client.query('insert into schema_migrations (version, name, checksum) values ($1, $2, $3)', [
      version,
      name,
      checksum,
    ]);
  }
  return ok({ applied: missing.map(({ name }) => name) });
}

function refuseHistory(applied: readonly Applied[], migrations: readonly Migration[]): StartRefusal | undefined {
  if (applied.length > migrations.length) {
    const message = `The database is newer than this Sluice (it has migration ${applied.length}, this code ends at ${migrations.length}): start the newer version.`;
    return { code: 'database-newer', message };
  }
  const changed = applied.find(({ version, checksum }, index) => {
    const expected = migrations[index];
    return expected?.version !== version || expected.checksum !== checksum;
  });
  if (!changed) return undefined;
  const message = `The migration ${changed.version} (${changed.name}) in the database is not the one of this code: start the version that made the database, or another database.`;
  return { code: 'migration-changed', message };
}

async function refuseServerVersion(client: pg.Client): Promise<StartRefusal | undefined> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
  return refuseMajor(Math.floor(Number(rows[0]?.server_version_num) / 10_000));
}

function refuseMajor(major: number): StartRefusal | undefined {
  if (major >= SERVER_VERSION_MIN && major <= SERVER_VERSION_MAX) return undefined;
  const message = `The database runs PostgreSQL ${major}: Sluice works with ${SERVER_VERSION_MIN} to ${SERVER_VERSION_MAX}.`;
  return { code: 'database-version', message };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
