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
  const store = createRunStore({ connection: database.connection, nodeId, pause: (ms) => pause(ms), ...parts });
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
