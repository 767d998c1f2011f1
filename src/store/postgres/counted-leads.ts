import type pg from 'pg';
import { listFields } from '../../statistics/list-fields.ts';
import type { LaterLead } from '../../statistics/stored-digest.ts';
import { type CountedEvent, type CountedLead, sumEntry, sumLead, sumPing } from '../../statistics/sum-lead.ts';
import type { Tallies } from '../../statistics/tallies.ts';
import { parseEventFacts } from '../../stored/event-facts.ts';
import { parsePingFacts } from '../../stored/ping-facts.ts';

/** The words that a lead from before digests is found by, from the lead as it is stored; '' for none. */
export type WordsOf = (lead: {
  accountId: string;
  leadId: string;
  values: Readonly<Record<string, unknown>>;
}) => string;

/** Of a lead: everything, or events and entries that are named. */
export type LeadToCount = Pick<LaterLead, 'leadId' | 'from' | 'to'> & { entryIds: readonly string[] | 'all' };

/** Adds leads as they stand in the database: what of each is named. Leads that are gone add nothing. Returns words by lead. */
export async function sumStoredLeads(
  client: pg.ClientBase,
  given: { accountId: string; leads: readonly LeadToCount[]; tallies: Tallies; wordsOf?: WordsOf | undefined },
): Promise<[leadId: string, words: string][]> {
  const { accountId, leads, tallies, wordsOf } = given;
  if (leads.length === 0) return [];
  const { ids, range } = keysOf(leads);
  const found = await readLeads(client, { accountId, ids, range });
  const values = await readValues(client, { accountId, range, ids: startingIds(leads) });
  const entries = await readEntries(client, { accountId, ids });
  for (const { leadId, from, to, entryIds } of leads) {
    const known = found.get(leadId);
    if (!known) continue;
    const lead = { ...known, fields: from === 0 ? listFields(values.get(leadId) ?? {}) : [] };
    if (to >= from) sumLead(tallies, lead, { from, to });
    for (const entry of entries.get(leadId) ?? []) {
      if (entryIds === 'all' || entryIds.includes(entry.id)) sumEntry(tallies, lead, entry);
    }
  }
  if (!wordsOf) return [];
  return [...values].flatMap(([leadId, stored]) => {
    const words = found.has(leadId) ? wordsOf({ accountId, leadId, values: stored }) : '';
    return words === '' ? [] : [[leadId, words]];
  });
}

/** Each id once, and the first and the last one: partitions outside of them are not looked at. */
function keysOf(leads: readonly LeadToCount[]): { ids: string[]; range: [string, string] } {
  const ids = [...new Set(leads.map(({ leadId }) => leadId))].toSorted();
  return { ids, range: [ids[0] ?? '', ids.at(-1) ?? ''] };
}

function startingIds(leads: readonly LeadToCount[]): string[] {
  return leads.filter(({ from }) => from === 0).map(({ leadId }) => leadId);
}

interface Keys {
  accountId: string;
  ids: readonly string[];
  range: [string, string];
}

/** Along the primary keys. */
async function readLeads(client: pg.ClientBase, { accountId, ids, range }: Keys): Promise<Map<string, CountedLead>> {
  const leads = await client.query<LeadRow>(
    `select id, flow_id, source_id, outcome, reason from leads
      where account_id = $1 and id = any($2) and id >= $3 and id <= $4`,
    [accountId, ids, ...range],
  );
  const events = await client.query<EventRow>(
    `select lead_id, seq, id, type, outcome, reason, step_id, recipient_id, facts from events
      where account_id = $1 and lead_id = any($2) and lead_id >= $3 and lead_id <= $4
      order by lead_id, seq`,
    [accountId, ids, ...range],
  );
  const byLead = groupByLead(events.rows, (row) => row.lead_id);
  return new Map(
    leads.rows.map((row) => [
      row.id,
      {
        ...{ leadId: row.id, flowId: row.flow_id, sourceId: row.source_id, outcome: row.outcome, reason: row.reason },
        ...{ events: (byLead.get(row.id) ?? []).map(countedEventOf), fields: [] },
      },
    ]),
  );
}

function countedEventOf(row: EventRow): CountedEvent {
  const { id, seq, type, outcome, reason, step_id: stepId, recipient_id: recipientId } = row;
  return { id, seq, type, outcome, reason, stepId, recipientId, facts: parseEventFacts(row.facts) };
}

/**
 * The values of leads, as they are stored. Along the primary key. Documents of earlier versions may have NUL escapes, which
 * no text of the database can hold: their fields are not counted.
 */
async function readValues(
  client: pg.ClientBase,
  { accountId, ids, range }: Keys,
): Promise<Map<string, Record<string, unknown>>> {
  if (ids.length === 0) return new Map();
  const { rows } = await client.query<{ lead_id: string; lead: Record<string, unknown> | null }>(
    `select lead_id, case when strpos(document::text, '\\u0000') = 0 then document #> '{vars,lead}' end as lead
       from lead_data
      where account_id = $1 and lead_id = any($2) and lead_id >= $3 and lead_id <= $4 and part = 0`,
    [accountId, ids, ...range],
  );
  return new Map(rows.flatMap(({ lead_id: leadId, lead }) => (lead ? [[leadId, lead]] : [])));
}

/** Along the primary key. */
async function readEntries(
  client: pg.ClientBase,
  { accountId, ids }: Omit<Keys, 'range'>,
): Promise<Map<string, { id: string; kind: 'cost' | 'revenue'; amount: number; recipientId: string }[]>> {
  const { rows } = await client.query<EntryRow>(
    'select lead_id, id, kind, amount, recipient_id from money_entries where account_id = $1 and lead_id = any($2) order by id',
    [accountId, ids],
  );
  const entries = rows.map(({ lead_id: leadId, id, kind, amount, recipient_id: recipientId }) => ({
    ...{ leadId, id, amount: Number(amount), recipientId },
    kind: kind === 'cost' ? ('cost' as const) : ('revenue' as const),
  }));
  return groupByLead(entries, ({ leadId }) => leadId);
}

function groupByLead<Row>(rows: readonly Row[], leadIdOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(leadIdOf(row));
    if (group) group.push(row);
    else groups.set(leadIdOf(row), [row]);
  }
  return groups;
}

/** Adds pings as they stand in the database. Along the primary key. */
export async function sumStoredPings(
  client: pg.ClientBase,
  { accountId, pingIds, tallies }: { accountId: string; pingIds: readonly string[]; tallies: Tallies },
): Promise<void> {
  if (pingIds.length === 0) return;
  const sorted = pingIds.toSorted();
  const { rows } = await client.query<PingRow>(
    `select id, flow_id, source_id, outcome, reason, price, facts from pings
      where account_id = $1 and id = any($2) and id >= $3 and id <= $4`,
    [accountId, pingIds, sorted[0], sorted.at(-1)],
  );
  for (const { id, flow_id: flowId, source_id: sourceId, outcome, reason, price, facts } of rows) {
    const { distributions } = parsePingFacts(facts);
    sumPing(tallies, { id, flowId, sourceId, outcome, reason, price: Number(price), distributions });
  }
}

interface LeadRow {
  id: string;
  flow_id: string;
  source_id: string;
  outcome: string;
  reason: string | null;
}

interface EventRow {
  lead_id: string;
  seq: number;
  id: string;
  type: string;
  outcome: string;
  reason: string | null;
  step_id: string | null;
  recipient_id: string | null;
  facts: unknown;
}

interface EntryRow {
  lead_id: string;
  id: string;
  kind: string;
  amount: string;
  recipient_id: string;
}

interface PingRow extends LeadRow {
  price: string;
  facts: unknown;
}
