import type pg from 'pg';
import type { EventOfLead } from '../../events/event-store.ts';
import {
  LEADS_FOUND_MAX,
  type LeadSearch,
  type LeadSearchStore,
  type LeadsFound,
  type SearchOrder,
} from '../../events/lead-search-store.ts';
import { instantOfId } from '../../lib/ids.ts';
import { AFTER_ALL_IDS, readFound } from './digests.ts';
import { EVENT_COLUMNS, type EventRow, findEvent, withLeads } from './events.ts';
import { inOneView } from './in-transaction.ts';
import { ORDER } from './leads.ts';
import { findLeadOfPing, findPing } from './pings.ts';
import { sqlState } from './session.ts';

/** All statements of a search that look for words share these; then it ends with what it has found, and says so. */
const SEARCH_MS_MAX = 2_000;
/** Leads that are looked at one by one, the newest first: words that many leads have are found among them. */
const WALKED = 4_000;
/** The same, where so many of the first had the words that all are soon found. */
const WALKED_FURTHER = 25_000;

export function createLeadSearchStore(pool: pg.Pool): LeadSearchStore {
  return {
    searchLeads: (search) =>
      // One view for all statements: how far the words go, the leads and their events.
      inOneView(pool, { msMax: READ_MS_MAX, settings: PLAN_SETTINGS }, (client) => searchLeads(client, search)),
  };
}

/** What the planner cannot know: a question has few leads, and words are looked for in the index of words. */
const PLAN_SETTINGS = ['set local enable_seqscan = off', 'set local jit = off'];
/** For the statements that read the leads that were found. */
const READ_MS_MAX = 15_000;

async function searchLeads(client: pg.ClientBase, search: LeadSearch): Promise<LeadsFound> {
  const byId = await findByIds(client, search);
  const { leads, isTimeOver } = await findByWords(client, search);
  const found = new Map([...byId.map((id) => [id, Infinity] as const), ...leads.filter(([id]) => !byId.includes(id))]);
  const kept = [...found].slice(0, LEADS_FOUND_MAX);
  const page = await pageOf(client, { search, kept });
  const { until } = await readFound(client, search.accountId);
  return {
    total: kept.length,
    isTruncated: isTimeOver || found.size > kept.length,
    countedUntil: search.condition === null || until === AFTER_ALL_IDS ? null : instantOfUntil(until),
    hits: await readHits(client, { accountId: search.accountId, leadIds: page }),
  };
}

/** `''`: nothing is counted. */
function instantOfUntil(until: string): number {
  return until === '' ? 0 : instantOfId(until);
}

/** By the primary keys of leads and pings and by events_by_id, each in the partitions that can have the id. */
async function findByIds(client: pg.ClientBase, { accountId, ids }: LeadSearch): Promise<string[]> {
  const leadIds = new Set<string>();
  for (const id of ids) {
    const leadId = (await findLeadOf(client, { accountId, id })) ?? null;
    if (leadId !== null) leadIds.add(leadId);
  }
  return [...leadIds];
}

async function findLeadOf(client: pg.ClientBase, { accountId, id }: { accountId: string; id: string }) {
  const { rowCount } = await client.query('select from leads where account_id = $1 and id = $2', [accountId, id]);
  if (rowCount) return id;
  const event = await findEvent(client, { accountId, eventId: id });
  if (event) return event.lead.id;
  const ping = await findPing(client, { accountId, pingId: id });
  return ping && findLeadOfPing(client, ping);
}

/** A lead with the number of `whole` that it meets. */
type Ranked = readonly [leadId: string, rank: number];

interface ByWords {
  /** The newest first; one more than counts, where there are more. */
  leads: Ranked[];
  isTimeOver: boolean;
}

/**
 * The newest first: along the primary key as long as many leads have the words, then by lead_search_words of some
 * partitions after others, each time of twice as many. So a common word costs no full scan, and a rare one a look at each
 * index.
 */
async function findByWords(client: pg.ClientBase, search: LeadSearch): Promise<ByWords> {
  const { condition } = search;
  if (condition === null) return { leads: [], isTimeOver: false };
  const leads: Ranked[] = [];
  const wanted = () => LEADS_FOUND_MAX + 1 - leads.length;
  const key = { ...search, condition };
  const first = await inTime(client, () => walk(client, { ...key, below: AFTER_ALL_IDS, count: WALKED }));
  if (first === null) return { leads, isTimeOver: true };
  leads.push(...first.leads.slice(0, wanted()));
  if (first.isEnd || wanted() === 0) return { leads, isTimeOver: false };
  let { below } = first;
  if (leads.length === 0 && isOfShortWords(condition)) {
    // The newest leads are all of one import: the index says at once what else their partition has.
    const newest = (await readPartitionStarts(client)).find((start) => start < below) ?? '';
    const window = { ...key, from: newest, below, count: wanted() };
    const next = await inTime(client, () => lookUp(client, window));
    if (next === null) return { leads, isTimeOver: true };
    leads.push(...next);
    if (wanted() === 0) return { leads, isTimeOver: false };
    below = newest;
  }
  const further = isOfShortWords(condition)
    ? WALKED_FURTHER
    : Math.ceil((WALKED * wanted()) / Math.max(1, leads.length));
  if (further <= WALKED_FURTHER) {
    const next = await inTime(client, () => walk(client, { ...key, below, count: further }));
    if (next === null) return { leads, isTimeOver: true };
    leads.push(...next.leads.slice(0, wanted()));
    if (next.isEnd || wanted() === 0) return { leads, isTimeOver: false };
    below = next.below;
  }
  for (const from of listWindows(await readPartitionStarts(client), below)) {
    const window = { ...key, from, below, count: wanted() };
    const next = await inTime(client, () => lookUp(client, window));
    if (next === null) return { leads, isTimeOver: true };
    leads.push(...next);
    if (wanted() === 0) break;
    below = from;
  }
  return { leads, isTimeOver: false };
}

/**
 * Beginnings of one or two letters alone have so many leads that looking them up reads tens of thousands of rows of each partition, while
 * a walk soon has enough.
 */
function isOfShortWords(condition: string): boolean {
  const beginnings = [...condition.matchAll(/'([^']*)':\*/g)].map(([, word = '']) => word);
  return beginnings.length > 0 && beginnings.every((word) => word.length <= SHORT_CHARACTERS_MAX);
}

const SHORT_CHARACTERS_MAX = 2;

/** null: the time of the search is over. Measured by the database from the beginning of the transaction. */
async function inTime<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T | null> {
  await client.query(
    `savepoint in_time; select set_config('statement_timeout',
       greatest(1, ${SEARCH_MS_MAX} - extract(epoch from clock_timestamp() - now()) * 1000)::int::text, true)`,
  );
  try {
    const result = await work();
    // Gives the time limit of the transaction back, too.
    await client.query('rollback to savepoint in_time');
    return result;
  } catch (error) {
    if (sqlState(error) !== TIME_OVER) throw error;
    await client.query('rollback to savepoint in_time');
    return null;
  }
}

/** SQLSTATE of a statement that statement_timeout has ended. */
const TIME_OVER = '57014';

interface Key {
  accountId: string;
  condition: string;
  whole: readonly string[];
}

const RANK = '(select count(*)::int from unnest($4::text[]::tsquery[]) w where words @@ w)';

interface Walked {
  leads: Ranked[];
  /** Where it ended: the smallest id that was looked at. */
  below: string;
  /** There are no older leads. */
  isEnd: boolean;
}

/** Along the primary key, backwards; about 1 µs a lead. */
async function walk(client: pg.ClientBase, from: Key & { below: string; count: number }): Promise<Walked> {
  const { accountId, condition, whole, below, count } = from;
  const { rows } = await client.query<{
    leads: string[] | null;
    ranks: number[];
    below: string | null;
    walked: number;
  }>(
    `with walked as materialized (
       select lead_id, words from lead_search where account_id = $1 and lead_id < $2 order by lead_id desc limit $5
     ), found as (
       select lead_id, ${RANK} as rank from walked where words @@ $3::tsquery
     )
     select array_agg(lead_id order by lead_id desc) as leads, array_agg(rank order by lead_id desc) as ranks,
            (select min(lead_id) from walked) as below, (select count(*)::int from walked) as walked
       from found`,
    [accountId, below, condition, whole, count],
  );
  const [row] = rows;
  return {
    leads: (row?.leads ?? []).map((id, place) => [id, row?.ranks[place] ?? 0] as const),
    below: row?.below ?? '',
    isEnd: (row?.walked ?? 0) < count,
  };
}

/** By lead_search_words of the partitions between the two ids; `materialized`, so that it is not walked after all. */
async function lookUp(
  client: pg.ClientBase,
  window: Key & { from: string; below: string; count: number },
): Promise<Ranked[]> {
  const { accountId, condition, whole, from, below, count } = window;
  const { rows } = await client.query<{ lead_id: string; rank: number }>(
    `with found as materialized (
       select lead_id, words from lead_search
        where account_id = $1 and lead_id < $2 and lead_id >= $5 and words @@ $3::tsquery
     )
     select lead_id, ${RANK} as rank from found order by lead_id desc limit $6`,
    [accountId, below, condition, whole, from, count],
  );
  return rows.map((row) => [row.lead_id, row.rank] as const);
}

/** The ids that partitions begin with, the newest first. From the catalogue alone. */
async function readPartitionStarts(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ bounds: string }>(
    `select pg_get_expr(c.relpartbound, c.oid) as bounds
       from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'lead_search'::regclass`,
  );
  const starts = rows.flatMap(({ bounds }) => /^FOR VALUES FROM \('([0-9a-f]{24})'\)/.exec(bounds)?.[1] ?? []);
  return starts.sort().reverse();
}

/** Where windows below an id begin: of one partition, of two, of four; the last one takes what is in no partition, too. */
function listWindows(starts: readonly string[], below: string): string[] {
  const older = starts.filter((start) => start < below);
  const windows: string[] = [];
  for (let place = 0, count = 1; place < older.length; count *= 2) {
    place += count;
    windows.push(older[place - 1] ?? '');
  }
  return windows.at(-1) === '' ? windows : [...windows, ''];
}

/** The ids of a page, in order. */
async function pageOf(
  client: pg.ClientBase,
  { search, kept }: { search: LeadSearch; kept: readonly Ranked[] },
): Promise<string[]> {
  const { order, from, limit } = search;
  if (order !== null) return sortLeads(client, { ...search, order, leadIds: kept.map(([id]) => id) });
  const ranked = kept.toSorted(([one, rank], [other, otherRank]) => otherRank - rank || (one < other ? 1 : -1));
  return ranked.slice(from, from + limit).map(([id]) => id);
}

/** By the values of at most 1,000 leads, each looked up by itself as in `readLeads`; leads without the value come last. */
async function sortLeads(
  client: pg.ClientBase,
  page: Pick<LeadSearch, 'accountId' | 'from' | 'limit'> & {
    order: NonNullable<LeadSearch['order']>;
    leadIds: string[];
  },
): Promise<string[]> {
  const { accountId, order, leadIds, from, limit } = page;
  if (leadIds.length === 0) return [];
  const sorted = leadIds.toSorted();
  const { rows } = await client.query<{ id: string }>(
    `select l.id from leads l
       left join lateral (
         select p.document from lead_data p
          where p.account_id = l.account_id and p.lead_id = l.id and p.part = 0 and p.lead_id between $3 and $4
          limit 1) d on true
      where l.account_id = $1 and l.id = any($2) and l.id between $3 and $4
      order by ${sortedBy(order.by)} ${ORDER[order.direction]} nulls last, l.id desc
      limit $5 offset $6`,
    [accountId, sorted, sorted[0], sorted.at(-1), limit, from],
  );
  return rows.map(({ id }) => id);
}

/** As people expect it: without regard to case. Names of the table of orders, no text of a caller. */
function sortedBy(order: SearchOrder): string {
  if (order === 'lead_id') return 'l.id';
  if (order === 'submission_timestamp') return 'l.submitted_at';
  const value = `d.document #> '{vars,lead,${order}}'`;
  return `lower(nullif(case json_typeof(${value}) when 'object' then ${value} ->> 'normal' else ${value} #>> '{}' end, '')) collate "C"`;
}

/** The latest event of each, along the primary key of events, and the leads; leads without an event are left out. */
async function readHits(
  client: pg.ClientBase,
  { accountId, leadIds }: { accountId: string; leadIds: string[] },
): Promise<EventOfLead[]> {
  if (leadIds.length === 0) return [];
  const sorted = leadIds.toSorted();
  const { rows } = await client.query<EventRow>(
    `select ${EVENT_COLUMNS}
       from unnest($2::text[]) with ordinality as k(lead_id, place)
      cross join lateral (
        select * from events e
         where e.account_id = $1 and e.lead_id = k.lead_id and e.lead_id between $3 and $4
         order by e.seq desc limit 1) e
      order by k.place`,
    [accountId, leadIds, sorted[0], sorted.at(-1)],
  );
  return withLeads(client, { accountId, rows });
}
