import type { Measured } from '../statistics/columns.ts';
import type { Level } from '../statistics/measures.ts';
import type { TalliedProperty } from './choose-tallies.ts';
import type { PlainFilter } from './plain-rules.ts';

/** The dimensions that rows of counts have. */
export const COUNTED_DIMENSIONS = ['flow', 'source', 'recipient', 'price', 'outcome', 'reason'] as const;
export type CountedDimension = (typeof COUNTED_DIMENSIONS)[number];

/** What was counted in one part of a time frame, of one choice of dimensions. */
export interface StatisticsCell {
  part: number;
  dimensions: Readonly<Partial<Record<CountedDimension, string>>>;
  measured: Measured;
}

export interface CountsRequest {
  accountId: string;
  /** Where each part begins, and where the last one ends: seconds since 1970 by those of a bucket. */
  buckets: readonly number[];
  dimensions: readonly CountedDimension[];
  filter: PlainFilter;
  cellsMax: number;
}

export interface LevelRequest extends CountsRequest {
  level: Level;
  measures: readonly string[];
}

export interface CountedCells {
  /** One more than `cellsMax`: there are more. */
  cells: StatisticsCell[];
  /** Everything with a smaller id is counted, see `readCounted`. */
  until: string;
}

export interface EventTally {
  part: number;
  /** By property; null: the event has none. */
  values: Readonly<Partial<Record<string, string | null>>>;
  events: number;
}

/** How many took how long, of one flow, source or recipient. */
export interface LatencyTally {
  id: string;
  /** See src/statistics/latency-slots.ts. */
  slot: number;
  count: number;
}

export interface LatenciesRequest {
  accountId: string;
  /** Leads from their source event to their end, or deliveries. */
  level: 'source' | 'recipient';
  /** Whose they are. */
  dimension: 'flow' | 'source' | 'recipient';
  filter: PlainFilter;
  /** Hours since 1970; the end is excluded. */
  hours: readonly [from: number, to: number];
  rowsMax: number;
}

/** Names by id, of flows and of entities, those of deleted flows included. */
export interface Names {
  flows: ReadonlyMap<string, string>;
  entities: ReadonlyMap<string, string>;
}

/** Reads what is counted ahead. */
export interface StatisticsStore {
  /** From measures by the day, the hour and the quarter. */
  sumLevel(request: LevelRequest): Promise<CountedCells>;
  /** From the kinds of events, which have reasons: what sources submitted and what was delivered. */
  sumKinds(request: CountsRequest): Promise<CountedCells>;
  /** Events by properties of their kinds; at most `cellsMax` + 1. */
  countEvents(
    request: Omit<CountsRequest, 'dimensions'> & { dimensions: readonly TalliedProperty[]; types: readonly string[] },
  ): Promise<EventTally[]>;
  /** Latencies by slots; at most `rowsMax` + 1. */
  sumLatencies(request: LatenciesRequest): Promise<LatencyTally[]>;
  /** Of flows, deleted ones too, and of entities. */
  readNames(key: { accountId: string; flowIds: readonly string[]; entityIds: readonly string[] }): Promise<Names>;
}
