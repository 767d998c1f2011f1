import type { LeadCheck } from '../../imports/check-leads.ts';
import type { LeadColumn } from '../../imports/guess-lead-file.ts';

/** What the job is asked, as it is stored: without values of the file. */
export interface ImportLeadsInput {
  flowId: string;
  /** Of the source’s entity. */
  sourceId: string;
  encoding: string;
  isGzip: boolean;
  delimiter: string | null;
  hasHeader: boolean;
  /** In the order of the file; `field` is the parameter that it is submitted as. */
  columns: ImportColumn[];
  /** Values of rows that have none of their own, by parameter; absent: the job has ended. */
  constants?: Record<string, string>;
  takesInvalid: boolean;
  ratePerSecond: number;
  /** A person said that the rows are to be submitted. */
  isConfirmed: boolean;
}

export type ImportColumn = Omit<LeadColumn, 'samples' | 'because'> & { because: LeadColumn['because'] | 'caller' };

/** Rows that got ids at the same time; their ids are made of it. */
export interface Claim {
  /** The numbers of rows, both included. */
  from: number;
  to: number;
  /** Epoch seconds. */
  second: number;
}

/** What became of the first rows in a simulation. */
export interface LeadPreview {
  rows: number;
  counts: Record<string, number>;
  /** The most frequent ones first, without values. */
  reasons: { outcome: string; reason: string; rows: number; sample: number }[];
}

/** How far the job is; it is null until the file is checked. */
export interface ImportLeadsCheckpoint {
  check: LeadCheck;
  preview: LeadPreview;
  /** The rows up to this one have ended. */
  next: number;
  /** Rows behind that one that have ended. */
  ended: number[];
  /** Rows behind that one that may have begun. */
  claims: Claim[];
  /** Parts of the artefacts that are written. */
  parts: { result: number; rejected: number };
  /** Of the file of rejected rows. */
  rejectedCharacters: number;
}

export const IMPORT_LEADS = 'import-leads';
export const LEAD_ROWS_MAX = 100_000;
export const RATE_DEFAULT = 25;
export const RATE_MAX = 500;
