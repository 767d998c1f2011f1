import type pg from 'pg';
import type { JobKey } from '../../jobs/job.ts';
import type { PrivacyDeps, PrivacyRequestStore, Subject } from '../../jobs/privacy-deps.ts';
import { createPersonFinder, type Person } from '../../keeping/person.ts';
import { assert } from '../../lib/assert.ts';
import { firstIdAt } from '../../lib/ids.ts';
import type { ByteBox, SecretBox } from '../secret-box.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { countLeads, eraseLeads } from './erase-leads.ts';
import { eraseTexts } from './erase-texts.ts';
import { findTestLeads } from './find-test-leads.ts';
import { inTransaction } from './in-transaction.ts';
import { listHeldPersons, searchHold } from './legal-holds.ts';
import { ensureReceiptKey, hashPerson, writeReceipt } from './receipts.ts';
import { readStoredLeads } from './stored-leads.ts';

/** Erasing and exporting persons on PostgreSQL. The effects are for transactions of `createJobStore`. */
export function createPrivacyStore(
  pool: pg.Pool,
  box: SecretBox & ByteBox,
  hashListValue: (value: string) => Buffer,
): Omit<PrivacyDeps, 'findLists'> {
  return {
    findSubject: (key) => findSubject(pool, box, key),
    isBusy: (request) => isBusy(pool, request),
    readPage: (request) => readStoredLeads(pool, request),
    listHeldPersons: (accountId) => listHeldPersons(pool, box, accountId),
    count: (request) => countLeads(pool, request),
    erase: (request) => (transaction) => eraseLeads(clientOf(transaction), request),
    eraseElsewhere: (request) => async (transaction) => {
      const heldPersons = await listHeldPersons(pool, box, request.accountId);
      return eraseTexts(clientOf(transaction), { ...request, box, hashListValue, heldPersons });
    },
    close: async ({ accountId, id, statement, now }) => {
      const privateKey = statement === null ? null : await ensureReceiptKey(pool, box);
      return async (transaction) => {
        const client = clientOf(transaction);
        await client.query('delete from privacy_requests where account_id = $1 and id = $2', [accountId, id]);
        if (statement === null || privateKey === null) return null;
        return writeReceipt(client, { accountId, id, statement, privateKey, now });
      };
    },
    hashPerson: (accountId, person) => hashPerson(pool, accountId, person),
    readLead: (key) => readLead(pool, key),
    readTestLeads: (request) => readTestLeads(pool, { ...request, box }),
    searchHold: (key, from) => searchHold(pool, { key, box, ...from }),
  };
}

/** Keeps whom jobs are about. The activity log says who asked for what, and not about whom. */
export function createPrivacyRequestStore(
  pool: pg.Pool,
  box: SecretBox,
  record: RecordChange = RECORD_NOTHING,
): PrivacyRequestStore {
  return {
    keepSubject: ({ accountId, id }, { person, leadIds }, { action, now }) =>
      inTransaction(pool, async (client) => {
        await client.query(
          `insert into privacy_requests (account_id, id, sealed_person, lead_ids, created_at) values ($1, $2, $3, $4, $5)`,
          [
            ...[accountId, id, person && box.seal(JSON.stringify(person), privacyRequestContext(id))],
            ...[leadIds, new Date(now)],
          ],
        );
        const asked = { document: { job_id: id, by: person?.kind ?? 'leads' } };
        const change = { kind: 'person', action, subject: { id, name: null }, before: null, after: asked } as const;
        await record(client, accountId, change);
      }),
  };
}

export function privacyRequestContext(id: string): string {
  return `privacy_request:${id}`;
}

/** What `createJobStore` hands to an effect is the connection of its transaction. */
function clientOf(transaction: unknown): pg.ClientBase {
  return transaction as pg.ClientBase;
}

/** By the primary key. */
async function findSubject(pool: pg.Pool, box: SecretBox, { accountId, id }: JobKey): Promise<Subject | null> {
  const { rows } = await pool.query<{ sealed_person: Buffer | null; lead_ids: string[] }>(
    'select sealed_person, lead_ids from privacy_requests where account_id = $1 and id = $2',
    [accountId, id],
  );
  const [row] = rows;
  if (!row) return null;
  if (row.sealed_person === null) return { person: null, leadIds: row.lead_ids };
  const text = box.open(row.sealed_person, privacyRequestContext(id));
  assert(text !== null, `the person of the request ${id} was sealed with this key`);
  return { person: JSON.parse(text) as Person, leadIds: [] }; // written by keepSubject alone
}

/** Leads and attempts under way, files that a job reads, and counts that are not added up. Along the primary keys. */
async function isBusy(pool: pg.Pool, { accountId, before }: { accountId: string; before: number }): Promise<boolean> {
  const { rows } = await pool.query<{ is_busy: boolean }>(
    `select exists (select from runs where account_id = $1 and submitted_at < $2)
         or exists (select from digests where account_id = $1 and since < $3)
         or exists (select from exports e join jobs j on j.account_id = e.account_id and j.id = e.id
                     where e.account_id = $1 and e.created_at < $2 and j.state in ('queued', 'running'))
         or exists (select from job_files f join jobs j on j.account_id = f.account_id and j.id = f.job_id
                     where f.account_id = $1 and f.created_at < $2 and j.state in ('queued', 'running')) as is_busy`,
    [accountId, new Date(before), firstIdAt(before)],
  );
  return rows[0]?.is_busy ?? false;
}

/** Everything that is stored of a lead, table by table. Along the primary keys and the indexes by lead. */
async function readLead(
  pool: pg.Pool,
  { accountId, leadId }: { accountId: string; leadId: string },
): Promise<Record<string, unknown>> {
  const { rows } = await pool.query<{ lead: Record<string, unknown> }>(
    `select json_build_object(
        'lead', (select row_to_json(t) from leads t where t.account_id = $1 and t.id = $2),
        'documents', (select json_agg(t.document order by t.part) from lead_data t
                       where t.account_id = $1 and t.lead_id = $2),
        'events', (select json_agg(row_to_json(t) order by t.seq) from events t
                    where t.account_id = $1 and t.lead_id = $2),
        'retries', (select json_agg(row_to_json(t) order by t.id) from retries t
                     where t.account_id = $1 and t.lead_id = $2),
        'unknowns', (select json_agg(row_to_json(t) order by t.event_id) from unknowns t
                      where t.account_id = $1 and t.lead_id = $2),
        'feedback', (select json_agg(row_to_json(t) order by t.id) from feedback t
                      where t.account_id = $1 and t.lead_id = $2),
        'money', (select json_agg(row_to_json(t) order by t.id) from money_entries t
                   where t.account_id = $1 and t.lead_id = $2),
        'batch_files', (select json_agg(distinct t.file_id) from batch_file_rows t
                         where t.account_id = $1 and t.lead_id = $2)) as lead`,
    [accountId, leadId],
  );
  return rows[0]?.lead ?? {};
}

/** As the API names what they consist of. */
async function readTestLeads(
  pool: pg.Pool,
  request: { accountId: string; person: Person; limit: number; box: ByteBox },
): Promise<Record<string, unknown>[]> {
  const { accountId, person, limit, box } = request;
  const read: Record<string, unknown>[] = [];
  for await (const found of findTestLeads(pool, { accountId, finder: createPersonFinder(person), box })) {
    for (const { flowId, id, name, sourceId, updatedAt, content } of found)
      read.push({ id, flow_id: flowId, name, source_id: sourceId, ...content, updated_at: updatedAt.toISOString() });
    if (read.length >= limit) break;
  }
  return read.slice(0, limit);
}
