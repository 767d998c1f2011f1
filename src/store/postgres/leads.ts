import type pg from 'pg';
import type { FoundPage, LeadFacts, LeadPageFilter, LeadRecord, PageRequest, Sort } from '../../events/event-store.ts';
import { assert } from '../../lib/assert.ts';
import type { Money } from '../../model/money.ts';
import { LEAD_OUTCOMES } from '../../model/outcome.ts';
import { parseEventFacts } from '../../stored/event-facts.ts';
import { type KnownOfLead, parseLeadDocument, parseStepDocument } from '../../stored/lead-document.ts';
import { buildConditions } from './conditions.ts';
import { hasClass } from './event-kinds.ts';
import { type SearchedTable, searchPage } from './search-page.ts';

/** Written out, because SQL takes no parameter here. */
export const ORDER: Readonly<Record<Sort, 'asc' | 'desc'>> = { asc: 'asc', desc: 'desc' };

const DAY_MS = 86_400_000;

interface FactsRow {
  account_id: string;
  id: string;
  flow_id: string;
  source_id: string;
  revision: number;
  outcome: string;
  reason: string | null;
  price: string;
  submitted_at: Date;
  resubmitted_as: string | null;
}

interface LeadRow extends FactsRow {
  document: string | null;
  /** By the place of their event: what retries added. */
  later_steps: string | null;
  source_facts: unknown;
  days_kept: number | null;
  is_held: boolean;
}

const COLUMNS = `l.account_id, l.id, l.flow_id, l.source_id, l.revision, l.outcome, l.reason, l.price, l.submitted_at,
  (select r.as_lead_id from resubmissions r where r.account_id = l.account_id and r.lead_id = l.id
    order by r.attempt desc limit 1) as resubmitted_as`;

/** How long the lead is kept. */
const KEPT = `(select coalesce(a.facts_retention_in_days, a.data_retention_in_days) from accounts a
    where a.id = l.account_id) as days_kept,
  exists (select from held_leads h where h.account_id = l.account_id and h.lead_id = l.id) as is_held`;

/** What the event of the source says: by the primary key, for each lead by itself. */
const SOURCE_FACTS = `left join lateral (
         select e.facts from events e
          where e.account_id = l.account_id and e.lead_id = l.id and e.type = 'source' and e.lead_id between $3 and $4
          limit 1) s on true`;

/**
 * Along the primary keys; the range of the ids, which their partitions are cut by, keeps the others out.
 * `parts`: of the later parts only these; absent: all. The document comes as text, so that its size is known without writing it again.
 * Each lead is looked up by itself (`limit 1`): over several partitions the planner takes the leads of an hour for millions, and reads
 * whole partitions to join them.
 */
export async function readLeads(
  client: pg.ClientBase,
  key: { accountId: string; leadIds: readonly string[]; parts?: readonly number[] },
): Promise<Map<string, LeadRecord>> {
  const leadIds = [...new Set(key.leadIds)].sort();
  if (leadIds.length === 0) return new Map();
  const { rows } = await client.query<LeadRow>(
    `select ${COLUMNS}, ${KEPT}, d.document::text as document, s.facts as source_facts,
            (select json_object_agg(p.part, p.document)::text from lead_data p
              where p.account_id = l.account_id and p.lead_id = l.id and p.part > 0 and p.lead_id between $3 and $4
                and ($5::smallint[] is null or p.part = any($5))) as later_steps
       from leads l
       left join lateral (
         select p.document from lead_data p
          where p.account_id = l.account_id and p.lead_id = l.id and p.part = 0 and p.lead_id between $3 and $4
          limit 1) d on true
       ${SOURCE_FACTS}
      where l.account_id = $1 and l.id = any($2) and l.id between $3 and $4`,
    [key.accountId, leadIds, leadIds[0], leadIds.at(-1), key.parts ?? null],
  );
  return new Map(rows.map((row) => [row.id, leadOf(row)]));
}

/**
 * One lead. The statement has a name and, in a view begun with `PLANNED_ONCE`, one plan a connection: planning it for all partitions
 * takes several times as long as running it. By the primary keys.
 */
export async function readLead(
  client: pg.ClientBase,
  { accountId, leadId, parts }: { accountId: string; leadId: string; parts: readonly number[] },
): Promise<LeadRecord | undefined> {
  const { rows } = await client.query<LeadRow>({
    name: 'read_lead',
    text: `
      select ${COLUMNS}, ${KEPT},
             (select p.document::text from lead_data p
               where p.account_id = $1 and p.lead_id = $2 and p.part = 0) as document,
             (select json_object_agg(p.part, p.document)::text from lead_data p
               where p.account_id = $1 and p.lead_id = $2 and p.part > 0 and p.part = any($3::smallint[])) as later_steps,
             (select e.facts from events e
               where e.account_id = $1 and e.lead_id = $2 and e.type = 'source' limit 1) as source_facts
        from leads l
       where l.account_id = $1 and l.id = $2`,
    values: [accountId, leadId, parts],
  });
  return rows[0] && leadOf(rows[0]);
}

/** The partitions of one lead are found when the statement runs, and their primary keys are used however small they are. */
export const PLANNED_ONCE = ['set local plan_cache_mode = force_generic_plan', 'set local enable_seqscan = off'];

/**
 * The same without documents: facts alone are read, along the primary keys. A lead whose personal part is deleted looks the
 * same.
 */
export async function readLeadFacts(
  client: pg.ClientBase,
  key: { accountId: string; leadIds: readonly string[] },
): Promise<Map<string, LeadRecord>> {
  const leadIds = [...new Set(key.leadIds)].sort();
  if (leadIds.length === 0) return new Map();
  const { rows } = await client.query<LeadRow>(
    `select ${COLUMNS}, ${KEPT}, null as document, null as later_steps, s.facts as source_facts
       from leads l
       ${SOURCE_FACTS}
      where l.account_id = $1 and l.id = any($2) and l.id between $3 and $4`,
    [key.accountId, leadIds, leadIds[0], leadIds.at(-1)],
  );
  return new Map(rows.map((row) => [row.id, leadOf(row)]));
}

/** By kinds (`searchPage`), along the primary keys. */
export async function pageOfLeads(
  client: pg.ClientBase,
  request: PageRequest<LeadPageFilter>,
): Promise<FoundPage<LeadFacts>> {
  const isFromResubmissions = request.filter.isResubmitted === true;
  const table = isFromResubmissions ? leadsSentAgain(client, request) : leadsById(client, request);
  const question = isFromResubmissions ? { ...request, filter: {} } : request;
  const { found, stoppedAt } = await searchPage(client, { table, question });
  return { found: found.map(factsOf), stoppedAt };
}

/** The conditions of a filter on `leads l`. */
function conditionsOf(filter: LeadPageFilter): (readonly [string, unknown])[] {
  return [
    ['l.outcome = any($?)', filter.outcomes],
    ['l.flow_id = any($?)', filter.flowIds],
    ['l.source_id = any($?)', filter.sourceIds],
    ['l.reason = $?', filter.reason],
  ];
}

/** Few leads are sent again: from the primary key of `resubmissions`, which has the first time of each, to that of `leads`. */
function leadsSentAgain(client: pg.ClientBase, request: PageRequest<LeadPageFilter>): SearchedTable<FactsRow> {
  const { accountId, filter, sort } = request;
  return {
    ...leadsById(client, request),
    isSparse: false,
    async readRange({ after, before }, limit) {
      const { text, values } = buildConditions([accountId, after, before, limit], conditionsOf(filter));
      const { rows } = await client.query<FactsRow>(
        `select ${COLUMNS}
           from resubmissions f
           join leads l on l.account_id = f.account_id and l.id = f.lead_id
          where f.account_id = $1 and f.attempt = 1 and f.lead_id > $2 and f.lead_id < $3${text}
          order by f.lead_id ${ORDER[sort]} limit $4`,
        values,
      );
      return rows;
    },
  };
}

function leadsById(
  client: pg.ClientBase,
  { accountId, filter, sort }: PageRequest<LeadPageFilter>,
): SearchedTable<FactsRow> {
  const { reasonClasses } = filter;
  const conditions: (readonly [string, unknown])[] = [
    ...conditionsOf(filter),
    [
      '$?::boolean = exists (select from resubmissions r where r.account_id = l.account_id and r.lead_id = l.id)',
      filter.isResubmitted,
    ],
  ];
  const order = ORDER[sort];
  return {
    subject: 'lead',
    isWanted: reasonClasses && (({ reason }) => hasClass(reason, reasonClasses)),
    isSparse: filter.isResubmitted !== undefined,
    async readRange({ after, before }, limit) {
      const { text, values } = buildConditions([accountId, after, before, limit], conditions);
      const { rows } = await client.query<FactsRow>(
        `select ${COLUMNS}
           from leads l
          where l.account_id = $1 and l.id > $2 and l.id < $3${text}
          order by l.id ${order} limit $4`,
        values,
      );
      return rows;
    },
    async readSpans(spans, { after, before }, limit) {
      const firsts = spans.map(({ first }) => first);
      const { text, values } = buildConditions(
        [accountId, after, before, limit, firsts, spans.map(({ last }) => last)],
        conditions,
      );
      const { rows } = await client.query<FactsRow>(
        `select f.*
           from unnest($5::text[], $6::text[]) as s(first, last)
          cross join lateral (
            select ${COLUMNS}
              from leads l
             where l.account_id = $1 and l.id >= s.first and l.id <= s.last and l.id > $2 and l.id < $3${text}
             order by l.id ${order} limit $4) f
          order by f.id ${order} limit $4`,
        values,
      );
      return rows;
    },
    async findStride({ after, before }, entries) {
      const { rows } = await client.query<{ id: string }>(
        `select l.id
           from leads l
          where l.account_id = $1 and l.id > $2 and l.id < $3
          order by l.id ${order} offset $4 limit 1`,
        [accountId, after, before, entries - 1],
      );
      return rows[0]?.id ?? null;
    },
  };
}

function leadOf(row: LeadRow): LeadRecord {
  return {
    ...factsOf(row),
    document: documentOf(row),
    expiresAt: row.is_held || row.days_kept === null ? null : row.submitted_at.getTime() + row.days_kept * DAY_MS,
    documentCharacters: (row.document?.length ?? 0) + (row.later_steps?.length ?? 0),
    sourceFacts: row.source_facts === null ? {} : parseEventFacts<'source'>(row.source_facts),
  };
}

function documentOf({ document, later_steps: later }: LeadRow): KnownOfLead | null {
  if (document === null) return null;
  const first = parseLeadDocument(JSON.parse(document));
  if (later === null) return first;
  const parts = Object.entries(JSON.parse(later) as Record<string, unknown>); // an object, by json_object_agg
  const steps = Object.fromEntries(parts.map(([seq, part]) => [seq, parseStepDocument(part)]));
  return { ...first, steps: { ...first.steps, ...steps } };
}

function factsOf(row: FactsRow): LeadFacts {
  const outcome = LEAD_OUTCOMES.find((known) => known === row.outcome);
  assert(outcome !== undefined, `lead ${row.id} has the unknown outcome ${row.outcome}`);
  return {
    accountId: row.account_id,
    id: row.id,
    flowId: row.flow_id,
    sourceId: row.source_id,
    revision: row.revision,
    outcome,
    reason: row.reason,
    price: Number(row.price) as Money, // the column is in the unit of Money
    submittedAt: row.submitted_at.getTime(),
    resubmittedAs: row.resubmitted_as,
  };
}
