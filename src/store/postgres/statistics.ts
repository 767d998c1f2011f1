import type pg from 'pg';
import { assert } from '../../lib/assert.ts';
import { TALLIED } from '../../reports/choose-tallies.ts';
import type {
  CountedCells,
  CountedDimension,
  CountsRequest,
  EventTally,
  LatenciesRequest,
  LatencyTally,
  LevelRequest,
  Names,
  StatisticsStore,
} from '../../reports/statistics-store.ts';
import {
  chooseDaysToMove,
  chooseDaysWithHours,
  chooseGrains,
  type Moved,
  type Placed,
} from '../../statistics/grains.ts';
import { COUNTED_OUTCOMES, MEASURES, NO_PRICE } from '../../statistics/measures.ts';
import { columnOfHour } from './add-tallies.ts';
import { readCounted } from './digests.ts';
import { readEntityNames } from './entity-names.ts';
import { inOneView } from './in-transaction.ts';

/** Past this it gives up, and the caller has to ask for less time. */
const READ_MS_MAX = 15_000;
/** Groups are kept in memory and not sorted on disk: the planner takes many times as many as there are. */
const GROUPS_MEMORY = '64MB';

/**
 * Rows of one quarter lie side by side and those of one key do not: they are read page by page (a bitmap), which takes two thirds
 * of the time.
 */
const SETTINGS = [`set local work_mem = '${GROUPS_MEMORY}'`, 'set local enable_indexscan = off'];

export function createStatisticsStore(pool: pg.Pool): StatisticsStore {
  // One view: how far events are counted belongs to the counts.
  const reading = <T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> =>
    inOneView(pool, { msMax: READ_MS_MAX, settings: SETTINGS }, work);
  return {
    sumLevel: (request) => reading((client) => sumLevel(client, request)),
    sumKinds: (request) => reading((client) => sumKinds(client, request)),
    countEvents: (request) => reading((client) => countEvents(client, request)),
    sumLatencies: (request) => reading((client) => sumLatencies(client, request)),
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
 * Along the primary keys: the keys of the level, then their days, and hours and quarters where days do not fit, all rows of a
 * grain in one scan. Added up before they are told apart by parts: there are fewer parts than rows.
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
  const { days, hours, quarters } = chooseGrains(buckets);
  const first = [accountId, buckets.length - 1, cellsMax + 1, ...filterValues(filter), level];
  const { text, values } = buildCounts(first, {
    columns,
    sums: Object.fromEntries(measures.map((name) => [name, `s.${name}`])),
    days: { table: 'statistics_days', key: 'key', unit: 'day', placed: days },
    moved: [
      { table: 'statistics_hours', key: 'key', unit: 'hour', moved: hours },
      { table: 'statistics_quarters', key: 'key', unit: 'quarter', moved: quarters },
    ],
    keys: `select k.key as id${columns.map((name) => `, k.${name}`).join('')}
       from statistics_keys k
      where k.account_id = $1 and k.level = $7 and ${FILTERED}`,
  });
  const { rows } = await client.query<SumRow>(text, values);
  return {
    until,
    cells: rows.map((row) => ({
      part: Number(row['part']),
      dimensions: dimensionsOf(row, dimensions),
      measured: Object.fromEntries(measures.map((name) => [name, Number(row[name] ?? 0)])),
    })),
  };
}

/** On `k`, by the parameters of `filterValues`. */
const FILTERED = `($4::text[] is null or k.flow_id = any($4))
        and ($5::text[] is null or k.source_id = any($5))
        and ($6::text[] is null or k.recipient_id = any($6))`;

/** Rows of counts by one unit of time. */
interface Grain {
  table: string;
  key: string;
  unit: string;
}

interface Counts {
  /** Of `keys`: what cells are told apart by. */
  columns: readonly string[];
  /** By name what is added up, of a row `s`. */
  sums: Readonly<Record<string, string>>;
  days: Grain & { placed: readonly Placed[] };
  /** `sums`: where not the whole row is moved. */
  moved: readonly (Grain & { moved: readonly Moved[]; sums?: Readonly<Record<string, string>> })[];
  /** Selects `id` and the columns. */
  keys: string;
  /** Leaves cells out. */
  having?: string;
}

/** Sums by part and columns. The parameters that `first` has to begin with: the account, the number of parts, how many cells. */
function buildCounts(first: readonly unknown[], counts: Counts): { text: string; values: unknown[] } {
  const { columns, sums, days, moved, keys, having = '' } = counts;
  const values = [...first];
  const list = (units: readonly number[]) => `$${values.push(units)}::int[]`;
  const listed = (of: string) => columns.map((name) => `, ${of}.${name}`).join('');
  const summed = (of: (name: string) => string) =>
    Object.keys(sums)
      .map((name) => `, ${of(name)} as ${name}`)
      .join('');
  /** Sums by what the units are told apart by. The list of units is a condition of its own, because the index is read by it. */
  const sumsBy = (
    { table, key, unit, sums: own = sums }: Grain & { sums?: Readonly<Record<string, string>> },
    places: Readonly<Record<string, readonly number[]>>,
    units: readonly number[],
  ) => {
    const names = Object.keys(places);
    const of = names.map((name) => `u.${name}`).join(', ');
    const lists = Object.values(places).map(list);
    const read = list(units);
    return `
    select ${of}${listed('k')}${summed((name) => `sum(${own[name]})`)}
      from ${table} s
      join k on k.id = s.${key}
      join unnest(${read}, ${lists.join(', ')}) as u(unit, ${names.join(', ')}) on u.unit = s.${unit}
     where s.${key} = any(array(select id from k)) and s.${unit} = any(${read})
     group by ${of}${listed('k')}`;
  };
  const parts = [
    sumsBy(
      days,
      { part: days.placed.map(({ part }) => part) },
      days.placed.map(({ unit }) => unit),
    ),
    ...moved
      .filter((grain) => grain.moved.length > 0)
      .map(
        (grain) => `
    select v.part${listed('s')}${summed((name) => `v.sign * s.${name}`)}
      from (${sumsBy(
        grain,
        { own: grain.moved.map(({ own }) => own), counted: grain.moved.map(({ counted }) => counted) },
        grain.moved.map(({ unit }) => unit),
      )}) s
     cross join lateral (values (s.own, 1), (s.counted, -1)) as v(part, sign)
     where v.part between 0 and $2::int - 1`,
      ),
  ];
  return {
    text: `with k as materialized (${keys})
      select x.part${listed('x')}${summed((name) => `sum(x.${name})`)}
        from (${parts.join(' union all ')}) x
       where $2::int > 0
       group by x.part${listed('x')} ${having}
       limit $3`,
    values,
  };
}

const DAYS_OF_KINDS: Grain = { table: 'event_tallies_by_day', key: 'kind', unit: 'day' };
const QUARTERS_OF_KINDS: Grain = { table: 'event_tallies', key: 'kind', unit: 'bucket' };

/** The days of kinds, and the quarters that are in another part: leads have no hours. */
function grainsOfKinds(buckets: readonly number[]): Pick<Counts, 'days' | 'moved'> {
  const { days, quarters } = chooseDaysToMove(buckets);
  return { days: { ...DAYS_OF_KINDS, placed: days }, moved: [{ ...QUARTERS_OF_KINDS, moved: quarters }] };
}

/** The same for events alone, whose hours are in the rows of days. */
function grainsOfEvents(buckets: readonly number[]): Pick<Counts, 'days' | 'moved'> {
  const { days, hours, quarters } = chooseDaysWithHours(buckets);
  return {
    days: { ...DAYS_OF_KINDS, placed: days },
    moved: [
      ...hours.map((set) => ({
        ...DAYS_OF_KINDS,
        moved: set.moved,
        sums: { events: set.hours.map((hour) => `coalesce(s.${columnOfHour(hour)}, 0)`).join(' + ') },
      })),
      { ...QUARTERS_OF_KINDS, moved: quarters },
    ],
  };
}

/** Where events of some kinds are: what was moved away leaves nothing. */
const SOME_EVENTS = 'having sum(x.events) <> 0';

/** Along the primary keys, as above. */
async function sumKinds(client: pg.ClientBase, request: CountsRequest): Promise<CountedCells> {
  const { accountId, buckets, dimensions, filter, cellsMax } = request;
  const { until } = await readCounted(client, accountId);
  const columns = [...new Set([...dimensions, 'outcome' as const])].map((dimension) => COLUMN_OF[dimension]);
  const outcomes = COUNTED_OUTCOMES.filter((outcome) => filter.outcomes?.includes(outcome) ?? true);
  const first = [
    ...[accountId, buckets.length - 1, cellsMax + 1, ...filterValues(filter)],
    ...[['source', 'recipient', 'retry'], outcomes],
  ];
  const { text, values } = buildCounts(first, {
    columns: ['is_source', ...columns],
    sums: { events: 's.events', leads: 'coalesce(s.leads, s.events)' },
    ...grainsOfKinds(buckets),
    keys: `select k.id, k.type = 'source' as is_source${columns.map((name) => `, k.${name}`).join('')}
       from event_kinds k
      where k.account_id = $1 and k.subject = 'event' and k.type = any($7) and k.outcome = any($8) and ${FILTERED}`,
    having: SOME_EVENTS,
  });
  const { rows } = await client.query<SumRow>(text, values);
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
  const columns = [...new Set(dimensions.map((property) => TALLIED[property]))];
  const first = [accountId, buckets.length - 1, cellsMax + 1, ...filterValues(filter), types, filter.outcomes ?? null];
  const { text, values } = buildCounts(first, {
    columns,
    sums: { events: 's.events' },
    ...grainsOfEvents(buckets),
    keys: `select k.id${columns.map((name) => `, k.${name}`).join('')}
       from event_kinds k
      where k.account_id = $1 and k.subject = 'event' and k.type = any($7)
        and ($8::text[] is null or k.outcome = any($8)) and ${FILTERED}`,
    having: SOME_EVENTS,
  });
  const { rows } = await client.query<SumRow>(text, values);
  return rows.map((row) => ({
    part: Number(row['part']),
    values: Object.fromEntries(
      dimensions.map((property) => [property, row[TALLIED[property]] === '' ? null : String(row[TALLIED[property]])]),
    ),
    events: Number(row['events']),
  }));
}

/** Along the primary keys: the keys of the level, then their hours. */
async function sumLatencies(client: pg.ClientBase, request: LatenciesRequest): Promise<LatencyTally[]> {
  const { accountId, level, dimension, filter, hours, rowsMax } = request;
  const column = COLUMN_OF[dimension];
  const { rows } = await client.query<LatencyTally>(
    `select k.${column} as id, t.slot, sum(t.count)::float8 as count
       from statistics_keys k
       join latency_tallies t on t.key = k.key
      where k.account_id = $1 and k.level = $2 and k.price = ${NO_PRICE} and ${FILTERED}
        and t.bucket >= $7 and t.bucket < $8
      group by 1, 2
      order by 1, 2
      limit $3`,
    [accountId, level, rowsMax + 1, ...filterValues(filter), ...hours],
  );
  return rows;
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
