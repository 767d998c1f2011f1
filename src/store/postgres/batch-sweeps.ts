import type pg from 'pg';
import { inTransaction } from './in-transaction.ts';

/** Files or rows of one transaction, and transactions of one sweep. */
const FILES = 20;
const ROWS = 1_000;
const ROUNDS_MAX = 10_000;
/** A row whose lead has ended and that no delivery came of is kept as long, ms: longer than any lead or attempt takes. */
const ROW_KEPT_MS = 86_400_000;

/** Deletes files past their time with their rows, rows that no delivery came of, and what is left of deleted batches. */
export async function sweepBatches(pool: pg.Pool, now: number): Promise<number> {
  let files = 0;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const swept = await sweepFiles(pool, now);
    files += swept;
    if (swept < FILES) break;
  }
  for (let round = 0; round < ROUNDS_MAX; round += 1) if ((await sweepRows(pool, now)) < ROWS) break;
  await pool.query(SWEEP_BATCHES);
  return files;
}

/** A file that waits is never swept: its rows are not delivered. */
function sweepFiles(pool: pg.Pool, now: number): Promise<number> {
  return inTransaction(pool, async (client) => {
    // Of all accounts. A scan of the files there are, once a night.
    const { rows } = await client.query<{ account_id: string; id: string }>(
      `select f.account_id, f.id from batch_files f join accounts a on a.id = f.account_id
        where f.state <> 'waiting' and ${IS_FREE}
          and (f.expires_at < $1 or f.created_at < $1::timestamptz - make_interval(days => a.data_retention_in_days))
        order by f.expires_at limit ${FILES} for update of f skip locked`,
      [new Date(now)],
    );
    const keys = [rows.map((row) => row.account_id), rows.map((row) => row.id)];
    for (const statement of OF_FILES) await client.query(statement, keys);
    return rows.length;
  });
}

/** No lead of the file is under a legal hold. By batch_file_rows. */
const IS_FREE = `not exists (
  select from batch_file_rows r join held_leads h on h.account_id = r.account_id and h.lead_id = r.lead_id
   where r.account_id = f.account_id and r.file_id = f.id)`;

const KEYS = 'unnest($1::text[], $2::text[]) as k(account_id, file_id)';

/** Along the primary keys and batch_rows_by_file. */
const OF_FILES = [
  `delete from batch_file_parts p using ${KEYS} where p.account_id = k.account_id and p.file_id = k.file_id`,
  `delete from batch_file_rows r using ${KEYS} where r.account_id = k.account_id and r.file_id = k.file_id`,
  `delete from batch_rows r using ${KEYS} where r.account_id = k.account_id and r.file_id = k.file_id`,
  `delete from batch_files f using ${KEYS} where f.account_id = k.account_id and f.id = k.file_id`,
];

/** Of all accounts. A scan of the rows that wait, once a night. */
async function sweepRows(pool: pg.Pool, now: number): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from batch_rows where (account_id, batch_id, id) in (
       select r.account_id, r.batch_id, r.id from batch_rows r
        where r.file_id is null and r.created_at < $1
          and not exists (select from runs u where u.account_id = r.account_id and u.lead_id = r.run_id)
          and not exists (select from events e where e.account_id = r.account_id and e.lead_id = r.lead_id
                            and e.id = r.id and e.outcome = 'success')
        limit ${ROWS})`,
    [new Date(now - ROW_KEPT_MS)],
  );
  return rowCount ?? 0;
}

/** Of all accounts. */
const SWEEP_BATCHES = `
  delete from batches b where b.deleted_at is not null and b.run_id is null
    and not exists (select from batch_files f where f.account_id = b.account_id and f.batch_id = b.id)`;
