import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { NO_AFTER, NO_BEFORE } from '../../events/id-range.ts';
import { KEY_REQUESTS_MAX } from '../../keeping/periods.ts';
import { createKeyRequestStore } from './key-requests.ts';
import { createTableKeeper } from './table-keeper.ts';

const ACCOUNT = 'aaaaaaaaaaaaaaaaaaaaaaa1';
const NOW = Date.UTC(2031, 0, 1);
const DAY_MS = 86_400_000;

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 1 });
  await pool.query(`insert into accounts (id, name, time_zone, created_at) values ($1, 'x', 'UTC', now())`, [ACCOUNT]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const requestOf = (keyId: string, n: number, at = NOW) => ({
  ...{ accountId: ACCOUNT, keyId, id: String(n).padStart(24, '0'), at, operation: 'listFlows', method: 'GET' },
  ...{ path: '/flows', status: 200, ms: 1.5, traceId: 't', bytes: null, skipped: 0 },
});
const idsOf = async (keyId: string): Promise<string[]> =>
  (await pool.query('select id from key_requests where key_id = $1 order by id', [keyId])).rows.map(({ id }) => id);

describe('the request log in the database', () => {
  it('keeps the newest of each key, and a few hundred more at most', async () => {
    const store = createKeyRequestStore(pool);
    await store.write([requestOf('quiet', 0)]);
    for (let n = 0; n < 7_000; n += 250) {
      await store.write(Array.from({ length: 250 }, (_, index) => requestOf('busy', n + index)));
      expect((await idsOf('busy')).length).toBeLessThan(KEY_REQUESTS_MAX + 500);
    }
    const left = await idsOf('busy');
    expect(left.length).toBeGreaterThanOrEqual(KEY_REQUESTS_MAX);
    expect(left.at(-1)).toBe(requestOf('busy', 6_999).id);
    expect(await idsOf('quiet')).toHaveLength(1);
  });

  it('forgets them after their days, whether or not their key is there', async () => {
    const store = createKeyRequestStore(pool);
    await store.write([requestOf('old', 1, NOW - 7 * DAY_MS - 1), requestOf('old', 2, NOW - 7 * DAY_MS)]);
    const keeper = createTableKeeper(pool, { clock: { now: () => NOW }, abandoned: '' });
    expect(await keeper.sweepKeyRequests({ daysKept: 7 })).toBe(1);
    const range = { after: NO_AFTER, before: NO_BEFORE };
    const page = { accountId: ACCOUNT, keyId: 'old', range, sort: 'asc', limit: 9, statuses: null, operations: null };
    expect(await store.page({ ...page, sort: 'asc' })).toEqual([requestOf('old', 2, NOW - 7 * DAY_MS)]);
  });
});
