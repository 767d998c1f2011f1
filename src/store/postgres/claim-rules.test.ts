import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { createIds } from '../../lib/ids.ts';
import { type Money, NO_MONEY } from '../../model/money.ts';
import type { CapRequest, ClaimRequest, ListRequest, RunKey, SettleRequest } from '../../pipeline/run-store.ts';
import type { Holds } from '../../stored/holds.ts';
import { createRunStore, type PostgresRunStore, type RunStoreOptions } from './run-store.ts';

/*
 * Scenarios of decision page 0065 that need several nodes or many leads. Those of one claim stand in run-store.test.ts and
 * claims-in-doubt.test.ts, those of the decision in decide-again.test.ts and stages.test.ts; the page names each.
 */

const NOW = Date.UTC(2026, 5, 1, 12);
const DOLLAR = 10_000;
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
  await pool.query('truncate runs, intents, leads, lead_data, events, digests, list_items, cap_windows');
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

describe('a revenue cap', () => {
  const BUDGET = 100 * DOLLAR;
  const asking = (dollars: number, capId = 'budget', maximum = BUDGET) =>
    claiming({ lists: [], caps: [{ ...cap(capId, maximum), amount: (dollars * DOLLAR) as Money }] });
  const row = async (counter = 'budget.usd') =>
    (await pool.query('select count::int, held::int, failed_count from cap_windows where cap_id = $1', [counter]))
      .rows[0];

  it('is never passed by 200 leads of all prices on two nodes, and refuses none that fits in the end', async () => {
    const nodes = [openStore('node-a'), openStore('node-b')];
    const prices = Array.from({ length: 200 }, (_, index) => ((index * 7_919) % 90_001) + 1);
    let isWatching = true;
    const watch = (async () => {
      let most = 0;
      while (isWatching) {
        const { count = 0, held = 0 } = (await row()) ?? {};
        most = Math.max(most, count + held);
      }
      return most;
    })();
    const refused: number[] = [];
    const live = async (units: number, index: number): Promise<number> => {
      const store = nodes[index % 2];
      if (!store) throw new Error('there are two nodes');
      const request = claiming({ caps: [{ ...cap('budget', BUDGET), amount: units as Money }] });
      const result = await store.claim(request);
      if (result.kind === 'changed') {
        expect(result.caps[0]?.refusal).toMatchObject({ capId: 'budget', amount: units, maximum: BUDGET });
        refused.push(units);
        return 0;
      }
      if (result.kind !== 'committed') throw new Error(result.reason);
      // Every third is sold, the others release their money.
      const isKept = index % 3 === 0;
      expect(await store.settle(ending(request.run, result.took, isKept))).toEqual({ kind: 'settled' });
      return isKept ? units : 0;
    };
    const used = await Promise.all(prices.map(live));
    const sum = used.reduce((all, each) => all + each, 0);
    expect(await row()).toMatchObject({ count: sum, held: 0 });
    // Nothing is held now. Leads that were refused claim again, and each that fits is taken.
    let left = BUDGET - sum;
    for (const units of refused) {
      const request = claiming({ caps: [{ ...cap('budget', BUDGET), amount: units as Money }] });
      const result = await nodes[0]?.claim(request);
      expect(result?.kind).toBe(units <= left ? 'committed' : 'changed');
      if (result?.kind !== 'committed') continue;
      left -= units;
      await nodes[0]?.settle(ending(request.run, result.took, true));
    }
    expect(await row()).toMatchObject({ count: BUDGET - left, held: 0 });
    isWatching = false;
    expect(await watch).toBeLessThanOrEqual(BUDGET);
  });

  it('of a group takes those that fit, also behind one that does not', async () => {
    const store = openStore('node-a');
    const results = await Promise.all([60, 50, 40, 0.0001].map((dollars) => store.claim(asking(dollars))));
    expect(results.map(({ kind }) => kind)).toEqual(['committed', 'changed', 'committed', 'changed']);
    expect(results[1]).toMatchObject({ caps: [{ refusal: { count: 0, amount: 50 * DOLLAR } }] });
    expect(await row()).toMatchObject({ count: 0, held: BUDGET });
  });

  it('counts beyond what 32 bits hold', async () => {
    const store = openStore('node-a');
    const most = 1_000_000_000 * DOLLAR;
    for (const dollars of [999_999_999, 0.9999]) {
      const request = asking(dollars, 'huge', most);
      const result = await store.claim(request);
      if (result.kind !== 'committed') throw new Error(result.kind);
      await store.settle(ending(request.run, result.took, true));
    }
    const looked = await store.look(asking(0.0002, 'huge', most));
    expect(looked).toMatchObject({ caps: [{ refusal: { count: 9_999_999_999_999, held: 0, maximum: most } }] });
    expect((await store.claim(asking(0.0001, 'huge', most))).kind).toBe('committed');
  });

  it('has a counter of its own: leads of a revision in which the cap counted leads go on with theirs', async () => {
    const store = openStore('node-a');
    await store.claim(claiming({ caps: [cap('budget', 1)] }));
    expect((await store.claim(asking(100))).kind).toBe('committed');
    expect((await store.claim(claiming({ caps: [cap('budget', 1)] }))).kind).toBe('changed');
    expect([await row(), await row('budget')]).toMatchObject([{ held: BUDGET }, { held: 1 }]);
  });

  it.each([
    { name: 'sold for less than was held: the rest is released', sale: 12.5, used: 12.5 },
    { name: 'sold for nothing', sale: 0, used: 0 },
    { name: 'sold for an amount that is not known: what was held counts', sale: undefined, used: 30 },
  ])('of a step, $name', async ({ sale, used }) => {
    const store = openStore('node-a');
    const request = claiming({
      caps: [
        { ...cap('sales', BUDGET), stepId: 'step01', amount: (30 * DOLLAR) as Money },
        { ...cap('deliveries', 9), stepId: 'step01' },
      ],
    });
    const result = await store.claim(request);
    if (result.kind !== 'committed') throw new Error(result.kind);
    const sales = new Map(sale === undefined ? [] : [['step01', (sale * DOLLAR) as Money]]);
    const end = ending(request.run, result.took, true);
    await store.settle({ ...end, used: { lead: true, steps: ['step01'], sales } });
    expect([await row('sales.usd'), await row('deliveries')]).toMatchObject([
      { count: used * DOLLAR, held: 0 },
      { count: 1, held: 0 },
    ]);
  });

  it('that refused counts the lead as failed once, and moves no money', async () => {
    const store = openStore('node-a');
    const { run } = claiming({});
    const refusals = asking(101).caps;
    const end = { ...ending(run, { caps: [], lists: [] }, false), hasRun: false, intentCount: 0, refusals };
    expect(await store.settle(end)).toEqual({ kind: 'settled' });
    expect(await row()).toEqual({ count: 0, held: 0, failed_count: 1 });
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
    expect((await pool.query('select held::int from cap_windows')).rows).toEqual([{ held: 50 }]);
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

  it('of few phones and addresses at random share no value, and each loser shares one with a winner', async () => {
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
