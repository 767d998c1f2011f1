import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { openDatabaseWire } from '../../../test/harness/database-wire.ts';
import { createPrivateDatabase } from '../../../test/harness/private-database.ts';
import { until } from '../../../test/harness/until.ts';
import { createIds } from '../../lib/ids.ts';
import { NO_MONEY } from '../../model/money.ts';
import { packageRoot } from '../../package-root.ts';
import { settleInterrupted } from '../../pipeline/interrupted.ts';
import type { CapRequest, ClaimRequest, ListRequest, RunKey, SettleRequest } from '../../pipeline/run-store.ts';
import type { Holds } from '../../stored/holds.ts';
import { createNodeStore } from './nodes.ts';
import { createRunStore, type PostgresRunStore } from './run-store.ts';

/*
 * Claims are flushed, so what a process knows of and the database does not is the answer to a COMMIT that was lost, or a
 * standby that took over and was behind. What a run then holds is what its intents say, whatever the process remembers.
 */

const NOW = Date.UTC(2026, 5, 1, 12);
const ids = createIds({ now: () => NOW, random: Math.random });
const VALUE = Buffer.from('0123456789abcdef');
const NOTHING: Holds = { caps: [], lists: [] };

let database: TestDatabase;
let pool: pg.Pool;
let store: PostgresRunStore;
let closing: (() => Promise<void>)[];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool(database.connection);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

beforeEach(async () => {
  await pool.query(
    'truncate runs, intents, leads, lead_data, events, digests, list_items, cap_windows, unknowns, nodes, recipient_health',
  );
  store = openStore(database, 'node-a');
  closing = [() => store.close()];
  return async () => {
    for (const close of closing) await close();
  };
});

function openStore({ connection }: Pick<TestDatabase, 'connection'>, nodeId: string): PostgresRunStore {
  return createRunStore({ connection, nodeId, pause: (ms) => pause(ms), monotonic: () => performance.now() });
}

/** Undoes what is done meanwhile to places and runs, as a standby does that takes over and was behind. */
async function losing<T>(act: () => Promise<T>): Promise<T> {
  const tables = ['runs', 'intents', 'cap_windows', 'list_items'];
  for (const table of tables) await pool.query(`create table before_${table} as table ${table}`);
  const result = await act();
  for (const table of tables) {
    await pool.query(`delete from ${table}; insert into ${table} select * from before_${table}`);
    await pool.query(`drop table before_${table}`);
  }
  return result;
}

function newRun(parts: Partial<RunKey> = {}): RunKey {
  const flow = { flowId: 'ffffffffffffffffffffffff', sourceId: 'src001', revision: 1 };
  return { accountId: 'aaaaaaaaaaaaaaaaaaaaaaaa', runId: ids.next(), ...flow, submittedAt: NOW, ...parts };
}

function cap(capId: string, stepId: string | null, maximum = 10): CapRequest {
  return { capId, startsAt: NOW, endsAt: NOW + 86_400_000, maximum, generation: 0, stepId };
}

const LIST: ListRequest = { listId: 'dup', value: VALUE, cutoff: null, hold: true };

function claiming(run: RunKey, parts: Partial<ClaimRequest> = {}): ClaimRequest {
  return { run, hasRun: false, lists: [], caps: [], seq: 0, state: '{}', ...parts };
}

async function take(from: PostgresRunStore, request: ClaimRequest): Promise<Holds> {
  const result = await from.claim(request);
  if (result.kind !== 'committed') throw new Error(`not committed: ${JSON.stringify(result)}`);
  return result.took;
}

const both = (one: Holds, other: Holds): Holds => ({
  caps: [...one.caps, ...other.caps],
  lists: [...one.lists, ...other.lists],
});

/** Commits a claim of which the process never learns: its answer is lost with the connection. */
async function claimInDoubt(run: RunKey, parts: Partial<ClaimRequest>): Promise<PostgresRunStore> {
  const wire = await openDatabaseWire(database);
  const unlucky = createRunStore({
    connection: wire.connection,
    nodeId: 'node-a',
    pause: (ms) => pause(ms),
    monotonic: () => performance.now(),
  });
  // The connection stands, and every window is known.
  await unlucky.look({ run, lists: [LIST], caps: [] });
  await take(unlucky, claiming(newRun({ runId: 'first', retryId: null })));
  const before = (await pool.query('select count(*)::int as n from intents')).rows[0].n;
  wire.withholdAnswers();
  const answer = unlucky.claim(claiming(run, parts));
  await until('the claim is committed', async () => {
    return (await pool.query('select count(*)::int as n from intents')).rows[0].n > before;
  });
  wire.cut();
  expect((await answer).kind).toBe('unavailable');
  await until('the store has found the database again', () => !unlucky.isAway());
  closing.push(async () => {
    await unlucky.close();
    await wire.close();
  });
  return unlucky;
}

function settlement(run: RunKey, held: Holds, parts: Partial<SettleRequest> = {}): SettleRequest {
  const event = { id: ids.next(), seq: 0, type: 'source', outcome: 'success', reason: null } as const;
  return {
    run,
    hasRun: true,
    held,
    intentCount: 1,
    used: { lead: true, steps: ['step01', 'step02'] },
    outcome: 'success',
    reason: null,
    price: NO_MONEY,
    events: [{ ...event, stepId: null, recipientId: null, facts: '{}' }],
    document: '{}',
    ...parts,
  };
}

const GIVEN_BACK: Partial<SettleRequest> = { used: { lead: false, steps: [] }, outcome: 'error' };

async function counters(): Promise<string[]> {
  const { rows } = await pool.query('select cap_id, count::int, held::int from cap_windows order by cap_id');
  return rows.map((row) => `${row.cap_id}: count ${row.count}, held ${row.held}`);
}

describe('a first claim whose commit was in doubt', () => {
  it('sends nothing, and its process gives everything back although the intent is there', async () => {
    const run = newRun();
    const unlucky = await claimInDoubt(run, { lists: [LIST], caps: [cap('flow', null)] });
    expect(await counters()).toEqual(['flow: count 0, held 1']);
    expect(unlucky.wasNotSent(run.runId)).toBe(true);
    const own = (await createNodeStore(pool).listOwn('node-a', ['first'])).map((orphan) => ({
      ...orphan,
      isUnsent: unlucky.wasNotSent(orphan.run.runId),
    }));
    expect(own).toMatchObject([{ run: { runId: run.runId }, isUnsent: true, intents: [{}] }]);
    const [orphan] = own;
    if (!orphan) throw new Error('the run is there');
    const deps = {
      ids,
      clock: { now: () => NOW, monotonic: () => 0 },
      host: 'test',
      version: '0.0.0',
      hashSearchValue: () => Buffer.alloc(32),
    };
    expect(await unlucky.settle(settleInterrupted(orphan, deps))).toEqual({ kind: 'settled' });
    expect(await counters()).toEqual(['flow: count 0, held 0']);
    expect((await pool.query('select from list_items')).rowCount).toBe(0);
    expect((await pool.query('select reason from leads')).rows).toEqual([
      { reason: 'Interrupted before the lead was sent anywhere' },
    ]);
    expect(unlucky.wasNotSent(run.runId)).toBe(false);
  });

  it('counts as one that may have been sent when its process is gone too', async () => {
    const run = newRun();
    await claimInDoubt(run, { lists: [LIST], caps: [cap('flow', null)] });
    const nodes = createNodeStore(pool);
    await nodes.declareGone(['node-a']);
    const taken = (await nodes.takeOver('node-b')).filter((orphan) => orphan.run.runId === run.runId);
    expect(taken).toMatchObject([{ held: { caps: [{ capId: 'flow' }], lists: [{ listId: 'dup' }] }, intents: [{}] }]);
    expect(taken[0]?.isUnsent).toBeUndefined();
  });

  it('is not claimed a second time by its run', async () => {
    const run = newRun();
    const unlucky = await claimInDoubt(run, { caps: [cap('flow', null)] });
    expect(await unlucky.claim(claiming(run, { caps: [cap('flow', null)] }))).toMatchObject({ kind: 'unavailable' });
    expect(await counters()).toEqual(['flow: count 0, held 1']);
  });
});

describe('a further claim whose commit was in doubt', () => {
  /** A lead that was sent, and whose second claim was committed without its knowledge. */
  async function leadInDoubt(): Promise<{ run: RunKey; held: Holds; unlucky: PostgresRunStore }> {
    const run = newRun();
    const held = await take(store, claiming(run, { lists: [LIST], caps: [cap('flow', null)] }));
    const unlucky = await claimInDoubt(run, { hasRun: true, seq: 1, caps: [cap('step', 'step01')] });
    return { run, held, unlucky };
  }

  it('gives its place back with the lead’s end', async () => {
    const { run, held, unlucky } = await leadInDoubt();
    const used = { lead: true, steps: [] };
    expect(await unlucky.settle(settlement(run, held, { used }))).toEqual({ kind: 'settled' });
    expect(await counters()).toEqual(['flow: count 1, held 0', 'step: count 0, held 0']);
    expect((await pool.query('select from intents where lead_id <> $1', ['first'])).rowCount).toBe(0);
  });

  it('is written again by the next one, which has its places too', async () => {
    const { run, held, unlucky } = await leadInDoubt();
    const next = claiming(run, { hasRun: true, seq: 1, state: '{"step":3}', caps: [cap('other', 'step02')] });
    const took = await take(unlucky, next);
    expect(took.caps.map(({ capId }) => capId)).toEqual(['step', 'other']);
    const { rows } = await pool.query('select seq, state from intents where lead_id = $1 order by seq', [run.runId]);
    expect(rows).toEqual([
      { seq: 0, state: {} },
      { seq: 1, state: { step: 3 } },
    ]);
    const end = settlement(run, both(held, took), { intentCount: 2, used: { lead: true, steps: ['step02'] } });
    expect(await unlucky.settle(end)).toEqual({ kind: 'settled' });
    expect(await counters()).toEqual(['flow: count 1, held 0', 'other: count 1, held 0', 'step: count 0, held 0']);
  });
});

describe('a settlement whose commit was in doubt', () => {
  it('of a lead that never claimed counts its refusals and its places once', async () => {
    const wire = await openDatabaseWire(database);
    const unlucky = createRunStore({
      connection: wire.connection,
      nodeId: 'node-a',
      pause: (ms) => pause(ms),
      monotonic: () => performance.now(),
    });
    await unlucky.look({ run: newRun(), lists: [LIST], caps: [] });
    const run = newRun();
    const end = settlement(run, NOTHING, {
      hasRun: false,
      intentCount: 0,
      claims: { lists: [LIST], caps: [cap('flow', null)] },
      refusals: [cap('shut', 'step01', 0)],
    });
    // A first settlement opens the connection and the windows.
    await unlucky.settle(settlement(newRun(), NOTHING, { hasRun: false, intentCount: 0 }));
    wire.withholdAnswers();
    const answer = unlucky.settle(end);
    const isStored = async () => (await pool.query('select from leads where id = $1', [run.runId])).rowCount === 1;
    await until('it is committed', isStored);
    wire.cut();
    expect(await answer).toEqual({ kind: 'settled' });
    expect(await counters()).toEqual(['flow: count 1, held 0', 'shut: count 0, held 0']);
    expect((await pool.query("select failed_count from cap_windows where cap_id = 'shut'")).rows).toEqual([
      { failed_count: 1 },
    ]);
    expect((await pool.query('select holder, added_at from list_items')).rows).toEqual([
      { holder: null, added_at: new Date(NOW) },
    ]);
    await unlucky.close();
    await wire.close();
  });
});

describe('a place that a standby has forgotten', () => {
  it('counts all the same when its lead was sent, and held stays what it is', async () => {
    const run = newRun();
    const held = await take(store, claiming(run, { lists: [LIST], caps: [cap('flow', null)] }));
    await take(store, claiming(newRun(), { caps: [cap('step', 'step01')] }));
    const more = await losing(() =>
      take(store, claiming(run, { hasRun: true, seq: 1, caps: [cap('step', 'step01')] })),
    );
    expect(await store.settle(settlement(run, both(held, more), { intentCount: 2 }))).toEqual({ kind: 'settled' });
    expect(await counters()).toEqual(['flow: count 1, held 0', 'step: count 1, held 1']);
  });

  it('is not given back a second time', async () => {
    const run = newRun();
    const held = await take(store, claiming(run, { caps: [cap('flow', null)] }));
    await take(store, claiming(newRun(), { caps: [cap('step', 'step01')] }));
    const more = await losing(() =>
      take(store, claiming(run, { hasRun: true, seq: 1, caps: [cap('step', 'step01')] })),
    );
    const end = settlement(run, both(held, more), { ...GIVEN_BACK, intentCount: 2 });
    expect(await store.settle(end)).toEqual({ kind: 'settled' });
    expect(await counters()).toEqual(['flow: count 0, held 0', 'step: count 0, held 1']);
  });

  it('takes its run with it when it was the first: nothing is settled, and the value is free for the next lead', async () => {
    const run = newRun();
    const lost = await losing(() => take(store, claiming(run, { lists: [LIST], caps: [cap('flow', null)] })));
    await take(store, claiming(newRun(), { lists: [LIST] }));
    expect((await store.claim(claiming(run, { hasRun: true, seq: 1 }))).kind).toBe('unavailable');
    expect(await store.settle(settlement(run, lost))).toEqual({ kind: 'fenced' });
    expect((await pool.query('select from list_items where added_at is not null')).rowCount).toBe(0);
  });

  it('delays no other lead: the rest of the group is committed', async () => {
    const run = newRun();
    const lost = await losing(() => take(store, claiming(run, { caps: [cap('flow', null)] })));
    const others = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const other = newRun();
        return { other, held: await take(store, claiming(other, { caps: [cap('step', 'step01')] })) };
      }),
    );
    const answers = await Promise.all([
      store.settle(settlement(run, lost)),
      ...others.map(({ other, held }) => store.settle(settlement(other, held))),
    ]);
    expect(answers.map(({ kind }) => kind)).toEqual(['fenced', ...others.map(() => 'settled')]);
    expect(await counters()).toEqual(['step: count 5, held 0']);
  });
});

describe('the schema', () => {
  it.each(['held', 'count'])('refuses a counter whose %s is below 0', async (column) => {
    await take(store, claiming(newRun(), { caps: [cap('flow', null)] }));
    await expect(pool.query(`update cap_windows set ${column} = -1`)).rejects.toMatchObject({ code: '23514' });
  });
});

describe('the migration that brings the constraints', () => {
  it('sets held to what run rows of its time hold, and leaves what was delivered beyond a maximum counted', async () => {
    const held = [['low'], ['low', 'right']].map((names) => names.map((name) => [name, NOW, 0, null]));
    for (const [index, caps] of held.entries()) {
      await pool.query(
        `insert into runs (account_id, lead_id, flow_id, source_id, revision, submitted_at, node_id, holds)
         values ('aaaaaaaaaaaaaaaaaaaaaaaa', $1, 'f', 's', 1, now(), 'node-a', $2)`,
        [`lead-${index}`, JSON.stringify({ caps, lists: [] })],
      );
    }
    await pool.query(
      `insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, count, held)
       select 'aaaaaaaaaaaaaaaaaaaaaaaa', name, $1, $1, 'f', 0, 1 from unnest(array['low', 'right']) as k(name)`,
      [new Date(NOW)],
    );
    await pool.query(`
      alter table cap_windows drop constraint cap_windows_held_check, drop constraint cap_windows_count_check;
      update cap_windows set held = -2, count = 502 where cap_id = 'low'`);
    await pool.query(readFileSync(join(packageRoot, 'sql', '0007_cap_counters.sql'), 'utf8'));
    expect(await counters()).toEqual(['low: count 502, held 2', 'right: count 0, held 1']);
  });
});

describe('a run that was made before its places stood in its intents', () => {
  it('gives back what its row holds', async () => {
    const caps = [['flow', NOW, 0, null]];
    await take(store, claiming(newRun(), { caps: [cap('flow', null)] }));
    await pool.query(
      `insert into runs (account_id, lead_id, flow_id, source_id, revision, submitted_at, node_id, holds)
       values ('aaaaaaaaaaaaaaaaaaaaaaaa', 'old', 'ffffffffffffffffffffffff', 'src001', 1, now(), 'gone', $1)`,
      [JSON.stringify({ caps, lists: [] })],
    );
    const [orphan] = await createNodeStore(pool).takeOver('node-a');
    if (!orphan) throw new Error('the run is there');
    expect(orphan.held.caps).toMatchObject([{ capId: 'flow' }]);
    await pool.query('update cap_windows set held = 2');
    const end = settlement(orphan.run, orphan.held, { ...GIVEN_BACK, intentCount: 0 });
    expect(await store.settle(end)).toEqual({ kind: 'settled' });
    expect(await counters()).toEqual(['flow: count 0, held 1']);
  });
});

describe('a server that is killed', () => {
  it('keeps the claim that was answered: its lead is settled, and its place is counted', async () => {
    const own = await createPrivateDatabase();
    const client = new pg.Client(own.connection);
    await client.connect();
    // Nothing flushes by itself while the test looks.
    await client.query("alter system set wal_writer_delay = '10s'");
    await client.query('select pg_reload_conf()');
    const startedAt = async (on: pg.Client): Promise<number> =>
      (await on.query('select pg_postmaster_start_time() as at')).rows[0].at.getTime();
    const firstStartedAt = await startedAt(client);
    await client.end();
    const ownStore = openStore(own, 'node-a');
    const run = newRun();
    const held = await take(ownStore, claiming(run, { lists: [LIST], caps: [cap('flow', null)] }));
    own.kill();
    await until('the server is another one', async () => {
      const asking = new pg.Client(own.connection);
      asking.on('error', () => undefined);
      try {
        await asking.connect();
        return (await startedAt(asking)) !== firstStartedAt;
      } catch {
        return false;
      } finally {
        await asking.end().catch(() => undefined);
      }
    });
    expect(await ownStore.settle(settlement(run, held))).toEqual({ kind: 'settled' });
    const look = new pg.Client(own.connection);
    await look.connect();
    const { rows } = await look.query('select cap_id, count::int, held::int from cap_windows');
    await look.end();
    await ownStore.close();
    await own.drop();
    expect(rows).toEqual([{ cap_id: 'flow', count: 1, held: 0 }]);
  });
});
