import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { firstIdAt } from '../../lib/ids.ts';
import { buildLeadWords } from '../../search/lead-words.ts';
import { textArray } from './binary-array.ts';
import { mergeNewWords } from './merge-new-words.ts';
import { ensurePartitions } from './partitions.ts';
import { insertLeadSearch } from './settle-statements.ts';

const NOW = Date.UTC(2031, 0, 1);
const ACCOUNT = 'a'.repeat(24);
const KEY = { accountId: ACCOUNT, hash: () => Buffer.alloc(12, 255) };

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 1 });
  await ensurePartitions(pool, NOW);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const idOf = (serial: number) => `${firstIdAt(NOW).slice(0, 8)}${String(serial).padStart(16, '0')}`;

async function insertWords(texts: readonly { id: string; words: string }[]): Promise<void> {
  await pool.query(insertLeadSearch.text, [
    textArray(texts.map(() => ACCOUNT)),
    textArray(texts.map(({ id }) => id)),
    textArray(texts.map(({ words }) => words)),
  ]);
}

/** Pages of the list of new words, over all partitions; they are merged by asking. */
async function countPages(): Promise<number> {
  const { rows } = await pool.query<{ pages: number }>(
    `select sum(gin_clean_pending_list(i.indexrelid))::int as pages
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_inherits h on h.inhrelid = i.indrelid
      where h.inhparent = 'lead_search'::regclass and c.relam = (select oid from pg_am where amname = 'gin')`,
  );
  return rows[0]?.pages ?? 0;
}

it('merges words of today and of no day, and leaves none in the list of new ones', async () => {
  const add = (serial: number) =>
    insertWords([
      { id: idOf(serial), words: 'ann:1' },
      { id: String(serial).padStart(24, '0'), words: 'bob:1' },
    ]);
  await add(1);
  expect(await countPages()).toBe(2);
  await add(2);
  await mergeNewWords(pool, NOW);
  expect(await countPages()).toBe(0);
});

it('takes the words of every text: none keeps a lead from its end', async () => {
  const values = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 60 }));
  const leads = fc.array(
    fc.record({ first_name: values, city: values, state: values, email: values, reference: values }),
    {
      minLength: 20,
      maxLength: 50,
    },
  );
  let serial = 10;
  await fc.assert(
    fc.asyncProperty(leads, async (all) => {
      const texts = all.map((lead, index) => ({ id: idOf(serial + index), words: buildLeadWords(lead, KEY) }));
      serial += all.length;
      await expect(insertWords(texts)).resolves.toBeUndefined();
    }),
    { numRuns: 60 },
  );
});
