import type { Cell } from './intake.ts';
import type { CellSummary } from './intake-table.ts';

/** A promise about the speed of the intake and whether this run kept it. */
export interface Floor {
  name: string;
  kind: 'at-most' | 'at-least';
  bound: number;
  measured: number;
  holds: boolean;
}

interface FloorRow {
  name: string;
  kind: Floor['kind'];
  bound: number;
  /** The variant it is a ratio to, independent of how fast the machine is; null: it is a time. */
  against: 'raw' | 'one-statement' | null;
  /** Where it is measured; a run without these connections does not check it. */
  connections: number;
  workload: string;
  measure(cell: CellSummary, cells: readonly CellSummary[]): number;
}

/** Measured where groups are of a usual size: CPU at 64 connections, throughput where the issue of speed is decided. */
const FLOORS: readonly FloorRow[] = [
  {
    name: 'Node CPU per rejected lead, µs, 64 connections',
    kind: 'at-most',
    bound: 150,
    against: null,
    connections: 64,
    workload: 'rejected',
    measure: (cell) => cell.nodeUsPerRequest,
  },
  {
    name: 'PostgreSQL CPU per rejected lead, µs, 64 connections',
    kind: 'at-most',
    bound: 120,
    against: null,
    connections: 64,
    workload: 'rejected',
    measure: postgresCpu,
  },
  {
    name: 'Node CPU per delivered lead, µs, 64 connections',
    kind: 'at-most',
    bound: 300,
    against: null,
    connections: 64,
    workload: 'delivered',
    measure: (cell) => cell.nodeUsPerRequest,
  },
  {
    name: 'PostgreSQL CPU per delivered lead, µs, 64 connections',
    kind: 'at-most',
    bound: 220,
    against: null,
    connections: 64,
    workload: 'delivered',
    measure: postgresCpu,
  },
  {
    name: 'times the one-statement variant on one hot cap, 64 connections',
    kind: 'at-least',
    bound: 2.5,
    against: 'one-statement',
    connections: 64,
    workload: 'hot-cap',
    measure: timesOneStatement,
  },
  {
    name: 'rejected leads against raw node:http, 256 connections',
    kind: 'at-least',
    bound: 0.06,
    against: 'raw',
    connections: 256,
    workload: 'rejected',
    measure: (cell) => cell.ratioToRaw,
  },
  {
    name: 'delivered leads against raw node:http, 256 connections',
    kind: 'at-least',
    bound: 0.03,
    against: 'raw',
    connections: 256,
    workload: 'delivered',
    measure: (cell) => cell.ratioToRaw,
  },
];

/**
 * Of a short run (one second a cell, one round, and a machine that may have other work) half of a ratio is asked: a real
 * loss shows, a neighbour's second does not.
 */
const SHORT_RUN_SLACK = 0.5;

/** Does a check of ratios alone look at this cell? */
export function isInRatio({ variant, workload, connections }: Omit<Cell, 'node'>): boolean {
  return FLOORS.some((row) => {
    if (row.against === null || row.connections !== connections) return false;
    if (variant === 'raw') return row.against === 'raw';
    return row.workload === workload && (variant === 'sluice' || variant === row.against);
  });
}

/** Checks every promise that the measured cells can show, for each Node that ran servers. */
export function checkFloors(cells: readonly CellSummary[], options: { ratiosOnly: boolean }): Floor[] {
  const nodes = [...new Set(cells.map((cell) => cell.node))];
  return nodes.flatMap((node) =>
    checkNode(
      cells.filter((cell) => cell.node === node),
      options,
    ).map((floor) => ({ ...floor, name: `${floor.name}, Node ${node}` })),
  );
}

function checkNode(cells: readonly CellSummary[], options: { ratiosOnly: boolean }): Floor[] {
  return FLOORS.filter((row) => row.against !== null || !options.ratiosOnly).flatMap((row) => {
    const cell = cells.find(
      ({ variant, workload, connections }) =>
        variant === 'sluice' && workload === row.workload && connections === row.connections,
    );
    if (cell === undefined) return [];
    const { name, kind } = row;
    const bound = options.ratiosOnly ? row.bound * SHORT_RUN_SLACK : row.bound;
    const measured = row.measure(cell, cells);
    // NaN, a measure that is missing, holds nothing.
    const holds = kind === 'at-most' ? measured <= bound : measured >= bound;
    return [{ name, kind, bound, measured, holds }];
  });
}

function postgresCpu(cell: CellSummary): number {
  return cell.postgresUsPerRequest ?? Number.NaN;
}

function timesOneStatement(cell: CellSummary, cells: readonly CellSummary[]): number {
  const peer = cells.find(
    ({ variant, workload, connections }) =>
      variant === 'one-statement' && workload === cell.workload && connections === cell.connections,
  );
  return cell.requestsPerSecond / (peer?.requestsPerSecond ?? Number.NaN);
}
