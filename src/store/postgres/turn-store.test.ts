import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import type { Choice, Sharer } from '../../pipeline/steps/distribution/share-turns.ts';
import type { TurnAnswer, TurnsKey } from '../../pipeline/turns.ts';
import { createTableKeeper } from './table-keeper.ts';
import { createTurnStore, type TurnStore } from './turn-store.ts';

const KEY: TurnsKey = {
  accountId: 'aaaaaaaaaaaaaaaaaaaaaaaa',
  flowId: 'ffffffffffffffffffffffff',
  stepId: 'shares',
  turns: 'weights',
};
const FIVE = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, weight: 1 }));
const UNEQUAL = [
  { id: 'large', weight: 70 },
  { id: 'medium', weight: 20 },
  { id: 'small', weight: 10 },
];

let database: TestDatabase;
let pool: pg.Pool;
/** Three server processes that share a database. */
let nodes: TurnStore[];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool(database.connection);
  nodes = Array.from({ length: 3 }, () => openStore());
});

beforeEach(async () => {
  await pool.query('delete from distribution_turns');
});

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await pool.end();
  await database.drop();
});

function openStore(): TurnStore {
  return createTurnStore({ connection: database.connection, clock: { now: Date.now }, pause: (ms) => pause(ms) });
}

function take(node: number, sharers: readonly Sharer[], returned: Choice['changes'][] = []): Promise<TurnAnswer> {
  const store = nodes[node % nodes.length];
  if (!store) throw new Error('there are three');
  return store.takeTurn({ key: KEY, sharers, returned });
}

function choiceOf(answer: TurnAnswer): Choice {
  if (answer.kind !== 'taken') throw new Error(`no turn: ${JSON.stringify(answer)}`);
  return answer.choice;
}

/** Takes turns on all nodes at once; how often each was chosen. */
async function takeAtOnce(count: number, sharers: readonly Sharer[]): Promise<Record<string, number>> {
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => take(index, sharers)));
  return countChosen(answers.map(choiceOf));
}

function countChosen(choices: readonly Choice[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { chosen } of choices) counts[chosen] = (counts[chosen] ?? 0) + 1;
  return counts;
}

async function readCredits(): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ credits: Record<string, number> }>('select credits from distribution_turns');
  return rows[0]?.credits ?? {};
}

describe('turns on three nodes', () => {
  it('round robin of five: 300 choices at once are 60 each, and 2 more go to the next two', async () => {
    expect(await takeAtOnce(300, FIVE)).toEqual({ a: 60, b: 60, c: 60, d: 60, e: 60 });
    expect(await takeAtOnce(2, FIVE)).toEqual({ a: 1, b: 1 });
  });

  it('weights 70, 20, 10: each within one turn of its share, after any number of choices', async () => {
    const counts: Record<string, number> = { large: 0, medium: 0, small: 0 };
    let total = 0;
    for (const count of [7, 64, 129, 1, 150]) {
      for (const [id, chosen] of Object.entries(await takeAtOnce(count, UNEQUAL)))
        counts[id] = (counts[id] ?? 0) + chosen;
      total += count;
      for (const { id, weight } of UNEQUAL)
        expect(Math.abs((counts[id] ?? 0) - (total * weight) / 100), `${id} of ${total}`).toBeLessThanOrEqual(1);
    }
    expect(total).toBe(351);
  });

  it('one that was paused goes on where it was, without a burst', async () => {
    await takeAtOnce(53, FIVE);
    const paused = FIVE.filter(({ id }) => id !== 'b');
    const before = (await readCredits())['b'];
    expect(Object.keys(await takeAtOnce(200, paused))).not.toContain('b');
    expect((await readCredits())['b']).toBe(before);
    const resumed = await takeAtOnce(50, FIVE);
    expect(Math.abs((resumed['b'] ?? 0) - 10)).toBeLessThanOrEqual(1);
  });

  it('gives turns back as if they had not been taken, while others choose', async () => {
    const taken = await Promise.all(Array.from({ length: 100 }, (_, index) => take(index, FIVE)));
    const returned = taken.map(choiceOf).filter(({ chosen }) => chosen === 'c');
    expect(returned).toHaveLength(20);
    const kept = await Promise.all([
      ...returned.map(({ changes }, index) => take(index, [], [changes])),
      ...Array.from({ length: 60 }, (_, index) => take(index, FIVE)),
    ]);
    const counts = countChosen(kept.flatMap((answer) => (answer.kind === 'taken' ? [answer.choice] : [])));
    // 80 of the first hundred and these 60: each of the others has its 20 and its part of the 60.
    const [c = 0, a = 0] = [counts['c'], counts['a']];
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(60);
    expect(c).toBeGreaterThanOrEqual(a);
    expect(Object.values(await readCredits()).reduce((sum, credit) => sum + credit, 0)).toBe(0);
  });

  it('a turn whose process is gone before its claim is lost, and no more than that', async () => {
    const leaving = openStore();
    const lost = choiceOf(await leaving.takeTurn({ key: KEY, sharers: FIVE, returned: [] })).chosen;
    await leaving.close();
    const counts = await takeAtOnce(300, FIVE);
    for (const { id } of FIVE) {
      const share = (300 + 1) / 5 - Number(id === lost);
      expect(Math.abs((counts[id] ?? 0) - share)).toBeLessThanOrEqual(1);
    }
  });

  it('a choice that is interrupted is none, and the next ones go on', async () => {
    const blocker = await pool.connect();
    await take(0, FIVE);
    await blocker.query('begin');
    await blocker.query('select from distribution_turns for update');
    const waiting = take(0, FIVE);
    const waitsForLock = `select pid from pg_stat_activity where application_name = 'sluice turns' and wait_event_type = 'Lock'`;
    let pid: number | undefined;
    while (pid === undefined) pid = (await blocker.query<{ pid: number }>(waitsForLock)).rows[0]?.pid;
    await blocker.query('select pg_terminate_backend($1)', [pid]);
    expect(await waiting).toMatchObject({ kind: 'unavailable' });
    await blocker.query('rollback');
    blocker.release();
    let next = await take(0, FIVE);
    // The queue finds out by itself that the database answers.
    while (next.kind === 'unavailable') next = await pause(10).then(() => take(0, FIVE));
    expect(choiceOf(next).chosen).toBe('b');
  });

  it('keeps the turns of each distribution, and of each way it was set up, apart', async () => {
    const keys = [KEY, { ...KEY, turns: 'other' }, { ...KEY, stepId: 'other1' }, { ...KEY, flowId: 'f2' }];
    const store = nodes[0];
    const answers = await Promise.all(keys.map((key) => store?.takeTurn({ key, sharers: FIVE, returned: [] })));
    expect(answers.map((answer) => answer && choiceOf(answer).chosen)).toEqual(['a', 'a', 'a', 'a']);
  });

  it('many choices share a transaction: one row is written once a group', async () => {
    await take(0, FIVE);
    const before = await pool.query<{ xmin: string }>('select xmin::text from distribution_turns');
    await Promise.all(Array.from({ length: 200 }, () => take(0, FIVE)));
    const after = await pool.query<{ xmin: string }>('select xmin::text from distribution_turns');
    const transactions = Number(after.rows[0]?.xmin) - Number(before.rows[0]?.xmin);
    expect(transactions).toBeLessThan(20);
  });

  it('are swept when no lead has used them for 90 days', async () => {
    await take(0, FIVE);
    const sweep = (days: number) =>
      createTableKeeper(pool, { clock: { now: () => Date.now() + days * 86_400_000 }, abandoned: '' }).sweepTurns();
    expect([await sweep(89), await sweep(91)]).toEqual([0, 1]);
  });
});
