import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { createIds } from '../../lib/ids.ts';
import { NO_MONEY } from '../../model/money.ts';
import type { CapRequest, ClaimRequest, ListRequest, RunKey, SettleRequest } from '../../pipeline/run-store.ts';
import type { Holds } from '../../stored/holds.ts';
import { createRunStore, type PostgresRunStore, type RunStoreOptions } from './run-store.ts';

/*
 * Scenarios of decision page 0065 that need several nodes or many leads. Those of one claim stand in run-store.test.ts and
 * claims-in-doubt.test.ts, those of the decision in decide-again.test.ts and stages.test.ts; the page names each.
 */

const NOW = Date.UTC(2026, 5, 1, 12);
const ACCOUNT = 'aaaaaaaaaaaaaaaaaaaaaaaa';
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
  await pool.query('truncate runs, intents, leads, lead_data, events, list_items, cap_windows');
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

function cap(capId: string, maximum: number): CapRequest {
  return { capId, startsAt: NOW, endsAt: NOW + 86_400_000, maximum, generation: 0, stepId: null };
}

function list(name: string): ListRequest {
  return { listId: 'dup', value: Buffer.from(name), cutoff: null, hold: true };
}

function claiming(parts: Partial<ClaimRequest>): ClaimRequest {
  const run: RunKey = {
    accountId: ACCOUNT,
    runId: ids.next(),
    flowId: 'f',
    sourceId: 's',
    revision: 1,
    submittedAt: NOW,
  };
  return { run, hasRun: false, lists: [], caps: [], seq: 0, state: '{}', ...parts };
}

function ending(run: RunKey, held: Holds, isKept: boolean): SettleRequest {
  const event = { id: ids.next(), seq: 0, type: 'source', outcome: 'success', reason: null } as const;
  return {
    run,
    hasRun: true,
    held,
    intentCount: 1,
    used: { lead: isKept, steps: [] },
    outcome: isKept ? 'success' : 'failure',
    reason: null,
    price: NO_MONEY,
    events: [{ ...event, stepId: null, recipientId: null, facts: '{}' }],
    document: '{}',
  };
}

async function deadlocks(): Promise<number> {
  const { rows } = await pool.query(
    'select deadlocks::int as n from pg_stat_database where datname = current_database()',
  );
  return rows[0].n;
}

describe('what was seen still holds', () => {
  it('while a hot cap has room, however its count has changed since: no lead of 200 decides again', async () => {
    const nodes = [openStore('node-a'), openStore('node-b')];
    const asked = { lists: [], caps: [cap('hot', 1_000)] };
    const all = Array.from({ length: 200 }, () => claiming(asked));
    // All look first, so that every claim but the first stands on a count that is no longer so.
    for (const { run } of all) await nodes[0]?.look({ run, ...asked });
    const results = await Promise.all(all.map((request, index) => nodes[index % 2]?.claim(request)));
    expect(results.filter((result) => result?.kind === 'committed')).toHaveLength(200);
  });
});

describe('a group with members whose places are gone', () => {
  it('is decided in the order of arrival and committed once: those that fit are written, the others learn why not', async () => {
    const groups: number[] = [];
    const store = openStore('node-a', {
      watchGroup: ({ queue, items }) => {
        if (queue === 'commit') groups.push(items);
        return () => undefined;
      },
    });
    await store.claim(claiming({ caps: [cap('day', 6)] }));
    const all = Array.from({ length: 10 }, () => claiming({ caps: [cap('day', 6)] }));
    const results = await Promise.all(all.map((request) => store.claim(request)));
    expect(results.map(({ kind }) => kind)).toEqual([...Array(5).fill('committed'), ...Array(5).fill('changed')]);
    expect(groups).toEqual([1, 10]);
    expect(results[9]).toMatchObject({ caps: [{ refusal: { count: 0, held: 6, maximum: 6 } }] });
  });

  it('keeps no lead waiting that asks for something else', async () => {
    const store = openStore('node-a');
    await store.claim(claiming({ lists: [list('ann')] }));
    const results = await Promise.all([
      store.claim(claiming({ lists: [list('ann')] })),
      store.claim(claiming({ lists: [list('bob')] })),
      store.claim(claiming({ caps: [cap('day', 1)] })),
    ]);
    expect(results.map(({ kind }) => kind)).toEqual(['changed', 'committed', 'committed']);
  });
});

describe('64 identical leads at once over two nodes', () => {
  it('are one that claims and 63 that learn of it, every time of 50', async () => {
    const nodes = [openStore('node-a'), openStore('node-b')];
    for (let round = 0; round < 50; round += 1) {
      const asked = { lists: [list(`person ${round}`)], caps: [cap('day', 1_000)] };
      const all = Array.from({ length: 64 }, () => claiming(asked));
      await Promise.all(all.map(({ run }, index) => nodes[index % 2]?.look({ run, ...asked })));
      const results = await Promise.all(all.map((request, index) => nodes[index % 2]?.claim(request)));
      const kinds = results.map((result) => result?.kind);
      expect(kinds.filter((kind) => kind === 'committed')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'changed')).toHaveLength(63);
    }
    expect((await pool.query('select held from cap_windows')).rows).toEqual([{ held: 50 }]);
  });
});

/** A lead with a phone and an address, both of which it enters. */
const person = (phone: string, email: string) =>
  claiming({ lists: [list(`phone ${phone}`), list(`email ${email}`)], caps: [cap('day', 1_000_000)] });
const valuesOf = ({ lists }: ClaimRequest) => lists.map(({ value }) => value.toString());
const isShared = (one: ClaimRequest, other: ClaimRequest) =>
  valuesOf(one).some((value) => valuesOf(other).includes(value));

/** Looks first, all of them, and claims then: no lead has seen another. */
async function race(nodes: PostgresRunStore[], leads: ClaimRequest[]): Promise<ClaimRequest[]> {
  const at = (index: number) => nodes[index % nodes.length];
  const looks = await Promise.all(leads.map((lead, index) => at(index)?.look(lead)));
  expect(looks.every((look) => look?.kind === 'seen' && look.lists.every(({ found }) => !found))).toBe(true);
  const results = await Promise.all(leads.map((lead, index) => at(index)?.claim(lead)));
  expect(new Set(results.map((result) => result?.kind))).not.toContain('unavailable');
  return leads.filter((_, index) => results[index]?.kind === 'committed');
}

describe('leads with a phone and an address each, at once over two nodes', () => {
  it('are one if they share a phone, an address or either: every time of 25', async () => {
    const nodes = [openStore('node-a'), openStore('node-b')];
    const shapes: [name: string, make: (round: string, index: number) => ClaimRequest][] = [
      ['both', (round) => person(round, round)],
      ['the phone', (round, index) => person(round, `${round} ${index}`)],
      ['the address', (round, index) => person(`${round} ${index}`, round)],
    ];
    for (let round = 0; round < 25; round += 1) {
      for (const [name, make] of shapes) {
        const leads = Array.from({ length: 16 }, (_, index) => make(`${name} ${round}`, index));
        expect(await race(nodes, leads), name).toHaveLength(1);
      }
    }
    // The values of the one that claimed, and nothing of the others.
    expect((await pool.query('select from list_items')).rowCount).toBe(25 * 3 * 2);
  });

  it('A(phone 1, email 1), B(phone 1, email 2), C(phone 2, email 2): A and C, or B alone, every time of 50', async () => {
    const nodes = [openStore('node-a'), openStore('node-b')];
    const ends = new Set<string>();
    for (let round = 0; round < 50; round += 1) {
      const [a, b, c] = [
        person(`${round} 1`, `${round} 1`),
        person(`${round} 1`, `${round} 2`),
        person(`${round} 2`, `${round} 2`),
      ];
      const orders = [
        [a, b, c],
        [b, a, c],
        [c, b, a],
      ];
      const won = await race(nodes, orders[round % 3] ?? []);
      ends.add([a, b, c].map((lead) => (won.includes(lead) ? 'x' : '-')).join(''));
    }
    expect([...ends].filter((end) => end !== 'x-x' && end !== '-x-')).toEqual([]);
  });

  it('of few phones and addresses at random share no value, and whoever lost shares one with a winner', async () => {
    const nodes = [openStore('node-a'), openStore('node-b')];
    const before = await deadlocks();
    for (let round = 0; round < 20; round += 1) {
      const leads = Array.from({ length: 40 }, (_, index) =>
        person(`${round} ${(index * 7) % 9}`, `${round} ${(index * 5 + round) % 11}`),
      );
      const won = await race(nodes, leads);
      const pairs = won.flatMap((one, index) => won.slice(index + 1).filter((other) => isShared(one, other)));
      expect(pairs).toEqual([]);
      expect(leads.filter((lead) => !won.some((winner) => isShared(lead, winner)))).toEqual([]);
    }
    expect(await deadlocks()).toBe(before);
  });

  it('hold and enter both values, or give both back', async () => {
    const store = openStore('node-a');
    const [kept, failed] = [person('1', '1'), person('2', '2')];
    for (const [lead, isKept] of [
      [kept, true],
      [failed, false],
    ] as const) {
      const result = await store.claim(lead);
      if (result.kind !== 'committed') throw new Error('both are free');
      expect(result.took.lists).toHaveLength(2);
      expect(await store.settle(ending(lead.run, result.took, isKept))).toEqual({ kind: 'settled' });
    }
    const { rows } = await pool.query<{ value: Buffer }>(
      'select value, holder, added_at is not null as added from list_items order by value',
    );
    expect(rows).toEqual([
      { value: Buffer.from('email 1'), holder: null, added: true },
      { value: Buffer.from('phone 1'), holder: null, added: true },
    ]);
    expect((await store.claim(person('2', '1'))).kind).toBe('changed');
    expect((await store.claim(person('2', '2'))).kind).toBe('committed');
  });
});

describe('locks', () => {
  it('of nodes that claim and give back the same few values and caps never meet in a deadlock', async () => {
    const nodes = [openStore('node-a'), openStore('node-b'), openStore('node-c')];
    const before = await deadlocks();
    const names = ['ann', 'bob', 'eve', 'kim'];
    const capNames = ['one', 'two', 'three'];
    const live = async (index: number): Promise<void> => {
      const store = nodes[index % nodes.length];
      if (!store) throw new Error('there are three nodes');
      for (let round = 0; round < 12; round += 1) {
        const chosen = [...capNames.slice(index % 3), ...capNames.slice(0, index % 3)];
        const request = claiming({
          lists: [list(names[(index + round) % names.length] ?? ''), list(`own ${index} ${round}`)],
          caps: chosen.map((name) => cap(name, 1_000_000)),
        });
        const result = await store.claim(request);
        if (result.kind !== 'committed') continue;
        expect(await store.settle(ending(request.run, result.took, false))).toEqual({ kind: 'settled' });
      }
    };
    await Promise.all(Array.from({ length: 48 }, (_, index) => live(index)));
    expect(await deadlocks()).toBe(before);
    expect((await pool.query('select sum(held)::int as held, sum(count)::int as count from cap_windows')).rows).toEqual(
      [{ held: 0, count: 0 }],
    );
    expect((await pool.query('select from list_items')).rowCount).toBe(0);
  });
});

describe('a lead that is refused before it claims', () => {
  it('has no run row, no place and no value, at any moment', async () => {
    const store = openStore('node-a');
    const { run } = claiming({});
    await store.look({ run, lists: [list('ann')], caps: [cap('day', 1)] });
    for (const table of ['runs', 'intents', 'list_items', 'cap_windows', 'leads']) {
      expect((await pool.query(`select from ${table}`)).rowCount, table).toBe(0);
    }
    const end = { ...ending(run, { caps: [], lists: [] }, false), hasRun: false, intentCount: 0 };
    expect(await store.settle(end)).toEqual({ kind: 'settled' });
    expect((await pool.query('select outcome from leads')).rows).toEqual([{ outcome: 'failure' }]);
  });
});
