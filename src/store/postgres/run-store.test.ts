import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { until } from '../../../test/harness/until.ts';
import { createIds } from '../../lib/ids.ts';
import { NO_MONEY } from '../../model/money.ts';
import type {
  CapRequest,
  ClaimRequest,
  ClaimResult,
  ListRequest,
  RunKey,
  SettleRequest,
} from '../../pipeline/run-store.ts';
import type { Holds } from '../../stored/holds.ts';
import { createNodeStore } from './nodes.ts';
import { createRunStore, type PostgresRunStore, type RunStoreOptions } from './run-store.ts';
import { createSession } from './session.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const ACCOUNT = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const FLOW = 'ffffffffffffffffffffffff';
const ids = createIds({ now: () => NOW, random: Math.random });

const NOTHING: Holds = { caps: [], lists: [] };
const value = Buffer.from('0123456789abcdef');

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
    'truncate runs, intents, leads, lead_data, events, digests, list_items, cap_windows, lead_holds, recipient_health, nodes',
  );
  return async () => {
    await Promise.all(stores.map((store) => store.close()));
  };
});

function openStore(nodeId: string, parts: Partial<RunStoreOptions> = {}): PostgresRunStore {
  const store = createRunStore({
    connection: database.connection,
    nodeId,
    pause: (ms) => pause(ms),
    monotonic: () => performance.now(),
    ...parts,
  });
  stores.push(store);
  return store;
}

const ALL_USED = { lead: true, steps: ['step01', 'step02'] };
const NONE_USED = { lead: false, steps: [] };

function newRun(): RunKey {
  return { accountId: ACCOUNT, runId: ids.next(), flowId: FLOW, sourceId: 'src001', revision: 1, submittedAt: NOW };
}

function claiming(parts: Partial<ClaimRequest>): ClaimRequest {
  return { run: newRun(), hasRun: false, lists: [], caps: [], seq: 0, state: '{}', ...parts };
}

function list(parts: Partial<ListRequest> = {}): ListRequest {
  return { listId: 'dup', value, cutoff: null, hold: true, ...parts };
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

/** The end of a run with one intent, unless `parts` say that it has none. */
function settlement(run: RunKey, held: Holds, parts: Partial<SettleRequest> = {}): SettleRequest {
  return {
    run,
    hasRun: true,
    held,
    intentCount: 1,
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

/** What a claim that must be granted took. */
async function taken(store: PostgresRunStore, request: ClaimRequest): Promise<Holds> {
  const result = await store.claim(request);
  if (result.kind !== 'committed') throw new Error(`not committed: ${JSON.stringify(result)}`);
  return result.took;
}

function kindsOf(results: readonly ClaimResult[]): Record<string, number> {
  return Object.fromEntries(
    ['committed', 'changed', 'unavailable'].map((kind) => [kind, results.filter((each) => each.kind === kind).length]),
  );
}

async function intentRows(): Promise<{ lead_id: string; seq: number; state: { step?: number } }[]> {
  return (await pool.query('select lead_id, seq, state from intents order by lead_id, seq')).rows;
}

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
    const requests = [1, 2, 3].map(() => claiming({ caps: [cap()] }));
    await Promise.all(requests.map(({ run, caps }) => store.look({ run, lists: [], caps })));
    expect(seen).toEqual(['look 3 begins', 'look 3 ended']);
    expect(store.sizes()).toEqual({ look: 0, commit: 0 });
    const took = await Promise.all(requests.map((request) => taken(store, request)));
    expect(seen.slice(2)).toEqual(['commit 3 begins', 'commit 3 ended']);
    await Promise.all(requests.map(({ run }, index) => store.settle(settlement(run, at(took, index)))));
    expect(seen.slice(4)).toEqual(['commit 3 begins', 'commit 3 ended']);
  });

  it.each([
    ['before', fails],
    ['after', () => fails],
  ])('commit although counting fails %s it', async (_, watchGroup) => {
    const store = openStore('node-a', { watchGroup });
    const request = claiming({ caps: [cap()] });
    const took = await taken(store, request);
    expect(await store.settle(settlement(request.run, took))).toEqual({ kind: 'settled' });
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

describe('look', () => {
  it('sees what stands, takes nothing and opens no window', async () => {
    const store = openStore('node-a');
    const holder = claiming({ lists: [list()], caps: [cap({ maximum: 1 })] });
    await taken(store, holder);
    const { run } = claiming({});
    const asked = {
      lists: [list(), list({ value: Buffer.from('free') })],
      caps: [cap({ maximum: 1 }), cap({ capId: 'other' })],
    };
    expect(await store.look({ run, ...asked })).toEqual({
      kind: 'seen',
      lists: [
        { found: true, because: 'held', addedAt: null, by: { leadId: holder.run.runId, isRetried: false } },
        { found: false },
      ],
      caps: [
        { refusal: { capId: 'cccccccccccccccccccccccc', count: 0, held: 1, maximum: 1 }, generation: 0 },
        { refusal: null, generation: 0 },
      ],
    });
    expect((await pool.query('select from cap_windows')).rowCount).toBe(1);
    expect((await pool.query('select from list_items')).rowCount).toBe(1);
  });

  it('does not ask again for a moment about a cap with ample room, and the claim does', async () => {
    let now = 0;
    let groups = 0;
    const watchGroup: RunStoreOptions['watchGroup'] = ({ queue }) => {
      groups += queue === 'look' ? 1 : 0;
      return () => {};
    };
    const store = openStore('node-a', { monotonic: () => now, watchGroup });
    const large = cap({ capId: 'large', maximum: 5_000 });
    const small = cap({ capId: 'small', maximum: 999 });
    const lookAt = (caps: CapRequest[]) => store.look({ run: newRun(), lists: [], caps });
    const free = { refusal: null, generation: 0 };
    expect(await lookAt([large, small])).toEqual({ kind: 'seen', lists: [], caps: [free, free] });
    const full =
      'insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, count, generation) values ($1, $2, to_timestamp($3), to_timestamp($4), $5, $6, 0)';
    for (const { capId, maximum } of [large, small])
      await pool.query(full, [ACCOUNT, capId, large.startsAt / 1000, large.endsAt / 1000, FLOW, maximum]);
    expect(await lookAt([large])).toEqual({ kind: 'seen', lists: [], caps: [free] });
    expect(groups).toBe(1);
    const refusal = { capId: 'small', count: 999, held: 0, maximum: 999 };
    expect(await lookAt([small, large, small])).toMatchObject({ caps: [{ refusal }, free, { refusal }] });
    expect(await store.claim(claiming({ caps: [large] }))).toMatchObject({ kind: 'changed' });
    now = 251;
    expect(await lookAt([large])).toMatchObject({ caps: [{ refusal: { count: 5_000 } }] });
    expect(groups).toBe(3);
  });

  it('of many leads is one statement, and each gets its own answer', async () => {
    const store = openStore('node-a');
    await taken(store, claiming({ lists: [list()] }));
    const asked = [list(), list({ value: Buffer.from('free') })];
    const seen = await Promise.all(
      Array.from({ length: 100 }, (_, index) => store.look({ run: newRun(), lists: [at(asked, index % 2)], caps: [] })),
    );
    const found = seen.map((each) => each.kind === 'seen' && each.lists[0]?.found);
    expect(found).toEqual(Array.from({ length: 100 }, (_, index) => index % 2 === 0));
  });

  it('waits for no lock: a lead that claims keeps none of them waiting', async () => {
    const store = openStore('node-a');
    await taken(store, claiming({ lists: [list()], caps: [cap()] }));
    const other = await pool.connect();
    await other.query('begin');
    await other.query('select from list_items for update');
    await other.query('select from cap_windows for update');
    const seen = await store.look({ run: newRun(), lists: [list()], caps: [cap()] });
    await other.query('rollback');
    other.release();
    expect(seen.kind).toBe('seen');
  });
});

describe('claim', () => {
  it('grants one of 64 simultaneous claims of one value, over two nodes', async () => {
    const nodes = [openStore('node-a'), openStore('node-b')];
    const results = await Promise.all(
      Array.from({ length: 64 }, (_, index) => at(nodes, index % 2).claim(claiming({ lists: [list()] }))),
    );
    expect(kindsOf(results)).toEqual({ committed: 1, changed: 63, unavailable: 0 });
    expect((await pool.query('select from runs')).rowCount).toBe(1);
  });

  it('never hands out more places than a cap has, over two nodes', async () => {
    const nodes = [openStore('node-a'), openStore('node-b')];
    const requests = Array.from({ length: 500 }, () => claiming({ caps: [cap({ maximum: 100 })] }));
    const results = await Promise.all(requests.map((request, index) => at(nodes, index % 2).claim(request)));
    expect(kindsOf(results)).toEqual({ committed: 100, changed: 400, unavailable: 0 });
    const { rows } = await pool.query('select count::int, held::int, failed_count from cap_windows');
    // Only an end counts a refusal: these leads decide again.
    expect(rows).toEqual([{ count: 0, held: 100, failed_count: 0 }]);
  });

  it('takes all or nothing, and says what stands of everything it asked for', async () => {
    const store = openStore('node-a');
    const asked = { caps: [cap({ capId: 'open' }), cap({ capId: 'full', maximum: 0 })], lists: [list()] };
    expect(await store.claim(claiming(asked))).toEqual({
      kind: 'changed',
      lists: [{ found: false }],
      caps: [
        { refusal: null, generation: 0 },
        { refusal: { capId: 'full', count: 0, held: 0, maximum: 0 }, generation: 0 },
      ],
    });
    expect((await pool.query('select sum(held)::int as held from cap_windows')).rows).toEqual([{ held: 0 }]);
    for (const table of ['runs', 'intents', 'list_items']) {
      expect((await pool.query(`select from ${table}`)).rowCount, table).toBe(0);
    }
  });

  it('checks values that it does not hold: one that came onto their list since is found', async () => {
    const store = openStore('node-a');
    const dnc = list({ listId: 'dnc', hold: false });
    await taken(store, claiming({ lists: [dnc] }));
    await pool.query("insert into list_items (account_id, list_id, value, added_at) values ($1, 'dnc', $2, now())", [
      ACCOUNT,
      value,
    ]);
    expect((await store.claim(claiming({ lists: [dnc] }))).kind).toBe('changed');
    expect((await pool.query('select from list_items where holder is not null')).rowCount).toBe(0);
  });

  it('opens a window again that was swept away since', async () => {
    const store = openStore('node-a');
    await taken(store, claiming({ caps: [cap()] }));
    await pool.query('delete from cap_windows');
    expect((await taken(store, claiming({ caps: [cap()] }))).caps).toHaveLength(1);
    expect((await pool.query('select held::int from cap_windows')).rows).toEqual([{ held: 1 }]);
  });

  it('takes a place that another lead of the same group gives back', async () => {
    const store = openStore('node-a');
    const only = { lists: [list()], caps: [cap({ maximum: 1 })] };
    const first = claiming(only);
    const took = await taken(store, first);
    const [ended, second] = await Promise.all([
      store.settle(settlement(first.run, took, { used: NONE_USED, outcome: 'failure' })),
      store.claim(claiming(only)),
    ]);
    expect([ended.kind, second.kind]).toEqual(['settled', 'committed']);
    expect((await pool.query('select count::int, held::int from cap_windows')).rows).toEqual([{ count: 0, held: 1 }]);
  });

  it('counts from nothing in a newer generation, and in the newest where the lead is of an older one', async () => {
    const store = openStore('node-a');
    await taken(store, claiming({ caps: [cap({ maximum: 1 })] }));
    const newer = await taken(store, claiming({ caps: [cap({ maximum: 1, generation: 3 })] }));
    expect(newer.caps).toMatchObject([{ generation: 3 }]);
    expect((await pool.query('select held::int, generation from cap_windows')).rows).toEqual([
      { held: 1, generation: 3 },
    ]);
    const older = await taken(store, claiming({ caps: [cap({ maximum: 2 })] }));
    expect(older.caps).toMatchObject([{ generation: 3 }]);
  });

  it('of a further step adds its places and its intent to those before it', async () => {
    const store = openStore('node-a');
    const first = claiming({ caps: [cap({ capId: 'flow' })], state: '{"step":1}' });
    const held = await taken(store, first);
    const more = await taken(
      store,
      claiming({
        run: first.run,
        hasRun: true,
        seq: 1,
        state: '{"step":2}',
        caps: [cap({ capId: 'step', stepId: 'step02' })],
      }),
    );
    expect((await intentRows()).map(({ state }) => state)).toEqual([{ step: 1 }, { step: 2 }]);
    const used = { lead: true, steps: [] };
    const end = settlement(first.run, { caps: [...held.caps, ...more.caps], lists: [] }, { intentCount: 2, used });
    expect(await store.settle(end)).toEqual({ kind: 'settled' });
    expect((await pool.query('select cap_id, count::int, held::int from cap_windows order by cap_id')).rows).toEqual([
      { cap_id: 'flow', count: 1, held: 0 },
      { cap_id: 'step', count: 0, held: 0 },
    ]);
    expect(await intentRows()).toEqual([]);
    expect((await pool.query('select from runs')).rowCount).toBe(0);
  });
});

describe('settle', () => {
  it('counts a kept place, gives back another, and enters or frees the value', async () => {
    const store = openStore('node-a');
    const kept = claiming({ caps: [cap()], lists: [list()] });
    const freed = claiming({ caps: [cap()], lists: [list({ value: Buffer.from('other') })] });
    const [first, second] = await Promise.all([taken(store, kept), taken(store, freed)]);
    await Promise.all([
      store.settle(settlement(kept.run, first)),
      store.settle(settlement(freed.run, second, { used: NONE_USED, outcome: 'failure' })),
    ]);
    expect((await pool.query('select count::int, held::int from cap_windows')).rows).toEqual([{ count: 1, held: 0 }]);
    expect((await pool.query('select value, holder, added_at from list_items')).rows).toEqual([
      { value, holder: null, added_at: new Date(NOW) },
    ]);
    expect((await pool.query('select outcome from leads order by id')).rows).toEqual([
      { outcome: 'success' },
      { outcome: 'failure' },
    ]);
    expect((await pool.query('select from runs')).rowCount).toBe(0);
    const again = await store.look({ run: newRun(), lists: [list()], caps: [] });
    expect(again).toMatchObject({ lists: [{ found: true, because: 'added', addedAt: NOW }] });
    const later = claiming({ lists: [list({ cutoff: NOW + 1 })] });
    expect((await taken(store, later)).lists).toHaveLength(1);
    // What had been added before stays as it was.
    await store.settle(settlement(later.run, { caps: [], lists: [{ listId: 'dup', value }] }, { used: NONE_USED }));
    expect((await pool.query('select holder, added_at from list_items')).rows).toEqual([
      { holder: null, added_at: new Date(NOW) },
    ]);
  });

  it('leaves no row behind of a value whose list was emptied meanwhile', async () => {
    const store = openStore('node-a');
    const first = claiming({ lists: [list()] });
    const took = await taken(store, first);
    await pool.query('delete from list_items');
    const [ended, second] = await Promise.all([
      store.settle(settlement(first.run, took)),
      store.claim(claiming({ lists: [list({ value: Buffer.from('other') })] })),
    ]);
    expect([ended.kind, second.kind]).toEqual(['settled', 'committed']);
    expect((await pool.query('select value from list_items')).rows).toEqual([{ value: Buffer.from('other') }]);
  });

  it('of a lead that claimed nothing and keeps its places takes them at once', async () => {
    const store = openStore('node-a');
    const run = newRun();
    const end = settlement(run, NOTHING, {
      hasRun: false,
      intentCount: 0,
      claims: { lists: [list()], caps: [cap({ maximum: 1 })] },
    });
    expect(await store.settle(end)).toEqual({ kind: 'settled' });
    expect((await pool.query('select count::int, held::int from cap_windows')).rows).toEqual([{ count: 1, held: 0 }]);
    expect((await pool.query('select holder, added_at from list_items')).rows).toEqual([
      { holder: null, added_at: new Date(NOW) },
    ]);
    const second = await store.settle({ ...end, run: newRun() });
    expect(second).toMatchObject({
      kind: 'changed',
      lists: [{ found: true, because: 'added', addedAt: NOW }],
      caps: [{ refusal: { count: 1, held: 0, maximum: 1 } }],
    });
    expect((await pool.query('select from leads')).rowCount).toBe(1);
  });

  it('of a lead whose delivery is tried again holds the places that it claims with its end', async () => {
    const store = openStore('node-a');
    const run = newRun();
    const end = settlement(run, NOTHING, {
      hasRun: false,
      intentCount: 0,
      claims: { lists: [list()], caps: [cap()] },
      used: NONE_USED,
      waits: 'held',
      outcome: 'failure',
    });
    expect(await store.settle(end)).toEqual({ kind: 'settled' });
    expect((await pool.query('select count::int, held::int from cap_windows')).rows).toEqual([{ count: 0, held: 1 }]);
    expect((await pool.query('select holder, added_at from list_items')).rows).toEqual([
      { holder: run.runId, added_at: null },
    ]);
    const { rows } = await pool.query('select state, holds from lead_holds');
    expect(rows).toMatchObject([
      { state: 'held', holds: { caps: [[cap().capId, NOW, 0, null]], lists: [['dup', value.toString('hex')]] } },
    ]);
  });

  it('counts the caps that refused the lead, also where a cap has no window yet', async () => {
    const store = openStore('node-a');
    const shut = cap({ capId: 'shut', maximum: 0 });
    const refused = () =>
      store.settle(
        settlement(newRun(), NOTHING, {
          hasRun: false,
          intentCount: 0,
          used: NONE_USED,
          outcome: 'failure',
          refusals: [shut],
        }),
      );
    expect(await Promise.all([refused(), refused()])).toEqual([{ kind: 'settled' }, { kind: 'settled' }]);
    await pool.query('update cap_windows set generation = 7');
    expect(await refused()).toEqual({ kind: 'settled' });
    expect((await pool.query('select cap_id, count::int, held::int, failed_count from cap_windows')).rows).toEqual([
      { cap_id: 'shut', count: 0, held: 0, failed_count: 2 },
    ]);
  });

  it('stops at the fence when another node has taken the run over, and lets the rest of the group pass', async () => {
    const store = openStore('node-a');
    const lost = claiming({ caps: [cap()] });
    const own = claiming({ caps: [cap()] });
    const [a, b] = await Promise.all([taken(store, lost), taken(store, own)]);
    await pool.query('update runs set node_id = $1 where lead_id = $2', ['node-b', lost.run.runId]);
    const answers = await Promise.all([store.settle(settlement(lost.run, a)), store.settle(settlement(own.run, b))]);
    expect(answers.map((answer) => answer.kind)).toEqual(['fenced', 'settled']);
    expect(await store.claim({ ...lost, hasRun: true, seq: 1, caps: [] })).toMatchObject({ kind: 'unavailable' });
    const more = { ...lost, hasRun: true, seq: 1, caps: [cap({ capId: 'step', stepId: 'step01' })] };
    expect((await store.claim(more)).kind).toBe('unavailable');
    expect((await pool.query('select count::int, held::int from cap_windows')).rows).toEqual([{ count: 1, held: 1 }]);
  });

  it('commits the others of a group when one lead cannot be stored, and settles that one as an error', async () => {
    const store = openStore('node-a');
    const requests = Array.from({ length: 5 }, () => claiming({ caps: [cap()] }));
    const took = await Promise.all(requests.map((request) => taken(store, request)));
    const answers = await Promise.all(
      requests.map(({ run }, index) =>
        store.settle(settlement(run, at(took, index), index === 2 ? { document: '{"a":"\\u0000' } : {})),
      ),
    );
    expect(answers.map((answer) => answer.kind)).toEqual(['settled', 'settled', 'refused', 'settled', 'settled']);
    expect((await pool.query('select outcome, count(*)::int from leads group by 1 order by 1')).rows).toEqual([
      { outcome: 'error', count: 1 },
      { outcome: 'success', count: 4 },
    ]);
  });

  it('keeps a settlement while the database is away and commits it once when it is back', async () => {
    const store = openStore('node-a');
    const request = claiming({ caps: [cap()] });
    const held = await taken(store, request);
    await pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'sluice%'",
    );
    expect(await store.settle(settlement(request.run, held))).toEqual({ kind: 'settled' });
    expect((await pool.query('select count::int, held::int from cap_windows')).rows).toEqual([{ count: 1, held: 0 }]);
  });

  it('keeps a settlement while the server is read-only, as a primary is that has been demoted', async () => {
    const store = openStore('node-a');
    const request = claiming({ caps: [cap()] });
    const held = await taken(store, request);
    await makeReadOnly(true);
    const answer = store.settle(settlement(request.run, held));
    await until('the store finds the database away', () => store.isAway());
    await makeReadOnly(false);
    expect(await answer).toEqual({ kind: 'settled' });
  });
});

describe('the intent of a claim', () => {
  it('makes a run row for a lead that asks for nothing, and settles it', async () => {
    const store = openStore('node-a');
    const { run } = claiming({});
    await taken(store, claiming({ run, state: '{"step":1}' }));
    await taken(store, claiming({ run, hasRun: true, seq: 1, state: '{"step":2}' }));
    expect(await intentRows()).toEqual([
      { lead_id: run.runId, seq: 0, state: { step: 1 } },
      { lead_id: run.runId, seq: 1, state: { step: 2 } },
    ]);
    expect(await store.settle(settlement(run, NOTHING, { intentCount: 2 }))).toEqual({ kind: 'settled' });
    expect(await intentRows()).toEqual([]);
    expect((await pool.query('select from runs')).rowCount).toBe(0);
  });

  it('that is written again replaces the one whose answer was lost', async () => {
    const store = openStore('node-a');
    const { run } = claiming({});
    await taken(store, claiming({ run, state: '{"step":1}' }));
    await taken(store, claiming({ run, hasRun: true, seq: 1, state: '{"step":2}' }));
    await taken(store, claiming({ run, hasRun: true, seq: 1, state: '{"step":3}' }));
    expect((await intentRows()).map(({ state }) => state.step)).toEqual([1, 3]);
  });

  it('of a run that another node has taken over is not committed', async () => {
    const store = openStore('node-a');
    const { run } = claiming({});
    await taken(store, claiming({ run, state: '{"step":1}' }));
    await pool.query("update runs set node_id = 'node-b'");
    expect((await store.claim(claiming({ run, hasRun: true, seq: 1, state: '{"step":2}' }))).kind).toBe('unavailable');
    expect((await intentRows()).map(({ seq }) => seq)).toEqual([0]);
  });

  it('that is being committed while another node looks for lost runs is seen by that node, or was not committed', async () => {
    const store = openStore('node-a');
    await taken(store, claiming({ state: '{"step":1}' }));
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
    const request = claiming({ caps: [cap()], lists: [list()], state: '{"step":1}' });
    const held = await taken(store, request);
    expect(await nodes.takeOver('node-b')).toEqual([]);
    await nodes.declareGone(['node-a']);
    const orphans = (await Promise.all([nodes.takeOver('node-b'), nodes.takeOver('node-c')])).flat();
    expect(orphans).toEqual([{ run: { ...request.run, retryId: null }, held, intents: [{ step: 1 }] }]);
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
      const gone = (await Promise.all(others.map((id) => nodes.takeOver(id)))).flat().map(({ run }) => run.runId);
      expect(gone.length).toBe(new Set(gone).size);
      await pool.query('delete from runs');
    }
  });
});

describe('events that are copied to a bucket', () => {
  it.each([
    ['a flow that has one', true, ['insert_outbox']],
    ['any other flow, which costs no statement', false, []],
  ])('of %s', async (_, hasChannels, added) => {
    const names: string[] = [];
    const openSession: typeof createSession = (options) => {
      const session = createSession(options);
      return {
        ...session,
        transact: (calls) => {
          names.push(...calls.map(({ statement }) => statement.name));
          return session.transact(calls);
        },
      };
    };
    const store = openStore('node-a', { openSession, hasChannels: () => hasChannels });
    const settled = await store.settle(settlement(newRun(), NOTHING, { hasRun: false, intentCount: 0 }));
    expect(settled).toEqual({ kind: 'settled' });
    expect(names.filter((name) => name.includes('outbox'))).toEqual(added);
    expect(names.filter((name) => !name.includes('outbox'))).toEqual([
      'insert_leads',
      'insert_lead_data',
      'insert_events',
      'insert_digests',
    ]);
  });
});
