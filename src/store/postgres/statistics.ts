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
import {
  chooseDaysToMove,
  chooseGrains,
  MIDDLE_OF_DAY,
  QUARTERS_OF_DAY,
  QUARTERS_OF_HOUR,
  type Run,
} from '../../statistics/grains.ts';
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

/** Of `statistics_keys` and of `event_kinds`. */
const COLUMN_OF: Readonly<Record<CountedDimension, string>> = {
  flow: 'flow_id',
  source: 'source_id',
  recipient: 'recipient_id',
  price: 'price',
  outcome: 'outcome',
  reason: 'reason_class',
};

type SumRow = Record<string, string | number | null>;

/**
 * Along the primary keys: the keys of the level, and for each its days, and hours and quarters where days do not fit. A lateral
 * join, because the planner takes a range that it does not know for a ninth of the table, and would read all of it.
 */
async function sumLevel(client: pg.ClientBase, request: LevelRequest): Promise<CountedCells> {
  const { accountId, level, buckets, dimensions, measures, filter, cellsMax } = request;
  for (const name of measures)
    assert(
      MEASURES.some((measure) => measure.name === name),
      'a measure is a column',
    );
  const { until } = await readCounted(client, accountId);
  const columns = dimensions.map((dimension) => COLUMN_OF[dimension]);
  const { text, values } = buildLevelRows(buckets, measures);
  const { rows } = await client.query<SumRow>(
    `select s.part${columns.map((name) => `, k.${name}`).join('')}${measures.map((name) => `, sum(s.${name}) as ${name}`).join('')}
       from statistics_keys k
      cross join lateral (${text}) s
      where k.account_id = $1 and k.level = $3
        and ($4::text[] is null or k.flow_id = any($4))
        and ($5::text[] is null or k.source_id = any($5))
        and ($6::text[] is null or k.recipient_id = any($6))
      group by s.part${columns.map((name) => `, k.${name}`).join('')}
      limit $7`,
    [accountId, buckets, level, ...filterValues(filter), cellsMax + 1, ...values],
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

/** The rows of one key with their parts, none of a part outside. Parameters from $8 on. */
function buildLevelRows(buckets: readonly number[], measures: readonly string[]): { text: string; values: number[][] } {
  const { days, hours, quarters } = chooseGrains(buckets);
  const values: number[][] = [];
  const runsOf = (runs: readonly Run[]) => {
    values.push(
      runs.map(({ from }) => from),
      runs.map(({ to }) => to),
    );
    return `unnest($${values.length + 6}::int[], $${values.length + 7}::int[]) as r(low, high)`;
  };
  const sums = (sign = '') => measures.map((name) => `, sum(${sign}s.${name}) as ${name}`).join('');
  // `offset 0` keeps the planner from reading all rows of the key once and choosing among them.
  const rowsOf = (table: string, column: string) =>
    `select * from ${table} s where s.key = k.key and s.${column} >= r.low and s.${column} < r.high offset 0`;
  const whole = (table: string, column: string, times: number, runs: readonly Run[]) => `
    select ${placeOf(`s.${column} * ${times}`, buckets)} as part${sums()}
      from ${runsOf(runs)} cross join lateral (${rowsOf(table, column)}) s
     group by 1`;
  const parts = [
    ...(days.length > 0 ? [whole('statistics_days', 'day', QUARTERS_OF_DAY, days)] : []),
    ...(hours.length > 0 ? [whole('statistics_hours', 'hour', QUARTERS_OF_HOUR, hours)] : []),
    ...(quarters.length > 0
      ? [
          `select v.part${sums('v.sign * ')}
             from ${runsOf(quarters)} cross join lateral (${rowsOf('statistics_quarters', 'quarter')}) s
            cross join lateral (select ${placeOf('s.quarter', buckets)} as own,
              ${placeOf(`s.quarter / ${QUARTERS_OF_HOUR} * ${QUARTERS_OF_HOUR}`, buckets)} as of_hour) p
            cross join lateral (values (p.own, 1), (p.of_hour, -1)) as v(part, sign)
            where p.own <> p.of_hour and v.part between 0 and cardinality($2::integer[]) - 2
            group by 1`,
        ]
      : []),
  ];
  const nothing = `select 0 as part${measures.map((name) => `, 0 as ${name}`).join('')} where cardinality($2::integer[]) = 0`;
  return { text: parts.length > 0 ? parts.join(' union all ') : nothing, values };
}

/**
 * By the primary keys: some thousands of kinds, then the days of each, and the quarters that are in another part than the
 * middle of their day. Parameters from $3 to $6.
 */
function buildTallyRows(buckets: readonly number[]): { text: string; values: number[][] } {
  const { days, quarters } = chooseDaysToMove(buckets);
  const rowsOf = (table: string, column: string, place: number) => `
    unnest($${place}::int[], $${place + 1}::int[]) as r(low, high)
      cross join lateral (
        select * from ${table} t where t.kind = k.id and t.${column} >= r.low and t.${column} < r.high offset 0) t`;
  const place = (quarter: string) => `width_bucket(${quarter}, $2::integer[]) - 1`;
  return {
    text: `
      select ${place(`t.day * ${QUARTERS_OF_DAY} + ${MIDDLE_OF_DAY}`)} as part, sum(t.events) as events,
             sum(coalesce(t.leads, t.events)) as leads
        from ${rowsOf('event_tallies_days', 'day', 3)}
       group by 1
      union all
      select v.part, sum(v.sign * t.events) as events, sum(v.sign * coalesce(t.leads, t.events)) as leads
        from ${rowsOf('event_tallies', 'bucket', 5)}
       cross join lateral (select ${place('t.bucket')} as own,
         ${place(`t.bucket / ${QUARTERS_OF_DAY} * ${QUARTERS_OF_DAY} + ${MIDDLE_OF_DAY}`)} as of_day) p
       cross join lateral (values (p.own, 1), (p.of_day, -1)) as v(part, sign)
       where p.own <> p.of_day and v.part between 0 and cardinality($2::integer[]) - 2
       group by 1`,
    values: [days, quarters].flatMap((runs) => [runs.map(({ from }) => from), runs.map(({ to }) => to)]),
  };
}

/** Along the primary keys. */
async function sumKinds(client: pg.ClientBase, request: CountsRequest): Promise<CountedCells> {
  const { accountId, buckets, dimensions, filter, cellsMax } = request;
  const { until } = await readCounted(client, accountId);
  const columns = [...new Set([...dimensions, 'outcome' as const])].map((dimension) => COLUMN_OF[dimension]);
  const { text, values } = buildTallyRows(buckets);
  const { rows } = await client.query<SumRow>(
    `select t.part, k.type = 'source' as is_source${columns.map((name) => `, k.${name}`).join('')},
            sum(t.events) as events, sum(t.leads) as leads
       from event_kinds k
      cross join lateral (${text}) t
      where k.account_id = $1 and k.subject = 'event' and k.type = any($11) and k.outcome = any($12)
        and ($7::text[] is null or k.flow_id = any($7))
        and ($8::text[] is null or k.source_id = any($8))
        and ($9::text[] is null or k.recipient_id = any($9))
      group by 1, 2${columns.map((name) => `, k.${name}`).join('')}
     having sum(t.events) <> 0
      limit $10`,
    [
      ...[accountId, buckets, ...values, ...filterValues(filter), cellsMax + 1],
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
  const { text, values } = buildTallyRows(buckets);
  const { rows } = await client.query<SumRow>(
    `select t.part${columns.map((name) => `, k.${name}`).join('')}, sum(t.events) as events
       from event_kinds k
      cross join lateral (${text}) t
      where k.account_id = $1 and k.subject = 'event' and k.type = any($11)
        and ($12::text[] is null or k.outcome = any($12))
        and ($7::text[] is null or k.flow_id = any($7))
        and ($8::text[] is null or k.source_id = any($8))
        and ($9::text[] is null or k.recipient_id = any($9))
      group by 1${columns.map((name) => `, k.${name}`).join('')}
     having sum(t.events) <> 0
      limit $10`,
    [...[accountId, buckets, ...values, ...filterValues(filter), cellsMax + 1], ...[types, filter.outcomes ?? null]],
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
 * Which part of the time frame a quarter is in, by $2: −1 before the first, past the last one at the end. Where there is one
 * part and the rows are within it, it is a constant.
 */
function placeOf(quarter: string, buckets: readonly number[]): string {
  return buckets.length > 2 || quarter.startsWith('s.quarter')
    ? `width_bucket(${quarter}, $2::integer[]) - 1`
    : 'coalesce(0, cardinality($2::integer[]))';
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
