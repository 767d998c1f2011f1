import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../harness/database.ts';
import { openTestStandby, type TestStandby } from '../harness/standby.ts';
import { listAnswerCases } from './find-recipe.ts';
import { send } from './send.ts';
import { openStage } from './stage.ts';

/*
 * Which routes ask the standby of SLUICE_READ_DATABASE_URL: each route is asked what it can answer while the standby
 * has no lead and no event at all. Its role may read the tables of leads and nothing else, and may not write.
 */

let standby: TestStandby;
let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  const database = await createTestDatabase();
  standby = await openTestStandby(database);
  const drop = async () => {
    await standby.drop();
    await database.drop();
  };
  stage = await openStage({ config: { readDatabaseUrl: standby.url }, database: { ...database, drop } });
});
afterAll(() => stage.close());

/** What these routes say of a database that holds no lead. */
const SEE_NOTHING: Readonly<Record<string, { status: number; json: unknown }>> = {
  listLeads: { status: 200, json: [] },
  readLead: { status: 404, json: expect.objectContaining({ code: 'not_found' }) },
  explainLead: { status: 404, json: expect.objectContaining({ code: 'not_found' }) },
  revealLead: { status: 404, json: expect.objectContaining({ code: 'not_found' }) },
  searchLeads: { status: 200, json: { total: 0, hits: [] } },
  listEvents: { status: 200, json: [] },
  searchEvents: { status: 200, json: [] },
  listPings: { status: 200, json: [] },
  readPing: { status: 404, json: expect.objectContaining({ code: 'not_found' }) },
  readPingStats: { status: 200, json: [] },
  readEvent: { status: 404, json: expect.objectContaining({ code: 'not_found' }) },
};

const CASES = listAnswerCases()
  .filter(({ status }) => status < 400)
  .map((each) => ({ ...each, title: `${each.route.method} ${each.route.path}` }));

/** The smallest id: nothing has been replayed. */
const NOTHING = '';

describe('with a standby that has no leads', () => {
  it.each(CASES)('$title', async ({ route, status, recipe }) => {
    await standby.stopReplayAt(null);
    const sent = await recipe.prepare(stage, route);
    await standby.stopReplayAt(NOTHING);
    const { status: got, json, text } = await send(stage, { route, sent });
    const expected = SEE_NOTHING[route.name];
    if (expected) expect({ status: got, json }).toEqual(expected);
    else expect([got, text]).toEqual([status, text]);
  });

  it('each route that reads from it was asked', () => {
    const asked = new Set(CASES.map(({ route }) => route.name));
    expect(Object.keys(SEE_NOTHING).filter((name) => !asked.has(name))).toEqual([]);
  });
});
