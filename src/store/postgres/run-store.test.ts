import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { openDatabaseWire } from '../../../test/harness/database-wire.ts';
import { until } from '../../../test/harness/until.ts';
import { createIds } from '../../lib/ids.ts';
import { NO_MONEY } from '../../model/money.ts';
import type { CapRequest, ReserveRequest, ReserveResult, RunKey, SettleRequest } from '../../pipeline/run-store.ts';
import { createNodeStore } from './nodes.ts';
import { createRunStore, type PostgresRunStore, type RunStoreOptions } from './run-store.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const ACCOUNT = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const FLOW = 'ffffffffffffffffffffffff';
const ids = createIds({ now: () => NOW, random: Math.random });

let database: TestDatabase;
let pool: pg.Pool;
let stores: PostgresRunStore[];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool(database.connection);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

beforeEach(async () => {
  stores = [];
  await pool.query(
    'truncate runs, intents, leads, lead_data, events, list_items, cap_windows, recipient_health, nodes',
  );
  return async () => {
    await Promise.all(stores.map((store) => store.close()));
  };
});

function openStore(nodeId: string, parts: Partial<RunStoreOptions> = {}): PostgresRunStore {
  const store = createRunStore({ connection: database.connection, nodeId, pause: (ms) => pause(ms), ...parts });
  stores.push(store);
  return store;
}

const ALL_USED = { lead: true, steps: ['step01', 'step02'] };
const NONE_USED = { lead: false, steps: [] };

function newRun(): RunKey {
  return { accountId: ACCOUNT, runId: ids.next(), flowId: FLOW, sourceId: 'src001', revision: 1, submittedAt: NOW };
}

function reservation(parts: Partial<ReserveRequest>): ReserveRequest {
  return { run: newRun(), held: { caps: [], lists: [] }, hasRun: false, lists: [], caps: [], ...parts };
}

function cap(parts: Partial<CapRequest> = {}): CapRequest {
  return {
    capId: 'cccccccccccccccccccccccc',
    startsAt: NOW,
    endsAt: NOW + 86_400_000,
    maximum: 10,
    generation: 0,
    stepId: null,
    ...parts,
  };
}

function settlement(
  reserved: Extract<ReserveResult, { kind: 'reserved' }>,
  run: RunKey,
  parts: Partial<SettleRequest> = {},
): SettleRequest {
  return {
    run,
    hasRun: reserved.hasRun,
    held: reserved.held,
    used: ALL_USED,
    outcome: 'success',
    reason: null,
    price: NO_MONEY,
    events: [
      {
        id: ids.next(),
        seq: 0,
        type: 'source',
        outcome: 'success',
        reason: null,
        stepId: null,
        recipientId: null,
        facts: '{}',
      },
    ],
    document: '{"vars":{}}',
    ...parts,
  };
}

async function reserved(
  store: PostgresRunStore,
  request: ReserveRequest,
): Promise<Extract<ReserveResult, { kind: 'reserved' }>> {
  const result = await store.reserve(request);
  if (result.kind !== 'reserved') throw new Error(`not reserved: ${result.kind}`);
  return result;
}

async function intentRows(): Promise<{ lead_id: string; seq: number; state: { step?: number } }[]> {
  return (await pool.query('select lead_id, seq, state from intents order by lead_id, seq')).rows;
}

const value = Buffer.from('0123456789abcdef');

/** For new connections; those of the store are ended. */
async function makeReadOnly(isReadOnly: boolean): Promise<void> {
  await pool.query('set default_transaction_read_only = off');
  const setting = `default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`;
  await pool.query(`alter database ${database.connection.database} set ${setting}`);
  await pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'sluice%'",
  );
}

describe('groups', () => {
  it('are counted around their commit, by queue', async () => {
    const seen: string[] = [];
    const store = openStore('node-a', {
      watchGroup: ({ queue, items }) => {
        seen.push(`${queue} ${items} begins`);
        return () => void seen.push(`${queue} ${items} ended`);
      },
    });
    const requests = [1, 2, 3].map(() => reservation({ caps: [cap()] }));
    const places = await Promise.all(requests.map((request) => reserved(store, request)));
    expect(seen).toEqual(['reserve 3 begins', 'reserve 3 ended']);
    expect(store.sizes()).toEqual({ reserve: 0, commit: 0 });
    await Promise.all(requests.map(({ run }, index) => store.settle(settlement(at(places, index), run))));
    expect(seen.slice(2)).toEqual(['commit 3 begins', 'commit 3 ended']);
  });

  it.each([
    ['before', fails],
    ['after', () => fails],
  ])('commit although counting fails %s it', async (_, watchGroup) => {
    const store = openStore('node-a', { watchGroup });
    const request = reservation({ caps: [cap()] });
    const place = await reserved(store, request);
    expect(await store.settle(settlement(place, request.run))).toEqual({ kind: 'settled' });
  });
});

function fails(): never {
  throw new Error('broken');
}

function at<Each>(list: readonly Each[], index: number): Each {
  const each = list[index];
  if (each === undefined) throw new Error(`there is no ${index}`);
  return each;
}

describe('reserve', () => {
  it('makes one of 64 simultaneous submissions of one value unique, over two nodes', async () => {
    const nodes = [openStore('node-a'), openStore('node-b')];
    const results = await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        reserved(
          nodes[index % 2] as PostgresRunStore,
          reservation({ lists: [{ listId: 'dup', value, cutoff: null, hold: true }] }),
        ),
      ),
    );
    expect(results.filter((result) => result.lists[0]?.found === false)).toHaveLength(1);
  });

  it('never hands out more places than a cap has, over two nodes', async () => {
    const nodes = [openStore('node-a'), openStore('node-b')];
    const requests = Array.from({ length: 500 }, () => reservation({ caps: [cap({ maximum: 100 })] }));
    const results = await Promise.all(
      requests.map((request, index) => reserved(nodes[index % 2] as PostgresRunStore, request)),
    );
    expect(results.filter((result) => result.capRefusal === null)).toHaveLength(100);
    const { rows } = await pool.query('select count, held, failed_count from cap_windows');
    expect(rows).toEqual([{ count: 0, held: 100, failed_count: 400 }]);
  });

  it('takes a place in all caps or in none', async () => {
    const store = openStore('node-a');
    const open = cap({ capId: 'open' });
    const full = cap({ capId: 'full', maximum: 0 });
    const result = await reserved(store, reservation({ caps: [open, full] }));
    expect(result.capRefusal).toMatchObject({ capId: 'full', maximum: 0 });
    expect(result.hasRun).toBe(false);
    const { rows } = await pool.query('select cap_id, held from cap_windows order by cap_id');
    expect(rows).toEqual([
      { cap_id: 'full', held: 0 },
      { cap_id: 'open', held: 0 },
    ]);
  });

  it('opens a window again that was swept away since', async () => {
    const store = openStore('node-a');
    await reserved(store, reservation({ caps: [cap()] }));
    await pool.query('delete from cap_windows');
    expect((await reserved(store, reservation({ caps: [cap()] }))).capRefusal).toBeNull();
  });
});

describe('settle', () => {
  it('counts a kept place, gives back another, and enters or frees the value', async () => {
    const store = openStore('node-a');
    const kept = reservation({ caps: [cap()], lists: [{ listId: 'dup', value, cutoff: null, hold: true }] });
    const freed = reservation({
      caps: [cap()],
      lists: [{ listId: 'dup', value: Buffer.from('other'), cutoff: null, hold: true }],
    });
    const [first, second] = await Promise.all([reserved(store, kept), reserved(store, freed)]);
    await Promise.all([
      store.settle(settlement(first, kept.run)),
      store.settle(settlement(second, freed.run, { used: NONE_USED, outcome: 'failure' })),
    ]);
    expect((await pool.query('select count, held from cap_windows')).rows).toEqual([{ count: 1, held: 0 }]);
    expect((await pool.query('select value, holder, added_at from list_items')).rows).toEqual([
      { value, holder: null, added_at: new Date(NOW) },
    ]);
    expect((await pool.query('select outcome from leads order by id')).rows).toEqual([
      { outcome: 'success' },
      { outcome: 'failure' },
    ]);
    expect((await pool.query('select from runs')).rowCount).toBe(0);
    const again = await reserved(store, reservation({ lists: [{ listId: 'dup', value, cutoff: null, hold: true }] }));
    expect(again.lists).toEqual([{ found: true, because: 'added', addedAt: NOW }]);
    const later = await reserved(
      store,
      reservation({ lists: [{ listId: 'dup', value, cutoff: NOW + 1, hold: true }] }),
    );
    expect(later.lists).toEqual([{ found: false }]);
  });

  it('stops at the fence when another node has taken the run over, and lets the rest of the group pass', async () => {
    const store = openStore('node-a');
    const lost = reservation({ caps: [cap()] });
    const own = reservation({ caps: [cap()] });
    const [a, b] = await Promise.all([reserved(store, lost), reserved(store, own)]);
    await pool.query('update runs set node_id = $1 where lead_id = $2', ['node-b', lost.run.runId]);
    const answers = await Promise.all([store.settle(settlement(a, lost.run)), store.settle(settlement(b, own.run))]);
    expect(answers.map((answer) => answer.kind)).toEqual(['fenced', 'settled']);
    expect(await store.intend({ run: lost.run, held: a.held, hasRun: true, seq: 0, state: '{}' })).toMatchObject({
      kind: 'unavailable',
    });
    expect((await store.reserve({ ...lost, held: a.held, hasRun: true })).kind).toBe('unavailable');
    expect((await pool.query('select count, held from cap_windows')).rows).toEqual([{ count: 1, held: 1 }]);
  });

  it('commits the others of a group when one lead cannot be stored, and settles that one as an error', async () => {
    const store = openStore('node-a');
    const requests = Array.from({ length: 5 }, () => reservation({ caps: [cap()] }));
    const held = await Promise.all(requests.map((request) => reserved(store, request)));
    const answers = await Promise.all(
      requests.map((request, index) => {
        const result = held[index];
        if (!result) throw new Error('no reservation');
        return store.settle(settlement(result, request.run, index === 2 ? { document: '{"a":"\\u0000' } : {}));
      }),
    );
    expect(answers.map((answer) => answer.kind)).toEqual(['settled', 'settled', 'refused', 'settled', 'settled']);
    expect((await pool.query('select outcome, count(*)::int from leads group by 1 order by 1')).rows).toEqual([
      { outcome: 'error', count: 1 },
      { outcome: 'success', count: 4 },
    ]);
  });

  it('keeps a settlement while the database is away and commits it once when it is back', async () => {
    const store = openStore('node-a');
    const request = reservation({ caps: [cap()] });
    const held = await reserved(store, request);
    await pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'sluice%'",
    );
    expect(await store.settle(settlement(held, request.run))).toEqual({ kind: 'settled' });
    expect((await pool.query('select count, held from cap_windows')).rows).toEqual([{ count: 1, held: 0 }]);
  });

  it('keeps a settlement while the server is read-only, as a primary is that has been demoted', async () => {
    const store = openStore('node-a');
    const request = reservation({ caps: [cap()] });
    const held = await reserved(store, request);
    await makeReadOnly(true);
    const answer = store.settle(settlement(held, request.run));
    await until('the store finds the database away', () => store.isAway());
    await makeReadOnly(false);
    expect(await answer).toEqual({ kind: 'settled' });
  });

  it('gives back a place that was taken although the answer to its reservation was lost', async () => {
    const wire = await openDatabaseWire(database);
    const store = createRunStore({
      connection: wire.connection,
      nodeId: 'node-a',
      pause: (ms) => pause(ms),
    });
    const run = newRun();
    const none = { caps: [], lists: [] };
    await store.intend({ run, held: none, hasRun: false, seq: 0, state: '{}' });
    const other = await pool.connect();
    await other.query('begin');
    await other.query('select from runs for update');
    const answer = store.reserve(reservation({ run, hasRun: true, caps: [cap({ stepId: 'step02' })] }));
    const isWaiting =
      "select from pg_stat_activity where application_name = 'sluice reserve' and wait_event_type = 'Lock'";
    await until('the reservation waits for its run row', async () => (await pool.query(isWaiting)).rowCount === 1);
    wire.withholdAnswers();
    await other.query('rollback');
    other.release();
    const held = async () => (await pool.query('select count, held from cap_windows')).rows;
    await until('the place is taken', async () => (await held())[0]?.held === 1);
    wire.cut();
    expect((await answer).kind).toBe('unavailable');
    const end = settlement({ kind: 'reserved', lists: [], capRefusal: null, held: none, hasRun: true }, run, {
      used: NONE_USED,
    });
    expect(await store.settle(end)).toEqual({ kind: 'settled' });
    expect(await held()).toEqual([{ count: 0, held: 0 }]);
    await store.close();
    await wire.close();
  });
});

describe('intend', () => {
  it('makes a run row for a lead that holds nothing, and settles it', async () => {
    const store = openStore('node-a');
    const run = newRun();
    const none = { caps: [], lists: [] };
    const intend = (hasRun: boolean, seq: number, state: string) =>
      store.intend({ run, held: none, hasRun, seq, state });
    expect(await intend(false, 0, '{"step":1}')).toEqual({ kind: 'committed' });
    expect(await intend(true, 1, '{"step":2}')).toEqual({ kind: 'committed' });
    expect(await intentRows()).toEqual([
      { lead_id: run.runId, seq: 0, state: { step: 1 } },
      { lead_id: run.runId, seq: 1, state: { step: 2 } },
    ]);
    expect(
      await store.settle(settlement({ kind: 'reserved', lists: [], capRefusal: null, held: none, hasRun: true }, run)),
    ).toEqual({ kind: 'settled' });
    expect(await intentRows()).toEqual([]);
    expect((await pool.query('select from runs')).rowCount).toBe(0);
  });

  it('that is written again replaces the one whose answer was lost', async () => {
    const store = openStore('node-a');
    const run = newRun();
    const none = { caps: [], lists: [] };
    await store.intend({ run, held: none, hasRun: false, seq: 0, state: '{"step":1}' });
    await store.intend({ run, held: none, hasRun: true, seq: 1, state: '{"step":2}' });
    await store.intend({ run, held: none, hasRun: true, seq: 1, state: '{"step":3}' });
    expect((await intentRows()).map(({ state }) => state.step)).toEqual([1, 3]);
  });

  it('of a run that another node has taken over is not committed', async () => {
    const store = openStore('node-a');
    const run = newRun();
    const none = { caps: [], lists: [] };
    await store.intend({ run, held: none, hasRun: false, seq: 0, state: '{"step":1}' });
    await pool.query("update runs set node_id = 'node-b'");
    expect(await store.intend({ run, held: none, hasRun: true, seq: 1, state: '{"step":2}' })).toMatchObject({
      kind: 'unavailable',
    });
    expect((await intentRows()).map(({ seq }) => seq)).toEqual([0]);
  });

  it('that is being committed while another node looks for lost runs is seen by that node, or was not committed', async () => {
    const store = openStore('node-a');
    const run = newRun();
    const none = { caps: [], lists: [] };
    await store.intend({ run, held: none, hasRun: false, seq: 0, state: '{"step":1}' });
    // A transaction of the node that is thought to be gone: its intent is written and not committed yet.
    const other = await pool.connect();
    await other.query('begin');
    await other.query('select from runs for no key update');
    await other.query("insert into intents select account_id, lead_id, 1, '{}' from runs");
    const nodes = createNodeStore(pool);
    expect(await nodes.takeOver('node-b')).toEqual([]);
    await other.query('commit');
    other.release();
    expect(await nodes.takeOver('node-b')).toMatchObject([{ intents: [{ step: 1 }, {}] }]);
  });
});

describe('take over', () => {
  it('gives each run of a node without a lease to one other node, with all it held', async () => {
    const store = openStore('node-a');
    const nodes = createNodeStore(pool);
    for (const [index, id] of ['node-a', 'node-b', 'node-c'].entries()) {
      await nodes.renew({ id, host: 'h', pid: index + 1, processStarted: 'x' });
    }
    const request = reservation({ caps: [cap()], lists: [{ listId: 'dup', value, cutoff: null, hold: true }] });
    const held = await reserved(store, request);
    expect(await nodes.takeOver('node-b')).toEqual([]);
    await nodes.declareGone(['node-a']);
    const taken = (await Promise.all([nodes.takeOver('node-b'), nodes.takeOver('node-c')])).flat();
    expect(taken).toEqual([{ run: { ...request.run, retryId: null }, held: held.held, intents: [] }]);
  });

  it('gives each of many to one alone, also when the first commits while others still look', async () => {
    const nodes = createNodeStore(pool);
    const others = ['node-b', 'node-c', 'node-d', 'node-e'];
    for (const id of ['node-a', ...others]) await nodes.renew({ id, host: 'h', pid: 1, processStarted: 'x' });
    await pool.query('delete from runs');
    await nodes.declareGone(['node-a']);
    for (let round = 0; round < 10; round += 1) {
      await pool.query(
        `insert into runs (account_id, lead_id, flow_id, source_id, revision, submitted_at, node_id, holds)
         select 'a', 'lead-' || n, 'f', 's', 1, now(), 'node-a', '{"caps":[],"lists":[]}' from generate_series(1, 400) n`,
      );
      const taken = (await Promise.all(others.map((id) => nodes.takeOver(id)))).flat().map(({ run }) => run.runId);
      expect(taken.length).toBe(new Set(taken).size);
      await pool.query('delete from runs');
    }
  });
});
