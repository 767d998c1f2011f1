import { describe, expect, it } from 'vitest';
import type { Money } from '../model/money.ts';
import type { LeadRun } from './lead-run.ts';
import { PHASES, PING_PHASES } from './phases.ts';
import type { SettleResult } from './run-store.ts';
import { bidder } from './testing/bidders.ts';
import { runTestLead, TEST_NOW, type TestLead } from './testing/run-test-lead.ts';
import {
  candidateOf,
  deliveryTo,
  distributionOf,
  FLOW_ID,
  filter,
  SOURCE_ID,
  testFlow,
  testSource,
  when,
} from './testing/test-flow.ts';

/** What each phase did with the run, in all leads of this file. */
const seen = new Map(
  PHASES.map(({ name }) => [name as string, { reads: new Set<string>(), writes: new Set<string>() }]),
);
for (const phase of [...PHASES, ...PING_PHASES]) {
  const { run: original } = phase;
  // The loop walks these very tables.
  Object.assign(phase, { run: (run: LeadRun, deps: never) => original(recording(run, phase.name), deps) });
}

function recording(run: LeadRun, phase: string): LeadRun {
  const access = seen.get(phase);
  return new Proxy(run, {
    get: (target, key) => {
      access?.reads.add(String(key));
      return Reflect.get(target, key);
    },
    set: (target, key, value) => {
      access?.writes.add(String(key));
      return Reflect.set(target, key, value);
    },
  });
}

const CAP_ID = 'c0c0c0c0c0c0c0c0c0c0c0c0';
const cap = { id: CAP_ID, type: 'volume' as const, maximum: 5, duration: 1, duration_units: 'day' as const };
const RULES = when('lead.email', 'is not blank');
const flow = testFlow({
  fields: ['email', 'ssn'],
  caps: [cap],
  list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
  acceptance_criteria: { rule_set: RULES },
  sources: [
    testSource({
      integration: { module_id: 'leadconduit-default.inbound', mappings: [{ property: 'x', value: 'y' }] },
    }),
  ],
  steps: [
    filter(when('lead.email', 'is blank')),
    deliveryTo('CRM', { caps: [cap], rule_set: RULES, retry_enabled: true }),
  ],
});
const values = { email: 'ann@example.com', ssn: '219-09-9999', price: 'much' };

/** Of a lead that is delivered nowhere: the value it claims with its end was taken meanwhile. */
const GONE: SettleResult = {
  kind: 'changed',
  lists: [{ found: true, because: 'added', addedAt: 1 }],
  caps: [],
};

const PING = { isPing: true } as const;
const LIMIT = { id: 'c1c1c1c1c1c1c1c1c1c1c1c1', maximum: 1, duration: 1, duration_units: 'day' as const };
const pinged = { ...flow, ping_enabled: true, ping_limits: [LIMIT], pricing: { prices: [{ amount: 5 }] } };

const SEEN = {
  flowId: FLOW_ID,
  sourceId: SOURCE_ID,
  isAccepted: true,
  price: 50_000 as Money,
  expiresAt: TEST_NOW,
  values: {},
  distributions: [],
};

const REVENUE_CAP = { ...cap, id: 'c2c2c2c2c2c2c2c2c2c2c2c2', type: 'revenue' as const, maximum: 100 };
const auction = distributionOf([bidder('A'), bidder('B')], { method: 'highest_bid', bids_price_pings: true });
const bidding = { ...pinged, caps: [REVENUE_CAP], steps: [auction] };
const KEPT = {
  ...SEEN,
  distributions: [
    { ...{ step_id: 'shares', key: 'main', method: 'highest_bid', max_sales: 1, sales: 0 }, recipients: [] },
  ],
};

const RATES = {
  id: 'rates',
  name: 'Rates',
  url: 'https://prices.example.com/',
  variables: ['lead.email'],
  credentialId: null,
  secret: '',
};

const LEADS: TestLead[] = [
  { flow, values },
  { flow: { ...flow, list_checks: null }, values },
  { flow, values, recipient: () => ({ unknown: 'no answer' }) },
  { flow, values, store: { settle: { kind: 'refused', reason: 'no' } } },
  { flow, values, store: { claimGoneFrom: 1 } },
  { flow: { ...flow, acceptance_criteria: { rule_set: when('lead.email', 'is blank') } }, values },
  { flow, values, modules: { find: () => undefined, list: () => [] } },
  { flow: { ...flow, steps: [] }, values, store: { firstSettles: [GONE] } },
  {
    flow: { ...flow, steps: [distributionOf([candidateOf('A'), candidateOf('B')], { method: 'round_robin' })] },
    values,
  },
  { flow, values, store: { changed: [{ fullCaps: [CAP_ID] }] } },
  { flow: { ...flow, caps: [] }, values, store: { fullCaps: [CAP_ID] } },
  {
    flow: {
      ...flow,
      pricing_service: { service_id: RATES.id, fallback_price: 1 },
      sources: [testSource({ deadline_seconds: 60 })],
    },
    values,
    pricingServices: [RATES],
    deps: { askPrice: async () => ({ answer: { kind: 'failed', fault: 'answered status 500' }, response: null }) },
  },
];

const PINGS: TestLead[] = [
  { flow: pinged, values, submission: PING },
  { flow: pinged, values, submission: PING, store: { fullCaps: [LIMIT.id] } },
  { flow: pinged, values, submission: PING, store: { settle: { kind: 'refused', reason: 'no' } } },
  { flow: { ...pinged, pricing: null }, values, submission: PING, store: { firstSettles: [GONE] } },
  { flow: pinged, values: { ...values, ping_id: 'none' } },
  { flow: pinged, values: { ...values, ping_id: LIMIT.id }, store: { ping: SEEN } },
  { flow: bidding, values, submission: PING },
  { flow: bidding, values, submission: PING, store: { fullCaps: [REVENUE_CAP.id] } },
  { flow: bidding, values: { ...values, ping_id: LIMIT.id }, store: { ping: KEPT } },
];

describe('the columns of the table of phases', () => {
  it('hold what a phase reads and writes, and nothing that it does not', async () => {
    for (const lead of [...LEADS, ...PINGS]) await runTestLead(lead);
    for (const { name, reads, writes } of PHASES) {
      const did = seen.get(name);
      const declared: string[] = [...reads, ...writes];
      expect(
        [...(did?.reads ?? [])].filter((key) => !declared.includes(key)),
        `${name} reads`,
      ).toEqual([]);
      expect(
        [...(did?.writes ?? [])].filter((key) => !writes.some((each) => each === key)),
        `${name} writes`,
      ).toEqual([]);
      expect(
        reads.filter((key) => !did?.reads.has(key)),
        `${name} is said to read`,
      ).toEqual([]);
    }
  });
});

describe('the column of pings', () => {
  it('names what each phase does: a ping reaches no step and is settled as one', async () => {
    expect(PING_PHASES.map(({ name }) => name)).toEqual(PHASES.map(({ name }) => name));
    expect(PHASES.flatMap(({ name, ping }) => (ping === 'runs' ? [] : [name]))).toEqual([
      'steps',
      'revenue',
      'respond',
    ]);
    const { sent, store, run, body } = await runTestLead({ flow: pinged, values, submission: PING });
    expect([sent, store.claims, run.stepResults, run.hasRun]).toEqual([[], [], [], false]);
    expect(body).toMatchObject({ outcome: 'success', price: 5 });
    expect(store.settlements).toMatchObject([
      { events: [], document: '', claims: { lists: [], caps: [{ capId: LIMIT.id }] } },
    ]);
  });
});
