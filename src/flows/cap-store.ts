import type { ClosedWindow } from '../caps/forecast-cap.ts';
import type { CapType } from '../model/cap.ts';
import type { JsonObject } from './flow-json.ts';
import type { RunningCap } from './running-caps.ts';

/** Which revision of a flow runs, and the generations of its caps and ping limits. */
export interface RunningFlow {
  flowId: string;
  revision: number;
  capGenerations: Readonly<Record<string, number>>;
}

/** What stands in the counter of a cap in one window; of a revenue cap in ten-thousandths of a dollar. */
export interface CapCount {
  count: number;
  held: number;
  failedCount: number;
  /** Of this window alone; null: the flow's holds. */
  ownMaximum: number | null;
  /** Epoch ms. */
  updatedAt: number;
}

export interface CountChange {
  accountId: string;
  capId: string;
  now: number;
  /** The cap in its flow as it runs; undefined: the flow has a ping limit of this id. */
  locate(flow: RunningFlow & { document: JsonObject }, timeZone: string): RunningCap | undefined;
  /** What stands in the counter then, in its unit; null: it cannot be. */
  change(counter: Changeable, type: CapType): Changeable | null;
}

/** What people change of a counter by hand. */
export type Changeable = Pick<CapCount, 'count' | 'ownMaximum'>;

export type CountChanged =
  | { kind: 'done'; cap: RunningCap; counter: CapCount }
  | { kind: 'missing' }
  /** `change` returned null; nothing was changed. */
  | { kind: 'refused' };

export interface CapStore {
  /** Flows that run and have caps or ping limits, oldest first: all, one, or the one that has a cap. */
  listRunning(wanted: { accountId: string; flowId?: string; capId?: string }): Promise<RunningFlow[]>;
  /** The counters of these windows, each in its place; null: no lead asked for a place yet, or not since a reset. */
  readCounters(accountId: string, caps: readonly RunningCap[]): Promise<(CapCount | null)[]>;
  /** The last closed windows of these caps that had a lead, latest first, at most `CLOSED_WINDOWS_MAX` of each. */
  readClosedWindows(accountId: string, caps: readonly RunningCap[]): Promise<ClosedWindow[][]>;
  /** Changes the counter of the window that holds `now`; leads see it at once. Recorded in the activity log. */
  changeCount(request: CountChange): Promise<CountChanged>;
}
