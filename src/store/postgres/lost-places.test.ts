import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { createPrivateDatabase } from '../../../test/harness/private-database.ts';
import { until } from '../../../test/harness/until.ts';
import { createIds } from '../../lib/ids.ts';
import { NO_MONEY } from '../../model/money.ts';
import { packageRoot } from '../../package-root.ts';
import type { CapRequest, ListRequest, ReserveResult, RunKey, SettleRequest } from '../../pipeline/run-store.ts';
import type { Holds } from '../../stored/holds.ts';
import { createRunStore, type PostgresRunStore } from './run-store.ts';

/*
 * Reservations commit without a flush, so a database that is killed forgets the last ones of a process that lives on.
 * What a run then holds is what its row says, whatever the process remembers.
 */

const NOW = Date.UTC(2026, 5, 1, 12);
const ids = createIds({ now: () => NOW, random: Math.random });
const VALUE = Buffer.from('0123456789abcdef');
const NOTHING: Holds = { caps: [], lists: [] };

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
  await pool.query('truncate runs, leads, lead_data, events, list_items, cap_windows, unknowns');
  store = openStore(database, 'node-a');
  return () => store.close();
});

function openStore({ connection }: Pick<TestDatabase, 'connection'>, nodeId: string): PostgresRunStore {
  return createRunStore({ connection, nodeId, pause: (ms) => pause(ms) });
}

/** Undoes what is done meanwhile to places and runs, as a database does that is killed before it has flushed them. */
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

type Reserved = Extract<ReserveResult, { kind: 'reserved' }>;

async function reserve(
  run: RunKey,
  asked: { from?: { held: Holds; hasRun: boolean }; lists?: ListRequest[]; caps?: CapRequest[] },
): Promise<Reserved> {
  const { from = { held: NOTHING, hasRun: false }, lists = [], caps = [] } = asked;
  const result = await store.reserve({ run, ...from, lists, caps });
  if (result.kind !== 'reserved') throw new Error(`not reserved: ${result.kind}`);
  return result;
}

/** A lead that holds its value and a place of the flow, and whose place in a cap of its step is lost. */
async function leadWithLostStepPlace(): Promise<{ run: RunKey; before: Reserved; after: Reserved }> {
  const run = newRun();
  const lists = [{ listId: 'dup', value: VALUE, cutoff: null, hold: true }];
  const before = await reserve(run, { lists, caps: [cap('flow', null)] });
  // A full cap: its window is opened, and nothing is held.
  await reserve(newRun(), { caps: [cap('step', 'step01', 0)] });
  const after = await losing(() => reserve(run, { from: before, caps: [cap('step', 'step01')] }));
  return { run, before, after };
}

function settlement(run: RunKey, held: Holds, parts: Partial<SettleRequest> = {}): SettleRequest {
  const event = { id: ids.next(), seq: 0, type: 'source', outcome: 'success', reason: null } as const;
  return {
    run,
    hasRun: true,
    held,
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
  const { rows } = await pool.query('select cap_id, count, held from cap_windows order by cap_id');
  return rows.map((row) => `${row.cap_id}: count ${row.count}, held ${row.held}`);
}

describe('a place that was lost with the database', () => {
  it('is not given back a second time', async () => {
    const { run, after } = await leadWithLostStepPlace();
    await reserve(newRun(), { caps: [cap('step', 'step01')] });
    expect(await store.settle(settlement(run, after.held, GIVEN_BACK))).toEqual({ kind: 'settled' });
    expect(await counters()).toEqual(['flow: count 0, held 0', 'step: count 0, held 1']);
    expect((await pool.query('select from list_items')).rowCount).toBe(0);
  });

  it('lets nothing be sent: the intent is not committed, and says what the lead still holds', async () => {
    const { run, before, after } = await leadWithLostStepPlace();
    const answer = await store.intend({ run, held: after.held, hasRun: true, seq: 0, state: '{}' });
    expect(answer).toEqual({ kind: 'lost', held: before.held });
    expect((await pool.query('select from intents')).rowCount).toBe(0);
  });

  it('lets no attempt to deliver again be sent either', async () => {
    const run = newRun({ retryId: ids.next() });
    await store.intend({ run, held: NOTHING, hasRun: false, seq: 0, state: '{}' });
    const from = { held: NOTHING, hasRun: true };
    const after = await losing(() => reserve(run, { from, caps: [cap('step', 'step01')] }));
    const answer = await store.intend({ run, held: after.held, hasRun: true, seq: 0, state: '{}' });
    expect(answer).toEqual({ kind: 'lost', held: NOTHING });
  });

  it('does not come back with the next reservation, which is refused', async () => {
    const { run, before, after } = await leadWithLostStepPlace();
    const next = { run, held: after.held, hasRun: true, lists: [], caps: [cap('other', 'step02')] };
    expect(await store.reserve(next)).toEqual({ kind: 'lost', held: before.held });
    const again = await reserve(run, { from: before, caps: [cap('step', 'step01')] });
    expect(await store.intend({ run, held: again.held, hasRun: true, seq: 0, state: '{}' })).toEqual({
      kind: 'committed',
    });
    expect(await store.settle(settlement(run, again.held))).toEqual({ kind: 'settled' });
    expect(await counters()).toEqual(['flow: count 1, held 0', 'other: count 0, held 0', 'step: count 1, held 0']);
  });

  it('keeps a lead that was sent nowhere from being reported as a success', async () => {
    const { run, before, after } = await leadWithLostStepPlace();
    expect(await store.settle(settlement(run, after.held))).toEqual({ kind: 'lost', held: before.held });
    expect((await pool.query('select from leads')).rowCount).toBe(0);
    expect(await store.settle(settlement(run, before.held, GIVEN_BACK))).toEqual({ kind: 'settled' });
    expect(await counters()).toEqual(['flow: count 0, held 0', 'step: count 0, held 0']);
  });

  it('counts when the lead was sent all the same, and held stays what it is', async () => {
    const { run, before, after } = await leadWithLostStepPlace();
    // A standby that was behind forgets flushed places too, and this intent names what the row holds by then.
    await store.intend({ run, held: before.held, hasRun: true, seq: 0, state: '{}' });
    expect(await store.settle(settlement(run, after.held))).toEqual({ kind: 'settled' });
    expect(await counters()).toEqual(['flow: count 1, held 0', 'step: count 1, held 0']);
  });

  it('delays no other lead: the rest of the group is committed', async () => {
    const { run, after } = await leadWithLostStepPlace();
    const others = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const other = newRun();
        return { other, reserved: await reserve(other, { caps: [cap('step', 'step01')] }) };
      }),
    );
    const answers = await Promise.all([
      store.intend({ run, held: after.held, hasRun: true, seq: 0, state: '{}' }),
      ...others.map(({ other, reserved }) => store.settle(settlement(other, reserved.held))),
    ]);
    expect(answers.map(({ kind }) => kind)).toEqual(['lost', ...others.map(() => 'settled')]);
    expect(await counters()).toEqual(['flow: count 0, held 1', 'step: count 5, held 0']);
  });
});

describe('a first reservation that was lost with the database', () => {
  it('takes its run row with it: nothing is sent or settled, and the value is free for the next lead', async () => {
    const run = newRun();
    const lists = [{ listId: 'dup', value: VALUE, cutoff: null, hold: true }];
    const lost = await losing(() => reserve(run, { lists, caps: [cap('flow', null)] }));
    expect((await reserve(newRun(), { lists })).lists).toEqual([{ found: false }]);
    expect((await store.intend({ run, held: lost.held, hasRun: true, seq: 0, state: '{}' })).kind).toBe('unavailable');
    expect(await store.settle(settlement(run, lost.held))).toEqual({ kind: 'fenced' });
    expect((await pool.query('select from list_items where added_at is not null')).rowCount).toBe(0);
  });
});

describe('a reservation whose answer was lost, but not the reservation', () => {
  it('is found in the run row by what comes next', async () => {
    const run = newRun();
    const before = await reserve(run, { caps: [cap('flow', null)] });
    await reserve(run, { from: before, caps: [cap('step', 'step01')] });
    expect(await store.intend({ run, held: before.held, hasRun: true, seq: 0, state: '{}' })).toEqual({
      kind: 'committed',
    });
    const next = await reserve(run, { from: before, caps: [cap('other', 'step02')] });
    expect(next.held.caps.map(({ capId }) => capId)).toEqual(['flow', 'step', 'other']);
    const used = { lead: true, steps: [] };
    expect(await store.settle(settlement(run, before.held, { used }))).toEqual({ kind: 'settled' });
    expect(await counters()).toEqual(['flow: count 1, held 0', 'other: count 0, held 0', 'step: count 0, held 0']);
  });
});

describe('the schema', () => {
  it.each(['held', 'count'])('refuses a counter whose %s is below 0', async (column) => {
    await reserve(newRun(), { caps: [cap('flow', null)] });
    await expect(pool.query(`update cap_windows set ${column} = -1`)).rejects.toMatchObject({ code: '23514' });
  });
});

describe('the migration that brings the constraints', () => {
  it('sets held to what run rows hold, and leaves what was delivered beyond a maximum counted', async () => {
    await reserve(newRun(), { caps: [cap('low', null), cap('right', null)] });
    await reserve(newRun(), { caps: [cap('low', null)] });
    await pool.query(`
      alter table cap_windows drop constraint cap_windows_held_check, drop constraint cap_windows_count_check;
      update cap_windows set held = -2, count = 502 where cap_id = 'low'`);
    await pool.query(readFileSync(join(packageRoot, 'sql', '0007_cap_counters.sql'), 'utf8'));
    expect(await counters()).toEqual(['low: count 502, held 2', 'right: count 0, held 1']);
  });
});

describe('a server that is killed', () => {
  it('loses a step’s place and not the lead’s, and the lead that lives on sends nothing and takes nothing back', async () => {
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
    const nothing = { run, held: NOTHING, hasRun: false, lists: [] };
    const before = await ownStore.reserve({ ...nothing, caps: [cap('flow', null)] });
    if (before.kind !== 'reserved') throw new Error('the first reservation failed');
    // The intent of another lead flushes what came before it.
    await ownStore.intend({ run: newRun(), held: NOTHING, hasRun: false, seq: 0, state: '{}' });
    const after = await ownStore.reserve({ run, ...before, lists: [], caps: [cap('step', 'step01')] });
    if (after.kind !== 'reserved') throw new Error('the second reservation failed');
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
    const ready = () => ({ run: newRun(), held: NOTHING, hasRun: false, seq: 0, state: '{}' });
    await until('the store has found it', async () => (await ownStore.intend(ready())).kind === 'committed');
    const intent = await ownStore.intend({ run, held: after.held, hasRun: true, seq: 0, state: '{}' });
    const end = await ownStore.settle(settlement(run, after.held, GIVEN_BACK));
    const look = new pg.Client(own.connection);
    await look.connect();
    const { rows } = await look.query('select cap_id, count, held from cap_windows');
    await look.end();
    await ownStore.close();
    await own.drop();
    expect(intent).toEqual({ kind: 'lost', held: before.held });
    expect(end).toEqual({ kind: 'settled' });
    expect(rows).toEqual([{ cap_id: 'flow', count: 0, held: 0 }]);
  });
});
