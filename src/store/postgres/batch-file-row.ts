import type { BatchFile, FileState } from '../../batches/batch.ts';

/** Bytes of one part, so that a file is never read at once. */
export const PART_BYTES = 1024 * 1024;

export const FILE_COLUMNS = `f.account_id, f.id, f.batch_id, f.name, f.content_type, f.row_count, f.byte_count, f.state,
  f.attempts, f.reason, f.target, f.created_at, f.attempted_at, f.delivered_at, f.next_attempt_at, f.expires_at`;

export interface FileRow {
  account_id: string;
  id: string;
  batch_id: string;
  name: string;
  content_type: string;
  row_count: number;
  byte_count: number;
  state: FileState;
  attempts: number;
  reason: string | null;
  target: string | null;
  created_at: Date;
  attempted_at: Date | null;
  delivered_at: Date | null;
  next_attempt_at: Date | null;
  expires_at: Date;
}

export function fileOf(row: FileRow): BatchFile {
  return {
    accountId: row.account_id,
    batchId: row.batch_id,
    id: row.id,
    name: row.name,
    contentType: row.content_type,
    rows: row.row_count,
    bytes: row.byte_count,
    state: row.state,
    attempts: row.attempts,
    reason: row.reason,
    target: row.target,
    createdAt: row.created_at.getTime(),
    attemptedAt: row.attempted_at?.getTime() ?? null,
    deliveredAt: row.delivered_at?.getTime() ?? null,
    nextAttemptAt: row.next_attempt_at?.getTime() ?? null,
    expiresAt: row.expires_at.getTime(),
  };
}
