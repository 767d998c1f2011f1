import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { openDatabaseWire } from '../../../test/harness/database-wire.ts';
import { until } from '../../../test/harness/until.ts';
import { PING_DAYS_KEPT } from '../../keeping/periods.ts';
import { createIds, firstIdAt } from '../../lib/ids.ts';
import type { Money } from '../../model/money.ts';
import { PINGS_LIST_ID } from '../../pipeline/named-ping.ts';
import type { CapRequest, SettleRequest } from '../../pipeline/run-store.ts';
import { writePingFacts } from '../../stored/ping-facts.ts';
import { ensurePartitions } from './partitions.ts';
import { sweepPings } from './ping-sweeps.ts';
import { createPingStore } from './pings.ts';
import { createRunStore, type PostgresRunStore } from './run-store.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const DAY_MS = 86_400_000;
const ids = createIds({ now: () => NOW, random: Math.random });
const PLACE = { accountId: 'aaaaaaaaaaaaaaaaaaaaaaaa', flowId: 'ffffffffffffffffffffffff', sourceId: 'src001' };

let database: TestDatabase;
let pool: pg.Pool;
let store: PostgresRunStore;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool(database.connection);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

beforeEach(async () => {
  await pool.query('truncate pings, leads, lead_data, events, digests, list_items, cap_windows');
  store = openStore(database.connection);
  return () => store.close();
});

function openStore(connection: pg.ClientConfig): PostgresRunStore {
  return createRunStore({
    connection,
    nodeId: 'node-a',
    pause: (ms) => pause(ms),
    monotonic: () => performance.now(),
  });
}

const LIMIT: CapRequest = {
  capId: 'limit',
  startsAt: NOW,
  endsAt: NOW + DAY_MS,
  maximum: 2,
  generation: 0,
  stepId: null,
};

/** The end of an accepted ping. */
function pingEnd(parts: Partial<SettleRequest> = {}): SettleRequest {
  return {
    run: { ...PLACE, runId: ids.next(), revision: 1, submittedAt: NOW },
    hasRun: false,
    held: { caps: [], lists: [] },
    intentCount: 0,
    claims: { lists: [], caps: [LIMIT] },
    used: { lead: true, steps: [] },
    outcome: 'success',
    reason: null,
    price: 50_000 as Money,
    events: [],
    document: '',
    ping: { expiresAt: NOW + 300_000, facts: writePingFacts({ values: { email: 'h' } }) },
    ...parts,
  };
}

const countOf = async () => (await pool.query('select count::int, held::int, failed_count from cap_windows')).rows;
const pingsOf = async () => (await pool.query('select id, outcome, reason from pings order by id')).rows;

describe('the settlement of a ping', () => {
  it('writes its row and its place in the limit, and no lead', async () => {
    const end = pingEnd();
    expect(await store.settle(end)).toEqual({ kind: 'settled' });
    const asked = { run: end.run, lists: [], caps: [LIMIT], pingId: end.run.runId };
    expect(await store.look(asked)).toMatchObject({
      ping: { ...onlyPlace(), isAccepted: true, price: 50_000, expiresAt: NOW + 300_000, values: { email: 'h' } },
    });
    expect(await countOf()).toEqual([{ count: 1, held: 0, failed_count: 0 }]);
    for (const table of ['leads', 'lead_data', 'events'])
      expect((await pool.query(`select from ${table}`)).rowCount).toBe(0);
  });

  it('of a full limit writes nothing, and one that was refused counts as that', async () => {
    await store.settle(pingEnd());
    await store.settle(pingEnd());
    expect(await store.settle(pingEnd())).toMatchObject({ kind: 'changed', caps: [{ refusal: { count: 2 } }] });
    expect(await pingsOf()).toHaveLength(2);
    const refused = { claims: null, used: { lead: false, steps: [] }, outcome: 'failure', refusals: [LIMIT] } as const;
    expect(await store.settle(pingEnd(refused))).toEqual({ kind: 'settled' });
    expect(await countOf()).toEqual([{ count: 2, held: 0, failed_count: 1 }]);
  });

  it('in one group with others takes what is left, in the order of arrival', async () => {
    const ends = await Promise.all(Array.from({ length: 20 }, () => store.settle(pingEnd())));
    expect(ends.map(({ kind }) => kind).sort()).toEqual([...Array(18).fill('changed'), 'settled', 'settled']);
    expect(await countOf()).toEqual([{ count: 2, held: 0, failed_count: 0 }]);
  });

  it('that is sent twice counts once', async () => {
    const end = pingEnd();
    expect(await store.settle(end)).toEqual({ kind: 'settled' });
    expect(await store.settle(end)).toEqual({ kind: 'settled' });
    expect(await countOf()).toEqual([{ count: 1, held: 0, failed_count: 0 }]);
  });

  it('whose data the database refuses is a failure that no limit counts', async () => {
    const broken = pingEnd({ ping: { expiresAt: NOW, facts: 'no json' } });
    const [refused, settled] = await Promise.all([store.settle(broken), store.settle(pingEnd())]);
    expect([refused.kind, settled.kind]).toEqual(['refused', 'settled']);
    expect(await pingsOf()).toMatchObject([{ outcome: 'failure' }, { outcome: 'success' }]);
    expect(await countOf()).toEqual([{ count: 1, held: 0, failed_count: 0 }]);
  });

  it('whose COMMIT is in doubt is not waited for, and is not written a second time', async () => {
    const wire = await openDatabaseWire(database);
    const unlucky = openStore(wire.connection);
    await unlucky.settle(pingEnd());
    wire.withholdAnswers();
    const answer = unlucky.settle(pingEnd());
    await until('the ping is committed', async () => (await pingsOf()).length === 2);
    wire.cut();
    expect(await answer).toMatchObject({ kind: 'unavailable' });
    await until('the store has found the database again', () => !unlucky.isAway());
    expect(await pingsOf()).toHaveLength(2);
    expect(await countOf()).toEqual([{ count: 2, held: 0, failed_count: 0 }]);
    await unlucky.close();
    await wire.close();
  });
});

function onlyPlace() {
  const { flowId, sourceId } = PLACE;
  return { flowId, sourceId };
}

describe('pings past their time', () => {
  const days = (count: number) => NOW - count * DAY_MS;
  const insertPing = (id: string) =>
    pool.query(
      `insert into pings (account_id, id, flow_id, source_id, revision, node_id, outcome, price, submitted_at, expires_at, facts)
       values ($1, $2, 'f', 's', 1, 'n', 'success', 1, now(), now(), '{"version":1}')`,
      [PLACE.accountId, id],
    );
  const mark = (id: string, { listId = PINGS_LIST_ID, holder = null as string | null } = {}) =>
    pool.query(
      `insert into list_items (account_id, list_id, value, added_at, holder)
       values ($1, $2, $3, case when $4::text is null then now() end, $4)`,
      [PLACE.accountId, listId, Buffer.from(id, 'hex'), holder],
    );

  it('go with their partitions, strays and marks too; younger ones and other lists stay', async () => {
    await pool.query('insert into accounts (id, name, time_zone, created_at) values ($1, $1, $2, now())', [
      PLACE.accountId,
      'UTC',
    ]);
    await ensurePartitions(pool, days(PING_DAYS_KEPT + 30));
    await ensurePartitions(pool, NOW);
    const [old, stray] = [firstIdAt(days(PING_DAYS_KEPT + 28)), firstIdAt(days(PING_DAYS_KEPT + 100))];
    const young = firstIdAt(days(PING_DAYS_KEPT - 1));
    for (const id of [old, stray, young]) await insertPing(id);
    await mark(old);
    await mark(stray, { holder: 'lead' });
    await mark(young);
    await mark(old, { listId: 'people' });
    expect(await sweepPings(pool, NOW)).toBeGreaterThan(0);
    expect((await pingsOf()).map(({ id }) => id)).toEqual([young]);
    const { rows } = await pool.query(`select list_id, encode(value, 'hex') as value from list_items order by 1, 2`);
    expect(rows).toEqual([
      { list_id: 'people', value: old },
      { list_id: PINGS_LIST_ID, value: stray },
      { list_id: PINGS_LIST_ID, value: young },
    ]);
    expect(await createPingStore(pool).findPing({ accountId: PLACE.accountId, pingId: young })).toMatchObject({
      redeemedAt: expect.any(Number),
    });
  });
});
