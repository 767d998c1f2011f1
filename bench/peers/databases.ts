import { readFileSync } from 'node:fs';
import pg from 'pg';
import { openEmbeddedPostgres } from '../../src/store/embedded/embedded.ts';

/** One PostgreSQL server with a database for each peer. */
export interface PeerDatabases {
  /** Makes an empty database, runs the SQL in it, and returns what libpq needs to reach it, as environment variables. */
  create(name: string, sql: string): Promise<Record<string, string>>;
  /** Of the server; null when it runs on another machine, so that its CPU cannot be read. */
  postmasterPid: number | null;
  /** Removes the databases it made. */
  drop(): Promise<void>;
}

/** The server that a running Sluice embeds in its data directory. */
export async function openEmbeddedDatabases(dataDir: string, postmasterPid: number): Promise<PeerDatabases> {
  const opened = await openEmbeddedPostgres({ dataDir });
  if (!opened.ok) throw new Error(opened.error.message);
  const { host, port, user, database } = opened.value.connection;
  const env = { PGHOST: host, PGPORT: String(port), PGUSER: user, PGDATABASE: database };
  // Its data directory is removed with the run.
  return { ...createsDatabases(env, []), postmasterPid, drop: async () => undefined };
}

const THIS_MACHINE = ['127.0.0.1', 'localhost', '[::1]'];

/** The server of a URL, whose role must be allowed to make databases. */
export async function openDatabasesAt(databaseUrl: string): Promise<PeerDatabases> {
  const url = new URL(databaseUrl);
  const env = {
    PGHOST: url.hostname,
    PGPORT: url.port || '5432',
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: url.pathname.slice(1) || 'postgres',
  };
  const made: string[] = [];
  const postmasterPid = THIS_MACHINE.includes(url.hostname) ? await administer(env, findPostmaster) : null;
  const drop = () =>
    administer(env, async (client) => {
      for (const name of made) await client.query(`drop database ${client.escapeIdentifier(name)} with (force)`);
    });
  return { ...createsDatabases(env, made), postmasterPid, drop };
}

function createsDatabases(env: Record<string, string>, made: string[]): Pick<PeerDatabases, 'create'> {
  return {
    async create(name, sql) {
      await administer(env, (client) => client.query(`create database ${client.escapeIdentifier(name)}`));
      made.push(name);
      const own = { ...env, PGDATABASE: name };
      await administer(own, (client) => client.query(sql));
      return own;
    },
  };
}

async function administer<T>(env: Record<string, string>, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    host: env['PGHOST'],
    port: Number(env['PGPORT']),
    user: env['PGUSER'],
    database: env['PGDATABASE'],
    ...(env['PGPASSWORD'] && { password: env['PGPASSWORD'] }),
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The parent of our own backend, when that is a process of this machine. */
async function findPostmaster(client: pg.Client): Promise<number | null> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  try {
    const stat = readFileSync(`/proc/${rows[0]?.pid}/stat`, 'utf8');
    const isPostgres = stat.includes('(postgres)');
    return isPostgres ? Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) : null;
  } catch {
    // No such process here.
    return null;
  }
}
