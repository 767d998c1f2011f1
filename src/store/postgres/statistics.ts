import type pg from 'pg';
import { assert } from '../../lib/assert.ts';
import { TALLIED } from '../../reports/choose-tallies.ts';
import type {
  CountedCells,
  CountedDimension,
  CountsRequest,
  EventTally,
  LevelRequest,
  Names,
  StatisticsStore,
} from '../../reports/statistics-store.ts';
import { COUNTED_OUTCOMES, MEASURES } from '../../statistics/measures.ts';
import { readCounted } from './digests.ts';
import { readEntityNames } from './entity-names.ts';
import { inTransaction } from './in-transaction.ts';

/** Past this it gives up, and the caller has to ask for less time. */
const READ_MS_MAX = 15_000;
/** Groups are kept in memory and not sorted on disk: the planner takes many times as many as there are. */
const GROUPS_MEMORY = '64MB';

export function createStatisticsStore(pool: pg.Pool): StatisticsStore {
  const reading = <T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> =>
    inTransaction(pool, async (client) => {
      // One view: how far events are counted belongs to the counts.
      await client.query('set transaction isolation level repeatable read, read only');
      await client.query(`set local statement_timeout = ${READ_MS_MAX}`);
      await client.query(`set local work_mem = '${GROUPS_MEMORY}'`);
      return work(client);
    });
  return {
    sumLevel: (request) => reading((client) => sumLevel(client, request)),
    sumKinds: (request) => reading((client) => sumKinds(client, request)),
    countEvents: (request) => reading((client) => countEvents(client, request)),
    readNames: (key) => reading((client) => readNames(client, key)),
  };
}

/** Of `statistics` and of `event_kinds`. */
const COLUMN_OF: Readonly<Record<CountedDimension, string>> = {
  flow: 'flow_id',
  source: 'source_id',
  recipient: 'recipient_id',
  price: 'price',
  outcome: 'outcome',
  reason: 'reason_class',
};

type SumRow = Record<string, string | number | null>;

/** Along the primary key: the buckets of one level, 96 a day for each flow, source, recipient and price that were active. */
async function sumLevel(client: pg.ClientBase, request: LevelRequest): Promise<CountedCells> {
  const { accountId, level, buckets, dimensions, measures, filter, cellsMax } = request;
  for (const name of measures)
    assert(
      MEASURES.some((measure) => measure.name === name),
      'a measure is a column',
    );
  const { until } = await readCounted(client, accountId);
  const columns = dimensions.map((dimension) => COLUMN_OF[dimension]);
  const { rows } = await client.query<SumRow>(
    `select ${partOf('s', buckets)} as part${columns.map((name) => `, s.${name}`).join('')}
            ${measures.map((name) => `, sum(s.${name}) as ${name}`).join('')}
       from statistics s
      where s.account_id = $1 and s.level = $3 and s.bucket >= $4 and s.bucket < $5
        and ($6::text[] is null or s.flow_id = any($6))
        and ($7::text[] is null or s.source_id = any($7))
        and ($8::text[] is null or s.recipient_id = any($8))
      group by 1${columns.map((name) => `, s.${name}`).join('')}
      limit $9`,
    [accountId, buckets.slice(0, -1), level, ...rangeOf(buckets), ...filterValues(filter), cellsMax + 1],
  );
  return {
    until,
    cells: rows.map((row) => ({
      part: Number(row['part']),
      dimensions: dimensionsOf(row, dimensions),
      measured: Object.fromEntries(measures.map((name) => [name, Number(row[name] ?? 0)])),
    })),
  };
}

/** Along the primary keys: some thousands of kinds, then the buckets of each. */
async function sumKinds(client: pg.ClientBase, request: CountsRequest): Promise<CountedCells> {
  const { accountId, buckets, dimensions, filter, cellsMax } = request;
  const { until } = await readCounted(client, accountId);
  const columns = [...new Set([...dimensions, 'outcome' as const])].map((dimension) => COLUMN_OF[dimension]);
  const { rows } = await client.query<SumRow>(
    `select ${partOf('t', buckets)} as part, k.type = 'source' as is_source
            ${columns.map((name) => `, k.${name}`).join('')}, sum(t.events) as events, sum(t.leads) as leads
       from event_kinds k
       join event_tallies t on t.account_id = k.account_id and t.kind = k.kind
      where k.account_id = $1 and k.subject = 'event' and k.type = any($9) and k.outcome = any($10)
        and t.bucket >= $3 and t.bucket < $4
        and ($5::text[] is null or k.flow_id = any($5))
        and ($6::text[] is null or k.source_id = any($6))
        and ($7::text[] is null or k.recipient_id = any($7))
      group by 1, 2${columns.map((name) => `, k.${name}`).join('')}
      limit $8`,
    [
      ...[accountId, buckets.slice(0, -1), ...rangeOf(buckets), ...filterValues(filter), cellsMax + 1],
      ['source', 'recipient', 'retry'],
      COUNTED_OUTCOMES.filter((outcome) => filter.outcomes?.includes(outcome) ?? true),
    ],
  );
  return {
    until,
    cells: rows.map((row) => {
      const of = row['is_source'] ? 'source' : 'recipient';
      const leads = Number(row['leads']);
      return {
        part: Number(row['part']),
        dimensions: dimensionsOf(row, dimensions),
        measured: {
          [`${of}_leads_submitted`]: leads,
          [`${of}_leads_${row['outcome']}`]: leads,
          [`${of}_events_${row['outcome']}`]: Number(row['events']),
        },
      };
    }),
  };
}

/** Along the primary keys, as above. */
async function countEvents(
  client: pg.ClientBase,
  request: Parameters<StatisticsStore['countEvents']>[0],
): Promise<EventTally[]> {
  const { accountId, buckets, dimensions, filter, types, cellsMax } = request;
  const columns = dimensions.map((property) => TALLIED[property]);
  const { rows } = await client.query<SumRow>(
    `select ${partOf('t', buckets)} as part${columns.map((name) => `, k.${name}`).join('')},
            sum(t.events) as events
       from event_kinds k
       join event_tallies t on t.account_id = k.account_id and t.kind = k.kind
      where k.account_id = $1 and k.subject = 'event' and k.type = any($9)
        and ($10::text[] is null or k.outcome = any($10))
        and t.bucket >= $3 and t.bucket < $4
        and ($5::text[] is null or k.flow_id = any($5))
        and ($6::text[] is null or k.source_id = any($6))
        and ($7::text[] is null or k.recipient_id = any($7))
      group by 1${columns.map((name) => `, k.${name}`).join('')}
      limit $8`,
    [
      ...[accountId, buckets.slice(0, -1), ...rangeOf(buckets), ...filterValues(filter), cellsMax + 1],
      ...[types, filter.outcomes ?? null],
    ],
  );
  return rows.map((row) => ({
    part: Number(row['part']),
    values: Object.fromEntries(
      dimensions.map((property) => [property, row[TALLIED[property]] === '' ? null : String(row[TALLIED[property]])]),
    ),
    events: Number(row['events']),
  }));
}

/**
 * Which part of the time frame a row is of, by $2. Of one part it is a constant: the planner takes it for what it is, and for
 * some thousand groups otherwise, which it would sort.
 */
function partOf(table: 's' | 't', buckets: readonly number[]): string {
  return buckets.length > 2
    ? `width_bucket(${table}.bucket, $2::integer[]) - 1`
    : 'coalesce(0, cardinality($2::integer[]))';
}

function rangeOf(buckets: readonly number[]): [from: number, to: number] {
  return [buckets[0] ?? 0, buckets.at(-1) ?? 0];
}

function filterValues({ flowIds, sourceIds, recipientIds }: CountsRequest['filter']) {
  return [flowIds ?? null, sourceIds ?? null, recipientIds ?? null];
}

function dimensionsOf(row: SumRow, dimensions: readonly CountedDimension[]) {
  return Object.fromEntries(dimensions.map((dimension) => [dimension, String(row[COLUMN_OF[dimension]])]));
}

/**
 * By the primary keys; flows that were deleted have their documents yet.
 */
async function readNames(client: pg.ClientBase, key: Parameters<StatisticsStore['readNames']>[0]): Promise<Names> {
  const { accountId, flowIds, entityIds } = key;
  const flows = await client.query<NameRow>(
    `select f.id, r.document ->> 'name' as name
       from flows f
       join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id and r.revision = f.saved_revision
      where f.account_id = $1 and f.id = any($2)`,
    [accountId, flowIds],
  );
  return { flows: namesOf(flows.rows), entities: await readEntityNames(client, { accountId, entityIds }) };
}

interface NameRow {
  id: string;
  name: string | null;
}

function namesOf(rows: readonly NameRow[]): Map<string, string> {
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name]])));
}
