import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployFlow, submitPath } from './flow-api.ts';
import { measureFsync } from './fsync.ts';
import { checkFloors, isInRatio } from './intake-floors.ts';
import { printReport, summarise } from './intake-table.ts';
import { type LoadReport, type loadHandlers, refuseBrokenReport, type WatchedProcess } from './load.ts';
import { listNodes, type NodeBinary } from './node-binary.ts';
import { forkScript, type ScriptProcess } from './processes.ts';
import type { rawHttpHandlers } from './raw-http.ts';
import type { recipientHandlers } from './recipient.ts';
import { type ServerProcess, startSluice } from './sluice-server.ts';
import { describeWarmUp, type WarmUpReport, warmUp } from './warm-up.ts';
import { SOURCE_ENTITY_ID, WORKLOADS } from './workloads.ts';

/**
 * How much a lead costs, measured in one go on one machine: raw node:http, a store with one transaction a lead behind
 * the same HTTP and engine, and Sluice. Load generator, servers, recipient and PostgreSQL share the same cores. Each
 * process is warmed first: until its compiler has seen a workload, a lead costs twice as much and more. The runs are
 * interleaved, so that a slow minute of the machine touches every variant, and medians of the rounds count.
 */
export interface IntakeOptions {
  rounds: number;
  /** Of each measured window. */
  seconds: number;
  connections: number[];
  /** At most so many windows warm each workload of each process. */
  warmUpWindowsMax: number;
  /** A second Node, whose servers are measured beside those of this one. */
  nodePath?: string;
  /** Measure and check only what is a ratio: absolute times mean little on a shared machine. */
  ratiosOnly: boolean;
}

/** One thing to measure at one number of connections. */
export interface Cell {
  variant: 'raw' | 'one-statement' | 'sluice';
  workload: string;
  /** Version of the Node that ran the server. */
  node: string;
  connections: number;
}

/** A server under measurement: where to send what, and whose CPU to watch. */
interface Target extends Omit<Cell, 'connections'> {
  port: number;
  path: string;
  expected: { status: number; text: string };
  watched: WatchedProcess[];
  deliversEach: boolean;
}

/** Where groups are of a usual size and code is compiled soonest. */
const WARM_UP_CONNECTIONS = 64;
const WARM_UP_WINDOW_SECONDS = 1;
const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));
const ONE_STATEMENT_SERVER = fileURLToPath(new URL('./one-statement-server.ts', import.meta.url));

/** Runs everything, prints the table, writes bench/results/intake.json; answers whether every floor holds. */
export async function measureIntake(options: IntakeOptions): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const stage = await setStage(home, listNodes(options.nodePath));
  try {
    const fsync = measureFsync(home);
    const persons: PersonNumbers = { next: 0 };
    const warmUps = await warmAll(stage, persons, options);
    const runs = await runInterleaved(stage, persons, options);
    const cells = summarise(runs);
    const floors = checkFloors(cells, options);
    const machine = describeMachine();
    printReport({ machine, fsync, warmUps, cells, floors });
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(
      join(RESULTS, 'intake.json'),
      `${JSON.stringify({ machine, fsync, options, warmUps, cells, floors }, null, 2)}\n`,
    );
    return floors.every((floor) => floor.holds);
  } finally {
    await stage.end();
    rmSync(home, { recursive: true, force: true });
  }
}

interface Stage {
  load: ScriptProcess<typeof loadHandlers>;
  recipient: ScriptProcess<typeof recipientHandlers>;
  targets: Target[];
  end(): Promise<void>;
}

/** Starts every participant once; those not being measured idle. */
async function setStage(home: string, nodes: readonly NodeBinary[]): Promise<Stage> {
  const load = forkScript<typeof loadHandlers>(new URL('./load.ts', import.meta.url));
  const recipient = forkScript<typeof recipientHandlers>(new URL('./recipient.ts', import.meta.url));
  const raws: ScriptProcess<typeof rawHttpHandlers>[] = [];
  const servers: ServerProcess[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    await Promise.all([load, recipient, ...raws].map((script) => script.stop()));
  };
  try {
    const recipientUrl = `http://127.0.0.1:${await recipient.ask('listen', null)}`;
    const targets: Target[] = [];
    for (const node of nodes) {
      const raw = forkScript<typeof rawHttpHandlers>(new URL('./raw-http.ts', import.meta.url), node.path);
      raws.push(raw);
      targets.push(rawTarget({ node: node.version, pid: raw.pid, port: await raw.ask('listen', null) }));
      for (const variant of ['one-statement', 'sluice'] as const) {
        const server = await startSluice({
          dataDir: join(home, `${variant}-${node.version}`),
          logPath: join(home, `${variant}-${node.version}.log`),
          nodePath: node.path,
          ...(variant === 'one-statement' && { entry: [...process.execArgv, ONE_STATEMENT_SERVER] }),
        });
        servers.push(server);
        targets.push(...(await serverTargets({ variant, node: node.version, server, recipientUrl })));
      }
    }
    return { load, recipient, targets, end };
  } catch (error) {
    await end();
    throw error;
  }
}

function rawTarget({ node, pid, port }: { node: string; pid: number; port: number }): Target {
  return {
    variant: 'raw',
    workload: 'echo',
    node,
    port,
    path: '/',
    expected: { status: 201, text: 'first_name=Ada' },
    watched: [{ name: 'node', pid, exceptPid: null }],
    deliversEach: false,
  };
}

async function serverTargets(options: {
  variant: 'one-statement' | 'sluice';
  node: string;
  server: ServerProcess;
  recipientUrl: string;
}): Promise<Target[]> {
  const { variant, node, server, recipientUrl } = options;
  const postmasterPid = server.postmasterPid();
  const targets: Target[] = [];
  for (const workload of WORKLOADS) {
    const flowId = await deployFlow(server, workload.flow(recipientUrl));
    targets.push({
      variant,
      workload: workload.name,
      node,
      port: server.port,
      path: submitPath(flowId, SOURCE_ENTITY_ID),
      expected: { status: 201, text: workload.answer },
      watched: [
        { name: 'node', pid: server.pid, exceptPid: postmasterPid },
        { name: 'postgres', pid: postmasterPid, exceptPid: null },
      ],
      deliversEach: workload.deliversEach,
    });
  }
  return targets;
}

export interface Run {
  cell: Cell;
  report: LoadReport;
}

/** No person is sent twice. */
interface PersonNumbers {
  next: number;
}

/** Warms every target before the first is measured. */
async function warmAll(stage: Stage, persons: PersonNumbers, options: IntakeOptions): Promise<WarmUpReport[]> {
  const reports: WarmUpReport[] = [];
  for (const target of stage.targets) {
    if (!options.connections.some((connections) => isMeasured({ ...target, connections }, options))) continue;
    const place = { stage, target, persons, connections: WARM_UP_CONNECTIONS, seconds: WARM_UP_WINDOW_SECONDS };
    const measure = async () => {
      const { cpuUs, requests } = await runOnce(place);
      return (cpuUs['node'] ?? Number.NaN) / requests;
    };
    const report = await warmUp({
      title: titleOf({ ...target, connections: WARM_UP_CONNECTIONS }),
      windowsMax: options.warmUpWindowsMax,
      measure,
    });
    console.error(describeWarmUp(report));
    reports.push(report);
  }
  return reports;
}

function isMeasured(cell: Cell, { ratiosOnly }: IntakeOptions): boolean {
  return !ratiosOnly || isInRatio(cell);
}

async function runInterleaved(stage: Stage, persons: PersonNumbers, options: IntakeOptions): Promise<Run[]> {
  const runs: Run[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    for (const connections of options.connections) {
      for (const target of rotate(stage.targets, round)) {
        if (!isMeasured({ ...target, connections }, options)) continue;
        const report = await runOnce({ stage, target, persons, connections, seconds: options.seconds });
        const { variant, workload, node } = target;
        const cell: Cell = { variant, workload, node, connections };
        runs.push({ cell, report });
        const rate = Math.round((report.requests / report.windowMs) * 1000);
        console.error(`round ${round + 1}/${options.rounds}  ${titleOf(cell)}: ${rate}/s`);
      }
    }
  }
  return runs;
}

async function runOnce(options: {
  stage: Stage;
  target: Target;
  persons: PersonNumbers;
  connections: number;
  seconds: number;
}): Promise<LoadReport> {
  const { connections, persons } = options;
  const { load, recipient } = options.stage;
  const { variant, workload, node, deliversEach, ...target } = options.target;
  const deliveriesBefore = await recipient.ask('deliveries', null);
  const report = await load.ask('run', {
    ...target,
    connections,
    firstPerson: persons.next,
    warmUpMs: options.seconds * 250,
    windowMs: options.seconds * 1000,
    requestsMax: Number.MAX_SAFE_INTEGER,
  });
  persons.next += report.requestsInAll;
  const title = titleOf({ variant, workload, node, connections });
  refuseBrokenReport(title, report);
  const deliveries = (await recipient.ask('deliveries', null)) - deliveriesBefore;
  const expected = deliversEach ? report.requestsInAll : 0;
  if (deliveries !== expected)
    throw new Error(`${title}: ${report.requestsInAll} leads were answered and ${deliveries} delivered`);
  return report;
}

function titleOf({ variant, workload, node, connections }: Cell): string {
  return `${variant} ${workload} at ${connections} connections, Node ${node}`;
}

/** Another variant comes first in each round. */
export function rotate<T>(values: readonly T[], by: number): T[] {
  const at = by % values.length;
  return [...values.slice(at), ...values.slice(0, at)];
}

/** What a table of figures must say of where it comes from. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  node: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `${release()} ${arch()}`,
    node: process.version,
  };
}
