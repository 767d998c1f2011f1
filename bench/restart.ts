import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { treeCpuUs } from './cpu.ts';
import { deployFlow, submitPath } from './flow-api.ts';
import type { Floor } from './intake-floors.ts';
import { printFloors } from './intake-table.ts';
import type { loadHandlers } from './load.ts';
import { listNodes, type NodeBinary } from './node-binary.ts';
import { forkScript, type ScriptProcess } from './processes.ts';
import type { recipientHandlers } from './recipient.ts';
import { type ServerProcess, startSluice } from './sluice-server.ts';
import { median } from './statistics.ts';
import { SOURCE_ENTITY_ID, WORKLOADS, type Workload } from './workloads.ts';

export interface RestartOptions {
  /** Restarts of each variant, whose medians count. */
  rounds: number;
  /** A second Node, whose restarts are measured beside those of this one. */
  nodePath?: string;
  /** Between the first leads and those they are compared with. */
  leadsBetween: number;
}

/** The first leads of a fresh server may cost so many times what later ones cost. */
const TIMES_WARM_MAX = 1.5;
const FIRST_LEADS = 1_000;
const CONNECTIONS = 16;
/** Seconds of SLUICE_WARM_SECONDS: as it is by default, and switched off. */
const SECONDS = [2, 0] as const;
const MINUTES_10 = 600_000;

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));

/** One fresh process: CPU a lead of its first leads and of later ones, and how long it took to be ready. */
interface Start {
  workload: string;
  /** Version of the Node that ran the server. */
  node: string;
  warmSeconds: number;
  firstUs: number;
  laterUs: number;
  times: number;
  readyMs: number;
  load: number;
}

/**
 * What the first leads of a fresh server cost against later ones of the same process, with the warm-up and without,
 * interleaved, medians. CPU of the server without PostgreSQL. Prints it and answers whether the floor holds.
 */
export async function measureRestarts({ rounds, leadsBetween, nodePath }: RestartOptions): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-restart-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const load = forkScript<typeof loadHandlers>(new URL('./load.ts', import.meta.url));
  const recipient = forkScript<typeof recipientHandlers>(new URL('./recipient.ts', import.meta.url));
  try {
    const recipientUrl = `http://127.0.0.1:${await recipient.ask('listen', null)}`;
    const stages = [];
    for (const workload of WORKLOADS.filter(({ name }) => name !== 'hot-cap'))
      stages.push(await prepareStage(home, { workload, recipientUrl }));
    const variants = listNodes(nodePath).flatMap((node) => SECONDS.map((warmSeconds) => ({ node, warmSeconds })));
    const starts: Start[] = [];
    let firstPerson = 0;
    for (let round = 0; round < rounds; round += 1) {
      for (const stage of stages) {
        for (const variant of round % 2 === 0 ? variants : variants.toReversed()) {
          const start = await measureStart({ stage, ...variant, load, leadsBetween, firstPerson });
          firstPerson += 2 * (FIRST_LEADS + leadsBetween);
          starts.push(start);
          print(start);
        }
      }
    }
    return report(starts);
  } finally {
    await Promise.all([load.stop(), recipient.stop()]);
    rmSync(home, { recursive: true, force: true });
  }
}

interface Stage {
  workload: Workload;
  dataDir: string;
  logPath: string;
  path: string;
}

/** A data directory with the flow of the workload deployed; no server runs on it. */
async function prepareStage(
  home: string,
  { workload, recipientUrl }: { workload: Workload; recipientUrl: string },
): Promise<Stage> {
  const place = { dataDir: join(home, workload.name), logPath: join(home, `${workload.name}.log`) };
  const server = await startSluice({ ...place, warmSeconds: 0 });
  const path = submitPath(await deployFlow(server, workload.flow(recipientUrl)), SOURCE_ENTITY_ID);
  await server.stop();
  return { workload, path, ...place };
}

async function measureStart(given: {
  stage: Stage;
  node: NodeBinary;
  warmSeconds: number;
  load: ScriptProcess<typeof loadHandlers>;
  leadsBetween: number;
  firstPerson: number;
}): Promise<Start> {
  const { stage, node, warmSeconds, load, leadsBetween, firstPerson } = given;
  const { workload, path, dataDir, logPath } = stage;
  const startedAt = performance.now();
  const server = await startSluice({ dataDir, logPath, warmSeconds, nodePath: node.path });
  const readyMs = performance.now() - startedAt;
  try {
    let sent = firstPerson;
    const send = async (leads: number): Promise<number> => {
      const before = cpuUs(server);
      const report = await load.ask('run', {
        port: server.port,
        path,
        connections: CONNECTIONS,
        warmUpMs: 0,
        windowMs: MINUTES_10,
        requestsMax: leads,
        firstPerson: sent,
        expected: { status: 201, text: workload.answer },
        watched: [],
      });
      if (report.unexpected > 0)
        throw new Error(`${report.unexpected} unexpected answers, such as ${report.unexpectedSample}`);
      sent += report.requestsInAll;
      return (cpuUs(server) - before) / report.requestsInAll;
    };
    const firstUs = await send(FIRST_LEADS);
    await send(leadsBetween);
    const laterUs = await send(5 * FIRST_LEADS);
    const [oneMinute = 0] = loadavg();
    return {
      workload: workload.name,
      node: node.version,
      warmSeconds,
      firstUs,
      laterUs,
      times: firstUs / laterUs,
      readyMs,
      load: oneMinute,
    };
  } finally {
    await server.stop();
  }
}

function cpuUs(server: ServerProcess): number {
  return treeCpuUs(server.pid, server.postmasterPid());
}

function print({ workload, node, warmSeconds, firstUs, laterUs, times, readyMs, load }: Start): void {
  const us = (value: number) => value.toFixed(0).padStart(5);
  console.log(
    `${node.padEnd(9)} ${workload.padEnd(10)} warm-up ${warmSeconds} s: first ${us(firstUs)} µs, later ${us(laterUs)} µs, ${times.toFixed(2)} times; ready after ${(readyMs / 1000).toFixed(1)} s; load ${load.toFixed(1)}`,
  );
}

function report(starts: readonly Start[]): boolean {
  const floors: Floor[] = [];
  for (const own of groupByVariant(starts)) {
    const [first] = own;
    if (!first) continue;
    const mid = (read: (start: Start) => number) => median(own.map(read));
    const measured = mid(({ times }) => times);
    print({
      ...first,
      firstUs: mid(({ firstUs }) => firstUs),
      laterUs: mid(({ laterUs }) => laterUs),
      times: measured,
      readyMs: mid(({ readyMs }) => readyMs),
      load: mid(({ load }) => load),
    });
    if (first.warmSeconds === 0) continue;
    floors.push({
      name: `${first.node} ${first.workload}: CPU of the first ${FIRST_LEADS} leads after a restart, times later ones`,
      kind: 'at-most',
      bound: TIMES_WARM_MAX,
      measured,
      holds: measured <= TIMES_WARM_MAX,
    });
  }
  printFloors(floors);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'restart.json'), `${JSON.stringify({ starts, floors }, null, 2)}\n`);
  return floors.every(({ holds }) => holds);
}

function groupByVariant(starts: readonly Start[]): Start[][] {
  const groups = new Map<string, Start[]>();
  for (const start of starts) {
    const key = `${start.node} ${start.workload} ${start.warmSeconds}`;
    groups.set(key, [...(groups.get(key) ?? []), start]);
  }
  return [...groups.values()];
}
