import { describe, expect, it } from 'vitest';
import type { LeadRun } from './lead-run.ts';
import { PHASES } from './phases.ts';
import type { SettleResult } from './run-store.ts';
import { runTestLead, type TestLead } from './testing/run-test-lead.ts';
import { deliveryTo, filter, testFlow, testSource, when } from './testing/test-flow.ts';

/** What each phase did with the run, in all leads of this file. */
const seen = new Map(
  PHASES.map(({ name }) => [name as string, { reads: new Set<string>(), writes: new Set<string>() }]),
);
for (const phase of PHASES) {
  const { run: original } = phase;
  // The loop walks this very table.
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

const RATES = { id: 'rates', name: 'Rates', url: 'https://prices.example.com/', variables: ['lead.email'], secret: '' };

const LEADS: TestLead[] = [
  { flow, values },
  { flow: { ...flow, list_checks: null }, values },
  { flow, values, recipient: () => ({ unknown: 'no answer' }) },
  { flow, values, store: { settle: { kind: 'refused', reason: 'no' } } },
  { flow, values, store: { claimGoneFrom: 1 } },
  { flow: { ...flow, acceptance_criteria: { rule_set: when('lead.email', 'is blank') } }, values },
  { flow, values, modules: { find: () => undefined, list: () => [] } },
  { flow: { ...flow, steps: [] }, values, store: { firstSettles: [GONE] } },
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

describe('the columns of the table of phases', () => {
  it('hold what a phase reads and writes, and nothing that it does not', async () => {
    for (const lead of LEADS) await runTestLead(lead);
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
