import { type LoadReport, refuseBrokenReport } from './load.ts';
import { median } from './statistics.ts';

/** One thing that was measured in each round. */
export interface PeerCell {
  peer: string;
  variant: string;
  connections: number;
}

export interface PeerRun {
  cell: PeerCell;
  round: number;
  report: LoadReport;
  /** Of the server's processes without PostgreSQL, at the end of the window. */
  residentMiB: number;
}

/** Medians of the rounds of a cell. */
export interface PeerSummary extends PeerCell {
  leadsPerSecond: number;
  /** The slowest and the fastest round. */
  range: [number, number];
  p50Ms: number;
  p99Ms: number;
  serverUs: number;
  /** null: it has no database, or its CPU cannot be read. */
  postgresUs: number | null;
  residentMiB: number;
  /** Leads a second of Sluice, times these; above 1 Sluice is faster. */
  sluiceSpeed: number;
  /** CPU a lead of Sluice and its PostgreSQL, times this; below 1 Sluice takes less. */
  sluiceCpu: number;
}

const SLUICE = 'sluice';
/** The peer that only stores is compared with every variant. */
export const STORED = 'stored';

/** A row for each cell, and of `one-insert` one for each variant it is compared with. Ratios are of the same round. */
export function summarisePeers(runs: readonly PeerRun[]): PeerSummary[] {
  for (const { cell, report } of runs) refuseBrokenReport(titleOfCell(cell), report);
  const cells = new Map(runs.map(({ cell }) => [titleOfCell(cell), cell]));
  const variants = [...new Set(runs.map(({ cell }) => cell.variant))].filter((variant) => variant !== STORED);
  return [...cells.values()].flatMap((cell) => {
    const own = runs.filter((run) => titleOfCell(run.cell) === titleOfCell(cell));
    const comparedWith = cell.variant === STORED ? variants : [cell.variant];
    return comparedWith.map((variant) => {
      const variantName = cell.variant === STORED ? `${STORED} / ${variant}` : variant;
      const pairs = own.flatMap((run) => {
        const sluice = findSluice(runs, { ...run, variant });
        return sluice === undefined ? [] : [{ run, sluice }];
      });
      return { ...medians(cell, own, pairs), variant: variantName };
    });
  });
}

export function titleOfCell({ peer, variant, connections }: PeerCell): string {
  return `${peer} ${variant} at ${connections} connections`;
}

function findSluice(runs: readonly PeerRun[], { cell, round, variant }: PeerRun & { variant: string }) {
  return runs.find(
    (run) =>
      run.round === round &&
      run.cell.peer === SLUICE &&
      run.cell.variant === variant &&
      run.cell.connections === cell.connections,
  );
}

function medians(
  cell: PeerCell,
  runs: readonly PeerRun[],
  pairs: readonly { run: PeerRun; sluice: PeerRun }[],
): PeerSummary {
  const middle = (read: (run: PeerRun) => number) => median(runs.map(read));
  const rates = runs.map(rateOf);
  const postgresUs = middle((run) => cpuOf(run, 'postgres'));
  return {
    ...cell,
    leadsPerSecond: median(rates),
    range: [Math.min(...rates), Math.max(...rates)],
    p50Ms: middle(({ report }) => report.p50Ms),
    p99Ms: middle(({ report }) => report.p99Ms),
    serverUs: middle((run) => cpuOf(run, 'node')),
    postgresUs: Number.isNaN(postgresUs) ? null : postgresUs,
    residentMiB: middle((run) => run.residentMiB),
    sluiceSpeed: median(pairs.map(({ run, sluice }) => rateOf(sluice) / rateOf(run))),
    sluiceCpu: median(pairs.map(({ run, sluice }) => totalCpu(sluice) / totalCpu(run))),
  };
}

function rateOf({ report }: PeerRun): number {
  return (report.requests / report.windowMs) * 1000;
}

/** µs a lead; NaN when it was not watched. */
function cpuOf({ report }: PeerRun, name: string): number {
  return (report.cpuUs[name] ?? Number.NaN) / report.requests;
}

function totalCpu(run: PeerRun): number {
  const postgres = cpuOf(run, 'postgres');
  return cpuOf(run, 'node') + (Number.isNaN(postgres) ? 0 : postgres);
}

const HEAD = [
  ...['server', 'variant', 'conns', 'leads/s', 'range', 'p50 ms', 'p99 ms', 'CPU server µs', 'CPU PostgreSQL µs'],
  ...['RSS MiB', 'Sluice’s speed', 'Sluice’s CPU'],
];

/** The rows as a Markdown table. */
export function formatPeers(summaries: readonly PeerSummary[]): string {
  const rows = summaries.map((row) => [
    ...[row.peer, row.variant, String(row.connections), row.leadsPerSecond.toFixed(0)],
    ...[row.range.map((rate) => rate.toFixed(0)).join('–'), row.p50Ms.toFixed(1), row.p99Ms.toFixed(1)],
    ...[row.serverUs.toFixed(0), row.postgresUs?.toFixed(0) ?? '–', row.residentMiB.toFixed(0)],
    ...[`× ${row.sluiceSpeed.toFixed(2)}`, `× ${row.sluiceCpu.toFixed(2)}`],
  ]);
  const rule = HEAD.map((_, index) => (index < 2 ? '---' : '---:'));
  return [HEAD, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
