import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import type { News, NewsPosition } from '../../events/news-store.ts';
import { resumeIdOf } from '../../events/news-store.ts';
import { createNewsStore } from './event-news.ts';

const ACCOUNT = 'a'.repeat(24);

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 2 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const idAt = (second: number, place = 0) => `${(0x6500_0000 + second).toString(16)}${String(place).padStart(16, '0')}`;

async function addEvent(leadId: string, id: string, seq = 0): Promise<void> {
  await pool.query(
    `insert into events (account_id, lead_id, seq, id, type, outcome, flow_id, source_id, facts)
     values ($1, $2, $4, $3, 'source', 'success', 'f', 's', '{}')`,
    [ACCOUNT, leadId, id, seq],
  );
}

async function addRun(leadId: string): Promise<void> {
  await pool.query(
    `insert into runs (account_id, lead_id, node_id, flow_id, source_id, revision, submitted_at)
     values ($1, $2, 'n', 'f', 's', 1, '2023-01-01')`,
    [ACCOUNT, leadId],
  );
}

const idsOf = ({ events }: News) => events.map(({ record }) => record.id);

it('has each event once: late ones of the last seconds, and those of leads that were long under way', async () => {
  const news = createNewsStore(pool);
  let position: NewsPosition = await news.begin(ACCOUNT);
  const look = async () => {
    const found = await news.readNews(ACCOUNT, position);
    position = found.position;
    return idsOf(found);
  };
  expect(await look()).toEqual([]);
  await addEvent(idAt(0), idAt(0));
  expect(await look()).toEqual([idAt(0)]);
  const slow = idAt(1);
  await addRun(slow);
  await addEvent(idAt(60), idAt(60));
  expect(await look()).toEqual([idAt(60)]);
  expect(resumeIdOf(position)).toBe(idAt(1));
  // Within ten seconds of the newest one, committed later.
  await addEvent(idAt(55), idAt(55));
  expect(await look()).toEqual([idAt(55)]);
  await addEvent(idAt(120), idAt(120));
  expect(await look()).toEqual([idAt(120)]);
  expect(await look()).toEqual([]);
  await pool.query('delete from runs');
  await addEvent(slow, idAt(30, 7), 1);
  await addEvent(slow, idAt(121), 2);
  expect(await look()).toEqual([idAt(30, 7), idAt(121)]);
  expect(resumeIdOf(position)).toBe(idAt(111));
  expect(await look()).toEqual([]);
  const again = await news.begin(ACCOUNT);
  expect(idsOf(await news.readNews(ACCOUNT, again))).toEqual([]);
});
