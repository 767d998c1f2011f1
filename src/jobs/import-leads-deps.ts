import type { RunSliced } from '../lib/slices.ts';
import type { FlowLookup } from '../pipeline/phase.ts';
import type { JobFileStore } from './job-files.ts';

/** A row of a file, as it is submitted. */
export interface RowToSubmit {
  accountId: string;
  flowId: string;
  sourceId: string;
  jobId: string;
  /** From 1, without the header. */
  number: number;
  /** The id that its lead gets; the same for each attempt at the row. */
  leadId: string;
  values: Readonly<Record<string, string>>;
}

export interface RowEnd {
  outcome: 'success' | 'failure' | 'error';
  reason: string | null;
}

export type SubmittedRow =
  | ({ kind: 'ended' } & RowEnd)
  /** The source answered by itself, and there is no lead. */
  | { kind: 'refused'; status: number }
  /** Its end is still to be committed, or a recovery ends it. */
  | { kind: 'open' }
  /** Nothing was begun: the database is away, or leads of senders have the places. */
  | { kind: 'not-now' };

/** What an import of leads works with. */
export interface ImportLeadsDeps {
  files: JobFileStore;
  findFlow(flowId: string): FlowLookup;
  /** Runs it as a lead of its source in this process, behind those of senders. Never rejects. */
  submit(row: RowToSubmit): Promise<SubmittedRow>;
  /** What would become of it; nothing is written and nothing sent. null: the source would make no lead of it. */
  preview(row: RowToSubmit): Promise<RowEnd | null>;
  /** Of these leads those that have begun: how they ended, or that they are under way, as of one instant. */
  findEnds(asked: { accountId: string; leadIds: readonly string[] }): Promise<ReadonlyMap<string, RowEnd | 'running'>>;
  runSliced: RunSliced;
  monotonic(): number;
}
