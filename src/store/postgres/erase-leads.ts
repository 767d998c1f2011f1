import type pg from 'pg';
import type { ErasedCounts, LeadsToErase } from '../../jobs/privacy-deps.ts';
import { createPersonFinder } from '../../keeping/person.ts';
import { forgetPings } from './erase-pings.ts';
import { deletePersonalPart, stripReasons } from './forget-leads.ts';
import { decideLeadHolds, settlePlaces } from './lead-holds.ts';

/** What an erasure would concern, by kind. Along the indexes by lead. */
export async function countLeads(pool: pg.Pool, { accountId, leadIds }: LeadsToErase): Promise<ErasedCounts> {
  if (leadIds.length === 0) return {};
  const { rows } = await pool.query<Record<string, number>>(
    `select (select count(*)::int from lead_data t where t.account_id = $1 and t.lead_id = any($2)) as documents,
            (select count(*)::int from events t where t.account_id = $1 and t.lead_id = any($2)) as events,
            (select count(*)::int from lead_search t where t.account_id = $1 and t.lead_id = any($2)) as search_rows,
            (select count(*)::int from retries t where t.account_id = $1 and t.lead_id = any($2)) as retries,
            (select count(*)::int from unknowns t where t.account_id = $1 and t.lead_id = any($2)) as unknowns,
            (select count(*)::int from feedback t where t.account_id = $1 and t.lead_id = any($2)) as feedback,
            (select count(*)::int from batch_rows t where t.account_id = $1 and t.lead_id = any($2)) as batch_rows,
            (select count(distinct t.file_id)::int from batch_file_rows t
              where t.account_id = $1 and t.lead_id = any($2)) as batch_files`,
    [accountId, leadIds],
  );
  return rows[0] ?? {};
}

/**
 * Deletes the personal part of leads that no legal hold has, and all that is kept of it elsewhere. Facts stay, and with them every
 * figure. What is tried again is cancelled, and its places are settled.
 */
export async function eraseLeads(
  client: pg.ClientBase,
  { accountId, leadIds: asked, person }: LeadsToErase,
): Promise<ErasedCounts> {
  const { rows: held } = await client.query<{ lead_id: string }>(
    'select lead_id from held_leads where account_id = $1 and lead_id = any($2)',
    [accountId, asked],
  );
  const leadIds = asked.filter((leadId) => !held.some((row) => row.lead_id === leadId)).toSorted();
  if (leadIds.length === 0) return {};
  const counts = await countErased(client, { accountId, leadIds });
  let cancelled = 0;
  for (const leadId of leadIds) cancelled += await cancelRetries(client, { accountId, leadId });
  const finder = person && createPersonFinder(person);
  await stripReasons(client, { accountId, leadIds, ...(finder ? { remove: finder.remove } : {}) });
  const files = await deleteBatchFiles(client, { accountId, leadIds });
  await forgetPings(client, { accountId, pingIds: await listRedeemed(client, { accountId, leadIds }) });
  await deletePersonalPart(client, { accountId, leadIds });
  return { ...counts, ...files, retries_cancelled: cancelled };
}

/** By the primary keys. */
async function countErased(
  client: pg.ClientBase,
  { accountId, leadIds }: { accountId: string; leadIds: readonly string[] },
): Promise<ErasedCounts> {
  const { rows } = await client.query<Record<string, number>>(
    `select (select count(*)::int from lead_data t where t.account_id = $1 and t.lead_id = any($2)) as documents,
            (select count(*)::int from lead_search t where t.account_id = $1 and t.lead_id = any($2)) as search_rows`,
    [accountId, leadIds],
  );
  return rows[0] ?? {};
}

/** In the order in which places are always locked: retry, lead, its holds, caps. */
async function cancelRetries(
  client: pg.ClientBase,
  { accountId, leadId }: { accountId: string; leadId: string },
): Promise<number> {
  const { rows } = await client.query<{ id: string }>(
    `select id from retries where account_id = $1 and lead_id = $2 and status = 'waiting' order by id for update`,
    [accountId, leadId],
  );
  if (rows.length === 0) return 0;
  await client.query(
    `update retries set status = 'cancelled', next_attempt_at = null, updated_at = now()
      where account_id = $1 and id = any($2)`,
    [accountId, rows.map(({ id }) => id)],
  );
  const lead = await decideLeadHolds(client, { accountId, leadId });
  await settlePlaces(client, { accountId, lead, freed: [] });
  return rows.length;
}

/** The pings that the leads redeemed: the keyed hashes that their post had to carry are of the person. By the primary key. */
async function listRedeemed(
  client: pg.ClientBase,
  { accountId, leadIds }: { accountId: string; leadIds: readonly string[] },
): Promise<string[]> {
  const { rows } = await client.query<{ ping_id: string }>(
    `select e.facts ->> 'ping_id' as ping_id from events e
      where e.account_id = $1 and e.lead_id = any($2) and e.type = 'source' and e.facts ->> 'ping_id' is not null`,
    [accountId, leadIds],
  );
  return rows.map(({ ping_id: pingId }) => pingId);
}

/**
 * A file that has a row of the leads goes as a whole. Rows of others that were not delivered yet wait for the next file; those of a
 * file that was delivered go with it.
 */
async function deleteBatchFiles(
  client: pg.ClientBase,
  { accountId, leadIds }: { accountId: string; leadIds: readonly string[] },
): Promise<ErasedCounts> {
  const { rows: files } = await client.query<{ id: string }>(
    `select f.id from batch_files f
      where f.account_id = $1 and f.id in (
        select r.file_id from batch_file_rows r where r.account_id = $1 and r.lead_id = any($2))
      order by f.id for update`,
    [accountId, leadIds],
  );
  const { rows: gone } = await client.query(
    'delete from batch_rows where account_id = $1 and lead_id = any($2) returning id',
    [...[accountId, leadIds]],
  );
  const fileIds = files.map(({ id }) => id);
  for (const statement of OF_FILES) await client.query(statement, [accountId, fileIds]);
  return { batch_rows: gone.length, batch_files: fileIds.length };
}

/** Along the primary keys and batch_rows_by_file. */
const OF_FILES = [
  `update batch_rows r set file_id = null
     from batch_files f
    where r.account_id = $1 and r.file_id = any($2) and f.account_id = r.account_id and f.id = r.file_id
      and f.state = 'waiting'`,
  'delete from batch_rows where account_id = $1 and file_id = any($2)',
  'delete from batch_file_parts where account_id = $1 and file_id = any($2)',
  'delete from batch_file_rows where account_id = $1 and file_id = any($2)',
  'delete from batch_files where account_id = $1 and id = any($2)',
];
