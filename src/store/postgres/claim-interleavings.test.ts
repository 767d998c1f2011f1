import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { counterIdOf, unitsOf } from '../../caps/cap-units.ts';
import { createIds } from '../../lib/ids.ts';
import { type Money, NO_MONEY } from '../../model/money.ts';
import { settleInterrupted } from '../../pipeline/interrupted.ts';
import type { CapRequest, PlacesAsked, PlacesSeen, RunKey, SettleRequest } from '../../pipeline/run-store.ts';
import { type Holds, parseHolds } from '../../stored/holds.ts';
import { createNodeStore, type NodeStore } from './nodes.ts';
import { createRunStore, type PostgresRunStore } from './run-store.ts';

/*
 * Random interleavings of looks, claims, ends and crashes of leads on two nodes, each compared with a plain model that
 * does one thing after the other. Then the same all at once, of which only what must never happen can be said.
 */

const NOW = Date.UTC(2026, 5, 1, 12);
const ACCOUNT = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const PEOPLE = ['ann', 'bob', 'eve'];
const CAPS = [
  { capId: 'flow', maximum: 3, stepId: null },
  { capId: 'step', maximum: 2, stepId: 'step01' },
  // Of money: `budget` takes the price of the lead, `sales` what its step may be sold for at most.
  { capId: 'budget', maximum: 100, stepId: null, money: 'price' },
  { capId: 'sales', maximum: 60, stepId: 'step01', money: 'ceiling' },
] as const satisfies readonly { capId: string; maximum: number; stepId: string | null; money?: 'price' | 'ceiling' }[];
const ids = createIds({ now: () => NOW, random: Math.random });
const deps = {
  ids,
  clock: { now: () => NOW, monotonic: () => 0 },
  host: 'test',
  version: '0.0.0',
  hashSearchValue: () => Buffer.alloc(32),
};
const INTENT = JSON.stringify({
  version: 2,
  document: { version: 1 },
  events: [],
  failed: [],
  lost: [],
  intent: {
    eventId: 'e',
    seq: 0,
    stepId: 'step01',
    recipientId: 'buyer',
    key: 'buyer',
    moduleId: 'm',
    at: NOW,
    request: { method: 'POST', uri: '', version: '1.1', headers: {}, body: null, timestamp: NOW },
    retry: 'none',
  },
});

let database: TestDatabase;
let pool: pg.Pool;
let nodes: NodeStore;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool(database.connection);
  nodes = createNodeStore(pool);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** One lead: a person, and what it has done so far. */
interface Lead {
  run: RunKey;
  person: string;
  node: number;
  /** What it costs, and what its step reserves. */
  price: Money;
  ceiling: Money;
  state: 'new' | 'claimed' | 'ended';
  held: Holds;
}

/** Which values are held or entered, and what the counters say. */
interface Model {
  people: Map<string, { holder: string | null }>;
  caps: Map<string, { count: number; held: number }>;
}

const newModel = (): Model => ({
  people: new Map(),
  caps: new Map(CAPS.map(({ capId }) => [capId, { count: 0, held: 0 }])),
});

function amountOf(cap: (typeof CAPS)[number], lead: Pick<Lead, 'price' | 'ceiling'>): Money | undefined {
  return 'money' in cap ? lead[cap.money] : undefined;
}

/** What the lead takes of a cap. */
function unitsIn(cap: (typeof CAPS)[number], lead: Lead): number {
  return amountOf(cap, lead) ?? 1;
}

function asked(lead: Lead): PlacesAsked {
  return {
    lists: [{ listId: 'people', value: Buffer.from(lead.person), cutoff: null, hold: true }],
    caps: CAPS.map((cap): CapRequest => {
      const { capId, maximum, stepId } = cap;
      const window = { startsAt: NOW, endsAt: NOW + 86_400_000, generation: 0 };
      return { capId, maximum, stepId, ...window, amount: amountOf(cap, lead) };
    }),
  };
}

/** Prices differ from lead to lead: 1, 12, 23, 34 … up to 50. */
let arrived = 0;
function newLead(person: string, node: number): Lead {
  const run = { accountId: ACCOUNT, runId: ids.next(), flowId: 'f', sourceId: 's', revision: 1, submittedAt: NOW };
  arrived += 1;
  const price = (1 + ((arrived * 11) % 50)) as Money;
  const ceiling = (1 + ((arrived * 7) % 30)) as Money;
  return { run, person, node, price, ceiling, state: 'new', held: { caps: [], lists: [] } };
}

/** What the model says stands: found, then full by cap. */
function standing(model: Model, lead: Lead): boolean[] {
  const entry = model.people.get(lead.person);
  const isFound = entry !== undefined && entry.holder !== lead.run.runId;
  return [isFound, ...CAPS.map((cap) => sum(model, cap.capId) + unitsIn(cap, lead) > cap.maximum)];
}

function sum(model: Model, capId: string): number {
  const { count, held } = model.caps.get(capId) ?? { count: 0, held: 0 };
  return count + held;
}

function seen({ lists, caps }: PlacesSeen): boolean[] {
  return [...lists.map(({ found }) => found), ...caps.map(({ refusal }) => refusal !== null)];
}

/** The counters of caps with this step, or of all, after one of the lead's places there was taken, used or given back. */
function move(
  model: Model,
  lead: Lead,
  { of, to, sale }: { of: 'lead' | 'step' | 'all'; to: 'held' | 'used' | 'free'; sale?: number },
): void {
  for (const cap of CAPS) {
    if (of !== 'all' && of !== (cap.stepId === null ? 'lead' : 'step')) continue;
    const counter = model.caps.get(cap.capId);
    if (!counter) throw new Error('the model has every cap');
    const units = unitsIn(cap, lead);
    counter.held += to === 'held' ? units : -units;
    if (to === 'used') counter.count += cap.stepId !== null && 'money' in cap ? (sale ?? units) : units;
  }
}

/** The end of a lead: `used` a success, whose step sold or not. */
function endOf(lead: Lead, used: { lead: boolean; step: boolean; sale?: number }): SettleRequest {
  const event = { id: ids.next(), seq: 0, type: 'source', outcome: 'success', reason: null } as const;
  return {
    run: lead.run,
    hasRun: lead.state === 'claimed',
    held: lead.held,
    intentCount: lead.state === 'claimed' ? 1 : 0,
    claims: null,
    used: {
      lead: used.lead,
      steps: used.step ? ['step01'] : [],
      ...(used.sale === undefined ? {} : { sales: new Map([['step01', used.sale as Money]]) }),
    },
    outcome: used.lead ? 'success' : 'failure',
    reason: null,
    price: NO_MONEY,
    events: [{ ...event, stepId: null, recipientId: null, facts: '{}' }],
    document: '{}',
  };
}

type Action =
  | { kind: 'arrive'; person: string; node: number }
  | { kind: 'look'; lead: number }
  | { kind: 'claim'; lead: number }
  | { kind: 'end'; lead: number; sells: boolean; succeeds: boolean }
  | { kind: 'crash'; node: number };

const lead = fc.nat(7);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('arrive' as const), person: fc.constantFrom(...PEOPLE), node: fc.nat(1) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look' as const), lead }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('claim' as const), lead }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('end' as const), lead, sells: fc.boolean(), succeeds: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), node: fc.nat(1) }) },
);

/** Two nodes that share the database; one that crashes is replaced by a new one. */
class House {
  readonly stores: PostgresRunStore[] = [];
  readonly names: string[] = [];
  #opened: PostgresRunStore[] = [];

  async open(): Promise<void> {
    await pool.query(
      'truncate runs, intents, leads, lead_data, events, digests, list_items, cap_windows, lead_holds, unknowns',
    );
    for (const place of [0, 1]) await this.start(place);
  }

  async start(place: number): Promise<void> {
    const name = `node-${ids.next()}`;
    await nodes.renew({ id: name, host: 'h', pid: 1, processStarted: name });
    this.names[place] = name;
    const store = createRunStore({
      connection: database.connection,
      nodeId: name,
      pause: (ms) => pause(ms),
      monotonic: () => performance.now(),
    });
    this.stores[place] = store;
    this.#opened.push(store);
  }

  store(place: number): PostgresRunStore {
    const store = this.stores[place];
    if (!store) throw new Error('there are two nodes');
    return store;
  }

  /** The node is gone; the other one ends its leads. Their ids. */
  async crash(place: number): Promise<string[]> {
    const other = 1 - place;
    await nodes.declareGone([this.names[place] ?? '']);
    const orphans = await nodes.takeOver(this.names[other] ?? '');
    const ends = await Promise.all(orphans.map((orphan) => this.store(other).settle(settleInterrupted(orphan, deps))));
    expect(ends.every(({ kind }) => kind === 'settled')).toBe(true);
    await this.start(place);
    return orphans.map(({ run }) => run.runId);
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map((store) => store.close()));
  }
}

async function compare(model: Model): Promise<void> {
  const { rows: caps } = await pool.query('select cap_id, count::int, held::int from cap_windows order by cap_id');
  const counted = new Map(caps.map(({ cap_id, count, held }) => [cap_id, { count, held }]));
  for (const { capId, ...cap } of CAPS) {
    expect(counted.get('money' in cap ? `${capId}.usd` : capId) ?? { count: 0, held: 0 }, capId).toEqual(
      model.caps.get(capId),
    );
  }
  const { rows: people } = await pool.query("select convert_from(value, 'utf8') as person, holder from list_items");
  expect(new Map(people.map(({ person, holder }) => [person, { holder }]))).toEqual(model.people);
}

describe('looks, claims, ends and crashes on two nodes', () => {
  it('do what a plain model does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 30 }), async (actions) => {
        const house = new House();
        await house.open();
        const model = newModel();
        const leads: Lead[] = [];
        for (const each of actions) await act(each, { house, model, leads });
        await compare(model);
        await house.close();
      }),
      { numRuns: 40 },
    );
  });

  it('never oversell, and leave nothing held, when they happen all at once', async () => {
    const each = fc.record({
      person: fc.constantFrom(...PEOPLE, 'kim', 'lee', 'pat', 'ray', 'sam'),
      node: fc.nat(1),
      succeeds: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(each, { minLength: 10, maxLength: 60 }), fc.boolean(), async (arriving, crashes) => {
        const house = new House();
        await house.open();
        const sold: string[] = [];
        const run = async ({ person, node, succeeds }: (typeof arriving)[number]): Promise<void> => {
          const arrived = newLead(person, node);
          const store = house.store(node);
          const claimed = await store.claim({
            run: arrived.run,
            hasRun: false,
            ...asked(arrived),
            seq: 0,
            state: INTENT,
          });
          if (claimed.kind !== 'committed') return;
          arrived.state = 'claimed';
          arrived.held = claimed.took;
          const sale = Math.floor(arrived.ceiling / 2);
          const ended = await store.settle(endOf(arrived, { lead: succeeds, step: succeeds, sale }));
          if (ended.kind === 'settled' && succeeds) sold.push(person);
        };
        const running = arriving.map(run);
        if (crashes) await house.crash(0);
        await Promise.all(running);
        // Whatever the node that was thought gone left is taken over as well.
        await nodes.declareGone(house.names.slice(0, 1));
        const { rows } = await pool.query('select cap_id, count::int, held::int from cap_windows');
        const { rows: under } = await pool.query<{ holds: unknown }>('select holds from intents');
        const holds = under.flatMap((intent) => parseHolds(intent.holds).caps);
        for (const { cap_id: counterId, count, held } of rows) {
          const { maximum } = CAPS.find(({ capId }) => capId === counterId.replace('.usd', '')) ?? { maximum: 0 };
          expect(count + held).toBeLessThanOrEqual(maximum);
          const here = holds.filter((hold) => counterIdOf(hold) === counterId);
          expect(held).toBe(here.reduce((total, hold) => total + unitsOf(hold), 0));
        }
        expect(new Set(sold).size).toBe(sold.length);
        await house.close();
      }),
      { numRuns: 15 },
    );
  });
});

async function act(
  each: Action,
  { house, model, leads }: { house: House; model: Model; leads: Lead[] },
): Promise<void> {
  if (each.kind === 'arrive') {
    leads.push(newLead(each.person, each.node));
    return;
  }
  if (each.kind === 'crash') {
    const taken = new Set(await house.crash(each.node));
    const lost = leads.filter(({ node, state }) => node === each.node && state === 'claimed');
    expect(taken).toEqual(new Set(lost.map(({ run }) => run.runId)));
    for (const gone of lost) {
      gone.state = 'ended';
      // It may have been delivered: everything it held counts.
      move(model, gone, { of: 'all', to: 'used' });
      model.people.set(gone.person, { holder: null });
    }
    return;
  }
  const acting = leads[each.lead % Math.max(leads.length, 1)];
  if (!acting || acting.state === 'ended') return;
  const store = house.store(acting.node);
  const { run, person } = acting;
  if (each.kind === 'look') {
    const result = await store.look({ run, ...asked(acting) });
    if (result.kind !== 'seen') throw new Error(result.reason);
    expect(seen(result)).toEqual(standing(model, acting));
    return;
  }
  if (each.kind === 'claim') {
    if (acting.state !== 'new') return;
    const result = await store.claim({ run, hasRun: false, ...asked(acting), seq: 0, state: INTENT });
    const stands = standing(model, acting);
    if (result.kind === 'changed') {
      expect(seen(result)).toEqual(stands);
      expect(stands).toContain(true);
      return;
    }
    if (result.kind !== 'committed') throw new Error(result.reason);
    expect(stands).not.toContain(true);
    acting.state = 'claimed';
    acting.held = result.took;
    move(model, acting, { of: 'all', to: 'held' });
    model.people.set(person, { holder: run.runId });
    return;
  }
  const { succeeds, sells } = each;
  const sale = Math.floor(acting.ceiling / 2);
  expect(await store.settle(endOf(acting, { lead: succeeds, step: sells, sale }))).toEqual({ kind: 'settled' });
  if (acting.state === 'claimed') {
    move(model, acting, { of: 'lead', to: succeeds ? 'used' : 'free' });
    move(model, acting, { of: 'step', to: sells ? 'used' : 'free', sale });
    if (succeeds) model.people.set(person, { holder: null });
    else model.people.delete(person);
  }
  acting.state = 'ended';
}
