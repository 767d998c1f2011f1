import type pg from 'pg';
import { computeIdRange, NO_BEFORE } from '../../events/id-range.ts';
import type {
  ExportDefinition,
  ExportFilter,
  ExportNeeds,
  ExportPage,
  ExportRow,
  ExportWorkStore,
  PartOfExport,
} from '../../exports/export.ts';
import { instantOfId } from '../../lib/ids.ts';
import { dollars, type Money } from '../../model/money.ts';
import { type EventRow, withLeads } from './events.ts';
import { inOneView } from './in-transaction.ts';
import { takeRows } from './take-rows.ts';

/** Rows that one page looks at; those of a filter that few rows pass are only counted. */
const SCANNED_MAX = 1_000;
const FILTERED_MAX = 10_000;
/** The same where the whole event is read. */
const WHOLE_MAX = 50;
/** Bytes of documents, as they are stored, of one page: its rows end behind the lead that goes beyond. */
const DOCUMENT_BYTES_MAX = 2 * 1024 * 1024;
const WHOLE_BYTES_MAX = 256 * 1024;
/** A page that takes longer gives up, and the job with it. */
const READ_MS_MAX = 30_000;

/** Reads the pages of exports and writes their parts. */
export function createExportWorkStore(pool: pg.Pool): ExportWorkStore {
  return {
    findDefinition: async ({ accountId, id }) => {
      const { rows } = await pool.query<{ definition: ExportDefinition; created_at: Date }>(
        'select definition, created_at from exports where account_id = $1 and id = $2',
        [accountId, id],
      );
      return rows[0] ? { definition: rows[0].definition, createdAt: rows[0].created_at.getTime() } : null;
    },
    hasLeadsUnderWay: async ({ accountId, before }) => {
      // By primary key.
      const { rows } = await pool.query('select from runs where account_id = $1 and lead_id < $2 limit 1', [
        accountId,
        before,
      ]);
      return rows.length > 0;
    },
    readNames: async (accountId) => {
      const [flows, entities] = await Promise.all([
        pool.query<Named>(
          `select f.id, r.document ->> 'name' as name from flows f
             join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id and r.revision = f.saved_revision
            where f.account_id = $1`,
          [accountId],
        ),
        // Of those that were deleted the last name, as in `entity-names.ts`. The account's part of the log is read once an export.
        pool.query<Named>(
          `select id, name from entities where account_id = $1
           union all
           (select distinct on (a.subject_id) a.subject_id, a.subject_name from activity a
             where a.account_id = $1 and a.kind = 'entity' and a.subject_name is not null
               and not exists (select from entities e where e.account_id = $1 and e.id = a.subject_id)
             order by a.subject_id, a.id desc)`,
          [accountId],
        ),
      ]);
      return { flows: mapNames(flows.rows), entities: mapNames(entities.rows) };
    },
    readPage: (request) => {
      // One statement is one view by itself.
      if (!hasLeadNeeds(request.needs)) return readPage(pool, request);
      // One view of a page: an event is never seen without its lead.
      return inOneView(pool, { msMax: READ_MS_MAX }, (client) => readPage(client, request));
    },
    writeParts:
      ({ accountId, id, parts, tally }) =>
      async (transaction) => {
        const client = transaction as pg.ClientBase; // of the same store's jobs
        const { rowCount } = await client.query(
          `update exports set row_count = $3, byte_count = $4, part_count = $5, is_truncated = $6, file_name = $7
            where account_id = $1 and id = $2`,
          [accountId, id, tally.rowCount, tally.byteCount, tally.partCount, tally.isTruncated, tally.fileName],
        );
        if (rowCount === 0) return false;
        for (const part of parts) await insertPart(client, { accountId, id, part });
        return true;
      },
  };
}

type Db = Pick<pg.ClientBase, 'query'>;

/** Does a page take more than one statement? */
function hasLeadNeeds({ vars, lead, whole }: ExportNeeds): boolean {
  return vars || lead || whole;
}

interface Named {
  id: string;
  name: string | null;
}

function mapNames(rows: readonly Named[]): Map<string, string> {
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])));
}

async function insertPart(
  client: pg.ClientBase,
  { accountId, id, part }: { accountId: string; id: string; part: PartOfExport },
): Promise<void> {
  await client.query('insert into export_parts (account_id, export_id, part, content) values ($1, $2, $3, $4)', [
    ...[accountId, id, part.part, part.content],
  ]);
}

type PageRequest = Parameters<ExportWorkStore['readPage']>[0];

interface ScannedRow {
  last_id: string | null;
  scanned: number;
  id: string | null;
  lead_id: string;
  seq: number;
  type: string;
  outcome: string;
  reason: string | null;
  flow_id: string;
  source_id: string;
  step_id: string | null;
  recipient_id: string | null;
  facts: string | null;
}

/** The rows of the page, then what they need of their leads. */
async function readPage(client: Db, request: PageRequest): Promise<ExportPage> {
  const { accountId, rows: kind, needs, filter } = request;
  const limit = needs.whole ? WHOLE_MAX : isFiltered(filter) ? FILTERED_MAX : SCANNED_MAX;
  const scan = kind === 'events' ? scanEvents : scanLeads;
  const scanned = await scan(client, { request, limit });
  const [first] = scanned;
  const isLast = first === undefined || first.scanned < limit;
  const found = scanned.filter((row): row is FoundRow => row.id !== null);
  const { kept, documents } = await keepWithinBytes(client, { accountId, rows: found, needs });
  const isCut = kept.length < found.length;
  const rows = await fillRows(client, { accountId, rows: kept, documents, needs });
  return { rows, next: isCut ? (kept.at(-1)?.id ?? null) : isLast ? null : first.last_id };
}

type FoundRow = ScannedRow & { id: string };

interface Scan {
  request: PageRequest;
  limit: number;
}

function isFiltered(filter: ExportFilter): boolean {
  return Object.values(filter).some((values) => values !== undefined);
}

/**
 * Along events_by_id of each partition, merged; a lead is not younger than its events, so later days are left out. What
 * a filter leaves out is looked at within the bound, so that a page of a rare filter costs no more than others.
 */
async function scanEvents(client: Db, { request, limit }: Scan): Promise<ScannedRow[]> {
  const { accountId, range, filter, needs } = request;
  const scanned = await client.query<ScannedRow>(
    `with page as materialized (
       select e.id, e.lead_id, e.seq, e.type, e.outcome, e.reason, e.flow_id, e.source_id, e.step_id, e.recipient_id,
              case when $11 then e.facts end as facts
         from events e
        where e.account_id = $1 and e.id > $2 and e.id < $3 and e.lead_id < $4
        order by e.id limit $5)
     select c.last_id, c.scanned, p.id, p.lead_id, p.seq, p.type, p.outcome, p.reason, p.flow_id, p.source_id, p.step_id,
            p.recipient_id, p.facts::text as facts
       from (select max(id) as last_id, count(*)::int as scanned from page) c
       left join (
         select * from page
          where ($6::text[] is null or type = any($6)) and ($7::text[] is null or outcome = any($7))
            and ($8::text[] is null or flow_id = any($8)) and ($9::text[] is null or source_id = any($9))
            and ($10::text[] is null or recipient_id = any($10))) p on true
      order by p.id`,
    [
      ...[accountId, range.after, range.before, leadIdsBelow(range.before), limit],
      ...[filter.type, filter.outcome, filter.flow_id, filter.source_id, filter.recipient_id, needs.facts],
    ],
  );
  return takeRows(scanned);
}

/** Above the ids of all leads that an event with a smaller id than `before` can belong to; to the second. */
function leadIdsBelow(before: string): string {
  return before === NO_BEFORE ? NO_BEFORE : computeIdRange(null, instantOfId(before)).before;
}

/** Along the primary key of each partition in turn. */
async function scanLeads(client: Db, { request, limit }: Scan): Promise<ScannedRow[]> {
  const { accountId, range, filter } = request;
  const scanned = await client.query<ScannedRow>(
    `with page as materialized (
       select l.id, l.outcome, l.reason, l.flow_id, l.source_id
         from leads l where l.account_id = $1 and l.id > $2 and l.id < $3 order by l.id limit $4)
     select c.last_id, c.scanned, p.id, p.id as lead_id, 0 as seq, '' as type, p.outcome, p.reason, p.flow_id,
            p.source_id, null as step_id, null as recipient_id, null as facts
       from (select max(id) as last_id, count(*)::int as scanned from page) c
       left join (
         select * from page
          where ($5::text[] is null or outcome = any($5)) and ($6::text[] is null or flow_id = any($6))
            and ($7::text[] is null or source_id = any($7))) p on true
      order by p.id`,
    [accountId, range.after, range.before, limit, filter.outcome, filter.flow_id, filter.source_id],
  );
  return takeRows(scanned);
}

interface Rows {
  accountId: string;
  rows: readonly FoundRow[];
  needs: ExportNeeds;
}

/**
 * As many rows as have documents of so many bytes, at least one. The size of a document is known without reading it; by
 * the primary key.
 */
async function keepWithinBytes(
  client: Db,
  { accountId, rows, needs }: Rows,
): Promise<{ kept: readonly FoundRow[]; documents: readonly string[] }> {
  if ((!needs.vars && !needs.whole) || rows.length === 0) return { kept: rows, documents: [] };
  const leadIds = [...new Set(rows.map((row) => row.lead_id))].sort();
  const sizes = await client.query<{ lead_id: string; bytes: number }>(
    `select d.lead_id, sum(pg_column_size(d.document))::int as bytes from unnest($2::text[]) as k(lead_id)
       join lead_data d on d.account_id = $1 and d.lead_id = k.lead_id
      where d.lead_id between $3 and $4 and ($5 or d.part = 0)
      group by d.lead_id`,
    [accountId, leadIds, leadIds[0], leadIds.at(-1), needs.whole],
  );
  const bytesOf = new Map(takeRows(sizes).map(({ lead_id, bytes }) => [lead_id, bytes]));
  const bytesMax = needs.whole ? WHOLE_BYTES_MAX : DOCUMENT_BYTES_MAX;
  const documents = new Set<string>();
  let bytes = 0;
  let kept = 0;
  for (const { lead_id: leadId } of rows) {
    if (!documents.has(leadId)) {
      bytes += bytesOf.get(leadId) ?? 0;
      if (kept > 0 && bytes > bytesMax) break;
      documents.add(leadId);
    }
    kept += 1;
  }
  return { kept: rows.slice(0, kept), documents: [...documents].sort() };
}

/** One query for each thing that is needed, whatever the number of rows. */
async function fillRows(
  client: Db,
  { accountId, rows, documents, needs }: Rows & { documents: readonly string[] },
): Promise<ExportRow[]> {
  const vars = needs.vars ? await readVars(client, { accountId, leadIds: documents }) : null;
  const leads = needs.lead ? await readLeadColumns(client, { accountId, rows }) : null;
  // Whole events are read in a transaction, see `hasLeadNeeds`.
  const wholes = needs.whole
    ? await withLeads(client as pg.ClientBase, { accountId, rows: rows.map(eventRowOf) })
    : null;
  // Written out: members that are spread take ten times as long, and there are millions of rows.
  return rows.map((row, index) => ({
    id: row.id,
    leadId: row.lead_id,
    flowId: row.flow_id,
    sourceId: row.source_id,
    type: row.type,
    outcome: row.outcome,
    reason: row.reason,
    stepId: row.step_id,
    recipientId: row.recipient_id,
    facts: row.facts,
    vars: vars?.get(row.lead_id) ?? null,
    lead: leads?.get(row.lead_id) ?? null,
    whole: wholes?.[index] ?? null,
  }));
}

function eventRowOf(row: FoundRow): EventRow {
  return { ...row, facts: JSON.parse(row.facts ?? '{}') };
}

/**
 * By primary key; ids are joined, because a plan for hundreds of them in `any` takes longer than reading. The members of `vars` are the same in every version of the document; the rest of it is not sent.
 */
async function readVars(
  client: Db,
  { accountId, leadIds }: { accountId: string; leadIds: readonly string[] },
): Promise<Map<string, string | null>> {
  if (leadIds.length === 0) return new Map();
  const read = await client.query<{ lead_id: string; vars: string | null }>(
    `select d.lead_id, (d.document -> 'vars')::text as vars from unnest($2::text[]) as k(lead_id)
       join lead_data d on d.account_id = $1 and d.lead_id = k.lead_id and d.part = 0
      where d.lead_id between $3 and $4`,
    [accountId, leadIds, leadIds[0], leadIds.at(-1)],
  );
  return new Map(takeRows(read).map(({ lead_id, vars }) => [lead_id, vars]));
}

/** By primary key; what a lead was sent again as, too. */
async function readLeadColumns(
  client: Db,
  { accountId, rows: found }: { accountId: string; rows: readonly FoundRow[] },
): Promise<Map<string, NonNullable<ExportRow['lead']>>> {
  const leadIds = [...new Set(found.map((row) => row.lead_id))].sort();
  if (leadIds.length === 0) return new Map();
  const read = await client.query<{
    id: string;
    outcome: string;
    reason: string | null;
    revision: number;
    price: string;
    submitted_at: Date;
    resubmitted_as: string | null;
  }>(
    `select l.id, l.outcome, l.reason, l.revision, l.price, l.submitted_at,
            (select r.as_lead_id from resubmissions r where r.account_id = l.account_id and r.lead_id = l.id
              order by r.attempt desc limit 1) as resubmitted_as
       from unnest($2::text[]) as k(lead_id)
       join leads l on l.account_id = $1 and l.id = k.lead_id
      where l.id between $3 and $4`,
    [accountId, leadIds, leadIds[0], leadIds.at(-1)],
  );
  return new Map(
    takeRows(read).map(({ id, price, submitted_at, resubmitted_as, ...lead }) => [
      id,
      {
        ...lead,
        price: dollars(Number(price) as Money), // the column is in the unit of Money
        submittedAt: submitted_at.getTime(),
        resubmittedAs: resubmitted_as,
      },
    ]),
  );
}
