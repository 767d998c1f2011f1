import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import type { Actor } from '../../access/principal.ts';
import { HOLDS_MAX, type HoldPage, type HoldStore, type LegalHold } from '../../jobs/privacy-deps.ts';
import { createPersonFinder, joinTexts, type Person } from '../../keeping/person.ts';
import { assert } from '../../lib/assert.ts';
import { firstIdAt } from '../../lib/ids.ts';
import type { SecretBox } from '../secret-box.ts';
import { lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';
import { readStoredLeads } from './stored-leads.ts';

/** Legal holds on PostgreSQL. The activity log says who made and released one, and not of whom. */
export function createHoldStore(pool: pg.Pool, box: SecretBox, record: RecordChange = RECORD_NOTHING): HoldStore {
  return {
    list: (accountId) => readHolds(pool, { accountId, id: null }),
    create: (given) => inTransaction(pool, (client) => createHold(client, { given, box, record })),
    release: (key) => inTransaction(pool, (client) => releaseHold(client, { key, record })),
  };
}

export function legalHoldContext(id: string): string {
  return `legal_hold:${id}`;
}

type Db = Pick<pg.ClientBase, 'query'>;

interface HoldRow {
  id: string;
  kind: LegalHold['kind'];
  note: string;
  created_by: Actor;
  created_at: Date;
  leads: number;
}

/** Along the primary key and held_leads_by_hold. */
async function readHolds(db: Db, { accountId, id }: { accountId: string; id: string | null }): Promise<LegalHold[]> {
  const { rows } = await db.query<HoldRow>(
    `select h.id, h.kind, h.note, h.created_by, h.created_at,
            (select count(*)::int from held_leads l where l.account_id = h.account_id and l.hold_id = h.id) as leads
       from legal_holds h where h.account_id = $1 and ($2::text is null or h.id = $2) order by h.id`,
    [accountId, id],
  );
  return rows.map((row) => ({
    ...{ id: row.id, kind: row.kind, note: row.note, leads: row.leads },
    ...{ createdBy: row.created_by, createdAt: row.created_at.getTime() },
  }));
}

async function createHold(
  client: pg.ClientBase,
  { given, box, record }: { given: Parameters<HoldStore['create']>[0]; box: SecretBox; record: RecordChange },
): Promise<LegalHold | null> {
  const { accountId, id, subject, note, createdBy, now } = given;
  const { person, leadIds } = subject;
  await lockAccount(client, accountId);
  const known = await readHolds(client, { accountId, id: null });
  if (known.length >= HOLDS_MAX) return null;
  await client.query(
    `insert into legal_holds (account_id, id, kind, sealed_subject, note, created_by, created_at, searched_below)
     values ($1, $2, $3, $4, $5, $6, $7, '')`,
    [
      ...[accountId, id, person?.kind ?? 'leads'],
      ...[person && box.seal(JSON.stringify(person), legalHoldContext(id)), note],
      ...[JSON.stringify(createdBy), new Date(now)],
    ],
  );
  await holdLeads(client, { accountId, holdId: id, leadIds });
  const [hold] = await readHolds(client, { accountId, id });
  assert(hold, 'a hold that was just written is there');
  await record(client, accountId, describeChange('create', { before: null, after: hold }));
  return hold;
}

async function holdLeads(
  client: pg.ClientBase,
  { accountId, holdId, leadIds }: { accountId: string; holdId: string; leadIds: readonly string[] },
): Promise<void> {
  await client.query(
    `insert into held_leads (account_id, lead_id, hold_id)
     select $1, k.lead_id, $2 from unnest($3::text[]) as k(lead_id) on conflict do nothing`,
    [accountId, holdId, leadIds],
  );
}

/** Reasons of the leads are looked at again: they were passed over. */
async function releaseHold(
  client: pg.ClientBase,
  { key, record }: { key: { accountId: string; id: string }; record: RecordChange },
): Promise<LegalHold | null> {
  const { accountId, id } = key;
  await lockAccount(client, accountId);
  const [hold] = await readHolds(client, key);
  if (!hold) return null;
  await client.query(
    `update accounts set reasons_stripped_below = least(reasons_stripped_below, coalesce(
        (select min(h.lead_id) from held_leads h where h.account_id = $1 and h.hold_id = $2), reasons_stripped_below))
      where id = $1`,
    [accountId, id],
  );
  await client.query('delete from held_leads where account_id = $1 and hold_id = $2', [accountId, id]);
  await client.query('delete from legal_holds where account_id = $1 and id = $2', [accountId, id]);
  await record(client, accountId, describeChange('delete', { before: hold, after: null }));
  return hold;
}

/** Without the note, which may name the person. */
function describeChange(
  action: 'create' | 'delete',
  { before, after }: { before: LegalHold | null; after: LegalHold | null },
): Change {
  const sideOf = (hold: LegalHold | null) => hold && { document: { id: hold.id, kind: hold.kind, leads: hold.leads } };
  const subject = { id: (after ?? before)?.id ?? '', name: null };
  return { kind: 'legal_hold', action, subject, before: sideOf(before), after: sideOf(after) };
}

interface PersonHoldRow {
  account_id: string;
  id: string;
  sealed_subject: Buffer;
  searched_below: string;
}

/** Persons under a hold of the account. */
export async function listHeldPersons(pool: pg.Pool, box: SecretBox, accountId: string): Promise<Person[]> {
  const { rows } = await pool.query<PersonHoldRow>(
    `select account_id, id, sealed_subject, searched_below from legal_holds
      where account_id = $1 and sealed_subject is not null`,
    [accountId],
  );
  return rows.map((row) => openPerson(box, row));
}

/** Every person of a hold, of all accounts: before a night deletes, it knows which leads are theirs. */
export async function searchAllHolds(pool: pg.Pool, box: SecretBox, now: number): Promise<number> {
  // Of all accounts.
  const { rows } = await pool.query<{ account_id: string; id: string }>(
    'select account_id, id from legal_holds where sealed_subject is not null order by account_id, id',
  );
  let found = 0;
  for (const { account_id: accountId, id } of rows) {
    let after: string | null = null;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const looked: HoldPage | null = await searchHold(pool, { key: { accountId, id }, box, after, now });
      if (looked === null) break;
      after = looked.after;
      found += looked.found;
    }
  }
  return found;
}

/** Pages of one hold: 100 million leads. */
const PAGES_MAX = 1_000_000;

/** A lead under way is stored under the id of its beginning; the next search looks at the last hour again. */
const LATE_MS = 3_600_000;

/** Looks through the next page of leads; the row of the hold says which ones no search need see again. */
export async function searchHold(
  pool: pg.Pool,
  given: { key: { accountId: string; id: string }; box: SecretBox; after: string | null; now: number },
): Promise<HoldPage | null> {
  const { box, now } = given;
  const { accountId, id } = given.key;
  const { rows } = await pool.query<PersonHoldRow>(
    `select account_id, id, sealed_subject, searched_below from legal_holds
      where account_id = $1 and id = $2 and sealed_subject is not null`,
    [accountId, id],
  );
  const [row] = rows;
  if (!row) return null;
  const range = { after: given.after ?? row.searched_below, below: firstIdAt(now + 1_000) };
  const page = await readStoredLeads(pool, { accountId, ...range, leadIds: [] });
  const after = page.at(-1)?.leadId;
  if (after === undefined) return null;
  const finder = createPersonFinder(openPerson(box, row));
  const found = page.filter(({ parts }) => finder.isIn(joinTexts(parts))).map(({ leadId }) => leadId);
  await inTransaction(pool, async (client) => {
    await holdLeads(client, { accountId, holdId: id, leadIds: found });
    await client.query(
      `update legal_holds set searched_below = greatest(searched_below, least($3, $4))
        where account_id = $1 and id = $2`,
      [accountId, id, after, firstIdAt(now - LATE_MS)],
    );
  });
  return { looked: page.length, found: found.length, after };
}

function openPerson(box: SecretBox, { id, sealed_subject: sealed }: PersonHoldRow): Person {
  const text = box.open(sealed, legalHoldContext(id));
  assert(text !== null, `the person of the legal hold ${id} was sealed with this key`);
  return JSON.parse(text) as Person; // written above alone
}
