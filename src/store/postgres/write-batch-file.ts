import type pg from 'pg';
import type { BatchFile, BatchKey, FileBuilder } from '../../batches/batch.ts';
import { assert } from '../../lib/assert.ts';
import type { ByteBox } from '../secret-box.ts';
import { batchFileContext } from './batch-contexts.ts';
import { FILE_COLUMNS, type FileRow, fileOf, PART_BYTES } from './batch-file-row.ts';

/** A row that a file has. */
export interface TakenRow {
  id: string;
  lead_id: string;
  content: Buffer;
}

/** Writes a file, its content in parts and which rows it has, in the transaction of the caller. */
export async function writeBatchFile(
  client: pg.ClientBase,
  {
    key: { accountId, batchId },
    made,
    rows,
    box,
  }: {
    key: BatchKey;
    made: { fileId: string; now: number; expiresAt: number; builder: FileBuilder };
    rows: readonly Pick<TakenRow, 'id' | 'lead_id'>[];
    box: ByteBox;
  },
): Promise<BatchFile> {
  const { fileId } = made;
  const { name, contentType, content } = await made.builder.build();
  const { rows: files } = await client.query<FileRow>(
    `insert into batch_files as f
       (account_id, id, batch_id, name, content_type, row_count, byte_count, state, created_at, next_attempt_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $8, $9) returning ${FILE_COLUMNS}`,
    [
      ...[accountId, fileId, batchId, name, contentType, rows.length, content.length],
      ...[new Date(made.now), new Date(made.expiresAt)],
    ],
  );
  for (let part = 0; part * PART_BYTES < content.length; part += 1) {
    const bytes = content.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
    await client.query('insert into batch_file_parts (account_id, file_id, part, content) values ($1, $2, $3, $4)', [
      ...[accountId, fileId, part, box.sealBytes(bytes, batchFileContext(fileId, part))],
    ]);
  }
  await client.query(
    `insert into batch_file_rows (account_id, file_id, position, row_id, lead_id)
     select $1, $2, k.position, k.row_id, k.lead_id
       from unnest($3::int[], $4::text[], $5::text[]) as k(position, row_id, lead_id)`,
    [accountId, fileId, rows.map((_, index) => index + 1), rows.map(({ id }) => id), rows.map((row) => row.lead_id)],
  );
  const [file] = files;
  assert(file, 'the statement returns the row it wrote');
  return fileOf(file);
}
