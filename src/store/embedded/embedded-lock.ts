import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '../../lib/assert.ts';
import { processIdentity } from '../process-identity.ts';

/** What a lock file says about the process that owns the embedded server of a data directory. */
export interface LockRecord {
  pid: number;
  /** Of the owner when it took the lock (`processIdentity`); `released` once it let go. */
  identity: string;
  /** Where the server listens; null until it is ready. */
  socketDir: string | null;
}

export interface OwnedLock {
  /** Announces to attaching processes that the server is ready and where. */
  publish(socketDir: string): void;
  release(): void;
}

export type LockAnswer = { kind: 'owned'; lock: OwnedLock } | { kind: 'taken'; owner: LockRecord };

const RELEASED = 'released';
/** Each lost race means that another process took the lock, so a second round nearly always ends it. */
const ROUNDS_MAX = 20;

/**
 * Takes the lock of a data directory, or says who has it. The lock is the file `lock.N` with the highest N. A stale
 * one is taken over by creating `lock.N+1`, which only one process can do; removing and re-creating a single file
 * would let a slow process remove the lock of a quick one.
 */
export function acquireLock(dataDir: string): LockAnswer {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const last = lastGeneration(dataDir);
    const record = last === 0 ? undefined : readLock(dataDir, last);
    if (record && isAlive(record)) return { kind: 'taken', owner: record };
    const lock = createLock(dataDir, last + 1);
    if (lock) return { kind: 'owned', lock };
  }
  throw new Error(`the lock in ${dataDir} changed hands ${ROUNDS_MAX} times while it was asked for`);
}

/** Who owns the data directory now; undefined when no living process does. */
export function currentOwner(dataDir: string): LockRecord | undefined {
  const record = readLock(dataDir, lastGeneration(dataDir));
  return record && isAlive(record) ? record : undefined;
}

function isAlive(record: LockRecord): boolean {
  return record.identity !== RELEASED && processIdentity(record.pid) === record.identity;
}

function createLock(dataDir: string, generation: number): OwnedLock | undefined {
  const path = lockPath(dataDir, generation);
  const identity = processIdentity(process.pid);
  assert(identity !== undefined, 'this process is alive');
  const draft = writeDraft(path, { pid: process.pid, identity, socketDir: null });
  try {
    linkSync(draft, path);
  } catch {
    // Another process was quicker; the next round reads its record.
    return undefined;
  } finally {
    rmSync(draft, { force: true });
  }
  if (lastGeneration(dataDir) !== generation) {
    rmSync(path, { force: true });
    return undefined;
  }
  removeOlder(dataDir, generation);
  const replace = (record: LockRecord) => renameSync(writeDraft(path, record), path);
  return {
    publish: (socketDir) => replace({ pid: process.pid, identity, socketDir }),
    release: () => replace({ pid: process.pid, identity: RELEASED, socketDir: null }),
  };
}

function writeDraft(path: string, record: LockRecord): string {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, `${JSON.stringify(record)}\n`);
  return draft;
}

function readLock(dataDir: string, generation: number): LockRecord | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(lockPath(dataDir, generation), 'utf8'));
    return isLockRecord(record) ? record : undefined;
  } catch {
    // Removed by the process that just took over, or cut short by a full disk: it has no owner in both cases.
    return undefined;
  }
}

function isLockRecord(value: unknown): value is LockRecord {
  if (value === null || typeof value !== 'object') return false;
  const { pid, identity, socketDir } = value as Record<string, unknown>; // an edge: the file is anybody's text
  const isPlace = socketDir === null || typeof socketDir === 'string';
  return Number.isInteger(pid) && typeof identity === 'string' && isPlace;
}

function removeOlder(dataDir: string, generation: number): void {
  for (const older of generations(dataDir)) {
    if (older < generation) rmSync(lockPath(dataDir, older), { force: true });
  }
}

function lastGeneration(dataDir: string): number {
  return Math.max(0, ...generations(dataDir));
}

function generations(dataDir: string): number[] {
  return readdirSync(dataDir).flatMap((name) => {
    const match = /^lock\.([1-9]\d{0,8})$/.exec(name);
    return match ? [Number(match[1])] : [];
  });
}

function lockPath(dataDir: string, generation: number): string {
  return join(dataDir, `lock.${generation}`);
}
