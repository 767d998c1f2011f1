import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { deployFlow, submitPath } from '../flow-api.ts';
import { freePort, type ServerProcess, startSluice } from '../sluice-server.ts';
import { SOURCE_ENTITY_ID } from '../workloads.ts';
import { openDatabasesAt, openEmbeddedDatabases, type PeerDatabases } from './databases.ts';
import { installNodeRed, prepareNodeRed } from './node-red.ts';
import { PROBE_CAP } from './probe.ts';
import { buildSluiceFlow } from './sluice-flow.ts';

/** A server that runs the flow, or less of it. */
export interface Peer {
  name: string;
  pid: number;
  /** A descendant that is not its own: the PostgreSQL that Sluice started for all. */
  exceptPid: number | null;
  port: number;
  path: string;
  /** Of the flow with a small cap; null: the peer has no flow, it only stores. */
  cappedPath: string | null;
  usesDatabase: boolean;
  stop(): Promise<void>;
}

export interface PeerStage {
  peers: Peer[];
  databases: PeerDatabases;
  /** Sentences on who is missing and why. */
  notices: string[];
  stop(): Promise<void>;
}

/** The same young generation for all: Sluice starts with it, and it makes the others faster, too. */
const NODE_FLAGS = ['--max-semi-space-size=64'];
const READY_MS_MAX = 60_000;
const POLL_MS = 100;
const STOP_MS_MAX = 10_000;
/** Built inside the package, so that imports find its node_modules. */
const BUNDLES = fileURLToPath(new URL('../results/peers/', import.meta.url));
const BUNDLED = ['by-hand', 'one-insert'] as const;

/** What is started beside Sluice. */
interface PeerProgram {
  name: string;
  /** Arguments of Node. */
  listArgs(port: number): string[];
  /** The schema of its own database; null: it has none. */
  sql: string | null;
  path: string;
  cappedPath: string | null;
}

/** Starts Sluice, then every peer on the same PostgreSQL: the embedded one of Sluice, or the one of `databaseUrl`. */
export async function startPeers(options: {
  home: string;
  recipientUrl: string;
  databaseUrl: string | undefined;
}): Promise<PeerStage> {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const each of started.toReversed()) await each.stop();
  };
  try {
    const { databases, sluice } = await startSluicePeer(options, started);
    const peers = [sluice];
    const { programs, notices } = await listPrograms(options);
    for (const { name, listArgs, sql, path, cappedPath } of programs) {
      const env = sql === null ? {} : await databases.create(databaseName(name), sql);
      const port = await freePort();
      const place = { port, path, logPath: join(options.home, `${name}.log`) };
      const child = startServer({
        ...place,
        args: listArgs(port),
        env: { ...env, RECIPIENT_URL: options.recipientUrl },
      });
      started.push(child);
      await untilAnswered(place);
      peers.push({ ...child, name, port, exceptPid: null, path, cappedPath, usesDatabase: sql !== null });
    }
    return { peers, databases, notices, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startSluicePeer(
  { home, recipientUrl, databaseUrl }: Parameters<typeof startPeers>[0],
  started: { stop(): Promise<void> }[],
): Promise<{ databases: PeerDatabases; sluice: Peer }> {
  const dataDir = join(home, 'sluice');
  const place = { dataDir, logPath: join(home, 'sluice.log') };
  const given = databaseUrl === undefined ? null : await openDatabasesAt(databaseUrl);
  if (given !== null) started.push({ stop: given.drop });
  if (given !== null) await given.create(databaseName('sluice'), '');
  const server = await startSluice(
    databaseUrl === undefined ? place : { ...place, databaseUrl: nameDatabase(databaseUrl, databaseName('sluice')) },
  );
  started.push(server);
  const postmasterPid = given === null ? server.postmasterPid() : null;
  const databases = given ?? (await openEmbeddedDatabases(dataDir, server.postmasterPid()));
  const [path, cappedPath] = await deploySluiceFlows(server, recipientUrl);
  const { pid, port, stop } = server;
  const sluice = { name: 'sluice', pid, port, stop, path, cappedPath, exceptPid: postmasterPid, usesDatabase: true };
  return { databases, sluice };
}

async function deploySluiceFlows(server: ServerProcess, recipientUrl: string): Promise<[string, string]> {
  const deploy = async (name: string, cap: number) =>
    submitPath(await deployFlow(server, buildSluiceFlow({ name, cap, recipientUrl })), SOURCE_ENTITY_ID);
  return [await deploy('Solar leads', 1_000_000_000), await deploy('Probe', PROBE_CAP)];
}

async function listPrograms({ home, recipientUrl }: { home: string; recipientUrl: string }) {
  await bundlePeers();
  const flow = { path: '/flows/solar/leads', cappedPath: '/flows/probe/leads' };
  const programs: PeerProgram[] = [
    { name: 'by-hand', listArgs: () => [bundlePath('by-hand')], sql: readSql('by-hand'), ...flow },
    {
      ...{ name: 'one-insert', listArgs: () => [bundlePath('one-insert')], sql: readSql('one-insert') },
      ...{ path: '/leads', cappedPath: null },
    },
  ];
  const installedIn = join(home, 'node-red');
  const installed = await installNodeRed(installedIn);
  if ('failure' in installed) return { programs, notices: [`Node-RED is left out: ${installed.failure}`] };
  for (const state of ['memory', 'postgres'] as const) {
    const name = `node-red-${state}`;
    const listArgs = (port: number) =>
      prepareNodeRed({ installedIn, home: join(home, name), port, recipientUrl, state });
    programs.push({ name, listArgs, sql: state === 'memory' ? null : readSql('by-hand'), ...flow });
  }
  return { programs, notices: [`Node-RED ${installed.version}`] };
}

/** As Sluice is bundled, so that no loader runs beside the code that is measured. */
async function bundlePeers(): Promise<void> {
  const entryPoints = BUNDLED.map((name) => fileURLToPath(new URL(`./${name}.ts`, import.meta.url)));
  await build({
    entryPoints,
    outdir: BUNDLES,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    logLevel: 'warning',
  });
}

function bundlePath(name: (typeof BUNDLED)[number]): string {
  return join(BUNDLES, `${name}.js`);
}

function readSql(name: (typeof BUNDLED)[number]): string {
  return readFileSync(new URL(`./${name}.sql`, import.meta.url), 'utf8');
}

function databaseName(peer: string): string {
  return `sluice_bench_${process.pid}_${peer.replaceAll('-', '_')}`;
}

function nameDatabase(databaseUrl: string, name: string): string {
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function startServer(options: {
  args: string[];
  env: Record<string, string>;
  port: number;
  logPath: string;
}): Pick<Peer, 'pid' | 'stop'> {
  const log = openSync(options.logPath, 'a');
  const child = spawn(process.execPath, [...NODE_FLAGS, ...options.args], {
    stdio: ['ignore', log, log],
    env: { ...process.env, NODE_ENV: 'production', PORT: String(options.port), ...options.env },
  });
  return { pid: child.pid ?? 0, stop: () => stopChild(child) };
}

/** Asks with a lead that every flow rejects, until it is taken; throws with the end of the log when it never is. */
async function untilAnswered({ port, path, logPath }: { port: number; path: string; logPath: string }): Promise<void> {
  const deadline = performance.now() + READY_MS_MAX;
  while (performance.now() < deadline) {
    const body = new URLSearchParams({ email: 'nobody' });
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body }).catch(() => null);
    if (answer?.status === 201) return;
    await pause(POLL_MS);
  }
  throw new Error(
    `the peer of ${path} did not become ready; the end of its log:\n${readFileSync(logPath, 'utf8').slice(-2000)}`,
  );
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await exited;
  clearTimeout(timer);
}
