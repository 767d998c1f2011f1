import type pg from 'pg';
import type { BatchDefinition } from '../../batches/batch.ts';
import type { BatchRun, BatchRunStore } from '../../batches/batch-run.ts';
import { assert } from '../../lib/assert.ts';
import type { ByteBox, SecretBox } from '../secret-box.ts';
import { batchRowContext } from './batch-contexts.ts';
import { FILE_COLUMNS, type FileRow, fileOf } from './batch-file-row.ts';
import { readParts } from './batch-files.ts';
import { inTransaction } from './in-transaction.ts';
import { type TakenRow, writeBatchFile } from './write-batch-file.ts';

/** Rows of one read; a row has up to 64 KiB. */
const PAGE_ROWS = 200;
/** More than the largest file has. */
const PAGES_MAX = 1_000;

/** Runs of batches on PostgreSQL. */
export function createBatchRunStore(pool: pg.Pool, box: ByteBox & SecretBox): BatchRunStore {
  return {
    takeDue: async ({ now, nodeId, runId, running }) => {
      // Of all accounts, along batches_due. One that a dead process has is taken over, and so is one that this process
      // has lost track of.
      const { rows } = await pool.query<DueRow>(
        `with due as (
           select b.account_id, b.id from batches b
            where b.due_at <= $1 and b.deleted_at is null
              and (b.run_id is null or (b.run_node = $2 and b.run_id <> all($4::text[]))
                   or b.run_node <> all(array(select n.id from nodes n where n.lease_expires_at >= now())))
            order by b.due_at limit 1 for update of b skip locked
         )
         update batches b set run_node = $2, run_id = $3 from due d
          where b.account_id = d.account_id and b.id = d.id
         returning b.account_id, b.id, b.name, b.definition, b.scheduled_at, b.asked_at, b.asked_keeps_rows, b.updated_at`,
        [new Date(now), nodeId, runId, running],
      );
      const [row] = rows;
      if (!row) return null;
      const { rows: accounts } = await pool.query<{ time_zone: string }>(
        'select time_zone from accounts where id = $1',
        [row.account_id],
      );
      return runOf(row, { runId, now, timeZone: accounts[0]?.time_zone ?? 'UTC' });
    },
    listWaiting: async ({ accountId, batchId }, { dueBy, limit }) => {
      // Along batch_files_waiting.
      const { rows } = await pool.query<FileRow>(
        `select ${FILE_COLUMNS} from batch_files f
          where f.account_id = $1 and f.batch_id = $2 and f.state = 'waiting'
            and ($3::timestamptz is null or f.next_attempt_at <= $3)
          order by f.id limit $4`,
        [accountId, batchId, dueBy === null ? null : new Date(dueBy), limit],
      );
      return rows.map(fileOf);
    },
    makeFile: (run, made) =>
      inTransaction(pool, async (client) => {
        if (!(await isOurs(client, run))) return null;
        const rows = await takeRows(client, { run, made, box });
        if (rows.length === 0 && !made.isEmptySent) return null;
        const file = await writeBatchFile(client, { key: run, made, rows, box });
        if (!run.keepsRows) await markRows(client, { run, fileId: made.fileId, ids: rows.map(({ id }) => id) });
        return { file, last: rows.at(-1)?.id ?? made.after };
      }),
    readContent: async (file) => {
      const parts: Uint8Array[] = [];
      for await (const part of readParts(pool, { key: { accountId: file.accountId, fileId: file.id }, box }))
        parts.push(part);
      return parts.length === 0 && file.bytes > 0 ? null : Buffer.concat(parts);
    },
    beginAttempt: (run, { fileId, now, target }) =>
      inTransaction(pool, async (client) => {
        if (!(await isOurs(client, run))) return false;
        await client.query(
          `update batch_files set attempts = attempts + 1, attempted_at = $3, target = $4
            where account_id = $1 and id = $2`,
          [run.accountId, fileId, new Date(now), target],
        );
        return true;
      }),
    endAttempt: (run, { fileId, now, isDelivered, reason, nextAttemptAt }) =>
      inTransaction(pool, async (client) => {
        if (!(await isOurs(client, run))) return;
        const state = isDelivered ? 'delivered' : nextAttemptAt === null ? 'failed' : 'waiting';
        // Its time has gone by in attempts: a person has as long again to send it, before it is deleted with its rows.
        await client.query(
          `update batch_files set state = $3, reason = $4, next_attempt_at = $5,
                  delivered_at = case when $3 = 'delivered' then $6 else delivered_at end,
                  expires_at = case when $3 = 'failed' then greatest(expires_at, $6 + make_interval(days => $7))
                                    else expires_at end
            where account_id = $1 and id = $2`,
          [
            run.accountId,
            fileId,
            state,
            reason,
            nextAttemptAt === null ? null : new Date(nextAttemptAt),
            new Date(now),
            run.definition.keep_days,
          ],
        );
      }),
    pauseRun: async (run, { error, dueAt }) => {
      await pool.query(
        `update batches set run_node = null, run_id = null, last_error = $4, due_at = $5
          where account_id = $1 and id = $2 and run_id = $3 and deleted_at is null`,
        [run.accountId, run.batchId, run.runId, error, new Date(dueAt)],
      );
    },
    endRun: async (run, { now, error, scheduledAt }) => {
      // A change or a wish that came meanwhile stands.
      await pool.query(
        `update batches b set run_node = null, run_id = null, last_run_at = $4, last_error = $5,
                asked_at = case when b.asked_at is not distinct from $6 then null else b.asked_at end,
                scheduled_at = case when b.updated_at = $7 then $8 else b.scheduled_at end,
                due_at = case when b.deleted_at is null then least(
                  case when b.updated_at = $7 then $8::timestamptz else b.scheduled_at end,
                  case when b.asked_at is not distinct from $6 then null else b.asked_at end,
                  (select min(f.next_attempt_at) from batch_files f
                    where f.account_id = b.account_id and f.batch_id = b.id and f.state = 'waiting')) end
          where b.account_id = $1 and b.id = $2 and b.run_id = $3`,
        [
          ...[run.accountId, run.batchId, run.runId, new Date(now), error],
          run.askedAt === null ? null : new Date(run.askedAt),
          new Date(run.updatedAt),
          scheduledAt === null ? null : new Date(scheduledAt),
        ],
      );
    },
  };
}

interface DueRow {
  account_id: string;
  id: string;
  name: string;
  definition: Omit<BatchDefinition, 'name'>;
  scheduled_at: Date | null;
  asked_at: Date | null;
  asked_keeps_rows: boolean;
  updated_at: Date;
}

function runOf(row: DueRow, { runId, now, timeZone }: { runId: string; now: number; timeZone: string }): BatchRun {
  const isScheduled = row.scheduled_at !== null && row.scheduled_at.getTime() <= now;
  return {
    accountId: row.account_id,
    batchId: row.id,
    runId,
    definition: { name: row.name, ...row.definition },
    timeZone,
    updatedAt: row.updated_at.getTime(),
    makesFiles: isScheduled || row.asked_at !== null,
    askedAt: row.asked_at?.getTime() ?? null,
    // The schedule takes the rows, whatever was asked for at the same time.
    keepsRows: row.asked_keeps_rows && row.asked_at !== null && !isScheduled,
  };
}

async function markRows(
  client: pg.ClientBase,
  { run: { accountId, batchId }, fileId, ids }: { run: BatchRun; fileId: string; ids: readonly string[] },
): Promise<void> {
  await client.query(
    'update batch_rows set file_id = $3 where account_id = $1 and batch_id = $2 and id = any($4::text[])',
    [accountId, batchId, fileId, ids],
  );
}

/** Locks the batch: no other process takes the run over before what follows is written. */
async function isOurs(client: pg.ClientBase, { accountId, batchId, runId }: BatchRun): Promise<boolean> {
  const { rows } = await client.query(
    'select from batches where account_id = $1 and id = $2 and run_id = $3 for update',
    [accountId, batchId, runId],
  );
  return rows.length === 1;
}

/**
 * As many as the file has room for. A row counts once its run has ended and its event is a success: a claim whose commit
 * was in doubt may have left one that no event speaks of. Along batch_rows_waiting and the primary keys of runs and events.
 */
async function takeRows(
  client: pg.ClientBase,
  { run, made, box }: { run: BatchRun; made: Parameters<BatchRunStore['makeFile']>[1]; box: SecretBox },
): Promise<TakenRow[]> {
  const taken: TakenRow[] = [];
  let { after } = made;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { rows } = await client.query<TakenRow>(
      `select r.id, r.lead_id, r.content from batch_rows r
        where r.account_id = $1 and r.batch_id = $2 and r.file_id is null and r.id > $3
          and not exists (select from runs u where u.account_id = r.account_id and u.lead_id = r.run_id)
          and exists (select from events e where e.account_id = r.account_id and e.lead_id = r.lead_id
                        and e.id = r.id and e.outcome = 'success')
        order by r.id limit ${PAGE_ROWS}`,
      [run.accountId, run.batchId, after],
    );
    for (const row of rows) {
      const text = box.open(row.content, batchRowContext(row.id));
      assert(text !== null, `the row ${row.id} of a batch was sealed with this key`);
      // Written by the module alone.
      if (!made.builder.add(JSON.parse(text) as Record<string, unknown>)) return taken;
      taken.push(row);
      after = row.id;
    }
    if (rows.length < PAGE_ROWS) break;
  }
  return taken;
}
