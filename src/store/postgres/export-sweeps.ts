import type pg from 'pg';
import { EXPORT_DAYS_KEPT } from '../../exports/export.ts';
import { inTransaction } from './in-transaction.ts';

/** Exports or parts of one transaction, and transactions of one sweep. */
const EXPORTS = 100;
const PARTS = 200;
const ROUNDS_MAX = 100_000;
const DAY_MS = 86_400_000;

/** Deletes exports past their time, then parts of exports that are gone or that did not become a file. */
export async function sweepExports(pool: pg.Pool, now: number): Promise<number> {
  const endedBefore = new Date(now - EXPORT_DAYS_KEPT * DAY_MS);
  let deleted = 0;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const swept = await sweepEnded(pool, endedBefore);
    deleted += swept;
    if (swept < EXPORTS) break;
  }
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { rowCount } = await pool.query(SWEEP_PARTS);
    if ((rowCount ?? 0) < PARTS) break;
  }
  return deleted;
}

function sweepEnded(pool: pg.Pool, endedBefore: Date): Promise<number> {
  return inTransaction(pool, async (client) => {
    // Of all accounts: there are a few a day.
    const { rows } = await client.query<{ account_id: string; id: string }>(
      `delete from exports where (account_id, id) in (
         select e.account_id, e.id from exports e
           left join jobs j on j.account_id = e.account_id and j.id = e.id
          where j.id is null or j.ended_at < $1
          limit ${EXPORTS})
       returning account_id, id`,
      [endedBefore],
    );
    const keys = [rows.map((row) => row.account_id), rows.map((row) => row.id)];
    await client.query(
      `delete from export_downloads d using unnest($1::text[], $2::text[]) as k(account_id, id)
        where d.account_id = k.account_id and d.export_id = k.id`,
      keys,
    );
    return rows.length;
  });
}

/** Of all accounts, along the primary key: some thousand parts. */
const SWEEP_PARTS = `
  delete from export_parts where (account_id, export_id, part) in (
    select p.account_id, p.export_id, p.part from export_parts p
      left join exports e on e.account_id = p.account_id and e.id = p.export_id
      left join jobs j on j.account_id = p.account_id and j.id = p.export_id
     where e.id is null or (e.file_name is null and j.ended_at is not null)
     limit ${PARTS})`;
