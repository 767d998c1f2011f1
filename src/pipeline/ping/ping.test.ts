import { describe, expect, it } from 'vitest';
import type { Money } from '../../model/money.ts';
import { findHindrance, HINDRANCES, type PostOfPing } from '../named-ping.ts';
import type { SettleResult } from '../run-store.ts';
import { runTestLead, TEST_NOW, type TestLead } from '../testing/run-test-lead.ts';
import { FLOW_ID, SOURCE_ID, testFlow, testSource } from '../testing/test-flow.ts';

const OTHER_ID = '67c599c0aaaaaaaaaaaaaaaa';
const PING = { isPing: true } as const;
const flow = testFlow({
  fields: ['email', 'phone_1', 'state', 'trustedform_cert_url', 'reference'],
  ping_enabled: true,
  pricing: { override: false, prices: [{ amount: 5 }] },
});
const values = { email: 'ann@example.com', phone_1: '512-789-1111' };

/** What the store has of a ping with these values. */
async function pinged(lead: TestLead = {}) {
  const { settled } = await runTestLead({ flow, values, submission: PING, ...lead });
  if (!settled?.ping) throw new Error('a ping was settled');
  const facts = JSON.parse(settled.ping.facts);
  return {
    id: settled.run.runId,
    facts,
    expiresAt: settled.ping.expiresAt,
    seen: {
      flowId: FLOW_ID,
      sourceId: SOURCE_ID,
      isAccepted: true,
      price: 50_000 as Money,
      expiresAt: TEST_NOW,
      values: facts.values,
      distributions: facts.distributions ?? [],
    },
  };
}

/** How the post of that ping ends. */
async function endOf(post: object, lead: TestLead = {}) {
  const { id, seen } = await pinged(lead);
  const { body } = await runTestLead({ flow, ...lead, values: { ...post, ping_id: id }, store: { ping: seen } });
  return body.reason ?? body.price;
}

describe('the reason of a ping', () => {
  it.each<[string, string]>([
    ['not {{lead.last_name}}, {{lead.first_name}}', 'not …, …'],
    ['no more at {{lead.email}} or (512) 789-1111', 'no more at … or …'],
    ['ANN LEE is known; Annual income and leeway stay', '… … is known; Annual income and leeway stay'],
    ['State must be equal to {{lead.state}}', 'State must be equal to TX'],
  ])('%s is stored without its person', async (reason, stored) => {
    const refusing = testFlow({
      fields: ['first_name', 'last_name', 'email', 'phone_1', 'state'],
      ping_enabled: true,
      acceptance_criteria: { rule_set: { op: 'and', rules: [{ lhv: 'lead.email', op: 'is blank' }] }, reason },
    });
    const person = { ...values, first_name: 'Ann', last_name: 'Lee', state: 'Texas' };
    const { settled, body } = await runTestLead({ flow: refusing, values: person, submission: PING });
    expect(settled).toMatchObject({ outcome: 'failure', reason: stored });
    expect(body.reason).not.toContain('…');
  });
});

describe('the values that a post must have', () => {
  it.each<[string, object, unknown]>([
    ['the same', values, 5],
    ['more', { ...values, state: 'TX' }, 5],
    ['written otherwise', { ...values, phone_1: '(512) 789 1111', email: 'Ann@example.com ' }, 5],
    ['another', { ...values, email: 'bob@example.com' }, 'Lead differs from its ping'],
    ['less', { email: values.email }, 'Lead differs from its ping'],
    ['blank', { ...values, phone_1: '' }, 'Lead differs from its ping'],
  ])('%s', async (_what, post, end) => {
    expect(await endOf(post)).toBe(end);
  });

  it('are not those that differ by themselves: certificates, and what a mapping fills from chance', async () => {
    const cert = (host: string) => `https://${host}.trustedform.com/0123456789012345678901234567890123456789`;
    const { id, seen, facts } = await pinged({ values: { ...values, trustedform_cert_url: cert('ping') } });
    expect(Object.keys(facts.values)).toEqual(['email', 'phone_1']);
    const post = { ...values, trustedform_cert_url: cert('cert'), ping_id: id };
    expect((await runTestLead({ flow, values: post, store: { ping: seen } })).body.price).toBe(5);
    const mappings = [{ property: 'reference', value: '{{random}}' }];
    const sources = [testSource({ integration: { module_id: 'leadconduit-default.inbound', mappings } })];
    expect(Object.keys((await pinged({ flow: { ...flow, sources } })).facts.values)).toEqual(['email', 'phone_1']);
  });

  it('are kept as hashes that no other ping of the person has', async () => {
    const { facts } = await pinged();
    const other = await pinged({ submission: { ...PING, resubmission: { leadId: OTHER_ID, from: OTHER_ID } } });
    for (const hash of Object.values(facts.values)) expect(hash).toMatch(/^[0-9a-f]{32}$/);
    expect(other.facts.values.email).not.toBe(facts.values.email);
  });
});

describe('why a post does not get the price of its ping', () => {
  const post = (parts: Partial<PostOfPing> = {}): PostOfPing => ({
    seen: {
      flowId: 'f',
      sourceId: 's',
      isAccepted: true,
      price: 1 as Money,
      expiresAt: 10,
      values: {},
      distributions: [],
    },
    flowId: 'f',
    sourceId: 's',
    isRedeemed: false,
    postedAt: 10,
    isSame: () => true,
    ...parts,
  });

  it('is nothing when all fits, in the last millisecond too', () => {
    expect(findHindrance(post())).toBeNull();
  });

  it('is the first of the table that stands', () => {
    const wrong = { isSame: () => false, postedAt: 11, isRedeemed: true, sourceId: 'other' };
    const { seen } = post();
    expect(findHindrance(post({ ...wrong, seen: { ...seen, isAccepted: false } }))).toBe('Ping is of another source');
    expect(findHindrance(post({ ...wrong, sourceId: 's', seen: { ...seen, isAccepted: false } }))).toBe(
      'Ping was not accepted',
    );
    expect(findHindrance(post({ ...wrong, sourceId: 's' }))).toBe('Ping already redeemed');
    expect(findHindrance(post({ isSame: () => false, postedAt: 11 }))).toBe('Ping expired');
    expect(findHindrance(post({ isSame: () => false }))).toBe('Lead differs from its ping');
    expect(new Set(HINDRANCES.map(({ reason }) => reason)).size).toBe(HINDRANCES.length);
  });
});

describe('a post', () => {
  it('asks for its ping in the one look, and holds its id with its claim', async () => {
    const { id, seen } = await pinged();
    const { store } = await runTestLead({ flow, values: { ...values, ping_id: id }, store: { ping: seen } });
    expect(store.looks).toMatchObject([{ pingId: id, lists: [{ listId: 'pings', hold: true }] }]);
    const [settled] = store.settlements;
    expect([...store.claims, settled?.claims]).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          lists: [expect.objectContaining({ listId: 'pings', value: Buffer.from(id, 'hex') })],
        }),
      ]),
    );
  });

  it('without a ping looks at nothing for it', async () => {
    const { store } = await runTestLead({ flow, values });
    expect(store.looks).toEqual([]);
    expect(store.settlements[0]?.claims?.lists ?? []).toEqual([]);
  });

  it('that is sent again is as late as the lead that was sent first', async () => {
    const { id, seen } = await pinged();
    const late = { ...seen, expiresAt: TEST_NOW - 60_000 };
    const post = { flow, values: { ...values, ping_id: id }, store: { ping: late } };
    expect((await runTestLead(post)).body.reason).toBe('Ping expired');
    const from = `${Math.floor((TEST_NOW - 120_000) / 1000).toString(16)}0000000000000001`;
    const again = await runTestLead({ ...post, submission: { resubmission: { leadId: OTHER_ID, from } } });
    expect(again.body.price).toBe(5);
  });

  it('that finds its ping taken when it claims decides again, and fails', async () => {
    const { id, seen } = await pinged();
    const found = { found: true, because: 'added', addedAt: 1 } as const;
    const taken: SettleResult = { kind: 'changed', lists: [found], caps: [] };
    const { body, store } = await runTestLead({
      flow: { ...flow, steps: [] },
      values: { ...values, ping_id: id },
      store: { ping: seen, firstSettles: [taken] },
    });
    expect(body).toMatchObject({ outcome: 'failure', reason: 'Ping already redeemed', price: 0 });
    expect(store.looks).toHaveLength(1);
  });
});
