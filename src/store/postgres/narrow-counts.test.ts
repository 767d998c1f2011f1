import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { packageRoot } from '../../package-root.ts';
import { migrate, readMigrations } from './migrate.ts';
import { connectInSchema } from './schemas.ts';

/*
 * Migration 39 writes the tables of counts anew (decision page 0102). Each is filled at migration 38, in a schema of its own,
 * and what is read after migration 39 is compared with what was filled in.
 */

type Row = Record<string, string | number | null>;

const shipped = readMigrations(join(packageRoot, 'sql'));
const BEFORE = shipped.slice(0, 38);
const NARROWED = shipped.slice(0, 39);
const TABLES = ['statistics', 'event_kinds', 'event_tallies', 'latency_tallies', 'field_tallies'];
const AFTER = [
  'statistics_keys',
  'statistics_hours',
  'statistics_quarters',
  'statistics_days',
  'event_kinds',
  'event_tallies',
  'event_tallies_days',
  'latency_tallies',
  'field_keys',
  'field_tallies',
];
const KEY = ['account_id', 'level', 'flow_id', 'source_id', 'recipient_id', 'price'];
const KIND = ['account_id', 'kind'];
/** 2026-11-27T22:00Z by 900 s: the quarters are of six hours, the last one cut, and of two days. */
const FIRST_BUCKET = (Date.UTC(2026, 10, 27, 22) / 1_000 / 900) | 0;
const BUCKETS = 22;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('migration 39, on filled tables', () => {
  let client: pg.Client;
  let measures: string[];
  let old: Record<string, Row[]>;
  beforeAll(async () => {
    client = await openAt38('filled');
    measures = await readMeasures(client);
    old = generate(measures);
    for (const table of TABLES) await fill(client, table, old[table] ?? []);
    await narrow('filled');
  });
  afterAll(() => client.end());

  it('has rows to keep, and a value of every measure', () => {
    for (const table of TABLES) expect(old[table]?.length, table).toBeGreaterThan(30);
    const quarters = old['statistics']?.filter(({ bucket }) => Number(bucket) % 4 !== 0) ?? [];
    for (const measure of measures)
      expect(
        quarters.some((row) => row[measure] !== null),
        measure,
      ).toBe(true);
  });

  it.each([
    ['statistics_hours', 'hour', 4],
    ['statistics_days', 'day', 96],
  ])('sums every measure in %s', async (table, unit, quarters) => {
    const rows = old['statistics'] ?? [];
    expect(await readMeasured(client, table, unit)).toEqual(
      sort(sumBy(rows, { keys: KEY, unit, quarters, columns: measures })),
    );
  });

  it('keeps the second, third and fourth quarter of each hour', async () => {
    const rows = (old['statistics'] ?? []).filter(({ bucket }) => Number(bucket) % 4 !== 0);
    expect(await readMeasured(client, 'statistics_quarters', 'quarter')).toEqual(
      sort(sumBy(rows, { keys: KEY, unit: 'quarter', quarters: 1, columns: measures })),
    );
  });

  it('leaves the first quarter of each hour when the other three are taken from it', async () => {
    const hours = await readMeasured(client, 'statistics_hours', 'hour');
    const others = await readMeasured(client, 'statistics_quarters', 'quarter');
    const left = [
      ...hours.map((row) => ({ ...row, bucket: Number(row['hour']) * 4 })),
      ...others.map((row) => ({ ...negate(row, measures), bucket: Math.floor(Number(row['quarter']) / 4) * 4 })),
    ];
    const first = (old['statistics'] ?? []).filter(({ bucket }) => Number(bucket) % 4 === 0);
    const by = { keys: KEY, unit: 'quarter', quarters: 1, columns: measures };
    expect(counted(sumBy(left, by), measures)).toEqual(counted(sumBy(first, by), measures));
  });

  it('keeps every kind', async () => {
    const kinds = await readRows(
      client,
      `select id, account_id, kind::text, subject, type, outcome, flow_id, source_id, step_id, recipient_id, reason_class
         from event_kinds`,
    );
    expect(new Set(kinds.map(({ id }) => id)).size).toBe(kinds.length);
    expect(sort(kinds.map(({ id, ...kind }) => kind))).toEqual(sort(old['event_kinds'] ?? []));
  });

  it.each([
    ['event_tallies', 'bucket', 1],
    ['event_tallies_days', 'day', 96],
  ])('keeps events, leads, first and last id of each kind in %s', async (table, unit, quarters) => {
    const rows = await readRows(
      client,
      `select k.account_id, k.kind::text, t.${unit}, t.events, coalesce(t.leads, t.events) as leads,
              encode(t.first_id, 'hex') as first_id, encode(coalesce(t.last_id, t.first_id), 'hex') as last_id
         from ${table} t join event_kinds k on k.id = t.kind`,
    );
    const by = { keys: KIND, unit, quarters, columns: ['events', 'leads'] };
    expect(sort(rows)).toEqual(sort(sumBy(old['event_tallies'] ?? [], by)));
  });

  it('keeps the slots of latencies', async () => {
    const rows = await readRows(
      client,
      `select k.account_id, k.level, t.bucket, k.flow_id, k.source_id, k.recipient_id, t.slot, t.count
         from latency_tallies t join statistics_keys k using (key) where k.price = -1`,
    );
    expect(sort(rows)).toEqual(sort(old['latency_tallies'] ?? []));
  });

  it('keeps the leads of fields', async () => {
    const rows = await readRows(
      client,
      `select k.account_id, k.flow_id, k.field_id, t.bucket, t.leads from field_tallies t join field_keys k using (key)`,
    );
    expect(sort(rows)).toEqual(sort(old['field_tallies'] ?? []));
  });
});

describe('migration 39, on empty tables', () => {
  it('leaves every table empty', async () => {
    const client = await openAt38('nothing');
    try {
      await narrow('nothing');
      for (const table of AFTER) expect(await readRows(client, `select * from ${table}`), table).toEqual([]);
    } finally {
      await client.end();
    }
  });
});

describe('the migration of hours of kinds, on filled tables', () => {
  it('sums the events of every hour', async () => {
    const client = await openAt38('hours');
    onTestFinished(() => client.end());
    const old = generate(await readMeasures(client));
    for (const table of TABLES) await fill(client, table, old[table] ?? []);
    expect(await migrate(connectInSchema(database.connection, 'hours'), shipped, 'hours')).toMatchObject({ ok: true });
    const rows = await readRows(
      client,
      `select k.account_id, k.kind::text, t.day * 24 + substr(h.key, 2)::int as hour, h.value::int as events
         from event_tallies_by_day t
         join event_kinds k on k.id = t.kind
         cross join lateral jsonb_each_text(jsonb_strip_nulls(to_jsonb(t))) h
        where h.key ~ '^h[0-9]+$'`,
    );
    const events = (old['event_tallies'] ?? []).map(({ first_id, last_id, ...row }) => row);
    expect(sort(rows)).toEqual(sort(sumBy(events, { keys: KIND, unit: 'hour', quarters: 4, columns: ['events'] })));
  });
});

async function openAt38(schema: string): Promise<pg.Client> {
  const connection = connectInSchema(database.connection, schema);
  expect(await migrate(connection, BEFORE, schema)).toMatchObject({ ok: true });
  const client = new pg.Client(connection);
  await client.connect();
  return client;
}

async function narrow(schema: string): Promise<void> {
  const migrated = await migrate(connectInSchema(database.connection, schema), NARROWED, schema);
  expect(migrated).toMatchObject({ ok: true, value: { applied: [expect.stringContaining('narrow_counts')] } });
}

async function readMeasures(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = 'statistics'::regclass and attnum > 0 order by attnum`,
  );
  return rows.map(({ name }) => name).filter((name) => name !== 'bucket' && !KEY.includes(name));
}

async function fill(client: pg.Client, table: string, rows: Row[]): Promise<void> {
  await client.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
    JSON.stringify(rows),
  ]);
}

/** As JSON, where money is a number too. A kind is greater than numbers are exact, so it is asked for as text. */
async function readRows(client: pg.Client, sql: string): Promise<Row[]> {
  const { rows } = await client.query<{ row: Row }>(`select to_json(r) as row from (${sql}) r`);
  return rows.map(({ row }) => row);
}

async function readMeasured(client: pg.Client, table: string, unit: string): Promise<Row[]> {
  const rows = await readRows(
    client,
    `select ${KEY.map((name) => `k.${name}`).join(', ')}, t.* from ${table} t join statistics_keys k using (key)`,
  );
  expect(rows.every((row) => row[unit] !== undefined)).toBe(true);
  return sort(rows.map(({ key, ...row }) => row));
}

function generate(measures: string[]): Record<string, Row[]> {
  const random = createRandom();
  const below = (end: number) => Math.floor(random() * end);
  const rows: Record<string, Row[]> = Object.fromEntries(TABLES.map((table) => [table, []]));
  const add = (table: string, row: Row) => rows[table]?.push(row);
  const buckets = Array.from({ length: BUCKETS }, (_, index) => FIRST_BUCKET + index);
  for (const account_id of ['a1', 'a2', 'a3']) {
    for (const place of listPlaces(account_id)) {
      for (const bucket of buckets.filter(() => random() < 0.6)) {
        const measured = measures.map((name) => [name, random() < 0.4 ? null : measure(name, below)]);
        add('statistics', { ...place, bucket, ...Object.fromEntries(measured) });
      }
      // Latencies are of places without a price; some of them have no measures.
      const { price, ...timed } = place;
      const recipient_id = random() < 0.3 ? 'only-timed' : place.recipient_id;
      if (price !== -1) continue;
      for (const hour of [0, 1, 2, 5]) {
        const bucket = FIRST_BUCKET / 4 + hour;
        for (const slot of [0, 7, 300])
          add('latency_tallies', { ...timed, recipient_id, bucket, slot, count: 1 + below(9) });
      }
    }
    for (const [index, reason_class] of ['', '(other)', 'too old', 'zip # is not served'].entries()) {
      for (const [order, subject] of ['event', 'lead', 'ping'].entries()) {
        // The same kind is of several accounts: it is the hash of what it says. One is negative.
        const kind = String(BigInt(index - 1) * 4_000_000_000_000_000_001n + BigInt(order));
        const type = subject === 'event' ? 'source' : '';
        const step_id = index % 2 === 0 ? '' : 's';
        const what = { subject, type, outcome: 'failure', flow_id: 'f1', source_id: 'o1', step_id, recipient_id: '' };
        add('event_kinds', { account_id, kind, ...what, reason_class });
        for (const bucket of buckets.filter(() => random() < 0.6)) {
          const events = 1 + below(5);
          const [first_id = '', last_id = ''] = [makeId(bucket, below), makeId(bucket, below)].sort();
          const leads = random() < 0.4 ? events : below(events);
          add('event_tallies', {
            account_id,
            kind,
            bucket,
            events,
            leads,
            first_id,
            last_id: events === 1 ? first_id : last_id,
          });
        }
      }
    }
    for (const flow_id of ['f1', 'f2']) {
      for (const field_id of ['email', 'state', 'é']) {
        for (const bucket of buckets)
          add('field_tallies', { account_id, flow_id, field_id, bucket, leads: 1 + below(99) });
      }
    }
  }
  return rows;
}

function listPlaces(account_id: string) {
  return ['f1', 'f2'].flatMap((flow_id) => {
    const place = { account_id, flow_id, source_id: 'o1' };
    return [
      { ...place, level: 'source', recipient_id: '', price: -1 },
      { ...place, level: 'recipient', recipient_id: 'r1', price: -1 },
      { ...place, level: 'recipient', recipient_id: 'r2', price: -1 },
      { ...place, level: 'purchase_price', recipient_id: '', price: 0 },
      { ...place, level: 'purchase_price', recipient_id: '', price: 125_000 },
      { ...place, level: 'sale_price', recipient_id: 'r1', price: 125_000 },
    ];
  });
}

function measure(name: string, below: (end: number) => number): number {
  // Money is beyond four bytes, and below nothing after returns.
  return name === 'cost' || name === 'revenue' ? below(9_000_000_000) - 1_000_000_000 : below(1_000);
}

function makeId(bucket: number, below: (end: number) => number): string {
  return (
    (bucket * 900 + below(900)).toString(16).padStart(8, '0') +
    below(2 ** 48)
      .toString(16)
      .padStart(16, '0')
  );
}

/** The same rows in each run (mulberry32). */
function createRandom(): () => number {
  let state = 39;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Grouping {
  keys: string[];
  /** What the instant is named. */
  unit: string;
  /** In the unit. */
  quarters: number;
  columns: string[];
}

/** null and null are null, as in SQL; the smallest first id and the greatest last id. */
function sumBy(rows: Row[], { keys, unit, quarters, columns }: Grouping): Row[] {
  const groups = new Map<string, Row>();
  for (const row of rows) {
    const group: Row = Object.fromEntries(
      keys.map((key) => [key, key === 'kind' ? String(row[key]) : (row[key] ?? null)]),
    );
    group[unit] = Math.floor(Number(row['bucket']) / quarters);
    const name = JSON.stringify(group);
    const sum = groups.get(name) ?? { ...group, ...Object.fromEntries(columns.map((column) => [column, null])) };
    for (const column of columns) {
      const value = row[column] ?? null;
      if (value !== null) sum[column] = Number(sum[column] ?? 0) + Number(value);
    }
    if (row['first_id'] !== undefined) {
      sum['first_id'] = [String(row['first_id']), String(sum['first_id'] ?? row['first_id'])].sort()[0] ?? null;
      sum['last_id'] = [String(row['last_id']), String(sum['last_id'] ?? row['last_id'])].sort()[1] ?? null;
    }
    groups.set(name, sum);
  }
  return [...groups.values()];
}

function negate(row: Row, columns: string[]): Row {
  return { ...row, ...Object.fromEntries(columns.map((column) => [column, -Number(row[column] ?? 0)])) };
}

/** Nothing is 0 in what was taken from an hour: rows without any count are left out. */
function counted(rows: Row[], columns: string[]): Row[] {
  const zeroed = rows.map((row) => ({
    ...row,
    ...Object.fromEntries(columns.map((column) => [column, Number(row[column] ?? 0) + 0])),
  }));
  return sort(zeroed.filter((row: Row) => columns.some((column) => row[column] !== 0)));
}

function sort(rows: Row[]): Row[] {
  return rows
    .map((row) => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
