import type pg from 'pg';
import type { EventRecord } from '../../events/event-store.ts';
import { computeIdRange, type IdRange } from '../../events/id-range.ts';
import { instantOfId } from '../../lib/ids.ts';
import type { FoundLeads, ScanKey, ScannedEntry, ScannedLead, ScanStore } from '../../reports/scan-store.ts';
import type { CountedPing } from '../../statistics/sum-lead.ts';
import { parsePingFacts } from '../../stored/ping-facts.ts';
import { EVENT_COLUMNS, type EventRow, eventOf } from './events.ts';
import { inOneView } from './in-transaction.ts';
import { readLeads } from './leads.ts';

/** A rare filter may read the whole range; past this it gives up, and the caller has to ask for less time. */
const READ_MS_MAX = 15_000;

export function createScanStore(pool: pg.Pool): ScanStore {
  const reading = <T>(work: (client: pg.ClientBase) => Promise<T>) => inOneView(pool, { msMax: READ_MS_MAX }, work);
  return {
    findLeads: (key) => reading((client) => findLeads(client, key)),
    readLeads: (key) => reading((client) => readScannedLeads(client, key)),
    countStops: (key) => reading((client) => countStops(client, key)),
    listPings: (key) => reading((client) => listPings(client, key)),
  };
}

/** An id holds whole seconds; so do the ends of the frame, the last of which is excluded. */
function rangeOf({ frame }: ScanKey): IdRange {
  return computeIdRange(frame.startsAt, frame.endsAt - 1000);
}

/** Along events_by_id of each partition, merged; a lead is not younger than its events, so later days are left out. */
async function findLeads(client: pg.ClientBase, key: ScanKey & { eventsMax: number }): Promise<FoundLeads> {
  const { accountId, filter, eventsMax } = key;
  const { after, before } = rangeOf(key);
  const { rows } = await client.query<{ id: string; lead_id: string }>(
    `select e.id, e.lead_id
       from events e
      where e.account_id = $1 and e.id > $2 and e.id < $3 and e.lead_id < $3
        and ($4::text[] is null or e.flow_id = any($4))
        and ($5::text[] is null or e.source_id = any($5))
        and ($6::text[] is null or e.recipient_id = any($6))
      order by e.id limit $7`,
    [accountId, after, before, filter.flowIds, filter.sourceIds, filter.recipientIds, eventsMax + 1],
  );
  const stoppedAt = rows.length > eventsMax ? instantOfId(rows.at(-1)?.id ?? '') : null;
  const corrected = await listCorrectedLeads(client, key);
  const leadIds = [...new Set([...rows.map((row) => row.lead_id), ...corrected])].sort();
  return { leadIds, events: rows.length, stoppedAt };
}

/** The clock of the database and that of the process that makes the id may differ. */
const CLOCKS_MS = 3_600_000;

/** Along money_entries_by_time. */
async function listCorrectedLeads(client: pg.ClientBase, key: ScanKey): Promise<string[]> {
  const { accountId, frame, filter } = key;
  const { after, before } = rangeOf(key);
  const { rows } = await client.query<{ lead_id: string }>(
    `select distinct m.lead_id
       from money_entries m
      where m.account_id = $1 and m.created_at >= $2 and m.created_at < $3 and m.id > $4 and m.id < $5
        and ($6::text[] is null or m.flow_id = any($6))
        and ($7::text[] is null or m.source_id = any($7))`,
    [
      ...[accountId, new Date(frame.startsAt - CLOCKS_MS), new Date(frame.endsAt + CLOCKS_MS), after, before],
      ...[filter.flowIds, filter.sourceIds],
    ],
  );
  return rows.map((row) => row.lead_id);
}

/** By the primary keys. */
async function readScannedLeads(
  client: pg.ClientBase,
  { accountId, leadIds, withRecords }: { accountId: string; leadIds: readonly string[]; withRecords: boolean },
): Promise<ScannedLead[]> {
  const values = [accountId, leadIds, leadIds[0], leadIds.at(-1)];
  const leads = await client.query<LeadRow>(
    `select id, flow_id, source_id, outcome, reason from leads
      where account_id = $1 and id = any($2) and id between $3 and $4`,
    values,
  );
  const events = await client.query<EventRow>(
    `select ${EVENT_COLUMNS} from events e
      where e.account_id = $1 and e.lead_id = any($2) and e.lead_id between $3 and $4
      order by e.lead_id, e.seq`,
    values,
  );
  const entries = await client.query<EntryRow>(
    `select lead_id, id, kind, amount, recipient_id, event_id from money_entries
      where account_id = $1 and lead_id = any($2) order by id`,
    values.slice(0, 2),
  );
  const records = withRecords ? await readLeads(client, { accountId, leadIds }) : null;
  const eventsOf = new Map<string, EventRecord[]>();
  for (const row of events.rows) eventsOf.set(row.lead_id, [...(eventsOf.get(row.lead_id) ?? []), eventOf(row)]);
  return leads.rows.map((row) => ({
    leadId: row.id,
    flowId: row.flow_id,
    sourceId: row.source_id,
    outcome: row.outcome,
    reason: row.reason,
    events: eventsOf.get(row.id) ?? [],
    entries: entries.rows.filter(({ lead_id }) => lead_id === row.id).map(entryOf),
    record: records?.get(row.id) ?? null,
  }));
}

interface LeadRow {
  id: string;
  flow_id: string;
  source_id: string;
  outcome: string;
  reason: string | null;
}

interface EntryRow {
  lead_id: string;
  id: string;
  kind: 'cost' | 'revenue';
  amount: string;
  recipient_id: string;
  event_id: string;
}

function entryOf({ id, kind, amount, recipient_id, event_id }: EntryRow): ScannedEntry {
  return { id, kind, amount: Number(amount), recipientId: recipient_id, eventId: event_id };
}

/** Along the primary key. */
async function listPings(client: pg.ClientBase, key: ScanKey & { pingsMax: number }): Promise<CountedPing[]> {
  const { accountId, filter, pingsMax } = key;
  const { after, before } = rangeOf(key);
  const { rows } = await client.query<PingRow>(
    `select id, flow_id, source_id, outcome, reason, price, facts
       from pings
      where account_id = $1 and id > $2 and id < $3
        and ($4::text[] is null or flow_id = any($4))
        and ($5::text[] is null or source_id = any($5))
      order by id limit $6`,
    [accountId, after, before, filter.flowIds, filter.sourceIds, pingsMax + 1],
  );
  return rows.map(({ id, flow_id, source_id, outcome, reason, price, facts }) => ({
    ...{ id, flowId: flow_id, sourceId: source_id, outcome, reason, price: Number(price) },
    distributions: parsePingFacts(facts).distributions,
  }));
}

/** Along events_by_id, up to the bound. */
async function countStops(
  client: pg.ClientBase,
  key: ScanKey & { leadsMax: number },
): Promise<Map<string, number> | null> {
  const { accountId, filter, leadsMax } = key;
  const { after, before } = rangeOf(key);
  const { rows } = await client.query<{ phase: string; leads: number }>(
    `select coalesce(s.facts ->> 'stopped_in', '') as phase, count(*)::int as leads
       from (select e.facts from events e
              where e.account_id = $1 and e.id > $2 and e.id < $3 and e.lead_id < $3 and e.type = 'source'
                and ($4::text[] is null or e.flow_id = any($4))
              limit $5) s
      group by 1`,
    [accountId, after, before, filter.flowIds, leadsMax + 1],
  );
  const leads = rows.reduce((sum, row) => sum + row.leads, 0);
  return leads > leadsMax ? null : new Map(rows.map((row) => [row.phase, row.leads]));
}

interface PingRow {
  id: string;
  flow_id: string;
  source_id: string;
  outcome: string;
  reason: string | null;
  price: string;
  facts: unknown;
}
