import type pg from 'pg';
import {
  type EventFilter,
  type EventOfLead,
  type EventRecord,
  type EventStore,
  FEEDBACK_EVENTS_MAX,
  type PageRequest,
} from '../../events/event-store.ts';
import { computeIdRange, NO_BEFORE } from '../../events/id-range.ts';
import { assert } from '../../lib/assert.ts';
import { firstIdAt, instantOfId } from '../../lib/ids.ts';
import { EVENT_TYPES } from '../../model/event.ts';
import { parseEventFacts } from '../../stored/event-facts.ts';
import { inTransaction } from './in-transaction.ts';
import { ORDER, pageOfLeads, readLeads } from './leads.ts';

/** A rare filter may read the whole range; past this it gives up, and the caller has to narrow it. */
const READ_MS_MAX = 15_000;

export function createEventStore(pool: pg.Pool): EventStore {
  const reading = <T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> =>
    inTransaction(pool, async (client) => {
      // One view for all queries of an answer: an event is never seen without its lead.
      await client.query(`set transaction isolation level repeatable read, read only`);
      await client.query(`set local statement_timeout = ${READ_MS_MAX}`);
      return work(client);
    });
  return {
    pageOfEvents: (request) => reading((client) => pageOfEvents(client, request)),
    findEvent: (key) => reading((client) => findEvent(client, key)),
    pageOfLeads: (request) => reading((client) => pageOfLeads(client, request)),
    findLead: (key) => reading((client) => findLead(client, key)),
    findDeliveries: (key) => reading((client) => findDeliveries(client, key)),
  };
}

export interface EventRow {
  id: string;
  lead_id: string;
  seq: number;
  type: string;
  outcome: string;
  reason: string | null;
  step_id: string | null;
  recipient_id: string | null;
  facts: unknown;
}

export const EVENT_COLUMNS = 'e.id, e.lead_id, e.seq, e.type, e.outcome, e.reason, e.step_id, e.recipient_id, e.facts';

/** Along events_by_id of each partition, merged; a lead is not younger than its events, so later days are left out. */
async function pageOfEvents(client: pg.ClientBase, request: PageRequest<EventFilter>): Promise<EventOfLead[]> {
  const { accountId, range, filter, sort, limit } = request;
  const { rows } = await client.query<EventRow>(
    `select ${EVENT_COLUMNS}
       from events e
      where e.account_id = $1 and e.id > $2 and e.id < $3 and e.lead_id < $4
        and ($5::text[] is null or e.type = any($5))
        and ($6::text[] is null or e.outcome = any($6))
        and ($7::text[] is null or e.lead_id = any($7))
        and ($8::text[] is null or e.flow_id = any($8))
        and ($9::text[] is null or e.source_id = any($9))
        and ($10::text[] is null or e.recipient_id = any($10))
        ${sort === 'asc' ? BEFORE_RUNNING : ''}
      order by e.id ${ORDER[sort]} limit $11`,
    [
      accountId,
      range.after,
      range.before,
      leadIdsBelow(range.before),
      filter.types,
      filter.outcomes,
      filter.leadIds,
      filter.flowIds,
      filter.sourceIds,
      filter.recipientIds,
      limit,
    ],
  );
  return withLeads(client, { accountId, rows });
}

/**
 * By the primary key of `runs`, whose first row of the account is the oldest lead that may have sent something. The ids
 * of its events are of no earlier second than its own; within that second either may be the smaller one.
 */
const BEFORE_RUNNING = `and e.id < coalesce((select left(min(r.lead_id), 8) from runs r where r.account_id = $1), '${NO_BEFORE}')`;

/** Above the ids of all leads that an event with a smaller id than `before` can belong to; to the second. */
function leadIdsBelow(before: string): string {
  return before === NO_BEFORE ? NO_BEFORE : computeIdRange(null, instantOfId(before)).before;
}

/** Most events are as old as their lead, so the days around the id are asked first and all before them only then. */
export async function findEvent(
  client: pg.ClientBase,
  key: { accountId: string; eventId: string },
): Promise<EventOfLead | null> {
  const { accountId, eventId } = key;
  const below = leadIdsBelow(eventId);
  const recent = firstIdAt(instantOfId(eventId) - RECENT_MS);
  const row =
    (await findRow(client, { accountId, eventId, from: recent, below })) ??
    (await findRow(client, { accountId, eventId, from: '', below: recent }));
  const [found] = await withLeads(client, { accountId, rows: row ? [row] : [] });
  return found ?? null;
}

const RECENT_MS = 86_400_000;

/** By events_by_id of the partitions between the two lead ids. */
async function findRow(
  client: pg.ClientBase,
  key: { accountId: string; eventId: string; from: string; below: string },
): Promise<EventRow | undefined> {
  const { rows } = await client.query<EventRow>(
    `select ${EVENT_COLUMNS}
       from events e
      where e.account_id = $1 and e.id = $2 and e.lead_id >= $3 and e.lead_id < $4`,
    [key.accountId, key.eventId, key.from, key.below],
  );
  return rows[0];
}

/**
 * For all accounts: who sends feedback has none, and knows the id of an event alone. By events_by_id for each account, in the
 * partitions that can have it.
 */
export async function findEventPlace(
  pool: pg.Pool,
  eventId: string,
): Promise<{ accountId: string; leadId: string } | null> {
  const below = leadIdsBelow(eventId);
  const recent = firstIdAt(instantOfId(eventId) - RECENT_MS);
  for (const [from, to] of [
    [recent, below],
    ['', recent],
  ]) {
    const { rows } = await pool.query<{ accountId: string; leadId: string }>(
      `select e.account_id as "accountId", e.lead_id as "leadId"
         from accounts a, lateral (
           select account_id, lead_id from events
            where account_id = a.id and id = $1 and lead_id >= $2 and lead_id < $3 limit 1) e
        limit 1`,
      [eventId, from, to],
    );
    if (rows[0]) return rows[0];
  }
  return null;
}

/** By the primary keys of both tables. */
async function findLead(
  client: pg.ClientBase,
  key: Parameters<EventStore['findLead']>[0],
): ReturnType<EventStore['findLead']> {
  const { accountId, leadId, feedbackId = null } = key;
  const { rows } = await client.query<EventRow>(
    `select ${EVENT_COLUMNS} from events e
      where e.account_id = $1 and e.lead_id = $2
        and (e.type not in ('feedback-received', 'feedback-sent')
          or e.facts ->> 'feedback_id' = $3
          or $3 is null and e.seq >= coalesce(
            (select f.seq from events f
              where f.account_id = $1 and f.lead_id = $2 and f.type in ('feedback-received', 'feedback-sent')
              order by f.seq desc offset $4 limit 1), 0))
      order by e.seq`,
    [accountId, leadId, feedbackId, FEEDBACK_EVENTS_MAX - 1],
  );
  const parts = rows.map(({ seq }) => seq);
  const lead = (await readLeads(client, { accountId, leadIds: [leadId], parts })).get(leadId);
  return lead ? { lead, events: rows.map(eventOf) } : null;
}

/** The same without events of feedback. */
async function findDeliveries(
  client: pg.ClientBase,
  key: { accountId: string; leadId: string },
): ReturnType<EventStore['findDeliveries']> {
  const { accountId, leadId } = key;
  const { rows } = await client.query<EventRow>(
    `select ${EVENT_COLUMNS} from events e
      where e.account_id = $1 and e.lead_id = $2 and e.type not in ('feedback-received', 'feedback-sent') order by e.seq`,
    [accountId, leadId],
  );
  const parts = rows.map(({ seq }) => seq);
  const lead = (await readLeads(client, { accountId, leadIds: [leadId], parts })).get(leadId);
  return lead ? { lead, events: rows.map(eventOf) } : null;
}

/** The events of the rows with their leads, in the same order. An event whose lead is just being deleted is left out. */
export async function withLeads(
  client: pg.ClientBase,
  { accountId, rows }: { accountId: string; rows: readonly EventRow[] },
): Promise<EventOfLead[]> {
  const leads = await readLeads(client, { accountId, leadIds: rows.map((row) => row.lead_id) });
  return rows.flatMap((row) => {
    const lead = leads.get(row.lead_id);
    return lead ? [{ event: eventOf(row), lead }] : [];
  });
}

export function eventOf(row: EventRow): EventRecord {
  const type = EVENT_TYPES.find((known) => known === row.type);
  assert(type !== undefined, `event ${row.id} has the unknown type ${row.type}`);
  const { id, seq, outcome, reason } = row;
  const columns = { id, leadId: row.lead_id, seq, outcome, reason, stepId: row.step_id, recipientId: row.recipient_id };
  return { ...columns, type, facts: parseEventFacts(row.facts) } as EventRecord; // the facts are those of the type
}
