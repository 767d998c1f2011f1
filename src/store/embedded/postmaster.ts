import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fail, ok, type Result } from '../../lib/result.ts';
import { whyNotAnswering } from '../postgres/database-answers.ts';
import { processIdentity, servesDirectory } from '../process-identity.ts';
import type { StartRefusal } from '../start-refusal.ts';
import type { ServerPlace } from './embedded-place.ts';
import { SERVER_SETTINGS } from './embedded-settings.ts';
import { runCommand, serverEnvironment } from './run-command.ts';

/** A running server of ours, started by this process or taken over from one that was killed. */
export interface Postmaster {
  pid: number;
  /** Of the moment it was found, so that a recycled pid is never signalled. */
  identity: string;
  socketDir: string;
  isAdopted: boolean;
}

export const SERVER_USER = 'sluice';
/** Part of the socket's name only; nothing listens on a network port. */
export const SERVER_PORT = 5432;

const POLL_MS = 25;
/** Crash recovery replays at most max_wal_size, which took under a minute; a slow disk gets five. */
const READY_MS_MAX = 300_000;
/** Backends of a killed server end as soon as their statement does. */
const LINGER_MS_MAX = 30_000;
/** A fast shutdown writes one checkpoint; after this the server is stopped at once and recovers at the next start. */
const STOP_MS_MAX = 60_000;
const STOP_AT_ONCE_MS_MAX = 10_000;
const LOG_BYTES_MAX = 8_000_000;

/** Where the parts of a server's home are. */
export function partsOf(home: string): { data: string; run: string; log: string } {
  return { data: join(home, 'data'), run: join(home, 'run'), log: join(home, 'server.log') };
}

/** Makes a database cluster where there is none. A half-made one of a killed start is thrown away. */
export async function initialise(place: ServerPlace): Promise<StartRefusal | undefined> {
  const { data } = partsOf(place.home);
  if (existsSync(data)) return undefined;
  const draft = `${data}.draft`;
  rmSync(draft, { recursive: true, force: true });
  const { exitCode, output } = await runCommand({
    file: join(place.binaries.root, 'bin', 'initdb'),
    args: ['-D', draft, '-U', SERVER_USER, '-E', 'UTF8', '--no-locale', '-A', 'trust', '--no-instructions'],
    ...(place.account && { account: place.account }),
  });
  if (exitCode !== 0) return refusalOfOutput(output, place);
  renameSync(draft, data);
  return undefined;
}

/**
 * The server that already runs on this home: what a killed run left behind, ready to be used. One that is shutting
 * down is waited for, and one whose socket is gone is stopped; then there is none.
 */
export async function findLeftOver(home: string): Promise<Postmaster | undefined> {
  const { data } = partsOf(home);
  const left = readPostmasterFile(data);
  const identity = left && processIdentity(left.pid);
  if (!left || identity === undefined) return undefined;
  const serves = servesDirectory(left.pid, data);
  // Its files stay until it is gone: by them PostgreSQL sees backends that still use its memory (`server-lingers`).
  if (serves === undefined) return undefined;
  if (!serves) {
    if (await untilNobodyServes(data)) removeLocksOf(left, data);
    return undefined;
  }
  const postmaster = { pid: left.pid, identity, socketDir: left.socketDir, isAdopted: true };
  const isReachable = existsSync(join(left.socketDir, `.s.PGSQL.${SERVER_PORT}`));
  if (isReachable && left.status !== 'stopping' && (await untilReady(postmaster)) === undefined) return postmaster;
  await stopPostmaster(postmaster);
  return undefined;
}

/** Waits for what a killed server left working; false when it works on. */
async function untilNobodyServes(data: string): Promise<boolean> {
  const deadline = performance.now() + LINGER_MS_MAX;
  while (pidsServing(data).length > 0 && performance.now() < deadline) await wait(POLL_MS);
  return pidsServing(data).length === 0;
}

/** PostgreSQL believes any live pid in the files of its data and its socket; this one is recycled, so they hinder every start. */
function removeLocksOf({ pid, socketDir }: { pid: number; socketDir: string }, data: string): void {
  rmSync(join(data, 'postmaster.pid'), { force: true });
  const ofSocket = join(socketDir, `.s.PGSQL.${SERVER_PORT}.lock`);
  if (existsSync(ofSocket) && Number.parseInt(readFileSync(ofSocket, 'utf8'), 10) === pid)
    rmSync(ofSocket, { force: true });
}

/** Starts the server and waits until it answers; waits too while processes of a killed one still hold its memory. */
export async function startPostmaster(
  place: ServerPlace,
  socketDir: string,
): Promise<Result<Postmaster, StartRefusal>> {
  const patience = performance.now() + LINGER_MS_MAX;
  for (;;) {
    const started = await startOnce(place, socketDir);
    if (started.ok || started.error.code !== 'server-lingers' || performance.now() > patience) return started;
    await wait(POLL_MS * 10);
  }
}

/** Ends a server: open transactions are rolled back, then a checkpoint is written (PostgreSQL's fast shutdown). */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  if (!signal(postmaster, 'SIGINT')) return;
  if (await untilGone(postmaster, STOP_MS_MAX)) return;
  signal(postmaster, 'SIGQUIT');
  await untilGone(postmaster, STOP_AT_ONCE_MS_MAX);
}

/** Is the very process still there? */
export function isRunning(postmaster: Postmaster): boolean {
  return processIdentity(postmaster.pid) === postmaster.identity;
}

/** Waits until a server takes connections; the reason when it does not or the process ended. */
export async function untilReady(postmaster: Postmaster): Promise<string | undefined> {
  const deadline = performance.now() + READY_MS_MAX;
  const connection = { host: postmaster.socketDir, port: SERVER_PORT, user: SERVER_USER, database: 'postgres' };
  let obstacle: string | undefined = 'it was not asked';
  while (isRunning(postmaster) && performance.now() < deadline) {
    obstacle = await whyNotAnswering(connection);
    if (obstacle === undefined) return undefined;
    await wait(POLL_MS);
  }
  return isRunning(postmaster) ? `not ready after ${READY_MS_MAX / 1000} s: ${obstacle}` : 'it ended';
}

async function startOnce(place: ServerPlace, socketDir: string): Promise<Result<Postmaster, StartRefusal>> {
  const { log } = partsOf(place.home);
  if (existsSync(log) && statSync(log).size > LOG_BYTES_MAX) renameSync(log, `${log}.1`);
  const logStart = existsSync(log) ? statSync(log).size : 0;
  const child = launch(place, socketDir);
  const identity = child.pid === undefined ? undefined : processIdentity(child.pid);
  if (child.pid !== undefined && identity !== undefined) {
    const postmaster = { pid: child.pid, identity, socketDir, isAdopted: false };
    const obstacle = await untilReady(postmaster);
    if (obstacle === undefined) return ok(postmaster);
    await stopPostmaster(postmaster);
  }
  return fail(refusalOfOutput(readFileSync(log, 'utf8').slice(logStart), place));
}

/** Its own session, so that a Ctrl-C in the terminal reaches Sluice alone, which stops the server last. */
function launch(place: ServerPlace, socketDir: string): ChildProcess {
  const { data, log } = partsOf(place.home);
  const settings = [...SERVER_SETTINGS.map(({ name, value }) => `${name}=${value}`)];
  const args = [...settings, `unix_socket_directories=${socketDir}`, `port=${SERVER_PORT}`].flatMap((text) => [
    '-c',
    text,
  ]);
  const logFile = openSync(log, 'a', 0o600);
  const child = spawn(join(place.binaries.root, 'bin', 'postgres'), ['-D', data, ...args], {
    cwd: '/',
    detached: true,
    env: serverEnvironment(),
    stdio: ['ignore', logFile, logFile],
    ...(place.account && { uid: place.account.uid, gid: place.account.gid }),
  });
  closeSync(logFile);
  // Without a listener a failed spawn would end the process; startOnce sees the missing pid.
  child.on('error', () => undefined);
  return child;
}

async function untilGone(postmaster: Postmaster, msMax: number): Promise<boolean> {
  const deadline = performance.now() + msMax;
  while (isRunning(postmaster) && performance.now() < deadline) await wait(POLL_MS);
  return !isRunning(postmaster);
}

function signal(postmaster: Postmaster, name: NodeJS.Signals): boolean {
  if (!isRunning(postmaster)) return false;
  try {
    return process.kill(postmaster.pid, name);
  } catch {
    // It ended between the look and the signal.
    return false;
  }
}

/** postmaster.pid, a line each: pid, data directory, start time, port, socket directory, address, memory key, status. */
function readPostmasterFile(data: string): { pid: number; socketDir: string; status: string } | undefined {
  const path = join(data, 'postmaster.pid');
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8').split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, socketDir: lines[4] ?? '', status: lines[7]?.trim() ?? '' };
}

/** What PostgreSQL says when it cannot start, and the message for the operator. First match counts. */
const OUTPUTS: { pattern: RegExp; code: StartRefusal['code']; message(place: ServerPlace): string }[] = [
  {
    pattern: /No space left on device|Disk quota exceeded/,
    code: 'disk-full',
    message: ({ home }) =>
      `The disk of ${home} has no space left for PostgreSQL: free some or set SLUICE_DATA_DIR to another disk.`,
  },
  {
    pattern: /Read-only file system/,
    code: 'data-dir-not-writable',
    message: ({ home }) =>
      `The directory ${home} is on a read-only file system: set SLUICE_DATA_DIR to a directory that can be written.`,
  },
  {
    // The second: the killed postmaster is a zombie until its new parent, init, has taken note of its end.
    pattern: /pre-existing shared memory block|lock file "postmaster\.pid" already exists/,
    code: 'server-lingers',
    message: ({ home }) =>
      `Processes of a killed PostgreSQL still use ${home} (${lingering(home)}): end them, then start Sluice again.`,
  },
  {
    pattern: /database files are incompatible with server/,
    code: 'database-version',
    message: ({ home, binaries }) =>
      `The database in ${home} was made by another version of PostgreSQL than ${binaries.version}: start the Sluice that made it, export, and import here.`,
  },
];

function refusalOfOutput(output: string, place: ServerPlace): StartRefusal {
  const known = OUTPUTS.find(({ pattern }) => pattern.test(output));
  if (known) return { code: known.code, message: known.message(place) };
  const lines = output.trim().split('\n');
  const line = lines.findLast((text) => /FATAL|PANIC|error:/.test(text)) ?? lines.at(-1) ?? '';
  const message = `PostgreSQL did not start (${line.trim()}): see ${partsOf(place.home).log}.`;
  return { code: 'server-failed', message };
}

function lingering(home: string): string {
  const ours = pidsServing(partsOf(home).data);
  return ours.length > 0 ? `pid ${ours.join(', ')}` : 'their pids are not known';
}

/** None where the system has no list of processes. */
function pidsServing(data: string): number[] {
  const pids = existsSync('/proc') ? readdirSync('/proc').map(Number).filter(Number.isInteger) : [];
  return pids.filter((pid) => servesDirectory(pid, data));
}
