import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import type { Batch, BatchDefinition, BatchKey, BatchRemoval, BatchStore } from '../../batches/batch.ts';
import { assert } from '../../lib/assert.ts';
import { BATCH_ID_PROPERTY, BATCH_MODULE_ID, type NamedBatch } from '../../model/batch.ts';
import type { ByteBox, SecretBox } from '../secret-box.ts';
import { announceConfig, lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { createBatchFileStore } from './batch-files.ts';
import { inTransaction } from './in-transaction.ts';

/** Every change raises the account's configuration version: the flows that name the batch are compiled anew. */
export function createBatchStore(
  pool: pg.Pool,
  box: ByteBox & SecretBox,
  record: RecordChange = RECORD_NOTHING,
): BatchStore {
  const changing = <T>(accountId: string, work: (client: pg.ClientBase) => Promise<T>): Promise<T> =>
    inTransaction(pool, async (client) => {
      await lockAccount(client, accountId);
      const result = await work(client);
      await announceConfig(client, accountId);
      return result;
    });
  return {
    ...createBatchFileStore(pool, box),
    list: async (accountId) =>
      (await readBatches(pool, { accountId, batchId: null })).filter(({ deletedAt }) => deletedAt === null),
    find: (key) => findBatch(pool, key),
    insert: (key, made) =>
      changing(key.accountId, async (client) => {
        const { name, ...definition } = made.definition;
        await client.query(
          `insert into batches (account_id, id, name, definition, scheduled_at, due_at, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $5, $6, $6)`,
          [key.accountId, key.batchId, name, definition, dateOf(made.scheduledAt), new Date(made.now)],
        );
        return recordAfter(client, record, { key, before: null });
      }),
    replace: (key, made) =>
      changing(key.accountId, async (client) => {
        const before = await findBatch(client, key);
        if (before === null || before.deletedAt !== null) return null;
        const { name, ...definition } = made.definition;
        // A file that waits goes with the next run, which may be sooner than before.
        await client.query(
          `update batches set name = $3, definition = $4, scheduled_at = $5, due_at = least($5, due_at), updated_at = $6
            where account_id = $1 and id = $2`,
          [key.accountId, key.batchId, name, definition, dateOf(made.scheduledAt), new Date(made.now)],
        );
        return recordAfter(client, record, { key, before });
      }),
    remove: (key, made) => changing(key.accountId, (client) => removeBatch(client, record, { key, ...made })),
    ask: (key, { now, keepsRows }) =>
      inTransaction(pool, async (client) => {
        await client.query(
          `update batches set asked_at = $3, asked_keeps_rows = $4, due_at = $3
            where account_id = $1 and id = $2 and deleted_at is null`,
          [key.accountId, key.batchId, new Date(now), keepsRows],
        );
        const batch = await findBatch(client, key);
        if (batch === null || batch.deletedAt !== null) return null;
        // The document is the same.
        await record(client, key.accountId, { ...changeOf(batch, batch), action: 'run' });
        return batch;
      }),
  };
}

function dateOf(epochMs: number | null): Date | null {
  return epochMs === null ? null : new Date(epochMs);
}

async function removeBatch(
  client: pg.ClientBase,
  record: RecordChange,
  { key, now, discardsRows }: { key: BatchKey; now: number; discardsRows: boolean },
): Promise<BatchRemoval> {
  const batch = await findBatch(client, key);
  if (batch === null || batch.deletedAt !== null) return { kind: 'missing' };
  const flows = await listFlowsOf(client, key);
  if (flows.length > 0) return { kind: 'used', flows };
  if (batch.waitingRows + batch.waitingFiles > 0 && !discardsRows) return { kind: 'rows', rows: batch.waitingRows };
  await client.query(
    `update batches set deleted_at = $3, scheduled_at = null, due_at = null, asked_at = null
      where account_id = $1 and id = $2`,
    [key.accountId, key.batchId, new Date(now)],
  );
  await client.query('delete from batch_rows where account_id = $1 and batch_id = $2 and file_id is null', [
    key.accountId,
    key.batchId,
  ]);
  await client.query(
    `update batch_files set state = 'failed', next_attempt_at = null
      where account_id = $1 and batch_id = $2 and state = 'waiting'`,
    [key.accountId, key.batchId],
  );
  await record(client, key.accountId, changeOf(batch, null));
  return { kind: 'done', batch };
}

async function recordAfter(
  client: pg.ClientBase,
  record: RecordChange,
  { key, before }: { key: BatchKey; before: Batch | null },
): Promise<Batch> {
  const after = await findBatch(client, key);
  assert(after, 'a batch that was written is there');
  await record(client, key.accountId, changeOf(before, after));
  return after;
}

function changeOf(before: Batch | null, after: Batch | null): Change {
  const batch = after ?? before;
  return {
    kind: 'batch',
    action: before === null ? 'create' : after === null ? 'delete' : 'update',
    subject: { id: batch?.batchId ?? '', name: batch?.definition.name ?? null },
    before: before && { document: before.definition },
    after: after && { document: after.definition },
  };
}

export async function findBatch(db: Pick<pg.ClientBase, 'query'>, key: BatchKey): Promise<Batch | null> {
  const [batch] = await readBatches(db, key);
  return batch ?? null;
}

/** One or all of an account, along the primary key; what waits along batch_rows_waiting and batch_files_waiting. */
async function readBatches(
  db: Pick<pg.ClientBase, 'query'>,
  at: { accountId: string; batchId: string | null },
): Promise<Batch[]> {
  const { rows } = await db.query<BatchRow>(
    `select b.account_id, b.id, b.name, b.definition, b.scheduled_at, b.run_id, b.last_run_at, b.last_error, b.created_at,
            b.updated_at, b.deleted_at, w.waiting_rows, w.oldest_row_at, f.waiting_files
       from batches b
      cross join lateral (
        select count(*)::int as waiting_rows, min(r.created_at) as oldest_row_at from batch_rows r
         where r.account_id = b.account_id and r.batch_id = b.id and r.file_id is null) w
      cross join lateral (
        select count(*)::int as waiting_files from batch_files f
         where f.account_id = b.account_id and f.batch_id = b.id and f.state = 'waiting') f
      where b.account_id = $1 and b.id = coalesce($2, b.id) order by b.name, b.id`,
    [at.accountId, at.batchId],
  );
  return rows.map(batchOf);
}

interface BatchRow {
  account_id: string;
  id: string;
  name: string;
  definition: Omit<BatchDefinition, 'name'>;
  scheduled_at: Date | null;
  run_id: string | null;
  last_run_at: Date | null;
  last_error: string | null;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
  waiting_rows: number;
  oldest_row_at: Date | null;
  waiting_files: number;
}

function batchOf(row: BatchRow): Batch {
  return {
    accountId: row.account_id,
    batchId: row.id,
    definition: { name: row.name, ...row.definition },
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
    deletedAt: row.deleted_at?.getTime() ?? null,
    scheduledAt: row.scheduled_at?.getTime() ?? null,
    isRunning: row.run_id !== null,
    lastRunAt: row.last_run_at?.getTime() ?? null,
    lastError: row.last_error,
    waitingRows: row.waiting_rows,
    oldestRowAt: row.oldest_row_at?.getTime() ?? null,
    waitingFiles: row.waiting_files,
  };
}

/** The flows that name it as they are saved or as they run. Along the primary keys; an account has up to some hundreds. */
async function listFlowsOf(client: pg.ClientBase, key: BatchKey): Promise<{ id: string; name: string }[]> {
  const { rows } = await client.query<{ id: string; name: string | null }>(
    `select f.id, min(saved.document ->> 'name') as name
       from flows f
       join flow_revisions saved on saved.account_id = f.account_id and saved.flow_id = f.id
        and saved.revision = f.saved_revision
       join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id
        and r.revision in (f.saved_revision, f.deployed_revision)
      cross join lateral (
        select jsonb_path_query(r.document,
          'lax $.steps[*].**.integration ? (@.module_id == $module).mappings[*] ? (@.property == $property).value',
          jsonb_build_object('module', $3::text, 'property', $4::text)) #>> '{}' as batch_id
      ) as named
      where f.account_id = $1 and f.deleted_at is null and btrim(named.batch_id) = $2
      group by f.id order by f.id`,
    [key.accountId, key.batchId, BATCH_MODULE_ID, BATCH_ID_PROPERTY],
  );
  return rows.map(({ id, name }) => ({ id, name: name ?? '' }));
}

/** As flows name them, by id. Along the primary key. */
export async function readNamedBatches(pool: pg.Pool, accountId: string): Promise<Map<string, NamedBatch>> {
  const { rows } = await pool.query<{ id: string; name: string; definition: Omit<BatchDefinition, 'name'> }>(
    'select id, name, definition from batches where account_id = $1 and deleted_at is null order by id',
    [accountId],
  );
  return new Map(
    rows.map(({ id, name, definition: { enabled, columns } }) => [
      id,
      { id, name, isEnabled: enabled, columns: columns.map((column) => column.name) },
    ]),
  );
}
