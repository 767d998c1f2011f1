import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { askRun } from './ask-run.ts';
import type { TestDatabase } from './database.ts';
import { freePort } from './free-port.ts';
import { TEST_SCHEMA } from './test-schema.ts';
import { until } from './until.ts';

/** A server as its users start it: `sluice start` in a process of its own, so that it can be killed. */
export interface SluiceProcess {
  url: string;
  pid: number;
  /** Everything it wrote so far. */
  output(): string;
  /** Resolves when it is gone; its exit code, null when a signal ended it. */
  exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Ends what hangs; a machine that does much else takes half a minute. */
const READY_MS_MAX = 90_000;

/** Bundles the program unless it is newer than its sources, once in a run, so that no start waits for it. Call it in `beforeAll`. */
export async function buildSluice(): Promise<void> {
  await askRun('/server');
}

/**
 * Starts a server on a test's database and a free port; resolves when it serves. `env` are further settings. It is
 * killed when the test is over, if it still runs.
 */
export async function startSluiceProcess(
  database: TestDatabase,
  env: Readonly<Record<string, string>> = {},
): Promise<SluiceProcess> {
  const { child, started } = spawnSluice(database, { env, port: await freePort() });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  return started;
}

/** The same for all tests of a file, to be called in `beforeAll`; the test that starts it kills it. */
export async function startSharedSluice(
  database: TestDatabase,
  env: Readonly<Record<string, string>>,
): Promise<SluiceProcess> {
  return spawnSluice(database, { env, port: await freePort() }).started;
}

function spawnSluice(
  database: TestDatabase,
  { env, port }: { env: Readonly<Record<string, string>>; port: number },
): { child: ChildProcess; started: Promise<SluiceProcess> } {
  const child = spawn(process.execPath, [join(packageRoot, 'bin', 'sluice.js'), 'start'], {
    cwd: packageRoot,
    env: {
      PATH: process.env['PATH'] ?? '',
      ...environmentOf(database),
      SLUICE_SECRET_KEY: 'ab'.repeat(32),
      SLUICE_PORT: String(port),
      SLUICE_ALLOW_PRIVATE_NETWORKS: '127.0.0.1/32',
      SLUICE_WARM_SECONDS: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const exited = once(child, 'exit').then(([code]): number | null => code);
  const started = untilReady(child, () => text).then(() => ({
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    output: () => text,
    exited,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
  }));
  return { child, started };
}

async function untilReady(child: ChildProcess, output: () => string): Promise<void> {
  const isDone = () => output().includes('is ready') || child.exitCode !== null;
  await until('the server is ready', isDone, READY_MS_MAX);
  if (child.exitCode !== null) throw new Error(`the server did not start: ${output()}`);
}

/**
 * Ends the lease of a process that was killed, as the seconds would that others wait until they take over what it had. Call it
 * when the process is gone.
 */
export async function expireLease(database: TestDatabase, { pid }: Pick<SluiceProcess, 'pid'>): Promise<void> {
  const client = new pg.Client(database.connection);
  await client.connect();
  await client.query('update nodes set lease_expires_at = now() where pid = $1', [pid]);
  await client.end();
}

/** The settings by which a process of its own finds the installation under test. */
export function environmentOf(database: Pick<TestDatabase, 'connection'>): Record<string, string> {
  return { DATABASE_URL: urlOf(database), SLUICE_SCHEMA: TEST_SCHEMA };
}

/** In libpq's form for a Unix socket. */
export function urlOf({ connection }: Pick<TestDatabase, 'connection'>): string {
  return `postgres://${connection.user}@/${connection.database}?host=${encodeURIComponent(connection.host)}`;
}
