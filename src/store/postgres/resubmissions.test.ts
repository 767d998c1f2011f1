import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { createIds } from '../../lib/ids.ts';
import type { ResubmissionStore } from '../../resubmission/resubmission.ts';
import { createResubmissionStore } from './resubmissions.ts';

const NOW = Date.UTC(2025, 2, 3, 12);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const accountId = 'a'.repeat(24);
const ids = createIds({ now: () => NOW, random: Math.random });

let database: TestDatabase;
let pool: pg.Pool;
let store: ResubmissionStore;
let leadId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 10 });
  store = createResubmissionStore(pool);
});
beforeEach(() => {
  leadId = ids.next();
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

interface Claiming {
  asLeadId?: string;
  isAgain?: boolean;
  callId?: string | null;
  now?: number;
}

/** Without the check before it, which may be some milliseconds old. */
const claim = ({ asLeadId = ids.next(), isAgain = false, callId = null, now = NOW }: Claiming = {}) =>
  store.claim({ accountId, leadId, asLeadId, isAgain, callId, now });
const end = (asLeadId: string) => store.end({ accountId, leadId, asLeadId, now: NOW });
const standing = (callId: string | null = null) => store.standingOf({ accountId, leadId, callId });

describe('a lead is claimed', () => {
  it.each([
    ['without a word', {}],
    ['again', { isAgain: true }],
    ['by one call', { isAgain: true, callId: 'one' }],
  ])('by one of many at once, %s', async (_, how) => {
    const claims = await Promise.all(Array.from({ length: 30 }, () => claim(how)));
    expect(claims.filter((each) => each === 'claimed')).toHaveLength(1);
  });

  it('by no other call afterwards, unless it asks for it and the first has ended', async () => {
    const asLeadId = ids.next();
    expect(await claim({ asLeadId })).toBe('claimed');
    expect(await claim()).toBe('taken');
    expect(await claim({ isAgain: true })).toBe('taken');
    await end(asLeadId);
    expect(await claim()).toBe('taken');
    expect(await claim({ isAgain: true })).toBe('claimed');
  });

  it('by a call once, however often it is made', async () => {
    const asLeadId = ids.next();
    await claim({ asLeadId, callId: 'one' });
    await end(asLeadId);
    expect(await claim({ callId: 'one', isAgain: true })).toBe('taken');
    expect(await claim({ callId: 'other', isAgain: true })).toBe('claimed');
    expect((await standing('one')).byCall).toEqual({ asLeadId, hasEnded: true });
  });

  it('anew when it was given back', async () => {
    const asLeadId = ids.next();
    await claim({ asLeadId, callId: 'one' });
    await store.giveBack({ accountId, leadId, asLeadId });
    expect(await standing('one')).toEqual({ last: null, byCall: null, open: null });
    expect(await claim({ callId: 'one' })).toBe('claimed');
  });

  it('apart from the same lead of another account', async () => {
    await claim();
    const other = { accountId: 'b'.repeat(24), leadId, asLeadId: ids.next(), isAgain: false, callId: null, now: NOW };
    expect(await store.claim(other)).toBe('claimed');
  });
});

describe('a claim whose process stopped', () => {
  const tidyAfter = (minutes: number) => store.tidy({ accountId, now: NOW + minutes * MINUTE_MS });
  const addRun = (asLeadId: string) =>
    pool.query(
      `insert into runs (account_id, lead_id, node_id, flow_id, source_id, revision, submitted_at)
       values ($1, $2, 'n', 'f', 's', 1, now())`,
      [accountId, asLeadId],
    );

  it('stays for ten minutes', async () => {
    await claim();
    await tidyAfter(9);
    expect((await standing()).last).toMatchObject({ hasEnded: false });
    await tidyAfter(11);
    expect((await standing()).last).toBeNull();
  });

  it('stays as long as its lead is under way, and keeps the old one from being sent', async () => {
    const asLeadId = ids.next();
    await claim({ asLeadId });
    await addRun(asLeadId);
    await tidyAfter(600);
    expect(await standing()).toEqual({ last: { asLeadId, hasEnded: false }, byCall: null, open: 'running' });
  });

  it('has ended when its lead is settled', async () => {
    const asLeadId = ids.next();
    await claim({ asLeadId });
    await pool.query(
      `insert into leads (account_id, id, flow_id, source_id, revision, node_id, outcome, price, submitted_at)
       values ($1, $2, 'f', 's', 1, 'n', 'error', 0, now())`,
      [accountId, asLeadId],
    );
    await tidyAfter(0);
    expect((await standing()).last).toEqual({ asLeadId, hasEnded: true });
  });
});

it('what a lead was sent as counts, over any number of generations', async () => {
  const [child, grandchild] = [ids.next(), ids.next()];
  await claim({ asLeadId: child });
  await store.claim({ accountId, leadId: child, asLeadId: grandchild, isAgain: false, callId: null, now: NOW });
  await pool.query(
    `insert into unknowns (account_id, event_id, lead_id, flow_id, source_id, step_id, recipient_id, holds, happened_at)
     values ($1, $2, $3, 'f', 's', 't', 'r', '{}', now())`,
    [accountId, ids.next(), grandchild],
  );
  expect((await standing()).open).toBe('unknown');
});

describe('a named call', () => {
  const call = { accountId, callId: 'monday', request: '{"query":{}}' };

  it('is about the leads it was made with first, for thirty days', async () => {
    expect(await store.findCall(call)).toEqual({ kind: 'none' });
    await store.keepCall({ ...call, leadIds: [leadId], now: NOW });
    await store.keepCall({ ...call, leadIds: [], now: NOW });
    expect(await store.findCall(call)).toEqual({ kind: 'same', leadIds: [leadId] });
    expect(await store.findCall({ ...call, request: '{}' })).toEqual({ kind: 'other' });
    expect(await store.findCall({ ...call, accountId: 'b'.repeat(24) })).toEqual({ kind: 'none' });
    await store.tidy({ accountId, now: NOW + 29 * DAY_MS });
    expect(await store.findCall(call)).toMatchObject({ kind: 'same' });
    await store.tidy({ accountId, now: NOW + 31 * DAY_MS });
    expect(await store.findCall(call)).toEqual({ kind: 'none' });
  });
});
