import type pg from 'pg';
import { createReasonStripper, listTexts } from '../../keeping/strip-reason.ts';
import { isPlainObject } from '../../variables/rich-value.ts';

/** Leads of one account, without those that a legal hold has. */
export interface LeadsToForget {
  accountId: string;
  leadIds: readonly string[];
}

/**
 * Takes the values of leads out of the texts that outlive them: reasons of the lead, of its events, retries, unknown deliveries
 * and feedback, and notes. Before the leads' documents go, which say what the values are. Along the primary keys and the
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
  const changed = leads.flatMap(({ id, reason }) => {
    const stripped = reason === null ? reason : strip(id, reason);
    return stripped === reason ? [] : [{ id, reason: stripped }];
  });
  await client.query(
    `update leads l set reason = k.reason from unnest($2::text[], $5::text[]) as k(id, reason)
      where l.account_id = $1 and l.id = k.id and l.id between $3 and $4`,
    [accountId, changed.map(({ id }) => id), first, last, changed.map(({ reason }) => reason)],
  );
  await stripEvents(client, { keys, strip });
  for (const statement of FREE_TEXTS) await client.query(statement, [accountId, ids]);
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
  { keys, strip }: { keys: unknown[]; strip(leadId: string, text: string): string },
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

/** Deletes the personal part. Returns how many rows went. */
export async function deletePersonalPart(
  client: pg.ClientBase,
  { accountId, leadIds }: LeadsToForget,
): Promise<number> {
  const ids = [...leadIds].sort();
  if (ids.length === 0) return 0;
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
