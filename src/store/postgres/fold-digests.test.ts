import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { countCounts, recount } from '../../../test/harness/recount.ts';
import { createIds, firstIdAt } from '../../lib/ids.ts';
import type { Money } from '../../model/money.ts';
import { NO_MONEY } from '../../model/money.ts';
import type { SettleRequest } from '../../pipeline/run-store.ts';
import { type StoredFacts, writeEventFacts } from '../../stored/event-facts.ts';
import type { EventRow } from '../../stored/intent-state.ts';
import { writePingFacts } from '../../stored/ping-facts.ts';
import { createDigestKeeper } from './digest-keeper.ts';
import { AFTER_ALL_IDS, readCounted } from './digests.ts';
import { insertEvent } from './end-retry.ts';
import { foldDigests } from './fold-digests.ts';
import { inTransaction } from './in-transaction.ts';
import { insertEntry } from './money-entries.ts';
import { createRunStore, type PostgresRunStore } from './run-store.ts';

/*
 * Whatever is counted is compared with a recount in SQL (test/harness/recount.ts), while folds run in several processes, some
 * of them are ended in between, and leads from before digests are counted.
 */

const ACCOUNTS = ['aaaaaaaaaaaaaaaaaaaaaaa1', 'aaaaaaaaaaaaaaaaaaaaaaa2'];
const FLOWS = ['fffffffffffffffffffffff1', 'fffffffffffffffffffffff2'];
const RECIPIENTS = ['eeeeeeeeeeeeeeeeeeeeeee1', 'eeeeeeeeeeeeeeeeeeeeeee2'];
const START = Date.UTC(2026, 10, 1, 12);

let database: TestDatabase;
let pool: pg.Pool;
let store: PostgresRunStore;
/** A clock that goes on by some minutes with each id, so that leads are in many buckets. */
let now = START;
let random = createRandom(1);
const ids = createIds({ now: () => now, random: () => random() });
/** Leads that have ended. */
let ended: { accountId: string; leadId: string; flowId: string; sourceId: string }[] = [];
let digestsFrom: string | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 8 });
  pool.on('error', () => undefined);
  for (const id of ACCOUNTS) {
    await pool.query(`insert into accounts (id, name, time_zone, created_at) values ($1, 'x', 'UTC', now())`, [id]);
  }
  store = createRunStore({
    ...{ connection: database.connection, nodeId: 'node-a', pause: (ms) => pause(ms) },
    ...{ monotonic: () => performance.now(), digestsFrom: () => digestsFrom },
  });
});

afterAll(async () => {
  await store.close();
  await pool.end();
  await database.drop();
});

beforeEach(async () => {
  ended = [];
  await pool.query(`truncate leads, lead_data, events, pings, money_entries, digests, digest_progress, event_kinds,
    event_tallies, event_tallies_by_day, statistics_keys, statistics_hours, statistics_quarters, statistics_days,
    latency_tallies, field_keys, field_tallies, lead_search, nodes, recipient_health`);
});

/** Mulberry32: the same lives with the same seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const oneOf = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
const upTo = (most: number) => Math.floor(random() * (most + 1));

const REASONS = [null, 'age 17 is less than 18', 'age 16 is less than 18', 'Cap reached', '"Sam" is listed'];

function eventId(): string {
  now += upTo(200_000);
  return ids.event();
}

function deliveryRow(seq: number, type: 'recipient' | 'retry' = 'recipient'): EventRow {
  const outcome = oneOf('success', 'failure', 'error', 'skip');
  const revenue = outcome === 'success' ? oneOf(0, 1.5, 2.0001) : 0;
  const facts: StoredFacts<'recipient'> = { revenue, sale_price: revenue, wait_ms: upTo(5_000), caps_reached: false };
  return {
    ...{ id: eventId(), seq, type, outcome, reason: oneOf(...REASONS), stepId: oneOf('st1', 'st2') },
    ...{ recipientId: oneOf(...RECIPIENTS), facts: writeEventFacts(facts) },
  };
}

function distributionsOf(froms: ('asked' | 'standing' | 'ping')[]) {
  const bid = (from: 'asked' | 'standing' | 'ping', price: number | null) => ({ from, price, ms: 1 });
  return [
    {
      ...{ step_id: 'd', key: 'd', method: 'auction', max_sales: 1, sales: 1 },
      recipients: [
        { step_id: 'a', verdict: oneOf('accepted' as const, 'refused' as const), bid: bid(oneOf(...froms), 2) },
        { step_id: 'b', verdict: 'no bid' as const, bid: bid(oneOf(...froms), null) },
        { step_id: 'c', verdict: 'disabled' as const },
      ],
    },
  ];
}

function settlement(accountId: string): SettleRequest {
  now += upTo(300_000);
  const run = {
    ...{ accountId, runId: ids.next(), flowId: oneOf(...FLOWS), sourceId: oneOf('src001', 'src002') },
    ...{ revision: 1, submittedAt: now },
  };
  const outcome = oneOf('success' as const, 'failure' as const, 'error' as const);
  const reason = oneOf(...REASONS);
  const price = (outcome === 'success' ? oneOf(0, 20_000, 35_001) : 0) as Money;
  const base = {
    ...{ run, hasRun: false, held: { caps: [], lists: [] }, intentCount: 0, used: { lead: false, steps: [] } },
    ...{ outcome, reason, price },
  };
  if (random() < 0.2) {
    const facts = writePingFacts({
      start_timestamp: now,
      ...(random() < 0.5 && { distributions: distributionsOf(['asked', 'standing']) }),
    });
    return { ...base, events: [], document: '', ping: { expiresAt: now + 60_000, facts } };
  }
  const deliveries = Array.from({ length: upTo(3) }, (_, seq) =>
    random() < 0.3
      ? ({ ...deliveryRow(seq), type: 'filter', outcome: oneOf('stop', 'continue'), recipientId: null } as EventRow)
      : deliveryRow(seq),
  );
  const dollars = price / 10_000;
  const facts: StoredFacts<'source'> = {
    ...{ cost: dollars, purchase_price: dollars, total_ms: upTo(10_000) },
    ...(random() < 0.2 && { distributions: distributionsOf(['asked', 'standing', 'ping']) }),
    ...(random() < 0.2 && { ping_id: ids.event() }),
  };
  const source: EventRow = {
    ...{ id: eventId(), seq: deliveries.length, type: 'source', outcome, reason, stepId: null, recipientId: null },
    facts: writeEventFacts(facts),
  };
  const lead = { id: run.runId, state: 'TX', ...(random() < 0.5 && { agent: { name: 'Sam' }, nonsense: 'x' }) };
  const fields = 'agent' in lead ? ['state', 'agent', 'agent.name', 'nonsense'] : ['state'];
  return {
    ...{ ...base, events: [...deliveries, source], fields, words: `sam tx ${run.runId}` },
    document: JSON.stringify({ version: 1, vars: { lead } }),
  };
}

async function settleSome(count: number): Promise<void> {
  const all = Array.from({ length: count }, () => settlement(oneOf(...ACCOUNTS)));
  const answers = await Promise.all(all.map((request) => store.settle(request)));
  expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['settled']));
  for (const { run, ping } of all) {
    if (!ping) ended.push({ ...run, leadId: run.runId });
  }
}

/** An attempt, feedback or a correction of a lead that has ended. */
async function goOn(): Promise<void> {
  const lead = oneOf(...ended);
  const place = { accountId: lead.accountId, leadId: lead.leadId, flowId: lead.flowId, sourceId: lead.sourceId };
  await inTransaction(pool, async (client) => {
    const chance = random();
    if (chance < 0.5) {
      const { facts, id, outcome, reason, stepId, recipientId } = deliveryRow(0, 'retry');
      await insertEvent(client, {
        lead: place,
        event: { id, outcome, reason, facts, document: null, stepId: stepId ?? '', recipientId: recipientId ?? '' },
      });
      return;
    }
    const recipientId = oneOf(...RECIPIENTS);
    const id = eventId();
    const facts = writeEventFacts({ feedback_type: oneOf('return', 'conversion') });
    await insertEvent(client, {
      lead: place,
      type: oneOf('feedback-received', 'feedback-sent'),
      event: {
        id,
        outcome: oneOf('success', 'failure', 'error'),
        reason: null,
        facts,
        document: null,
        stepId: 'st1',
        recipientId,
      },
    });
    if (chance < 0.7) return;
    // What was not sold has no revenue to take back. A second cost of the same lead is not written, and must not be counted.
    const { rows: sales } = await client.query(
      `select recipient_id from events where account_id = $1 and lead_id = $2 and type in ('recipient', 'retry')
         and outcome = 'success' and recipient_id is not null limit 1`,
      [lead.accountId, lead.leadId],
    );
    const buyer = sales[0]?.recipient_id;
    for (const kind of buyer
      ? oneOf<('cost' | 'revenue')[]>(['cost'], ['revenue'], ['cost', 'revenue'])
      : ['cost' as const]) {
      await insertEntry(client, {
        accountId: lead.accountId,
        entry: {
          ...{ id: ids.next(), leadId: lead.leadId, kind, amount: -15_000 as Money, reason: 'return' },
          ...{
            eventId: id,
            flowId: lead.flowId,
            sourceId: lead.sourceId,
            recipientId: buyer ?? recipientId,
            createdAt: now,
          },
        },
      });
    }
  });
}

const keeperOf = () =>
  createDigestKeeper(pool, {
    clock: { now: () => now, monotonic: () => performance.now() },
    wordsOf: ({ leadId, values }) => `sam ${String(values['state']).toLowerCase()} ${leadId}`,
  });

/** Ends a transaction of a fold from outside, as a killed process or a lost connection would. */
async function endFolds(): Promise<void> {
  await pool.query(
    `select pg_terminate_backend(pid) as ended from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
        and (query like '%event_tallies%' or query like '%taken as materialized%' or query like '%update set%') and state <> 'idle'
      limit 1`,
  );
}

/** A fold that does all of its work, and whose process is gone before the commit. */
async function undoFold(accountId: string): Promise<void> {
  const undone = inTransaction(pool, async (client) => {
    await foldDigests(client, { accountId, now });
    throw new Error('gone before the commit');
  });
  await undone.catch(() => undefined);
}

async function expectExact(): Promise<void> {
  const { digests, ...counts } = await countCounts(pool as unknown as pg.Client);
  expect(digests).toBe(0);
  for (const [table, count] of Object.entries(counts)) expect({ table, count }).not.toEqual({ table, count: 0 });
  const client = await pool.connect();
  try {
    const differences = await recount(client);
    expect(
      differences.map(({ table, surplus, missing }) => ({
        table,
        surplus: surplus.slice(0, 5),
        missing: missing.slice(0, 5),
      })),
    ).toEqual([]);
  } finally {
    client.release();
  }
  const { rows } = await pool.query(
    `select (select count(*)::int from lead_search) as found, (select count(*)::int from leads) as leads,
       (select count(*)::int from lead_search s where s.words @@ (quote_literal('tx') || '&' || quote_literal(s.lead_id))::tsquery) as right`,
  );
  expect(rows[0]).toEqual({ found: rows[0].leads, leads: rows[0].leads, right: rows[0].leads });
}

/** Rounds of leads, later events, folds of two processes, and an end of one of them. */
async function live({ rounds, kills }: { rounds: number; kills: boolean }): Promise<void> {
  const keepers = [keeperOf(), keeperOf()];
  for (let round = 0; round < rounds; round += 1) {
    const folds = keepers.map((keeper) => keeper.fold().catch(() => undefined));
    await settleSome(10 + upTo(20));
    digestsFrom = keepers[0]?.digestsFrom() ?? null;
    for (let step = 0; step < 8; step += 1) await goOn();
    if (kills) {
      await endFolds();
      await undoFold(oneOf(...ACCOUNTS));
    }
    await Promise.all(folds);
  }
}

async function foldAll(): Promise<void> {
  const keeper = keeperOf();
  for (let pass = 0; pass < 20; pass += 1) {
    const { rows, earlier } = await keeper.fold();
    if (rows + earlier === 0) return;
  }
  throw new Error('the folds do not end');
}

const setFrom = async (from: string | null) => {
  digestsFrom = null;
  await pool.query(`delete from installation where name = 'digests_from'`);
  if (from !== null) await pool.query(`insert into installation values ('digests_from', $1)`, [Buffer.from(from)]);
};

describe('what is counted equals a recount', () => {
  it.each([1, 2])('while two processes count and are ended in between (seed %i)', async (seed) => {
    random = createRandom(seed);
    await setFrom('000000000000000000000000');
    await live({ rounds: 12, kills: true });
    await foldAll();
    await expectExact();
  });

  it('when leads from before are counted while others end, go on and are returned', async () => {
    random = createRandom(3);
    await setFrom(null);
    // Leads of a process that adds no digests: it lives, so nothing is counted at first.
    await pool.query(`insert into nodes (id, host, pid, process_started, started_at, lease_expires_at)
      values ('old', 'h', 1, 'x', now(), now() + interval '1 hour')`);
    await settleSome(1_300);
    await pool.query('delete from digests where id < $1', [ids.next()]);
    for (let step = 0; step < 20; step += 1) await goOn();
    await foldAll();
    expect(await countCounts(pool as unknown as pg.Client)).toMatchObject({ statistics: 0, digests: 0 });
    expect((await readCounted(pool, ACCOUNTS[0] ?? '')).until).toBe('');
    await pool.query(`update nodes set lease_expires_at = '-infinity'`);
    // Counting begins at some id ahead; leads on both sides of it end while earlier ones are counted.
    await live({ rounds: 10, kills: true });
    now += 20_000;
    await live({ rounds: 4, kills: false });
    await foldAll();
    await expectExact();
    expect(digestsFrom).not.toBeNull();
    for (const id of ACCOUNTS) expect((await readCounted(pool, id)).until).toBe(AFTER_ALL_IDS);
  });

  it('below the bound while rows wait', async () => {
    random = createRandom(4);
    await setFrom('000000000000000000000000');
    digestsFrom = '000000000000000000000000';
    await settleSome(50);
    await foldAll();
    now += 60_000;
    const between = firstIdAt(now);
    now += 60_000;
    await settleSome(50);
    for (const id of ACCOUNTS) {
      const { until } = await readCounted(pool, id);
      expect(until > between && until < AFTER_ALL_IDS).toBe(true);
      const { rows } = await pool.query(
        'select count(*)::int as count from digests where account_id = $1 and since < $2',
        [id, until],
      );
      expect(rows[0].count).toBe(0);
    }
  });
});

describe('one account that cannot be counted', () => {
  it('keeps no other from it, and is reported', async () => {
    random = createRandom(5);
    await setFrom('000000000000000000000000');
    digestsFrom = '000000000000000000000000';
    await pool.query(
      `insert into digests (account_id, since, id, tallies) values ($1, '00000000', 'x', '{"version":99}')`,
      [ACCOUNTS[0]],
    );
    await settleSome(20);
    await expect(keeperOf().fold()).rejects.toThrow();
    const { rows } = await pool.query(
      'select distinct account_id from statistics_hours join statistics_keys using (key)',
    );
    expect(rows).toEqual([{ account_id: ACCOUNTS[1] }]);
  });
});

describe('too many kinds', () => {
  it('differ no more by their reason', async () => {
    random = createRandom(6);
    await setFrom('000000000000000000000000');
    digestsFrom = '000000000000000000000000';
    await pool.query(
      `insert into event_kinds (account_id, kind, subject, type, outcome, flow_id, source_id, step_id, recipient_id, reason_class)
       select $1, n, 'event', '', '', '', '', '', '', 'x' from generate_series(1, 20000) n`,
      [ACCOUNTS[0]],
    );
    const request = { ...settlement(ACCOUNTS[0] ?? ''), reason: 'A new one', price: NO_MONEY };
    await store.settle(request);
    await foldAll();
    const { rows } = await pool.query(
      `select reason_class from event_kinds where account_id = $1 and subject in ('lead', 'ping')`,
      [ACCOUNTS[0]],
    );
    expect(rows).toEqual([{ reason_class: '(other)' }]);
  });
});
