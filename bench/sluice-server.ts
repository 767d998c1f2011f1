import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { treePids } from './cpu.ts';

/** A server as its users start it, in a process of its own with its own embedded PostgreSQL. */
export interface ServerProcess {
  pid: number;
  port: number;
  apiKey: string;
  /** Of the embedded PostgreSQL below it; throws when there is none. */
  postmasterPid(): number;
  hasExited(): boolean;
  /** Resolves when the process is gone, however it ended. */
  exited: Promise<void>;
  /** For what is asked of the module that was loaded into it (`StartOptions.loads`). */
  child: ChildProcess;
  /** SIGTERM, then waits until it has drained. */
  stop(): Promise<void>;
}

export interface StartOptions {
  dataDir: string;
  /** Its output goes here. */
  logPath: string;
  /** Values of SLUICE_TEST_SWITCHES. */
  switches?: readonly string[];
  /** SLUICE_WARM_SECONDS; absent: as it is by default. */
  warmSeconds?: number;
  /** What Node runs; absent: the program of the package. */
  entry?: readonly string[];
  /** The Node that runs it; absent: the one that runs this. */
  nodePath?: string;
  /** A PostgreSQL in the place of the embedded one. */
  databaseUrl?: string;
  /** A module of the bench that runs in the process beside the program, and answers its parent's questions. */
  loads?: URL;
}

export const API_KEY = 'bench-0123456789abcdef0123456789abcdef';
/** Of databases that hold nothing but a measurement. */
const SECRET_KEY = '0'.repeat(64);

/** As the first line of bin/sluice.js and `npm start` run it. */
const PROGRAM = ['--max-semi-space-size=32', fileURLToPath(new URL('../bin/sluice.js', import.meta.url)), 'start'];
/** Crash recovery of the database and of the leads under way is part of a start. */
const READY_MS_MAX = 120_000;
const POLL_MS = 50;
const LOG_TAIL_CHARACTERS = 3000;

/** Starts a server on a free port; resolves when GET /readyz answers 200, throws with the end of its log when it ends first. */
export async function startSluice(options: StartOptions): Promise<ServerProcess> {
  const port = await freePort();
  const log = openSync(options.logPath, 'a');
  // The parent's own execArgv carries the TypeScript loader on to the child.
  const loading = options.loads ? [...process.execArgv, '--import', options.loads.href] : [];
  const child = spawn(options.nodePath ?? process.execPath, [...loading, ...(options.entry ?? PROGRAM)], {
    stdio: options.loads ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
    env: {
      ...process.env,
      ...(options.databaseUrl !== undefined && { DATABASE_URL: options.databaseUrl, SLUICE_SECRET_KEY: SECRET_KEY }),
      SLUICE_DATA_DIR: options.dataDir,
      SLUICE_PORT: String(port),
      SLUICE_ADMIN_API_KEY: API_KEY,
      SLUICE_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8',
      SLUICE_TEST_SWITCHES: (options.switches ?? []).join(','),
      SLUICE_WARM_SECONDS: String(options.warmSeconds ?? ''),
    },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await untilReady({ child, port, logPath: options.logPath });
  const pid = child.pid ?? 0;
  return {
    pid,
    port,
    apiKey: API_KEY,
    postmasterPid: () => postmasterBelow(pid),
    hasExited: () => hasEnded(child),
    exited,
    child,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function untilReady(options: { child: ChildProcess; port: number; logPath: string }): Promise<void> {
  const deadline = performance.now() + READY_MS_MAX;
  while (performance.now() < deadline && !hasEnded(options.child)) {
    if (await isReady(options.port)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  options.child.kill('SIGKILL');
  const log = readFileSync(options.logPath, 'utf8').slice(-LOG_TAIL_CHARACTERS);
  throw new Error(`the server did not become ready; the end of its log:\n${log}`);
}

async function isReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    // No server listens yet.
    return false;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function postmasterBelow(serverPid: number): number {
  // Parents come first, so the first `postgres` is the postmaster and not one of its backends.
  const pid = treePids(serverPid).find((candidate) => readComm(candidate) === 'postgres');
  if (pid === undefined) throw new Error(`no PostgreSQL below process ${serverPid}`);
  return pid;
}

function readComm(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    // It ended since it was listed.
    return '';
  }
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      // listen() on a port always yields an AddressInfo.
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
