import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { createIds } from '../../lib/ids.ts';
import { type Money, NO_MONEY } from '../../model/money.ts';
import type { CapRequest, ClaimRequest, NewRetry, NewUnknown, RunKey } from '../../pipeline/run-store.ts';
import type { Claim } from '../../retries/retry.ts';
import type { AttemptEnd, RetryStore, UnknownResolution } from '../../retries/retry-store.ts';
import { type Holds, writeHolds } from '../../stored/holds.ts';
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
  runs = createRunStore({
    connection: database.connection,
    nodeId: 'node-a',
    pause: (ms) => pause(ms),
    monotonic: () => performance.now(),
  });
});

afterAll(async () => {
  await runs.close();
  await pool.end();
  await database.drop();
});

beforeEach(async () => {
  await pool.query(
    'truncate runs, intents, leads, lead_data, events, digests, list_items, cap_windows, retries, unknowns, lead_holds',
  );
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

/** What a claim that must be granted took. */
async function take(run: RunKey, asked: Partial<ClaimRequest>): Promise<Holds> {
  const result = await runs.claim({ run, hasRun: false, lists: [], caps: [], seq: 0, state: '{}', ...asked });
  if (result.kind !== 'committed') throw new Error(`not committed: ${result.kind}`);
  return result.took;
}

/** A lead that has ended with a delivery that failed, or that may have arrived and keeps its place. */
async function settleLead(parts: { recipientId?: string; isLost?: boolean; isQueued?: boolean } = {}) {
  const { recipientId = 'buyer', isLost = false, isQueued = true } = parts;
  const leadId = ids.next();
  const eventId = ids.event();
  const run: RunKey = {
    accountId: ACCOUNT,
    runId: leadId,
    flowId: FLOW,
    sourceId: SOURCE,
    revision: 1,
    submittedAt: NOW,
  };
  const delivery = { eventId, stepId: 'step01', recipientId, reason: 'no answer' };
  const retry: NewRetry = { ...delivery, id: ids.next(), outcome: 'error', createdAt: NOW, nextAttemptAt: NOW };
  const lost: NewUnknown = { ...delivery, happenedAt: NOW, holds: HOLDS };
  const claimed = isLost ? await take(run, { caps: [CAP] }) : NOTHING;
  const event = { id: eventId, seq: 0, type: 'recipient' as const, outcome: 'error', reason: null, facts: '{}' };
  await runs.settle({
    run,
    hasRun: isLost,
    held: claimed,
    intentCount: isLost ? 1 : 0,
    used: { lead: false, steps: ['step01'] },
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
  runId: attemptId,
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
const window = async () => (await rowsOf('select count::int, held::int from cap_windows'))[0];
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
    const claimed = await runs.claim({ run: runOf(slept), hasRun: true, lists: [], caps: [CAP], seq: 0, state: '{}' });
    expect(claimed.kind).toBe('unavailable');
    expect(await storeOf('node-a').endAttempt(endOf(slept))).toBe('fenced');
    expect(await retryRow()).toMatchObject({ status: 'running', attempts: 0 });
  });

  it('given back frees the places of its attempt', async () => {
    await settleLead();
    const [claim] = await claimAll('node-a');
    if (!claim) throw new Error('it is due');
    await take(runOf(claim), { hasRun: true, caps: [CAP] });
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
  it('counts the place that its intent holds, once', async () => {
    const { leadId } = await settleLead();
    const [claim] = await claimAll('node-a');
    if (!claim) throw new Error('it is due');
    await take(runOf(claim), { hasRun: true, caps: [CAP] });
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

describe('the money of a revenue cap', () => {
  const amount = 300_000 as Money;
  async function loseSale(): Promise<string> {
    const { eventId } = await settleLead({ isLost: true });
    await pool.query("update cap_windows set cap_id = cap_id || '.usd', count = $1", [amount]);
    const holds = writeHolds({ caps: HOLDS.caps.map((hold) => ({ ...hold, amount })), lists: [] });
    await pool.query('update unknowns set holds = $1', [holds]);
    return eventId;
  }

  it.each<[string, Partial<UnknownResolution>, number]>([
    ['not delivered: all of it goes back', { resolution: 'not_delivered' }, 0],
    ['delivered for less: the rest goes back', { sale: 125_000 as Money }, 125_000],
    ['delivered for more: no more counts than was held', { sale: 400_000 as Money }, 300_000],
    ['delivered for an amount that is not known: all of it counts', {}, 300_000],
  ])('of an unknown delivery, %s', async (_name, parts, count) => {
    const eventId = await loseSale();
    expect(await storeOf('node-a').resolve(resolution(eventId, parts))).toBe('resolved');
    expect(await window()).toEqual({ count, held: 0 });
  });

  it('of an unknown delivery that an attempt finds sold is what the attempt was answered', async () => {
    await loseSale();
    const [claim] = await claimAll('node-a');
    if (!claim) throw new Error('it is due');
    expect(await storeOf('node-a').endAttempt(endOf(claim, { sale: 50_000 as Money }))).toBe('ended');
    expect(await window()).toEqual({ count: 50_000, held: 0 });
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
    const found = resolution(eventId, {
      resolution: 'not_delivered',
      retry: { ...retry, createdAt: NOW, nextAttemptAt: NOW },
    });
    expect(await storeOf('node-a').resolve(found)).toBe('resolved');
    expect((await claimAll('node-a')).map(({ retry: { id } }) => id)).toEqual([retryId]);
  });
});

/** Of the lead itself: the flow’s cap, and a value in its list of people. */
const FLOW_CAP: CapRequest = { ...CAP, capId: 'dddddddddddddddddddddddd', stepId: null };
const LIST = 'bbbbbbbbbbbbbbbbbbbbbbbb';
const ANN = Buffer.from('ann');

const keyOf = (runId: string, retryId: string | null = null): RunKey => ({
  accountId: ACCOUNT,
  runId,
  retryId,
  flowId: FLOW,
  sourceId: SOURCE,
  revision: 1,
  submittedAt: NOW,
});

/** Another lead of the same person asks for what this one holds. */
const WANTED = { lists: [{ listId: LIST, value: ANN, cutoff: null, hold: true }], caps: [FLOW_CAP] };
const askAgain = (leadId: string) => runs.look({ run: keyOf(leadId), ...WANTED });

const SOURCE_EVENT = {
  seq: 0,
  type: 'source',
  outcome: 'error',
  reason: null,
  stepId: null,
  recipientId: null,
  facts: '{}',
} as const;

/** A lead that has ended with an error, and whose deliveries of these steps are tried again or may have arrived. */
async function settleError(parts: { retried?: string[]; lost?: string[] } = {}) {
  const { retried = ['step01'], lost = [] } = parts;
  const leadId = ids.next();
  const held = await take(keyOf(leadId), WANTED);
  const eventIds = new Map([...retried, ...lost].map((stepId) => [stepId, ids.event()]));
  const deliveryOf = (stepId: string) => ({
    eventId: eventIds.get(stepId) ?? '',
    stepId,
    recipientId: stepId,
    reason: null,
  });
  const retries = retried.map((stepId) => ({
    ...deliveryOf(stepId),
    id: ids.next(),
    outcome: 'error',
    createdAt: NOW,
    nextAttemptAt: NOW,
  }));
  await runs.settle({
    run: keyOf(leadId),
    hasRun: true,
    held,
    intentCount: 1,
    used: { lead: lost.length > 0, steps: [] },
    waits: lost.length > 0 ? 'counted' : 'held',
    outcome: 'error',
    reason: null,
    price: NO_MONEY,
    events: [{ ...SOURCE_EVENT, id: ids.next() }],
    document: '{}',
    retries,
    unknowns: lost.map((stepId) => ({ ...deliveryOf(stepId), happenedAt: NOW, holds: NOTHING })),
  });
  return { leadId, eventIds, retryIds: retries.map(({ id }) => id) };
}

async function claimOne(nodeId = 'node-a'): Promise<Claim> {
  const [claim] = await claimAll(nodeId);
  if (!claim) throw new Error('it is due');
  return claim;
}

const endWith = (claim: Claim, outcome: string, parts: Partial<AttemptEnd>) =>
  storeOf('node-a').endAttempt(
    endOf(claim, { keepsPlaces: false, resolves: null, ...parts, event: { ...endOf(claim).event, outcome } }),
  );

/** The flow’s cap, the entry in the list, and what is noted of both. */
const places = async () => ({
  cap: (await rowsOf(`select count::int, held::int from cap_windows where cap_id = '${FLOW_CAP.capId}'`))[0],
  entry: (await rowsOf('select holder is not null as held, added_at is not null as added from list_items'))[0],
  state: (await rowsOf('select state from lead_holds'))[0]?.state,
});
const HELD = { cap: { count: 0, held: 1 }, entry: { held: true, added: false }, state: 'held' };
const COUNTED = { cap: { count: 1, held: 0 }, entry: { held: false, added: true }, state: 'counted' };
const USED = { ...COUNTED, state: undefined };
const RELEASED = { cap: { count: 0, held: 0 }, entry: undefined, state: 'released' };

describe('what a lead holds that was no success', () => {
  it('stays held while a delivery of it waits, and another lead gets the id of the lead that holds it', async () => {
    const { leadId } = await settleError();
    expect(await places()).toEqual(HELD);
    const second = await askAgain(ids.next());
    expect(second).toMatchObject({
      lists: [{ found: true, because: 'held', by: { leadId, isRetried: true } }],
      caps: [{ refusal: { count: 0, held: 1 } }],
    });
    await claimOne();
    expect(await places()).toEqual(HELD);
  });

  it.each<[string, string, Partial<AttemptEnd>, object]>([
    ['used by a success', 'success', { status: 'succeeded' }, USED],
    ['given back by a refusal', 'failure', { status: 'failed' }, RELEASED],
    ['given back by the last attempt', 'error', { status: 'exhausted' }, RELEASED],
    ['held on while another attempt follows', 'error', { status: 'waiting', nextAttemptAt: NOW }, HELD],
  ])('is %s', async (_name, outcome, parts, after) => {
    await settleError();
    const claim = await claimOne();
    expect(await endWith(claim, outcome, parts)).toBe('ended');
    expect(await places()).toEqual(after);
    expect(await endWith(claim, outcome, parts)).toBe('fenced');
    expect(await places()).toEqual(after);
  });

  it('counts once an attempt may have arrived, and goes back when that did not', async () => {
    await settleError();
    const claim = await claimOne();
    const { stepId, recipientId } = claim.retry;
    const unknown = { eventId: claim.attemptId, stepId, recipientId, reason: null, happenedAt: NOW, holds: NOTHING };
    await endWith(claim, 'error', { status: 'unknown', unknown });
    expect(await places()).toEqual(COUNTED);
    const event = { ...resolution('').event, outcome: 'failure' };
    await storeOf('node-a').resolve(resolution(claim.attemptId, { resolution: 'not_delivered', event }));
    expect(await places()).toEqual(RELEASED);
  });

  it.each<[string, boolean, object]>([
    ['waits for the other one', false, RELEASED],
    ['is used for good when the other one came through', true, USED],
  ])('by two deliveries %s', async (_name, isSold, after) => {
    await settleError({ retried: ['step01', 'step02'] });
    const first = await claimOne();
    expect(await claimAll('node-b')).toEqual([]);
    await endWith(first, 'failure', { status: 'failed' });
    expect(await places()).toEqual(HELD);
    const second = await claimOne();
    await endWith(second, isSold ? 'success' : 'failure', { status: isSold ? 'succeeded' : 'failed' });
    expect(await places()).toEqual(after);
  });

  it('by one that may have arrived and one that is tried again goes back with the last of them', async () => {
    const { eventIds } = await settleError({ retried: ['step01'], lost: ['step02'] });
    expect(await places()).toEqual(COUNTED);
    const event = { ...resolution('').event, outcome: 'failure', stepId: 'step02' };
    const eventId = eventIds.get('step02') ?? '';
    await storeOf('node-a').resolve(resolution(eventId, { resolution: 'not_delivered', event }));
    expect(await places()).toEqual(COUNTED);
    await endWith(await claimOne(), 'failure', { status: 'failed' });
    expect(await places()).toEqual(RELEASED);
  });

  it('goes back when the retry is cancelled, once', async () => {
    const { retryIds } = await settleError();
    const key = { accountId: ACCOUNT, id: retryIds[0] ?? '' };
    const kinds = await Promise.all([1, 2].map(async () => (await storeOf('node-a').cancel(key)).kind));
    expect(kinds.sort()).toEqual(['changed', 'refused']);
    expect(await places()).toEqual(RELEASED);
    expect(await askAgain(ids.next())).toMatchObject({ lists: [{ found: false }], caps: [{ refusal: null }] });
  });

  it('is left to a lead that took it since the count was reset', async () => {
    await settleError();
    await pool.query('update cap_windows set generation = 1, held = 0, count = 1');
    await endWith(await claimOne(), 'failure', { status: 'failed' });
    expect((await places()).cap).toEqual({ count: 1, held: 0 });
  });
});

describe('a retry that had ended and is run by hand', () => {
  const runAgain = (id: string, maximum = 1) =>
    storeOf('node-a').runNow({ accountId: ACCOUNT, id, maximumOf: () => maximum });

  async function settleFailed() {
    const { leadId, retryIds } = await settleError();
    await endWith(await claimOne(), 'failure', { status: 'failed' });
    return { leadId, id: retryIds[0] ?? '' };
  }

  it('takes the places of its lead again, once', async () => {
    const { id } = await settleFailed();
    expect([(await runAgain(id)).kind, (await runAgain(id)).kind]).toEqual(['changed', 'changed']);
    expect(await places()).toEqual(HELD);
    await endWith(await claimOne(), 'success', { status: 'succeeded' });
    expect(await places()).toEqual(USED);
  });

  it.each(['held', 'added'])('is refused when the value is %s by another lead now', async (how) => {
    const { id } = await settleFailed();
    const second = ids.next();
    await take(keyOf(second), WANTED);
    if (how === 'added') await pool.query("update list_items set holder = null, added_at = now() + interval '1 hour'");
    expect(await runAgain(id, 9)).toMatchObject({ kind: 'taken', by: 'list', retry: { status: 'failed' } });
    expect(await rowsOf('select state from lead_holds')).toEqual([{ state: 'released' }]);
  });

  it('is refused when its place in the cap is gone, and nothing of it is left', async () => {
    const { id } = await settleFailed();
    await pool.query('update cap_windows set count = 1');
    expect(await runAgain(id)).toMatchObject({ kind: 'taken', by: 'cap' });
    expect(await places()).toEqual({ ...RELEASED, cap: { count: 1, held: 0 } });
    expect((await runAgain(id, 2)).kind).toBe('changed');
  });

  it('does not mind an entry that is older than its lead', async () => {
    const { id } = await settleFailed();
    await pool.query('insert into list_items (account_id, list_id, value, added_at) values ($1, $2, $3, $4)', [
      ACCOUNT,
      LIST,
      ANN,
      new Date(NOW - 86_400_000),
    ]);
    expect((await runAgain(id)).kind).toBe('changed');
    await endWith(await claimOne(), 'failure', { status: 'failed' });
    expect((await places()).entry).toEqual({ held: false, added: true });
  });
});

describe('deliveries of one lead', () => {
  it('are tried again one at a time, however many processes look', async () => {
    const leads = await Promise.all([1, 2, 3, 4].map(() => settleLead({ recipientId: ids.next() })));
    await pool.query('update retries set lead_id = $1', [leads[0]?.leadId]);
    const claims = await Promise.all(['node-a', 'node-b', 'node-c'].map(claimAll));
    expect(claims.flat()).toHaveLength(1);
    expect(await rowsOf('select 1 from runs')).toHaveLength(1);
  });
});

describe('a delivery that may have arrived more than once', () => {
  it('is listed once', async () => {
    const { leadId, eventId } = await settleLead({ isLost: true });
    const claim = await claimOne();
    const { stepId, recipientId } = claim.retry;
    const unknown = { eventId: claim.attemptId, stepId, recipientId, reason: null, happenedAt: NOW, holds: NOTHING };
    await storeOf('node-a').endAttempt(endOf(claim, { status: 'unknown', resolves: null, unknown }));
    const page = { accountId: ACCOUNT, range: { after: '', before: 'g' }, sort: 'asc', limit: 10 } as const;
    const listed = (isResolved: boolean) => storeOf('node-a').pageOfUnknowns({ ...page, filter: { isResolved } });
    expect(await listed(false)).toMatchObject([{ eventId, leadId }]);
    await storeOf('node-a').resolve(resolution(claim.attemptId));
    expect(await listed(false)).toEqual([]);
    expect(await listed(true)).toMatchObject([{ eventId, leadId }]);
  });
});
