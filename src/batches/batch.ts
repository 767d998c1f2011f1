import type { BatchSchedule } from './schedule.ts';

/** Rows of one file at most, whatever the batch says: a file is built in memory. */
export const FILE_ROWS_MAX = 100_000;
/** Bytes of one file at most. */
export const FILE_BYTES_MAX = 50 * 1024 * 1024;
/**
 * The same of a file that is mailed: base64 in lines makes it 37 % larger, and a message has 10,485,760 bytes at most
 * (spec behaviour 14).
 */
export const MAILED_BYTES_MAX = 7_500_000;
export const COLUMNS_MAX = 200;
/** Times a file is sent before a person has to look at it. */
export const ATTEMPTS_MAX = 50;

export const FILE_FORMATS = ['csv', 'tsv', 'pipe'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export const FILE_ENCODINGS = ['utf-8', 'utf-8-bom', 'iso-8859-1'] as const;
export type FileEncoding = (typeof FILE_ENCODINGS)[number];

/** A column of the file; wire names, as the API spells them. */
export interface BatchColumn {
  /** What steps map as `row.<name>`. */
  name: string;
  /** In the first line of the file. */
  header: string;
}

/** Where files go. Credentials are named by their id. */
export type BatchTarget =
  | { type: 'email'; credential_id: string; from: string; to: string[]; subject: string; text: string }
  | { type: 'sftp'; credential_id: string; path: string }
  | { type: 's3'; credential_id: string; bucket: string; prefix: string }
  | { type: 'azure'; credential_id: string; container: string; prefix: string };

/** What the caller of the API gives. Wire names. */
export interface BatchDefinition {
  name: string;
  enabled: boolean;
  columns: BatchColumn[];
  format: FileFormat;
  encoding: FileEncoding;
  header: boolean;
  /** A value that a spreadsheet would take for a formula begins with an apostrophe. */
  escape_formulas: boolean;
  zip: boolean;
  /** Name of a file, with {date}, {time}, {id} and {batch}. */
  file_name: string;
  rows_max: number;
  bytes_max: number;
  /** Without rows a run by the schedule sends a file all the same. */
  send_empty: boolean;
  keep_days: number;
  schedule: BatchSchedule;
  target: BatchTarget;
}

export interface BatchKey {
  accountId: string;
  batchId: string;
}

/** A batch with what became of it. */
export interface Batch extends BatchKey {
  definition: BatchDefinition;
  /** Epoch ms. */
  createdAt: number;
  updatedAt: number;
  /** null: it is not deleted. */
  deletedAt: number | null;
  /** By its schedule; null: none. */
  scheduledAt: number | null;
  isRunning: boolean;
  lastRunAt: number | null;
  lastError: string | null;
  /** Rows that wait for a file, and when the oldest of them came. */
  waitingRows: number;
  oldestRowAt: number | null;
  /** Files that are not delivered. */
  waitingFiles: number;
}

export const FILE_STATES = ['waiting', 'delivered', 'failed'] as const;
export type FileState = (typeof FILE_STATES)[number];

/** A file as it is sent, without its content. */
export interface BatchFile extends BatchKey {
  id: string;
  name: string;
  contentType: string;
  rows: number;
  bytes: number;
  state: FileState;
  attempts: number;
  /** Why the last attempt failed, or what of it went wrong all the same. */
  reason: string | null;
  /** Where the last attempt went, without secrets. */
  target: string | null;
  /** Epoch ms. */
  createdAt: number;
  attemptedAt: number | null;
  deliveredAt: number | null;
  nextAttemptAt: number | null;
  expiresAt: number;
}

export interface FileKey {
  accountId: string;
  fileId: string;
}

/** A row of a file, as people look for it. */
export interface FileRow {
  position: number;
  leadId: string;
  eventId: string;
}

/** A file that is complete. */
export interface BuiltFile {
  name: string;
  contentType: string;
  content: Buffer;
}

/** A file that grows row by row, within the bounds of its batch. */
export interface FileBuilder {
  /** false: there is no room for the row. The first always has room, so that a run gets on. */
  add(values: Readonly<Record<string, unknown>>): boolean;
  build(): Promise<BuiltFile>;
}

/** `used`: a flow names it, as saved or as it runs. `rows`: so many rows were not delivered. */
export type BatchRemoval =
  | { kind: 'done'; batch: Batch }
  | { kind: 'missing' }
  | { kind: 'used'; flows: { id: string; name: string }[] }
  | { kind: 'rows'; rows: number };

/** Batches as the API keeps them. */
export interface BatchStore {
  /** By name, without the deleted ones. */
  list(accountId: string): Promise<Batch[]>;
  /** Also a deleted one, as long as it has files. */
  find(key: BatchKey): Promise<Batch | null>;
  insert(key: BatchKey, made: { definition: BatchDefinition; now: number; scheduledAt: number | null }): Promise<Batch>;
  /** null: there is none, or it is deleted. */
  replace(
    key: BatchKey,
    made: { definition: BatchDefinition; now: number; scheduledAt: number | null },
  ): Promise<Batch | null>;
  /** Undelivered rows are lost only where `discardsRows` says so. */
  remove(key: BatchKey, made: { now: number; discardsRows: boolean }): Promise<BatchRemoval>;
  /** Makes the next run due now; null: there is none, or it is deleted. */
  ask(key: BatchKey, made: { now: number; keepsRows: boolean }): Promise<Batch | null>;

  /** Newest first; `before` is the id to go on from, exclusive. */
  pageFiles(
    key: BatchKey,
    page: { state: FileState | undefined; before: string | undefined; limit: number },
  ): Promise<BatchFile[]>;
  findFile(key: FileKey): Promise<BatchFile | null>;
  /** In the order of the file; `after` is a position, exclusive. */
  pageFileRows(key: FileKey, page: { after: number; limit: number }): Promise<FileRow[]>;
  /** Its content in parts; none: it has expired. */
  readFile(key: FileKey): AsyncIterable<Uint8Array>;
  /** Waits again and is due now; null: there is none, or its batch is deleted. */
  resendFile(key: FileKey, made: { now: number }): Promise<BatchFile | null>;
  /**
   * Another file of the same rows. null: they do not fit into it, or the batch is deleted.
   */
  rebuildFile(
    key: FileKey,
    made: { fileId: string; now: number; expiresAt: number; builder: FileBuilder },
  ): Promise<BatchFile | null>;
}

/** Asked when a lead is explained. */
export interface LeadFileStore {
  /** In which files a lead is, and by which delivery; oldest first. */
  listFilesOfLead(lead: { accountId: string; leadId: string }): Promise<{ eventId: string; file: BatchFile }[]>;
}
