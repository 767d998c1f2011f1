import type pg from 'pg';
import {
  type EventFilter,
  type EventOfLead,
  type EventPage,
  type EventPageRequest,
  type EventRecord,
  type EventStore,
  FEEDBACK_EVENTS_MAX,
  type PageRequest,
} from '../../events/event-store.ts';
import { computeIdRange, type IdRange, intersect, NO_AFTER, NO_BEFORE } from '../../events/id-range.ts';
import type { Span } from '../../events/reading-plan.ts';
import { assert } from '../../lib/assert.ts';
import { firstIdAt, instantOfId } from '../../lib/ids.ts';
import { EVENT_TYPES } from '../../model/event.ts';
import { parseEventFacts } from '../../stored/event-facts.ts';
import { buildConditions } from './conditions.ts';
import { hasClass, type KindFilter } from './event-kinds.ts';
import { inOneView } from './in-transaction.ts';
import { ORDER, PLANNED_ONCE, pageOfLeads, readLead, readLeadFacts, readLeads } from './leads.ts';
import { type SearchedTable, searchPage } from './search-page.ts';

/** A rare filter may read the whole range; past this it gives up, and the caller has to narrow it. */
const READ_MS_MAX = 15_000;

export function createEventStore(pool: pg.Pool): EventStore {
  const reading = <T>(work: (client: pg.ClientBase) => Promise<T>) => inReadingView(pool, work);
  const readingOne = <T>(work: (client: pg.ClientBase) => Promise<T>) =>
    inOneView(pool, { msMax: READ_MS_MAX, settings: PLANNED_ONCE }, work);
  return {
    pageOfEvents: (request) => reading((client) => pageOfEvents(client, request)),
    findLeads: (key) => reading((client) => (key.withDocuments ? readLeads(client, key) : readLeadFacts(client, key))),
    findEvent: (key) => reading((client) => findEvent(client, key)),
    pageOfLeads: (request) => reading((client) => pageOfLeads(client, request)),
    findLead: (key) => readingOne((client) => findLead(client, key)),
    findDeliveries: (key) => readingOne((client) => findDeliveries(client, key)),
  };
}

/** One view for all queries of an answer: an event is never seen without its lead, nor what is counted without what is not. */
export function inReadingView<T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  return inOneView(pool, { msMax: READ_MS_MAX }, work);
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

/** Along the lead's primary key where leads are named, else by kinds (`searchPage`). */
async function pageOfEvents(client: pg.ClientBase, request: EventPageRequest): Promise<EventPage> {
  const { accountId, filter, leadsOf } = request;
  const range = request.sort === 'asc' ? await endBeforeRunning(client, request) : request.range;
  const { leadIds } = filter;
  const table = leadIds ? eventsOfLeads(client, { ...request, leadIds }) : eventsById(client, request);
  const kinds: KindFilter = leadIds ? {} : filter;
  const { found, stoppedAt } = await searchPage(client, {
    table,
    question: { ...request, accountId, range, filter: kinds },
  });
  const wanted = found.slice(0, leadsOf?.events ?? 0).map((row) => row.lead_id);
  const leads = await (leadsOf?.withDocuments ? readLeads : readLeadFacts)(client, { accountId, leadIds: wanted });
  return { found: found.map(eventOf), stoppedAt, leads };
}

/**
 * Above no event of a lead under way: the first row of the account in `runs`, by the primary key, is the oldest lead that may
 * have sent something. The ids of its events are of no earlier second than its own; within that second either may be smaller.
 */
async function endBeforeRunning(
  client: pg.ClientBase,
  { accountId, range }: PageRequest<EventFilter>,
): Promise<IdRange> {
  const { rows } = await client.query<{ second: string | null }>(
    'select left(min(r.lead_id), 8) as second from runs r where r.account_id = $1',
    [accountId],
  );
  return intersect(range, { after: NO_AFTER, before: rows[0]?.second ?? NO_BEFORE });
}

/** The conditions of a filter on `events e`. */
function conditionsOf(filter: EventFilter): (readonly [string, unknown])[] {
  return [
    ['e.type = any($?)', filter.types],
    ['e.outcome = any($?)', filter.outcomes],
    ['e.flow_id = any($?)', filter.flowIds],
    ['e.source_id = any($?)', filter.sourceIds],
    ['e.recipient_id = any($?)', filter.recipientIds],
    ['lower(e.step_id) = any($?)', filter.stepIds],
    ['e.reason = $?', filter.reason],
  ];
}

function testOf({ reasonClasses }: EventFilter): ((row: EventRow) => boolean) | undefined {
  return reasonClasses && (({ reason }) => hasClass(reason, reasonClasses));
}

/** By events_by_id of each partition, merged; a lead is not younger than its events, so later days are left out. */
function eventsById(
  client: pg.ClientBase,
  { accountId, filter, sort }: PageRequest<EventFilter>,
): SearchedTable<EventRow> {
  const order = ORDER[sort];
  const conditions = conditionsOf(filter);
  return {
    subject: 'event',
    isWanted: testOf(filter),
    isSparse: false,
    async readRange({ after, before }, limit) {
      const { text, values } = buildConditions([accountId, after, before, leadIdsBelow(before), limit], conditions);
      const { rows } = await client.query<EventRow>(
        `select ${EVENT_COLUMNS}
           from events e
          where e.account_id = $1 and e.id > $2 and e.id < $3 and e.lead_id < $4${text}
          order by e.id ${order} limit $5`,
        values,
      );
      return rows;
    },
    async readSpans(spans, { after, before }, limit) {
      const points = spans.filter(isPoint);
      const longer = spans.filter((span) => !isPoint(span));
      const ends = longer.map(({ last }) => last);
      const { text, values } = buildConditions(
        [
          accountId,
          after,
          before,
          leadIdsBelow(maxOf(spans.map(({ last }) => last))),
          limit,
          points.map(({ first }) => first),
          longer.map(({ first }) => first),
          ends,
          ends.map(leadIdsBelow),
        ],
        conditions,
      );
      // Written only where there is something to read: each is planned for every partition.
      const parts = [
        ...(points.length > 0 ? [eventsAtPoints(text)] : []),
        ...(longer.length > 0 ? [eventsInSpans(text, order)] : []),
      ];
      const { rows } = await client.query<EventRow>(
        `with spans as (select $6::text[] as points, $7::text[] as firsts, $8::text[] as lasts, $9::text[] as belows)
         select f.* from (${parts.join(' union all ')}) f order by f.id ${order} limit $5`,
        values,
      );
      return rows;
    },
    async findStride({ after, before }, entries) {
      const { rows } = await client.query<{ id: string }>(
        `select e.id
           from events e
          where e.account_id = $1 and e.id > $2 and e.id < $3 and e.lead_id < $4
          order by e.id ${order} offset $5 limit 1`,
        [accountId, after, before, leadIdsBelow(before), entries - 1],
      );
      return rows[0]?.id ?? null;
    },
  };
}

function isPoint({ first, last }: Span): boolean {
  return first === last;
}

/** Of known ids: one scan of events_by_id of each partition, which goes from one id to the next. */
function eventsAtPoints(text: string): string {
  return `(select ${EVENT_COLUMNS}
       from events e
      where e.account_id = $1 and e.id = any($6::text[]) and e.id > $2 and e.id < $3 and e.lead_id < $4${text})`;
}

/** For each span the partitions that can have its events: a lead is not younger than they are. */
function eventsInSpans(text: string, order: 'asc' | 'desc'): string {
  return `(select e.*
       from unnest($7::text[], $8::text[], $9::text[]) as s(first, last, below)
      cross join lateral (
        select ${EVENT_COLUMNS}
          from events e
         where e.account_id = $1 and e.id >= s.first and e.id <= s.last and e.id > $2 and e.id < $3
           and e.lead_id < s.below and e.lead_id < $4${text}
         order by e.id ${order} limit $5) e)`;
}

/** By the primary key: all events of the leads are read, and sorted. `offset 0` keeps the planner from any other index. */
function eventsOfLeads(
  client: pg.ClientBase,
  request: PageRequest<EventFilter> & { leadIds: readonly string[] },
): SearchedTable<EventRow> {
  const { accountId, filter, sort, leadIds } = request;
  return {
    ...eventsById(client, request),
    async readRange({ after, before }, limit) {
      const { text, values } = buildConditions([accountId, after, before, leadIds, limit], conditionsOf(filter));
      const { rows } = await client.query<EventRow>(
        `select f.*
           from (
             select ${EVENT_COLUMNS}
               from events e
              where e.account_id = $1 and e.lead_id = any($4) and e.id > $2 and e.id < $3${text}
             offset 0) f
          order by f.id ${ORDER[sort]} limit $5`,
        values,
      );
      return rows;
    },
  };
}

function maxOf(ids: readonly string[]): string {
  return ids.toSorted().at(-1) ?? '';
}

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
/** All statements have names: see `readLead`. */
async function findLead(
  client: pg.ClientBase,
  key: Parameters<EventStore['findLead']>[0],
): ReturnType<EventStore['findLead']> {
  const { accountId, leadId, feedbackId = null } = key;
  const { rows } = await client.query<EventRow>({
    name: 'events_of_lead',
    text: `select ${EVENT_COLUMNS} from events e
      where e.account_id = $1 and e.lead_id = $2
        and (e.type not in ('feedback-received', 'feedback-sent')
          or e.facts ->> 'feedback_id' = $3
          or $3 is null and e.seq >= coalesce(
            (select f.seq from events f
              where f.account_id = $1 and f.lead_id = $2 and f.type in ('feedback-received', 'feedback-sent')
              order by f.seq desc offset $4 limit 1), 0))
      order by e.seq`,
    values: [accountId, leadId, feedbackId, FEEDBACK_EVENTS_MAX - 1],
  });
  const lead = await readLead(client, { accountId, leadId, parts: rows.map(({ seq }) => seq) });
  return lead ? { lead, events: rows.map(eventOf) } : null;
}

/** The same without events of feedback. */
async function findDeliveries(
  client: pg.ClientBase,
  key: { accountId: string; leadId: string },
): ReturnType<EventStore['findDeliveries']> {
  const { accountId, leadId } = key;
  const { rows } = await client.query<EventRow>({
    name: 'deliveries_of_lead',
    text: `select ${EVENT_COLUMNS} from events e
      where e.account_id = $1 and e.lead_id = $2 and e.type not in ('feedback-received', 'feedback-sent') order by e.seq`,
    values: [accountId, leadId],
  });
  const lead = await readLead(client, { accountId, leadId, parts: rows.map(({ seq }) => seq) });
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
