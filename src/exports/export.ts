import type { Actor } from '../access/principal.ts';
import type { EventOfLead } from '../events/event-store.ts';
import type { IdRange } from '../events/id-range.ts';
import type { Rule } from '../model/rule-set.ts';

/*
 * Exports of events and leads as files (decision page 0095): what is asked for, how it stands, and the pages it is
 * made of. A queued job writes the file into the database, part by part.
 */

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_ROWS = ['events', 'leads'] as const;
export type ExportRows = (typeof EXPORT_ROWS)[number];

/** `standard`: `yyyy-mm-dd hh:mm:ss` in the zone of the export; `legacy`: ISO 8601 with the offset of that zone. */
export const DATE_FORMATS = ['standard', 'legacy'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

export const EXPORT_STATUSES = ['created', 'processing', 'complete', 'error', 'truncated'] as const;
export type ExportStatus = (typeof EXPORT_STATUSES)[number];

/** How long a file is kept after its job has ended. */
export const EXPORT_DAYS_KEPT = 7;
/** Exports of an account that have not ended. */
export const EXPORTS_OPEN_MAX = 20;
export const EXPORT_FIELDS_MAX = 200;
export const EXPORT_EMAILS_MAX = 10;
/** Downloads that an answer shows, the last ones. */
export const DOWNLOADS_SHOWN_MAX = 100;
/** Bytes of one part of a file. */
export const PART_BYTES_MAX = 1024 * 1024;

/** Which rows; undefined: any. */
export interface ExportFilter {
  type?: string[] | undefined;
  outcome?: string[] | undefined;
  flow_id?: string[] | undefined;
  source_id?: string[] | undefined;
  recipient_id?: string[] | undefined;
}

/** What is asked for, as it is stored. */
export interface ExportDefinition extends ExportFilter {
  rows: ExportRows;
  format: ExportFormat;
  /** ISO 8601; the first instant. */
  start: string;
  /** The first instant behind it. */
  end: string;
  filter_rules: Rule[];
  fields: string[];
  date_format: DateFormat;
  time_zone: string;
  /** The caller may not see the values of leads. */
  hides_values: boolean;
}

export interface ExportKey {
  accountId: string;
  id: string;
}

export interface Download {
  /** Epoch ms. */
  at: number;
  by: Actor;
  ip: string | null;
}

/** A user as an export names the one who asked for it. */
export interface ExportUser {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
}

export interface Export extends ExportKey {
  definition: ExportDefinition;
  status: ExportStatus;
  askedBy: Actor;
  /** null: an API key asked, or the user is gone. */
  user: ExportUser | null;
  emailTo: readonly string[];
  /** Epoch ms. */
  createdAt: number;
  /** null until its job has ended. */
  expiresAt: number | null;
  rowCount: number;
  byteCount: number;
  partCount: number;
  fileName: string | null;
  isTruncated: boolean;
  /** Why it failed. */
  error: string | null;
  mailedAt: number | null;
  mailFault: string | null;
  downloads: readonly Download[];
}

export interface NewExport extends ExportKey {
  definition: ExportDefinition;
  askedBy: Actor;
  emailTo: readonly string[];
  attemptsMax: number;
  now: number;
}

/** Exports as people see them. */
export interface ExportStore {
  /** With its job, in one transaction; false: too many have not ended. */
  create(made: NewExport): Promise<boolean>;
  /** null: there is none, or it has expired. */
  find(key: ExportKey & { now: number }): Promise<Export | null>;
  /** Those that have not expired, newest first. */
  page(request: { accountId: string; before: string | undefined; limit: number; now: number }): Promise<Export[]>;
  /** With its parts; ends its job. false: there is none. */
  remove(key: ExportKey & { now: number }): Promise<boolean>;
  recordDownload(key: ExportKey & { downloadId: string } & Download): Promise<void>;
  /** The parts of the file in order. */
  readFile(key: ExportKey): AsyncIterable<Uint8Array>;
}

/** A row as it is stored, with what the columns need of its lead. */
export interface ExportRow {
  id: string;
  leadId: string;
  flowId: string;
  sourceId: string;
  outcome: string;
  reason: string | null;
  /** Of an event; of a lead `type` is empty and the others are null. */
  type: string;
  stepId: string | null;
  recipientId: string | null;
  /** JSON text; null: not asked for. */
  facts: string | null;
  /** `vars` of the lead's document as JSON text; null: not asked for, or deleted. */
  vars: string | null;
  lead: ExportedLead | null;
  /** For columns that only the whole event has. */
  whole: EventOfLead | null;
}

/** Of the row in `leads`. */
export interface ExportedLead {
  outcome: string;
  reason: string | null;
  revision: number;
  /** Dollars. */
  price: number;
  /** Epoch ms. */
  submittedAt: number;
  resubmittedAs: string | null;
}

/** What of a row is read beside its columns. */
export interface ExportNeeds {
  facts: boolean;
  vars: boolean;
  lead: boolean;
  whole: boolean;
}

export interface ExportPage {
  rows: ExportRow[];
  /** Where the next page goes on; null: this was the last one. */
  next: string | null;
}

/** Names of flows, sources and recipients by id, as they are today; of those that were deleted the last one, as long as it is known. */
export interface ExportNames {
  flows: ReadonlyMap<string, string>;
  entities: ReadonlyMap<string, string>;
}

export interface PartOfExport {
  part: number;
  content: Uint8Array;
}

/** How far the file is. */
export interface ExportTally {
  rowCount: number;
  byteCount: number;
  partCount: number;
  isTruncated: boolean;
  /** null: more parts follow. */
  fileName: string | null;
}

/** What an export is made with. */
export interface ExportWorkStore {
  /** null: it was deleted. */
  findDefinition(key: ExportKey): Promise<{ definition: ExportDefinition; createdAt: number } | null>;
  /** Is a lead from before this id still under way? */
  hasLeadsUnderWay(request: { accountId: string; before: string }): Promise<boolean>;
  readNames(accountId: string): Promise<ExportNames>;
  /** The next rows in the order of their ids, in one snapshot. */
  readPage(request: {
    accountId: string;
    rows: ExportRows;
    range: IdRange;
    filter: ExportFilter;
    needs: ExportNeeds;
  }): Promise<ExportPage>;
  /** Adds parts in the transaction of the job's progress; the effect's result is false when the export is gone. */
  writeParts(
    key: ExportKey & { parts: readonly PartOfExport[]; tally: ExportTally },
  ): (transaction: unknown) => Promise<boolean>;
}

/** An export that has ended and whose end is to be mailed. */
export interface DueExportMail extends ExportKey {
  /** Of this attempt, from 1. */
  attempt: number;
  /** Those of `email_to` that belong to users who may still sign in. */
  to: readonly string[];
}

export interface ExportMailStore {
  /** Takes mails that are due, at most `limit`; unless they are ended they are due again at `again`. */
  takeDue(request: { now: number; again: number; limit: number }): Promise<DueExportMail[]>;
  /** After an attempt; `dueAt` null: no other one is made. */
  end(key: ExportKey & { mailedAt: number | null; fault: string | null; dueAt: number | null }): Promise<void>;
}
