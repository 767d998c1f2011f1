import type { FsyncTimes } from './fsync.ts';
import type { Cell, Machine, Run } from './intake.ts';
import type { Floor } from './intake-floors.ts';
import { refuseBrokenReport } from './load.ts';
import { median } from './statistics.ts';
import { describeWarmUp, type WarmUpReport } from './warm-up.ts';

/** The medians of a cell's rounds. */
export interface CellSummary extends Cell {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  nodeUsPerRequest: number;
  /** null: the variant has no database. */
  postgresUsPerRequest: number | null;
  /** What the generator itself took of the cores. */
  loadUsPerRequest: number;
  /** Requests per second against raw node:http at the same connections under the same Node. */
  ratioToRaw: number;
  /** Each round's requests per second, to show how far they lie apart. */
  rounds: number[];
}

export interface IntakeReport {
  machine: Machine;
  fsync: FsyncTimes;
  warmUps: WarmUpReport[];
  cells: CellSummary[];
  floors: Floor[];
}

/** Medians per cell, in the order the cells were first run. Throws when a run of a cell has no requests. */
export function summarise(runs: readonly Run[]): CellSummary[] {
  const byCell = new Map<string, Run[]>();
  for (const run of runs) {
    const key = Object.values(run.cell).join(' ');
    refuseBrokenReport(key, run.report);
    byCell.set(key, [...(byCell.get(key) ?? []), run]);
  }
  const summaries = [...byCell.values()].flatMap((group) => group.slice(0, 1).map((run) => medians(run.cell, group)));
  return summaries.map((summary) => {
    const raw = summaries.find(
      ({ variant, node, connections }) =>
        variant === 'raw' && node === summary.node && connections === summary.connections,
    );
    return { ...summary, ratioToRaw: summary.requestsPerSecond / (raw?.requestsPerSecond ?? Number.NaN) };
  });
}

function medians(cell: Cell, runs: readonly Run[]): Omit<CellSummary, 'ratioToRaw'> {
  const reports = runs.map((run) => run.report);
  const rounds = reports.map(({ requests, windowMs }) => (requests / windowMs) * 1000);
  const cpuPerRequest = (name: string): number =>
    median(reports.map((report) => (report.cpuUs[name] ?? Number.NaN) / report.requests));
  return {
    ...cell,
    requestsPerSecond: median(rounds),
    p50Ms: median(reports.map((report) => report.p50Ms)),
    p99Ms: median(reports.map((report) => report.p99Ms)),
    nodeUsPerRequest: cpuPerRequest('node'),
    postgresUsPerRequest: cell.variant === 'raw' ? null : cpuPerRequest('postgres'),
    loadUsPerRequest: median(reports.map((report) => report.loadCpuUs / report.requests)),
    rounds: rounds.map(Math.round),
  };
}

/** Prints what `bench/results/intake.json` holds, for people. */
export function printReport({ machine, fsync, warmUps, cells, floors }: IntakeReport): void {
  console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Linux ${machine.kernel}`);
  console.log(`Node ${machine.node}; fdatasync of a page: p50 ${fsync.p50Us} µs, p99 ${fsync.p99Us} µs\n`);
  printRow([
    'variant',
    'workload',
    'node',
    'conns',
    'req/s',
    'p50 ms',
    'p99 ms',
    'node µs',
    'pg µs',
    'load µs',
    'of raw',
  ]);
  for (const cell of cells) {
    printRow([
      cell.variant,
      cell.workload,
      cell.node,
      String(cell.connections),
      cell.requestsPerSecond.toFixed(0),
      cell.p50Ms.toFixed(2),
      cell.p99Ms.toFixed(2),
      cell.nodeUsPerRequest.toFixed(0),
      cell.postgresUsPerRequest?.toFixed(0) ?? '-',
      cell.loadUsPerRequest.toFixed(0),
      Number.isNaN(cell.ratioToRaw) ? '-' : cell.ratioToRaw.toFixed(3),
    ]);
  }
  console.log('');
  for (const report of warmUps) if (!report.isReached) console.log(describeWarmUp(report));
  printFloors(floors);
}

export function printFloors(floors: readonly Floor[]): void {
  for (const floor of floors) {
    const bound = `${floor.kind === 'at-most' ? 'at most' : 'at least'} ${floor.bound}`;
    console.log(`${floor.holds ? 'ok  ' : 'FAIL'} ${floor.name}: ${floor.measured.toPrecision(3)} (${bound})`);
  }
}

/** Two columns of words, the others numbers to the right. */
function printRow(columns: readonly string[]): void {
  console.log(columns.map((text, i) => (i < 2 ? text.padEnd(14) : text.padStart(10))).join(''));
}
