import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { firstIdAt } from '../../lib/ids.ts';
import { DAILY_BYTES_MIN, DAYS_AHEAD, ensurePartitions, sweepCapWindows } from './partitions.ts';

const DAY_MS = 86_400_000;
/** A Wednesday. */
const NOW = Date.UTC(2031, 0, 1, 12);
const TODAY = Date.UTC(2031, 0, 1);
/** Any volume is worth a partition a day. */
const DAILY = 0;

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool(database.connection);
});
beforeEach(async () => {
  const { rows } = await pool.query(`${PARTITIONS}`);
  for (const { name } of rows) await pool.query(`drop table ${name}`);
  await pool.query('truncate leads, lead_data, events');
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const PARTITIONS = `select c.relname as name, p.relname as of, pg_get_expr(c.relpartbound, c.oid) as bounds
  from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
 where p.relname in ('leads', 'lead_data', 'events') and c.relname not like '%_default' order by bounds, c.relname`;

/** Days from today on at which a partition of `leads` begins and ends, in order. */
async function listDays(): Promise<[number, number][]> {
  const { rows } = await pool.query(PARTITIONS);
  return rows
    .filter((row) => row.of === 'leads')
    .map(({ bounds }): [number, number] => {
      const [from = '', to = ''] = String(bounds).match(/[0-9a-f]{24}/g) ?? [];
      const dayOf = (id: string) => (Number.parseInt(id.slice(0, 8), 16) * 1000 - TODAY) / DAY_MS;
      return [dayOf(from), dayOf(to)];
    });
}

async function countPartitions(): Promise<number> {
  return (await pool.query(PARTITIONS)).rows.length;
}

const insertLead = (id: string) =>
  pool.query(
    `insert into leads (account_id, id, flow_id, source_id, revision, node_id, outcome, price, submitted_at)
     values ('x', $1, 'x', 'x', 1, 'x', 'success', 0, now()) returning tableoid::regclass::text as partition`,
    [id],
  );
const partitionOf = async (id: string) => (await insertLead(id)).rows[0].partition;
/** The last id before an instant. */
const lastIdBefore = (instant: number) => `${firstIdAt(instant - 1_000).slice(0, 8)}ffffffffffffffff`;

const daysFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, day): [number, number] => [first + day, first + day + 1]);
const WEEKS: [number, number][] = [
  [0, 5],
  [5, 12],
  [12, 19],
];

describe('partitions', () => {
  it('last to the end of the week where a day would hold little', async () => {
    expect(await ensurePartitions(pool, NOW)).toEqual([]);
    expect(await listDays()).toEqual(WEEKS);
    expect(await countPartitions()).toBe(9);
  });

  it('last a day where much comes in', async () => {
    await ensurePartitions(pool, NOW, { dailyBytesMin: DAILY });
    expect(await listDays()).toEqual(daysFrom(0, DAYS_AHEAD + 1));
    expect(await countPartitions()).toBe(3 * (DAYS_AHEAD + 1));
  });

  it('are cut at midnight exactly', async () => {
    await ensurePartitions(pool, NOW);
    const monday = TODAY + 5 * DAY_MS;
    expect(await partitionOf(firstIdAt(TODAY))).toBe('leads_20310101_5d');
    expect(await partitionOf(lastIdBefore(monday))).toBe('leads_20310101_5d');
    expect(await partitionOf(firstIdAt(monday))).toBe('leads_20310106_7d');
    expect(await partitionOf(lastIdBefore(TODAY))).toBe('leads_default');
    expect(await partitionOf(firstIdAt(TODAY + 19 * DAY_MS))).toBe('leads_default');
  });

  it('of days stay, and weeks begin where they end', async () => {
    await ensurePartitions(pool, NOW, { dailyBytesMin: DAILY });
    // The next day is not there because a reader was in the way, say.
    for (const table of ['leads', 'lead_data', 'events']) await pool.query(`drop table ${table}_20310103`);
    await ensurePartitions(pool, NOW + 3 * DAY_MS);
    const kept = daysFrom(0, DAYS_AHEAD + 1).filter(([from]) => from !== 2);
    expect(await listDays()).toEqual([...kept, [15, 19]]);
    await ensurePartitions(pool, NOW);
    expect(await listDays()).toEqual([...daysFrom(0, DAYS_AHEAD + 1), [15, 19]]);
  });

  it('of weeks stay, and days begin where they end', async () => {
    await ensurePartitions(pool, NOW);
    await ensurePartitions(pool, NOW + 6 * DAY_MS, { dailyBytesMin: DAILY });
    expect(await listDays()).toEqual([...WEEKS, ...daysFrom(19, 2)]);
  });

  it('are there for each day ahead, day by day, whatever came in', async () => {
    for (let day = 0; day < 30; day += 1) {
      expect(
        await ensurePartitions(pool, NOW + day * DAY_MS, { dailyBytesMin: day % 7 < 3 ? DAILY : DAILY_BYTES_MIN }),
      ).toEqual([]);
      const days = await listDays();
      expect(days.slice(1).map(([from]) => from)).toEqual(days.slice(0, -1).map(([, to]) => to));
      expect(days.at(-1)?.[1]).toBeGreaterThan(day + DAYS_AHEAD);
    }
  });

  it.each([
    ['weeks, when a day brought less', 1, [19, 26]],
    ['days, when a day brought as much', 1 / 8, [20, 21]],
  ])('are %s on the average of the last week', async (_name, share, last) => {
    await ensurePartitions(pool, NOW, { dailyBytesMin: DAILY });
    // All of the week came on its first day.
    await pool.query(
      `insert into lead_data (account_id, lead_id, part, document)
       select 'x', $1 || lpad(to_hex(n), 16, '0'), 0, to_json($2 || n) from generate_series(1, 2000) as n`,
      [firstIdAt(NOW).slice(0, 8), 'x'.repeat(1_000)],
    );
    const { rows } = await pool.query("select pg_total_relation_size('lead_data_20310101')::float8 as bytes");
    expect(await ensurePartitions(pool, NOW + 6 * DAY_MS, { dailyBytesMin: rows[0].bytes * share })).toEqual([]);
    expect((await listDays()).at(-1)).toEqual(last);
  });
});

describe('a partition', () => {
  it('a day that stray rows keep from having one does not keep the others of its week', async () => {
    // As of a machine whose clock was two days ahead when no partitions had been made for a while.
    await insertLead(firstIdAt(NOW + 2 * DAY_MS));
    expect(await ensurePartitions(pool, NOW)).toEqual(['leads_20310103']);
    expect(await listDays()).toEqual([...daysFrom(0, 5).filter(([from]) => from !== 2), [5, 12], [12, 19]]);
    await pool.query('delete from leads');
    expect(await ensurePartitions(pool, NOW)).toEqual([]);
    expect(await listDays()).toEqual([...daysFrom(0, 5), [5, 12], [12, 19]]);
  });

  it('that another process has made meanwhile is none to make', async () => {
    const made = await Promise.all([ensurePartitions(pool, NOW), ensurePartitions(pool, NOW)]);
    expect(made).toEqual([[], []]);
    expect(await listDays()).toEqual(WEEKS);
  });

  it('does not wait behind a long reader, because every lead would wait behind it', async () => {
    await ensurePartitions(pool, NOW);
    const reader = await pool.connect();
    await reader.query('begin');
    await reader.query('select from leads');
    // The reader ends only afterwards: what waited for it would never come back.
    const later = NOW + 7 * DAY_MS;
    expect(await ensurePartitions(pool, later)).toContain('leads_20310120_7d');
    await reader.query('rollback');
    reader.release();
    expect(await countPartitions()).toBeLessThan(12);
    await ensurePartitions(pool, later);
    expect(await countPartitions()).toBe(12);
  });
});

describe('counters of caps', () => {
  it('go long after their window ended, unless a lead still holds a place', async () => {
    await pool.query(
      `insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, held)
       select 'x', cap_id, now() - ended - interval '1 day', now() - ended, 'f', held
         from (values ('old', interval '40 days', 0), ('held', interval '40 days', 1), ('recent', interval '3 days', 0))
           as w(cap_id, ended, held)`,
    );
    expect(await sweepCapWindows(pool)).toBe(1);
    const { rows } = await pool.query('select cap_id from cap_windows order by cap_id');
    expect(rows).toEqual([{ cap_id: 'held' }, { cap_id: 'recent' }]);
  });
});
