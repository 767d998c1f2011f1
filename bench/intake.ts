import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployFlow, submitPath } from './flow-api.ts';
import { measureFsync } from './fsync.ts';
import { checkFloors } from './intake-floors.ts';
import { printReport, summarise } from './intake-table.ts';
import type { LoadReport, loadHandlers, WatchedProcess } from './load.ts';
import { forkScript, type ScriptProcess } from './processes.ts';
import type { rawHttpHandlers } from './raw-http.ts';
import type { recipientHandlers } from './recipient.ts';
import { type ServerProcess, startSluice } from './sluice-server.ts';
import { SOURCE_ENTITY_ID, WORKLOADS } from './workloads.ts';

/**
 * How much a lead costs, measured in one go on one machine: raw node:http, a store with one transaction a lead behind
 * the same HTTP and engine, and Sluice. Load generator, servers, recipient and PostgreSQL share the same cores. The
 * runs are interleaved, so that a slow minute of the machine touches every variant, and medians of the rounds count.
 */
export interface IntakeOptions {
  rounds: number;
  /** Of each measured window. */
  seconds: number;
  connections: number[];
  /** Check only what is a ratio: absolute times mean little on a shared machine. */
  ratiosOnly: boolean;
}

/** One thing to measure at one number of connections. */
export interface Cell {
  variant: 'raw' | 'one-statement' | 'sluice';
  workload: string;
  connections: number;
}

/** A server under measurement: where to send what, and whose CPU to watch. */
interface Target {
  variant: Cell['variant'];
  workload: string;
  port: number;
  path: string;
  expected: { status: number; text: string };
  watched: WatchedProcess[];
  deliversEach: boolean;
}

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));
const ONE_STATEMENT_SERVER = fileURLToPath(new URL('./one-statement-server.ts', import.meta.url));

/** Runs everything, prints the table, writes bench/results/intake.json; answers whether every floor holds. */
export async function measureIntake(options: IntakeOptions): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const stage = await setStage(home);
  try {
    const fsync = measureFsync(home);
    const runs = await runInterleaved(stage, options);
    const cells = summarise(runs);
    const floors = checkFloors(cells, options);
    const machine = describeMachine();
    printReport({ machine, fsync, cells, floors });
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(
      join(RESULTS, 'intake.json'),
      `${JSON.stringify({ machine, fsync, options, cells, floors }, null, 2)}\n`,
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
async function setStage(home: string): Promise<Stage> {
  const load = forkScript<typeof loadHandlers>(new URL('./load.ts', import.meta.url));
  const recipient = forkScript<typeof recipientHandlers>(new URL('./recipient.ts', import.meta.url));
  const raw = forkScript<typeof rawHttpHandlers>(new URL('./raw-http.ts', import.meta.url));
  const servers: ServerProcess[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    await Promise.all([load.stop(), recipient.stop(), raw.stop()]);
  };
  try {
    const recipientUrl = `http://127.0.0.1:${await recipient.ask('listen', null)}`;
    const targets: Target[] = [rawTarget(raw.pid, await raw.ask('listen', null))];
    for (const variant of ['one-statement', 'sluice'] as const) {
      const server = await startSluice({
        dataDir: join(home, variant),
        logPath: join(home, `${variant}.log`),
        ...(variant === 'one-statement' && { entry: [...process.execArgv, ONE_STATEMENT_SERVER] }),
      });
      servers.push(server);
      targets.push(...(await serverTargets({ variant, server, recipientUrl })));
    }
    return { load, recipient, targets, end };
  } catch (error) {
    await end();
    throw error;
  }
}

function rawTarget(pid: number, port: number): Target {
  return {
    variant: 'raw',
    workload: 'echo',
    port,
    path: '/',
    expected: { status: 201, text: 'first_name=Ada' },
    watched: [{ name: 'node', pid, exceptPid: null }],
    deliversEach: false,
  };
}

async function serverTargets(options: {
  variant: 'one-statement' | 'sluice';
  server: ServerProcess;
  recipientUrl: string;
}): Promise<Target[]> {
  const { variant, server, recipientUrl } = options;
  const postmasterPid = server.postmasterPid();
  const targets: Target[] = [];
  for (const workload of WORKLOADS) {
    const flowId = await deployFlow(server, workload.flow(recipientUrl));
    targets.push({
      variant,
      workload: workload.name,
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

async function runInterleaved(stage: Stage, options: IntakeOptions): Promise<Run[]> {
  const runs: Run[] = [];
  let firstPerson = 0;
  for (let round = 0; round < options.rounds; round += 1) {
    for (const connections of options.connections) {
      for (const target of rotate(stage.targets, round)) {
        const report = await runOnce({ stage, target, connections, seconds: options.seconds, firstPerson });
        firstPerson += report.requestsInAll;
        const { variant, workload } = target;
        runs.push({ cell: { variant, workload, connections }, report });
        const rate = Math.round((report.requests / report.windowMs) * 1000);
        console.error(
          `round ${round + 1}/${options.rounds}  ${variant} ${workload} at ${connections} connections: ${rate}/s`,
        );
      }
    }
  }
  return runs;
}

async function runOnce(options: {
  stage: Stage;
  target: Target;
  connections: number;
  seconds: number;
  firstPerson: number;
}): Promise<LoadReport> {
  const { load, recipient } = options.stage;
  const { variant, workload, deliversEach, ...target } = options.target;
  const deliveriesBefore = await recipient.ask('deliveries', null);
  const report = await load.ask('run', {
    ...target,
    connections: options.connections,
    firstPerson: options.firstPerson,
    warmUpMs: options.seconds * 250,
    windowMs: options.seconds * 1000,
    requestsMax: Number.MAX_SAFE_INTEGER,
  });
  const title = `${variant} ${workload} at ${options.connections} connections`;
  if (report.unexpected > 0)
    throw new Error(`${title}: ${report.unexpected} unexpected answers, such as ${report.unexpectedSample}`);
  const deliveries = (await recipient.ask('deliveries', null)) - deliveriesBefore;
  if (deliversEach && deliveries < report.requests)
    throw new Error(`${title}: ${report.requests} answers but ${deliveries} deliveries`);
  return report;
}

/** Another variant comes first in each round. */
function rotate<T>(values: readonly T[], by: number): T[] {
  const at = by % values.length;
  return [...values.slice(at), ...values.slice(0, at)];
}

export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  node: string;
}

function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `${release()} ${arch()}`,
    node: process.version,
  };
}
