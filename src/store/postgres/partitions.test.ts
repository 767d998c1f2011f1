import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { firstIdAt } from '../../lib/ids.ts';
import { DAYS_AHEAD, ensurePartitions, sweepCapWindows } from './partitions.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2031, 0, 1, 12);

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool(database.connection);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function countPartitions(): Promise<number> {
  const { rows } = await pool.query(
    "select count(*)::int as count from pg_class where relname ~ '^(leads|lead_data|events)_2031[0-9]{4}$' and relkind = 'r'",
  );
  return rows[0].count;
}

const ALL = 3 * (DAYS_AHEAD + 1);

describe('daily partitions', () => {
  it('a day that stray rows keep from having one does not keep the others', async () => {
    // As of a machine whose clock was two days ahead when no partitions had been made for a while.
    await pool.query(
      `insert into leads (account_id, id, flow_id, source_id, revision, node_id, outcome, price, submitted_at)
       values ('x', $1, 'x', 'x', 1, 'x', 'success', 0, now())`,
      [firstIdAt(NOW + 2 * DAY_MS)],
    );
    await ensurePartitions(pool, NOW);
    expect(await countPartitions()).toBe(ALL - 1);
    await pool.query('delete from leads');
    await ensurePartitions(pool, NOW);
    expect(await countPartitions()).toBe(ALL);
  });

  it('do not wait behind a long reader, because every lead would wait behind them', async () => {
    const reader = await pool.connect();
    await reader.query('begin');
    await reader.query('select from leads');
    const before = await countPartitions();
    // The reader ends only afterwards: what waited for it would never come back.
    await ensurePartitions(pool, NOW + DAY_MS);
    await reader.query('rollback');
    reader.release();
    expect(await countPartitions()).toBeLessThan(before + 3);
    await ensurePartitions(pool, NOW + DAY_MS);
    expect(await countPartitions()).toBe(before + 3);
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
