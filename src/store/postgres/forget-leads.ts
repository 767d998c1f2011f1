import type pg from 'pg';
import { createReasonStripper, listTexts } from '../../keeping/strip-reason.ts';
import { parseWords, writeWords } from '../../statistics/stored-digest.ts';
import { isPlainObject } from '../../variables/rich-value.ts';
import { type ChangedClasses, forgetClasses, holdFold, noteChange } from './forget-classes.ts';

/** Leads of one account, without those that a legal hold has. */
export interface LeadsToForget {
  accountId: string;
  leadIds: readonly string[];
}

/**
 * Takes the values of leads out of the texts that outlive them: reasons of the lead, of its events, retries, unknown deliveries
 * and feedback, notes, and the classes that the reasons are counted by. Before the leads' documents go, which say what the values are. Along the primary keys and the
 * indexes by lead.
 */
export async function stripReasons(
  client: pg.ClientBase,
  { accountId, leadIds, remove = (text) => text }: LeadsToForget & { remove?(text: string): string },
): Promise<void> {
  const ids = [...leadIds].sort();
  const [first, last] = [ids[0], ids.at(-1)];
  if (first === undefined) return;
  const keys = [accountId, ids, first, last];
  const { rows: leads } = await client.query<{ id: string; reason: string | null; vars: unknown; steps: unknown }>(
    `select l.id, l.reason, d.document -> 'vars' -> 'lead' as vars, d.document -> 'steps' as steps
       from leads l
       left join lead_data d on d.account_id = l.account_id and d.lead_id = l.id and d.part = 0
        and d.lead_id between $3 and $4
      where l.account_id = $1 and l.id = any($2) and l.id between $3 and $4 order by l.id for update of l`,
    keys,
  );
  const strippers = new Map(leads.map((lead) => [lead.id, createReasonStripper(listValues(lead))]));
  const strip = (leadId: string, text: string) => remove((strippers.get(leadId) ?? createReasonStripper([]))(text));
  const classes: ChangedClasses = new Map();
  const changed = leads.flatMap(({ id, reason }) => {
    const stripped = reason === null ? reason : strip(id, reason);
    noteChange(classes, { before: reason, after: stripped });
    return stripped === reason ? [] : [{ id, reason: stripped }];
  });
  await client.query(
    `update leads l set reason = k.reason from unnest($2::text[], $5::text[]) as k(id, reason)
      where l.account_id = $1 and l.id = k.id and l.id between $3 and $4`,
    [accountId, changed.map(({ id }) => id), first, last, changed.map(({ reason }) => reason)],
  );
  await stripEvents(client, { keys, strip, classes });
  for (const statement of FREE_TEXTS) await client.query(statement, [accountId, ids]);
  await forgetClasses(client, { accountId, classes });
}

/** What the lead was submitted with and what steps appended. */
function listValues({ vars, steps }: { vars: unknown; steps: unknown }): string[] {
  const appended = isPlainObject(steps)
    ? Object.values(steps).flatMap((step) => (isPlainObject(step) ? listTexts(step['appended']) : []))
    : [];
  return [...listTexts(vars), ...appended];
}

async function stripEvents(
  client: pg.ClientBase,
  { keys, strip, classes }: { keys: unknown[]; strip(leadId: string, text: string): string; classes: ChangedClasses },
): Promise<void> {
  const { rows } = await client.query<{ lead_id: string; seq: number; reason: string | null; facts: unknown }>(
    `select lead_id, seq, reason, facts from events
      where account_id = $1 and lead_id = any($2) and lead_id between $3 and $4`,
    keys,
  );
  const changed = rows.flatMap(({ lead_id: leadId, seq, reason, facts }) => {
    const after = {
      reason: reason === null ? null : strip(leadId, reason),
      facts: JSON.stringify(stripFacts(facts, (text) => strip(leadId, text))),
    };
    noteChange(classes, { before: reason, after: after.reason });
    return after.reason === reason && after.facts === JSON.stringify(facts) ? [] : [{ leadId, seq, ...after }];
  });
  const [accountId, , first, last] = keys;
  await client.query(
    `update events e set reason = k.reason, facts = k.facts::json
       from unnest($2::text[], $5::int2[], $6::text[], $7::text[]) as k(lead_id, seq, reason, facts)
      where e.account_id = $1 and e.lead_id = k.lead_id and e.seq = k.seq and e.lead_id between $3 and $4`,
    [
      ...[accountId, changed.map(({ leadId }) => leadId), first, last, changed.map(({ seq }) => seq)],
      ...[changed.map(({ reason }) => reason), changed.map(({ facts }) => facts)],
    ],
  );
}

/** Members of the facts of an event that hold sentences; all others are ids, figures and names of our own. */
const SENTENCES: ReadonlySet<string> = new Set(['warnings', 'fault', 'not_retried']);

function stripFacts(facts: unknown, strip: (text: string) => string, isSentence = false): unknown {
  if (typeof facts === 'string') return isSentence ? strip(facts) : facts;
  if (Array.isArray(facts)) return facts.map((each) => stripFacts(each, strip, isSentence));
  if (!isPlainObject(facts)) return facts;
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, stripFacts(value, strip, SENTENCES.has(name))]),
  );
}

/** What people and recipients wrote about a lead goes as a whole. Along retries_by_lead, unknowns_by_lead and feedback_by_lead. */
const FREE_TEXTS = [
  'update retries set last_reason = null where account_id = $1 and lead_id = any($2) and last_reason is not null',
  `update unknowns set reason = null, note = null
    where account_id = $1 and lead_id = any($2) and (reason is not null or note is not null)`,
  `update feedback set reason = null, outcome_reason = null, note = null
    where account_id = $1 and lead_id = any($2)
      and (reason is not null or outcome_reason is not null or note is not null)`,
];

/** Tables that hold the personal part of leads alone, by `lead_id`. */
export const PERSONAL_TABLES = ['lead_data', 'lead_search'] as const;

/**
 * Keeps words of the leads from being added to the search behind our back: what a fold that runs adds is deleted below, one that
 * began before begins again. And words of the leads that still wait are taken out of `digests`, whose other parts stay to be
 * counted.
 */
async function holdWords(client: pg.ClientBase, { accountId, leadIds }: LeadsToForget): Promise<void> {
  await holdFold(client, accountId);
  let after: [since: string, id: string] = ['', ''];
  for (let page = 0; page < WAITING_PAGES_MAX; page += 1) {
    const { rows } = await client.query<WaitingWords>(WAITING_WORDS, [accountId, ...after, leadIds]);
    for (const row of rows) await dropWords(client, { accountId, leadIds, row });
    const last = rows.at(-1);
    if (!last || rows.length < WAITING_PAGE_ROWS) return;
    after = [last.since, last.id];
  }
}

interface WaitingWords {
  since: string;
  id: string;
  words: string;
}

/** Rows of one read, and reads: more wait only where counting has stood still for days. */
const WAITING_PAGE_ROWS = 500;
const WAITING_PAGES_MAX = 100_000;

/** Along the primary key. Erasure waits until its leads are counted, and retention comes days later: mostly there are none. */
const WAITING_WORDS = `
  select d.since, d.id, d.words from digests d
   where d.account_id = $1 and (d.since, d.id) > ($2, $3) and d.words is not null
     and exists (select from unnest($4::text[]) as k(id) where strpos(d.words, k.id) > 0)
   order by d.since, d.id limit ${WAITING_PAGE_ROWS}`;

async function dropWords(
  client: pg.ClientBase,
  { accountId, leadIds, row }: LeadsToForget & { row: WaitingWords },
): Promise<void> {
  const left = parseWords(row.words).filter(([leadId]) => !leadIds.includes(leadId));
  await client.query('update digests set words = $4 where account_id = $1 and since = $2 and id = $3', [
    ...[accountId, row.since, row.id, left.length > 0 ? writeWords(left) : null],
  ]);
}

/** Deletes the personal part. Returns how many rows went. */
export async function deletePersonalPart(
  client: pg.ClientBase,
  { accountId, leadIds }: LeadsToForget,
): Promise<number> {
  const ids = [...leadIds].sort();
  if (ids.length === 0) return 0;
  await holdWords(client, { accountId, leadIds: ids });
  let deleted = 0;
  for (const table of PERSONAL_TABLES) {
    const { rowCount } = await client.query(
      `delete from ${table} where account_id = $1 and lead_id = any($2) and lead_id between $3 and $4`,
      [accountId, ids, ids[0], ids.at(-1)],
    );
    deleted += rowCount ?? 0;
  }
  return deleted;
}
