import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fail, ok, type Result } from '../../lib/result.ts';
import { whyNotAnswering } from '../postgres/database-answers.ts';
import { ensureDatabase } from '../postgres/ensure-database.ts';
import type { StartRefusal } from '../start-refusal.ts';
import { prepareDataDir, refusalOfFileError, refuseFullDisk } from './data-dir.ts';
import { findBinaries } from './embedded-binaries.ts';
import { acquireLock, currentOwner, type LockRecord, type OwnedLock } from './embedded-lock.ts';
import { choosePlace, FALLBACK_DIR, type ServerPlace } from './embedded-place.ts';
import { keepRunning } from './keep-running.ts';
import {
  findLeftOver,
  initialise,
  type Postmaster,
  partsOf,
  SERVER_PORT,
  SERVER_USER,
  startPostmaster,
} from './postmaster.ts';
import { makePrivateDir } from './server-dirs.ts';

/** The private PostgreSQL of a data directory, ready for connections. */
export interface EmbeddedPostgres {
  /** For pg: `host` is the directory of the Unix socket. */
  connection: { host: string; port: number; user: string; database: string };
  /** Did this process start it (or take it over), so that it ends with this process? */
  isOwner: boolean;
  /** What an operator should know, a sentence each. */
  notices: string[];
  /** The owner stops the server; an attached process leaves it alone. */
  stop(): Promise<void>;
}

const DATABASE = 'sluice';
/** Of `sun_path` in unix(7): 108 bytes with the end mark on Linux, 104 on macOS. */
const SOCKET_PATH_BYTES_MAX = 103;
/** An owner that recovers from a crash needs as long as its server does. */
const OWNER_READY_MS_MAX = 300_000;
const OWNER_POLL_MS = 100;

interface OpenOptions {
  /** Made when it is absent. */
  dataDir: string;
  /** Where data and programs go that the account root drops to cannot reach. */
  fallbackDir?: string;
  /** Receives later events: the server died and was started again. */
  report?: (sentence: string) => void;
}

/**
 * Finds or makes the embedded PostgreSQL of a data directory and starts it. The first process owns the server; a
 * second one attaches to it. When the owner ends, the server ends: an attached process answers 503 until somebody
 * starts it again, because a server without an owner would be one that Ctrl-C does not stop.
 */
export async function openEmbeddedPostgres(options: OpenOptions): Promise<Result<EmbeddedPostgres, StartRefusal>> {
  const dataDir = prepareDataDir(options.dataDir);
  if (!dataDir.ok) return dataDir;
  const deadline = performance.now() + OWNER_READY_MS_MAX;
  while (performance.now() < deadline) {
    const answer = acquireLock(dataDir.value);
    if (answer.kind === 'owned') return own({ ...options, dataDir: dataDir.value }, answer.lock);
    const attached = await attach(answer.owner);
    if (attached) return attached;
    await wait(OWNER_POLL_MS);
  }
  const pid = currentOwner(dataDir.value)?.pid;
  const message = `Another Sluice (pid ${pid}) owns ${dataDir.value} and its database did not become ready: stop it or wait for it.`;
  return fail({ code: 'owner-not-ready', message });
}

/** undefined: the owner has not got so far, or is gone. */
async function attach(owner: LockRecord): Promise<Result<EmbeddedPostgres, StartRefusal> | undefined> {
  if (owner.socketDir === null) return undefined;
  const connection = connectionTo(owner.socketDir);
  const obstacle = await whyNotAnswering(connection);
  if (obstacle?.includes('EACCES')) {
    const message = `The database is owned by another user's Sluice (pid ${owner.pid}): start this one as the same user or as root.`;
    return fail({ code: 'data-dir-not-ours', message });
  }
  if (obstacle !== undefined) return undefined;
  const notices = [`Attached to the database of the Sluice with pid ${owner.pid}, which stops it when it ends.`];
  return ok({ connection, isOwner: false, notices, stop: async () => undefined });
}

async function own(
  options: OpenOptions & { dataDir: string },
  lock: OwnedLock,
): Promise<Result<EmbeddedPostgres, StartRefusal>> {
  const opened = await startOwned(options).catch((error: unknown) => fail(refusalOfFileError(error, options.dataDir)));
  if (!opened.ok) {
    lock.release();
    return opened;
  }
  const { place, postmaster } = opened.value;
  const { socketDir } = postmaster;
  const guard = keepRunning({
    postmaster,
    start: () => startPostmaster(place, socketDir),
    report: options.report ?? (() => undefined),
  });
  lock.publish(socketDir);
  const takenOver = postmaster.isAdopted ? [`Took over the PostgreSQL of a killed run (pid ${postmaster.pid}).`] : [];
  return ok({
    connection: connectionTo(socketDir),
    isOwner: true,
    notices: [...place.notices, ...takenOver],
    stop: async () => {
      await guard.stop();
      if (isTemporary(socketDir)) rmSync(socketDir, { recursive: true, force: true });
      lock.release();
    },
  });
}

async function startOwned(
  options: OpenOptions & { dataDir: string },
): Promise<Result<{ place: ServerPlace; postmaster: Postmaster }, StartRefusal>> {
  const binaries = findBinaries();
  if (!binaries.ok) return binaries;
  const fallbackDir = options.fallbackDir ?? FALLBACK_DIR;
  const place = await choosePlace({ dataDir: options.dataDir, binaries: binaries.value, fallbackDir });
  if (!place.ok) return place;
  const refusal = refuseFullDisk(place.value.home) ?? (await initialise(place.value));
  if (refusal) return fail(refusal);
  const leftOver = await findLeftOver(place.value.home);
  const started = leftOver ? ok(leftOver) : await startPostmaster(place.value, freshSocketDir(place.value));
  if (!started.ok) return started;
  await ensureDatabase({ ...connectionTo(started.value.socketDir), database: 'postgres' }, DATABASE);
  return ok({ place: place.value, postmaster: started.value });
}

function connectionTo(socketDir: string): EmbeddedPostgres['connection'] {
  return { host: socketDir, port: SERVER_PORT, user: SERVER_USER, database: DATABASE };
}

/**
 * Beside the data where the path is short enough for a socket, else a private directory below /tmp (decision 44). Its
 * name follows from the data's, so that attached processes find a restarted server; a name somebody else has taken is
 * left alone.
 */
function freshSocketDir(place: ServerPlace): string {
  const near = partsOf(place.home).run;
  const isShort = (path: string) => Buffer.byteLength(join(path, `.s.PGSQL.${SERVER_PORT}`)) <= SOCKET_PATH_BYTES_MAX;
  const key = createHash('sha256').update(place.home).digest('hex').slice(0, 12);
  const below = (folder: string) => join(folder, `${TEMPORARY}${key}`);
  const short = isShort(below(tmpdir())) ? below(tmpdir()) : below('/tmp');
  const wanted = isShort(near) ? near : short;
  if (makePrivateDir(wanted, place.account)) return wanted;
  const other = mkdtempSync(`${short}-`);
  makePrivateDir(other, place.account);
  return other;
}

const TEMPORARY = 'sluice-socket-';

function isTemporary(socketDir: string): boolean {
  return basename(socketDir).startsWith(TEMPORARY);
}
