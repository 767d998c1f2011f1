import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { createIds } from '../../lib/ids.ts';
import { NO_MONEY } from '../../model/money.ts';
import type { Claim } from '../../retries/retry.ts';
import type { AttemptEnd, RetryStore, UnknownResolution } from '../../retries/retry-store.ts';
import type { CapRequest, Holds, NewRetry, NewUnknown, RunKey } from '../store.ts';
import { createRetryStore } from './retries.ts';
import { createRunStore, type PostgresRunStore } from './run-store.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const ACCOUNT = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const FLOW = 'ffffffffffffffffffffffff';
const SOURCE = 'eeeeeeeeeeeeeeeeeeeeeeee';
const NOTHING: Holds = { caps: [], lists: [] };
const ids = createIds({ now: () => NOW, random: Math.random });

let database: TestDatabase;
let pool: pg.Pool;
let runs: PostgresRunStore;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool(database.connection);
  const switches = { isFenceOff: false, isCommitAsync: false };
  runs = createRunStore({ connection: database.connection, nodeId: 'node-a', pause: (ms) => pause(ms), switches });
});

afterAll(async () => {
  await runs.close();
  await pool.end();
  await database.drop();
});

beforeEach(async () => {
  await pool.query('truncate runs, leads, lead_data, events, list_items, cap_windows, retries, unknowns');
});

const storeOf = (nodeId: string): RetryStore => createRetryStore({ pool, nodeId, ids });
const NOBODY = new Map<string, number>();
const claimAll = (nodeId: string): Promise<Claim[]> =>
  storeOf(nodeId).claimDue({ limit: 100, perRecipient: 100, busy: NOBODY });

const CAP: CapRequest = {
  capId: 'cccccccccccccccccccccccc',
  startsAt: NOW,
  endsAt: NOW + 86_400_000,
  maximum: 1,
  generation: 0,
  stepId: 'step01',
};
const HOLDS: Holds = { caps: [{ capId: CAP.capId, startsAt: NOW, generation: 0, stepId: 'step01' }], lists: [] };

/** A lead that has ended with a delivery that failed, or that may have arrived and keeps its place. */
async function settleLead(parts: { recipientId?: string; isLost?: boolean; isQueued?: boolean } = {}) {
  const { recipientId = 'buyer', isLost = false, isQueued = true } = parts;
  const leadId = ids.next();
  const eventId = ids.next();
  const run: RunKey = { accountId: ACCOUNT, leadId, flowId: FLOW, sourceId: SOURCE, revision: 1, submittedAt: NOW };
  const delivery = { eventId, stepId: 'step01', recipientId, reason: 'no answer' };
  const retry: NewRetry = { ...delivery, id: ids.next(), outcome: 'error', nextAttemptAt: NOW };
  const lost: NewUnknown = { ...delivery, happenedAt: NOW, holds: HOLDS, leadHolds: null };
  const reserved = isLost ? await runs.reserve({ run, held: NOTHING, hasRun: false, lists: [], caps: [CAP] }) : null;
  const event = { id: eventId, seq: 0, type: 'recipient' as const, outcome: 'error', reason: null, facts: '{}' };
  await runs.settle({
    run,
    hasRun: isLost,
    held: reserved?.kind === 'reserved' ? reserved.held : NOTHING,
    keepsCap: () => true,
    keepsLists: false,
    outcome: 'success',
    reason: null,
    price: NO_MONEY,
    events: [{ ...event, stepId: 'step01', recipientId }],
    document: '{}',
    retries: isQueued ? [retry] : [],
    unknowns: isLost ? [lost] : [],
  });
  return { leadId, eventId, retryId: retry.id };
}

function endOf(claim: Claim, parts: Partial<AttemptEnd> = {}): AttemptEnd {
  const { stepId, recipientId } = claim.retry;
  const event = { id: claim.attemptId, outcome: 'success', reason: null, stepId, recipientId };
  return {
    claim,
    keepsPlaces: true,
    event: { ...event, facts: '{}', document: '{"key":"buyer"}' },
    status: 'succeeded',
    nextAttemptAt: null,
    unknown: null,
    resolves: 'delivered',
    ...parts,
  };
}

const runOf = ({ retry, attemptId }: Claim): RunKey => ({
  accountId: ACCOUNT,
  leadId: attemptId,
  retryId: retry.id,
  flowId: FLOW,
  sourceId: SOURCE,
  revision: 1,
  submittedAt: NOW,
});

function resolution(eventId: string, parts: Partial<UnknownResolution> = {}): UnknownResolution {
  const event = { id: ids.next(), outcome: 'success', reason: null, stepId: 'step01', recipientId: 'buyer' };
  return {
    accountId: ACCOUNT,
    eventId,
    resolution: 'delivered',
    note: null,
    event: { ...event, facts: '{}', document: null },
    retry: null,
    ...parts,
  };
}

const rowsOf = async (text: string) => (await pool.query(text)).rows;
const window = async () => (await rowsOf('select count, held from cap_windows'))[0];
const retryRow = async () => (await rowsOf('select status, attempts, last_reason from retries'))[0];

describe('a claim', () => {
  it('is given to one of several processes, with a run row', async () => {
    await Promise.all([1, 2, 3].map(() => settleLead()));
    const claims = (await Promise.all([claimAll('node-a'), claimAll('node-b')])).flat();
    expect(new Set(claims.map(({ retry }) => retry.id)).size).toBe(3);
    expect(claims).toHaveLength(3);
    const rows = await rowsOf('select lead_id from runs order by lead_id');
    expect(rows.map(({ lead_id }) => lead_id)).toEqual(claims.map(({ attemptId }) => attemptId).sort());
  });

  it('leaves room for others beside a recipient with a long queue', async () => {
    for (let lead = 0; lead < 20; lead += 1) await settleLead({ recipientId: 'down' });
    await settleLead({ recipientId: 'up' });
    const ask = { limit: 10, perRecipient: 3, busy: new Map([['down', 1]]) };
    const claims = await storeOf('node-a').claimDue(ask);
    expect(claims.map(({ retry }) => retry.recipientId).sort()).toEqual(['down', 'down', 'up']);
  });

  it('that was slept over sends nothing: its intent finds another process’ attempt', async () => {
    await settleLead();
    const [slept] = await claimAll('node-a');
    if (!slept) throw new Error('it is due');
    const key = { accountId: ACCOUNT, retryId: slept.retry.id, attemptId: slept.attemptId };
    await pool.query("update runs set node_id = 'node-b'");
    expect(await storeOf('node-b').giveBack(key, null)).toBe('ended');
    const [again] = await claimAll('node-b');
    expect(again?.attemptId).not.toBe(slept.attemptId);
    const intent = await runs.intend({ run: runOf(slept), held: NOTHING, hasRun: true, state: '{}' });
    expect(intent.kind).toBe('unavailable');
    expect(await storeOf('node-a').endAttempt(endOf(slept))).toBe('fenced');
    expect(await retryRow()).toMatchObject({ status: 'running', attempts: 0 });
  });

  it('given back frees the places of its attempt', async () => {
    await settleLead();
    const [claim] = await claimAll('node-a');
    if (!claim) throw new Error('it is due');
    await runs.reserve({ run: runOf(claim), held: NOTHING, hasRun: true, lists: [], caps: [CAP] });
    expect(await window()).toEqual({ count: 0, held: 1 });
    const key = { accountId: ACCOUNT, retryId: claim.retry.id, attemptId: claim.attemptId };
    expect(await storeOf('node-a').giveBack(key, NOW)).toBe('ended');
    expect([await window(), await retryRow()]).toMatchObject([
      { count: 0, held: 0 },
      { status: 'waiting', attempts: 0 },
    ]);
    expect(await storeOf('node-a').giveBack(key, NOW)).toBe('fenced');
  });
});

describe('an end', () => {
  it('counts the place that the run row holds, once', async () => {
    const { leadId } = await settleLead();
    const [claim] = await claimAll('node-a');
    if (!claim) throw new Error('it is due');
    await runs.reserve({ run: runOf(claim), held: NOTHING, hasRun: true, lists: [], caps: [CAP] });
    const store = storeOf('node-a');
    expect([await store.endAttempt(endOf(claim)), await store.endAttempt(endOf(claim))]).toEqual(['ended', 'fenced']);
    expect([await window(), await retryRow()]).toMatchObject([
      { count: 1, held: 0 },
      { status: 'succeeded', attempts: 1 },
    ]);
    expect(await rowsOf('select lead_id, seq, type from events order by seq')).toMatchObject([
      { lead_id: leadId, seq: 0, type: 'recipient' },
      { lead_id: leadId, seq: 1, type: 'retry' },
    ]);
  });
});

describe('a resolution', () => {
  it('made twice at once counts once', async () => {
    const { eventId } = await settleLead({ isLost: true, isQueued: false });
    expect(await window()).toEqual({ count: 1, held: 0 });
    const store = storeOf('node-a');
    const not = { resolution: 'not_delivered' } as const;
    const answers = await Promise.all([1, 2, 3].map(() => store.resolve(resolution(eventId, not))));
    expect(answers.sort()).toEqual(['again', 'again', 'resolved']);
    expect(await window()).toEqual({ count: 0, held: 0 });
  });

  it('leaves a count alone that was reset since', async () => {
    const { eventId } = await settleLead({ isLost: true, isQueued: false });
    await pool.query('update cap_windows set generation = 1, count = 1');
    await storeOf('node-a').resolve(resolution(eventId, { resolution: 'not_delivered' }));
    expect(await window()).toEqual({ count: 1, held: 0 });
  });

  it.each([
    ['go back when nothing else of it came through', [], 0],
    ['stay when an earlier delivery of it was sold', ['success'], 1],
  ])('the places of the lead itself %s', async (_name, others, count) => {
    const { leadId, eventId } = await settleLead({ isLost: true, isQueued: false });
    await pool.query(`update unknowns set lead_holds = holds, holds = '{"caps":[],"lists":[]}'`);
    for (const outcome of others) {
      await pool.query(
        `insert into events (account_id, lead_id, seq, id, type, outcome, flow_id, source_id, facts)
         values ($1, $2, 1, $3, 'recipient', $4, $5, $6, '{}')`,
        [ACCOUNT, leadId, ids.next(), outcome, FLOW, SOURCE],
      );
    }
    const event = { ...resolution(eventId).event, outcome: 'failure' };
    await storeOf('node-a').resolve(resolution(eventId, { resolution: 'not_delivered', event }));
    expect(await window()).toEqual({ count, held: 0 });
  });

  it('waits for an attempt under way', async () => {
    const { eventId } = await settleLead({ isLost: true });
    const [claim] = await claimAll('node-a');
    expect(claim?.hasPlaces).toBe(true);
    expect(await storeOf('node-a').resolve(resolution(eventId))).toBe('busy');
    expect(await window()).toEqual({ count: 1, held: 0 });
  });

  it.each([
    ['delivered: what waits is cancelled', { resolution: 'delivered' }, 'cancelled', 1, 0],
    ['not delivered: what waits goes on, with a place of its own', { resolution: 'not_delivered' }, 'waiting', 0, 1],
  ] as const)('%s', async (_name, parts, status, count, due) => {
    const { eventId } = await settleLead({ isLost: true });
    expect(await storeOf('node-a').resolve(resolution(eventId, parts))).toBe('resolved');
    expect([await window(), await retryRow()]).toMatchObject([{ count, held: 0 }, { status }]);
    const claims = await claimAll('node-a');
    expect(claims.map(({ hasPlaces }) => hasPlaces)).toEqual(Array(due).fill(false));
  });

  it('asking for another delivery takes up the retry that waited for it', async () => {
    const { eventId, retryId } = await settleLead({ isLost: true });
    await pool.query("update retries set status = 'unknown', next_attempt_at = null");
    const retry = { id: ids.next(), eventId, stepId: 'step01', recipientId: 'buyer', outcome: 'error', reason: null };
    const found = resolution(eventId, { resolution: 'not_delivered', retry: { ...retry, nextAttemptAt: NOW } });
    expect(await storeOf('node-a').resolve(found)).toBe('resolved');
    expect((await claimAll('node-a')).map(({ retry: { id } }) => id)).toEqual([retryId]);
  });
});
