import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { until } from '../../../test/harness/until.ts';
import { writeWords } from '../../statistics/stored-digest.ts';
import { type Folded, foldDigests } from './fold-digests.ts';
import { deletePersonalPart } from './forget-leads.ts';
import { inTransaction } from './in-transaction.ts';
import { isTransient } from './session.ts';

/*
 * Words of a lead wait in `digests` until they are counted. Whatever the order of a fold and of what deletes the lead, none of
 * them is in the search afterwards.
 */

const ACCOUNT = 'aaaaaaaaaaaaaaaaaaaaaaa1';
const FORGOTTEN = '690000010000000000000001';
const KEPT = '690000010000000000000002';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 4 });
  await pool.query(`insert into accounts (id, name, time_zone, created_at) values ($1, 'x', 'UTC', now())`, [ACCOUNT]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

beforeEach(async () => {
  await pool.query('truncate lead_data, lead_search, digests, digest_progress');
  await pool.query(`insert into digest_progress (account_id, updated_at) values ($1, now())`, [ACCOUNT]);
  for (const leadId of [FORGOTTEN, KEPT]) {
    await pool.query(`insert into lead_data (account_id, lead_id, part, document) values ($1, $2, 0, '{}')`, [
      ...[ACCOUNT, leadId],
    ]);
  }
  const words = writeWords([
    [FORGOTTEN, 'zenobia:1'],
    [KEPT, 'bob:1'],
  ]);
  await pool.query('insert into digests (account_id, since, id, words) values ($1, $2, $3, $4)', [
    ...[ACCOUNT, FORGOTTEN.slice(0, 8), FORGOTTEN, words],
  ]);
});

const forget = (client: pg.ClientBase) => deletePersonalPart(client, { accountId: ACCOUNT, leadIds: [FORGOTTEN] });
const fold = (client: pg.ClientBase) => foldDigests(client, { accountId: ACCOUNT, now: Date.now() });

/** A transaction that ends when it is told to. */
async function begin(
  isolation = '',
): Promise<{ client: pg.PoolClient; end(word: 'commit' | 'rollback'): Promise<void> }> {
  const client = await pool.connect();
  await client.query(`begin ${isolation}`);
  return {
    client,
    end: async (word) => {
      await client.query(word);
      client.release();
    },
  };
}

const foldAll = async (): Promise<Folded | undefined> => inTransaction(pool, fold);
const listFound = async () =>
  (await pool.query<{ lead_id: string }>('select lead_id from lead_search')).rows.map((row) => row.lead_id);

async function hasWaiter(): Promise<boolean> {
  const { rows } = await pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length > 0;
}

describe('words of a lead that is forgotten', () => {
  it('are taken out of what waits to be counted; those of others stay', async () => {
    await inTransaction(pool, forget);
    const { rows } = await pool.query<{ words: string }>('select words from digests');
    expect(rows).toEqual([{ words: writeWords([[KEPT, 'bob:1']]) }]);
    expect(await foldAll()).toMatchObject({ rows: 1 });
    expect(await listFound()).toEqual([KEPT]);
  });

  it('go when a fold is about to add them', async () => {
    const folding = await begin('isolation level repeatable read');
    await fold(folding.client);
    const forgetting = inTransaction(pool, forget);
    await until('the fold is waited for', hasWaiter);
    await folding.end('commit');
    await forgetting;
    expect(await listFound()).toEqual([KEPT]);
  });

  it('are not added by a fold while they are deleted', async () => {
    const forgetting = await begin();
    await forget(forgetting.client);
    expect(await foldAll()).toBeUndefined();
    await forgetting.end('commit');
    await foldAll();
    expect(await listFound()).toEqual([KEPT]);
  });

  it('are not added by a fold that began before they were deleted, and saw them', async () => {
    const folding = await begin('isolation level repeatable read');
    await folding.client.query('select from lead_data');
    await inTransaction(pool, forget);
    const error = await fold(folding.client).catch((thrown: unknown) => thrown);
    expect(isTransient(error)).toBe(true);
    await folding.end('rollback');
    await foldAll();
    expect(await listFound()).toEqual([KEPT]);
  });
});
