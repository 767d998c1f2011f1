import type pg from 'pg';
import type { BatchFile, BatchStore, FileKey, LeadFileStore } from '../../batches/batch.ts';
import { assert } from '../../lib/assert.ts';
import type { ByteBox, SecretBox } from '../secret-box.ts';
import { batchFileContext, batchRowContext } from './batch-contexts.ts';
import { FILE_COLUMNS, type FileRow, fileOf } from './batch-file-row.ts';
import { inTransaction } from './in-transaction.ts';
import { type TakenRow, writeBatchFile } from './write-batch-file.ts';

/** More than the largest file has. */
const PARTS_MAX = 1_000;
/** Files of one lead that are shown; a row that stays is in a file a run. */
const FILES_OF_LEAD_MAX = 100;

/** Files of batches as people see them. */
export function createBatchFileStore(
  pool: pg.Pool,
  box: ByteBox & SecretBox,
): Pick<BatchStore, 'pageFiles' | 'findFile' | 'pageFileRows' | 'readFile' | 'resendFile' | 'rebuildFile'> {
  return {
    pageFiles: async ({ accountId, batchId }, { state, before, limit }) => {
      // Along batch_files_by_batch, backwards.
      const { rows } = await pool.query<FileRow>(
        `select ${FILE_COLUMNS} from batch_files f
          where f.account_id = $1 and f.batch_id = $2 and ($3::text is null or f.state = $3)
            and ($4::text is null or f.id < $4)
          order by f.id desc limit $5`,
        [accountId, batchId, state ?? null, before ?? null, limit],
      );
      return rows.map(fileOf);
    },
    findFile: (key) => findFile(pool, key),
    pageFileRows: async ({ accountId, fileId }, { after, limit }) => {
      // Along the primary key.
      const { rows } = await pool.query<{ position: number; row_id: string; lead_id: string }>(
        `select position, row_id, lead_id from batch_file_rows
          where account_id = $1 and file_id = $2 and position > $3 order by position limit $4`,
        [accountId, fileId, after, limit],
      );
      return rows.map((row) => ({ position: row.position, leadId: row.lead_id, eventId: row.row_id }));
    },
    readFile: (key) => readParts(pool, { key, box }),
    resendFile: ({ accountId, fileId }, { now }) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ batch_id: string }>(
          `update batch_files f set state = 'waiting', attempts = 0, reason = null, next_attempt_at = $3
            where f.account_id = $1 and f.id = $2
              and exists (select from batches b where b.account_id = f.account_id and b.id = f.batch_id
                            and b.deleted_at is null)
          returning f.batch_id`,
          [accountId, fileId, new Date(now)],
        );
        const [file] = rows;
        if (!file) return null;
        await client.query('update batches set due_at = least(due_at, $3) where account_id = $1 and id = $2', [
          accountId,
          file.batch_id,
          new Date(now),
        ]);
        return findFile(client, { accountId, fileId });
      }),
    rebuildFile: (key, made) => inTransaction(pool, (client) => rebuildFile(client, { key, made, box })),
  };
}

async function makeDue(
  client: pg.ClientBase,
  { accountId, batchId, now }: { accountId: string; batchId: string; now: number },
): Promise<void> {
  await client.query('update batches set due_at = least(due_at, $3) where account_id = $1 and id = $2', [
    ...[accountId, batchId, new Date(now)],
  ]);
}

/** Rows of one read. */
const PAGE_ROWS = 200;
/** More than the largest file has. */
const PAGES_MAX = 1_000;

/** The rows of a file, along its positions; they are kept as long as the file that took them. */
async function rebuildFile(
  client: pg.ClientBase,
  { key, made, box }: { key: FileKey; made: Parameters<BatchStore['rebuildFile']>[1]; box: ByteBox & SecretBox },
): Promise<BatchFile | null> {
  const { accountId, fileId } = key;
  const file = await findFile(client, key);
  const { rows: batches } = await client.query(
    'select from batches where account_id = $1 and id = $2 and deleted_at is null for update',
    [accountId, file?.batchId ?? ''],
  );
  if (!file || batches.length === 0) return null;
  const taken: Pick<TakenRow, 'id' | 'lead_id'>[] = [];
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { rows } = await client.query<TakenRow>(
      `select r.id, r.lead_id, r.content from batch_file_rows p
         join batch_rows r on r.account_id = p.account_id and r.batch_id = $3 and r.id = p.row_id
        where p.account_id = $1 and p.file_id = $2 and p.position > $4
        order by p.position limit ${PAGE_ROWS}`,
      [accountId, fileId, file.batchId, page * PAGE_ROWS],
    );
    for (const row of rows) {
      const text = box.open(row.content, batchRowContext(row.id));
      assert(text !== null, `the row ${row.id} of a batch was sealed with this key`);
      // Written by the module alone.
      if (!made.builder.add(JSON.parse(text) as Record<string, unknown>)) return null;
      taken.push(row);
    }
    if (rows.length < PAGE_ROWS) break;
  }
  const rebuilt = await writeBatchFile(client, { key: { accountId, batchId: file.batchId }, made, rows: taken, box });
  await makeDue(client, { accountId, batchId: file.batchId, now: made.now });
  return rebuilt;
}

/** The same as leads are asked about. */
export function createLeadFileStore(pool: pg.Pool): LeadFileStore {
  return {
    listFilesOfLead: async ({ accountId, leadId }) => {
      // Along batch_file_rows_by_lead.
      const { rows } = await pool.query<FileRow & { row_id: string }>(
        `select r.row_id, ${FILE_COLUMNS} from batch_file_rows r
           join batch_files f on f.account_id = r.account_id and f.id = r.file_id
          where r.account_id = $1 and r.lead_id = $2 order by f.id limit ${FILES_OF_LEAD_MAX}`,
        [accountId, leadId],
      );
      return rows.map((row) => ({ eventId: row.row_id, file: fileOf(row) }));
    },
  };
}

async function findFile(db: Pick<pg.ClientBase, 'query'>, { accountId, fileId }: FileKey): Promise<BatchFile | null> {
  const { rows } = await db.query<FileRow>(
    `select ${FILE_COLUMNS} from batch_files f where f.account_id = $1 and f.id = $2`,
    [accountId, fileId],
  );
  return rows[0] ? fileOf(rows[0]) : null;
}

/** Part by part along the primary key. */
export async function* readParts(
  pool: pg.Pool,
  { key: { accountId, fileId }, box }: { key: FileKey; box: ByteBox },
): AsyncIterable<Uint8Array> {
  for (let part = 0; part < PARTS_MAX; part += 1) {
    const { rows } = await pool.query<{ content: Buffer }>(
      'select content from batch_file_parts where account_id = $1 and file_id = $2 and part = $3',
      [accountId, fileId, part],
    );
    const [stored] = rows;
    if (!stored) return;
    const opened = box.openBytes(stored.content, batchFileContext(fileId, part));
    assert(opened, `part ${part} of the file ${fileId} of a batch was sealed with this key`);
    yield opened;
  }
}
