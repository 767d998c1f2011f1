import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtinModules } from '../../../integrations/builtin-modules.ts';
import type { ExchangeModule } from '../../../integrations/contract.ts';
import { createModuleRegistry } from '../../../integrations/registry.ts';
import type { RecipientStep } from '../../../model/flow.ts';
import { runTestLead, type TestLead } from '../../testing/run-test-lead.ts';
import { BUYER_URL, dailyCap, deliveryTo, testFlow, testSource, when } from '../../testing/test-flow.ts';
import { STAGES } from './stages.ts';

const CAP = 'c2c2c2c2c2c2c2c2c2c2c2c2';
const STEP_CAP = '5ca900000000000000000001';
const withStep = (parts: Partial<RecipientStep> = {}, properties: Record<string, string> = {}) =>
  testFlow({ steps: [deliveryTo('My CRM', parts, properties)] });

/** A registry with the built-in modules and one whose parts a test writes. */
function registryWith(parts: Partial<ExchangeModule>) {
  const custom: ExchangeModule = {
    id: 'test.outbound',
    version: '1.2.3',
    name: 'Test',
    direction: 'outbound',
    style: 'request/response',
    requestVariables: [
      { name: 'age', type: 'number' },
      { name: 'data.*', type: 'wildcard' },
    ],
    responseVariables: [
      { name: 'score', type: 'number' },
      { name: 'phone', type: 'phone' },
    ],
    validate: () => undefined,
    request: () => ({ url: BUYER_URL, method: 'POST', headers: {}, body: 'x' }),
    response: () => ({ outcome: 'success' }),
    ...parts,
  };
  return createModuleRegistry([...builtinModules([]), custom]);
}
const testStep = withStep({
  integration: { module_id: 'test.outbound', mappings: [{ property: 'age', value: '{{age}}' }] },
});
const fails = () => {
  throw new Error('the module of 219-09-9999 broke');
};
const withReason = Object.assign(new Error('of 219-09-9999'), { reason: 'The package is gone' });
const LATE = 'The integration did not answer within the time limit';
/** The step's 30 s are over as soon as anybody waits for them; the store has its time. */
const TIME_PASSES: TestLead['deps'] = {
  startTimer: (ms, onEnd) => {
    if (ms === 30_000) setImmediate(onEnd);
    return () => undefined;
  },
};

it('each stage of the table has a file of its name', () => {
  for (const { name } of STAGES) expect(existsSync(new URL(`./${name}.ts`, import.meta.url))).toBe(true);
});

interface StageCase {
  name: string;
  lead: TestLead;
  event: Record<string, unknown>;
  sent: number;
}

const CASES: StageCase[] = [
  {
    name: 'success',
    lead: { flow: withStep() },
    event: {
      outcome: 'success',
      reason: null,
      recipientId: 'b0b0b0b0b0b0b0b0b0b0b0b0',
      facts: { key: 'my_crm', module_id: 'leadconduit-custom.outbound.json', caps_reached: false },
    },
    sent: 1,
  },
  {
    name: 'failure with the recipient’s reason',
    lead: { flow: withStep(), recipient: () => ({ body: { outcome: 'no', reason: 'Too old' } }) },
    event: { outcome: 'failure', reason: 'Too old' },
    sent: 1,
  },
  {
    name: '5xx is an error',
    lead: { flow: withStep(), recipient: () => ({ status: 503, body: '' }) },
    event: { outcome: 'error', reason: 'Server error' },
    sent: 1,
  },
  {
    name: '4xx without a search term is a success, as measured',
    lead: {
      flow: withStep({}, { outcome_search_term: '', outcome_search_path: '' }),
      recipient: () => ({ status: 404, body: {} }),
    },
    event: { outcome: 'success' },
    sent: 1,
  },
  {
    name: 'and a failure on a step that says `strict_status`',
    lead: {
      flow: withStep({ strict_status: true }, { outcome_search_term: '', outcome_search_path: '' }),
      recipient: () => ({ status: 404, body: {} }),
    },
    event: { outcome: 'failure', reason: 'Recipient answered with status 404' },
    sent: 1,
  },
  {
    name: 'nothing left the house',
    lead: { flow: withStep(), recipient: () => ({ unsent: 'No such host' }) },
    event: { outcome: 'error', reason: 'No such host' },
    sent: 1,
  },
  {
    name: 'sent and never answered',
    lead: { flow: withStep(), recipient: () => ({ unknown: 'timed out after 30 s' }) },
    event: { outcome: 'error', reason: 'Unknown outcome: timed out after 30 s', facts: { unknown: true } },
    sent: 1,
  },
  {
    name: 'criteria not met',
    lead: { flow: withStep({ rule_set: when('lead.state', 'is equal to', 'TX'), caps: [dailyCap({ id: CAP })] }) },
    event: { outcome: 'skip', reason: 'State must be equal to TX', facts: { caps_reached: false } },
    sent: 0,
  },
  {
    name: 'the module cannot send this',
    lead: { flow: withStep({}, { url: '{{lead.first_name}}' }) },
    event: { outcome: 'skip', reason: 'URL is required' },
    sent: 0,
  },
  {
    name: 'a full cap',
    lead: { flow: withStep({ caps: [dailyCap({ id: CAP, reason: 'Enough' })] }), store: { fullCaps: [CAP] } },
    event: { outcome: 'skip', reason: 'Enough', facts: { caps_reached: true } },
    sent: 0,
  },
  {
    name: 'a module that is not installed',
    lead: { flow: withStep({ integration: { module_id: 'gone.outbound', mappings: [] } }) },
    event: { outcome: 'error', reason: 'The integration gone.outbound is not installed' },
    sent: 0,
  },
  {
    name: 'a module that fails while it checks',
    lead: { flow: testStep, modules: registryWith({ validate: fails }) },
    event: { outcome: 'error', reason: 'The integration failed while it checked the lead' },
    sent: 0,
  },
  {
    name: 'a module that fails while it builds the request',
    lead: { flow: testStep, modules: registryWith({ request: fails }) },
    event: { outcome: 'error', reason: 'The integration failed while it built the request' },
    sent: 0,
  },
  {
    name: 'a module that fails on the answer',
    lead: { flow: testStep, modules: registryWith({ response: fails }) },
    event: { outcome: 'error', reason: 'The recipient’s answer could not be read' },
    sent: 1,
  },
  {
    name: 'a module elsewhere that says why it failed',
    lead: { flow: testStep, modules: registryWith({ request: async () => Promise.reject(withReason) }) },
    event: { outcome: 'error', reason: 'The package is gone' },
    sent: 0,
  },
  {
    name: 'a module elsewhere that does not answer while it checks',
    lead: {
      flow: testStep,
      modules: registryWith({ validate: () => new Promise(() => undefined) }),
      deps: TIME_PASSES,
    },
    event: { outcome: 'error', reason: LATE },
    sent: 0,
  },
  {
    name: 'a module elsewhere that does not answer for the request',
    lead: { flow: testStep, modules: registryWith({ request: () => new Promise(() => undefined) }), deps: TIME_PASSES },
    event: { outcome: 'error', reason: LATE },
    sent: 0,
  },
  {
    name: 'a module elsewhere that does not read the answer: the outcome at the recipient is unknown',
    lead: {
      flow: testStep,
      modules: registryWith({ response: () => new Promise(() => undefined) }),
      deps: TIME_PASSES,
    },
    event: { outcome: 'error', reason: LATE, facts: { unknown: true } },
    sent: 1,
  },
  {
    name: 'a module that answers with no outcome',
    lead: { flow: testStep, modules: registryWith({ response: () => ({ outcome: 'maybe' }) }) },
    event: { outcome: 'error', reason: null },
    sent: 1,
  },
];

describe('a recipient step leaves its event and not the lead’s outcome', () => {
  it.each(CASES)('$name', async ({ lead, event, sent: count }) => {
    const { events, sent, body } = await runTestLead(lead);
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({ type: 'recipient', seq: 0, ...event });
    expect(sent).toHaveLength(count);
    expect(body.outcome).toBe('success');
  });

  it('a module’s failure is recorded without its message', async () => {
    const { faults, settled } = await runTestLead({ flow: testStep, modules: registryWith({ request: fails }) });
    expect(faults).toMatchObject([{ where: 'request of step mycrm0' }]);
    expect(JSON.stringify(settled)).not.toContain('broke');
  });
});

describe('what a module sees', () => {
  const seenBy = async (lead: TestLead, properties: { property: string; value: string }[]) => {
    const seen: Record<string, unknown>[] = [];
    const request: ExchangeModule['request'] = (vars) => {
      seen.push(vars);
      return { url: BUYER_URL, method: 'POST', headers: {} };
    };
    const step = deliveryTo('My CRM', { integration: { module_id: 'test.outbound', mappings: properties } });
    const flow = testFlow({ pricing: { prices: [{ amount: 3 }] }, steps: [step] });
    const ended = await runTestLead({ flow, modules: registryWith({ request }), ...lead });
    return { vars: seen[0] ?? {}, ...ended };
  };

  it('is every variable, its own recipient, the price, and what the mappings wrote, read as its types', async () => {
    const { vars, events } = await seenBy({ values: { first_name: 'Ann' } }, [
      { property: 'age', value: '41 years' },
      { property: 'data.tags.0', value: '{{lead.first_name}}' },
    ]);
    expect(vars).toMatchObject({
      recipient: { id: 'b0b0b0b0b0b0b0b0b0b0b0b0', name: 'My CRM' },
      price: 3,
      purchase_price: 3,
      event_id: events[0]?.['id'],
      lead: { first_name: 'Ann' },
      data: { tags: ['Ann'] },
    });
    expect(vars['age']).toBeInstanceOf(Number);
  });

  it('a mapping below the lead stays private to the step', async () => {
    const { vars, run } = await seenBy({ values: { first_name: 'Ann' } }, [
      { property: 'lead.first_name', value: 'Bob' },
    ]);
    expect(vars).toMatchObject({ lead: { first_name: 'Bob' } });
    expect(run.vars).toMatchObject({ lead: { first_name: 'Ann' } });
  });
});

describe('appended data', () => {
  const answering = (body: unknown): TestLead => ({ recipient: () => ({ body }) });

  it('is seen by later steps under the recipient’s name, in the types the module declares', async () => {
    const response = () => ({ outcome: 'success', score: '9,5', phone: '5127891111', note: 'ok' });
    const later = deliveryTo(
      'Second',
      {},
      { 'json_property.area': '{{my_crm.phone.area}}', 'json_property.note': '{{my_crm.note}}' },
    );
    const [first] = testStep.steps;
    const { sent } = await runTestLead({
      flow: testFlow({ steps: first ? [first, later] : [] }),
      modules: registryWith({ response }),
    });
    expect(JSON.parse(sent[1]?.request.body ?? '')).toMatchObject({ area: '512', note: 'ok' });
  });

  const KEYS: { name: string; parts: Partial<RecipientStep>; key: string }[] = [
    { name: 'the name in snake case', parts: {}, key: 'my_crm' },
    { name: 'an accented name', parts: { entity: { id: 'e', name: ' Émile & Söhne, Inc. ' } }, key: 'émile_söhne_inc' },
    { name: 'a key of its own', parts: { key: 'lender' }, key: 'lender' },
    { name: 'the package’s name where the entity has none', parts: { entity: { id: 'e' } }, key: 'leadconduit_custom' },
  ];

  it.each(KEYS)('sits under $name', async ({ parts, key }) => {
    const { run } = await runTestLead({ flow: withStep(parts) });
    expect(run.appended).toHaveProperty([key]);
    expect(run.vars).toHaveProperty([key, 'outcome'], 'success');
  });

  it('a skipped step leaves what an earlier one of its key appended, but for outcome and reason', async () => {
    const steps = [deliveryTo('My CRM'), deliveryTo('My CRM', { rule_set: when('lead.state', 'is equal to', 'TX') })];
    const { run, document } = await runTestLead({
      flow: testFlow({ steps }),
      ...answering({ outcome: 'success', note: 7 }),
    });
    expect(run.vars['my_crm']).toMatchObject({ note: 7, outcome: 'skip', reason: 'State must be equal to TX' });
    expect(document.steps['1'].appended).toMatchObject({ outcome: 'skip' });
  });

  it('two deliveries under one key: the later stands', async () => {
    const answers = [
      { outcome: 'success', a: 1 },
      { outcome: 'no', b: 2 },
    ];
    const steps = [deliveryTo('My CRM'), deliveryTo('My CRM')];
    const { run } = await runTestLead({ flow: testFlow({ steps }), recipient: () => ({ body: answers.shift() }) });
    expect(run.vars['my_crm']).toMatchObject({ outcome: 'failure', b: 2 });
    expect(run.vars['my_crm']).not.toHaveProperty('a');
  });

  it('an answer cannot reach JavaScript’s machinery', async () => {
    const { status } = await runTestLead({
      flow: withStep(),
      ...answering('{"outcome":"success","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    });
    expect(status).toBe(201);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('before a request leaves', () => {
  it('its intent is committed, with all that was decided so far', async () => {
    const { store, events } = await runTestLead({ flow: testFlow({ steps: [deliveryTo('A'), deliveryTo('B')] }) });
    expect(store.claims.map(({ hasRun }) => hasRun)).toEqual([false, true]);
    const first = JSON.parse(store.claims[0]?.state ?? '');
    expect(first).toMatchObject({ events: [], intent: { seq: 0 } });
    expect(first.document.vars.lead).toHaveProperty('id');
    const second = JSON.parse(store.claims[1]?.state ?? '');
    expect(second.events).toMatchObject([{ seq: 0, type: 'recipient', outcome: 'success' }]);
    expect(second.intent).toMatchObject({
      seq: 1,
      eventId: events[1]?.['id'],
      stepId: 'b00000',
      request: { uri: BUYER_URL },
    });
    expect(second.steps).toMatchObject({ 0: { key: 'a' } });
  });

  it('a lead whose first intent cannot be committed was never taken', async () => {
    const { end, sent, settled } = await runTestLead({ flow: withStep(), store: { claimGoneFrom: 1 } });
    expect([end.kind, sent, settled]).toEqual(['unavailable', [], undefined]);
  });

  it('after a first delivery the lead goes on without the second', async () => {
    const flow = testFlow({ steps: [deliveryTo('A'), deliveryTo('B')] });
    const { end, sent, events } = await runTestLead({ flow, store: { claimGoneFrom: 2 } });
    expect(end.kind).toBe('answered');
    expect(sent).toHaveLength(1);
    expect(events[1]).toMatchObject({ outcome: 'error', reason: 'Not sent: the database cannot be reached' });
  });

  it('its places are taken with it: the first takes those of the lead too', async () => {
    const capped = (name: string, id: string) => deliveryTo(name, { caps: [dailyCap({ id })] });
    const flow = testFlow({
      caps: [dailyCap({ id: 'c0c0c0c0c0c0c0c0c0c0c0c0' })],
      list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
      steps: [capped('A', CAP), capped('B', STEP_CAP)],
    });
    const { store, settled } = await runTestLead({ flow, values: { email: 'ann@example.com' } });
    const asked = store.claims.map(({ lists, caps }) => [lists.length, ...caps.map(({ capId }) => capId)]);
    expect(asked).toEqual([
      [1, 'c0c0c0c0c0c0c0c0c0c0c0c0', CAP],
      [0, STEP_CAP],
    ]);
    expect([settled?.held.lists.length, settled?.held.caps.length, settled?.claims]).toEqual([1, 3, null]);
  });

  it('after a first delivery a step whose cap has become full is skipped, and the steps after it are sent', async () => {
    const capped = deliveryTo('B', { caps: [dailyCap({ id: STEP_CAP, reason: 'Enough' })] });
    const flow = testFlow({ steps: [deliveryTo('A'), capped, deliveryTo('C')] });
    const changed = [null, { fullCaps: [STEP_CAP] }];
    const { sent, events, store, settled } = await runTestLead({ flow, store: { changed } });
    expect(sent).toHaveLength(2);
    expect(events[1]).toMatchObject({ outcome: 'skip', reason: 'Enough' });
    expect(store.claims.map(({ seq }) => seq)).toEqual([0, 1, 1]);
    expect(settled).toMatchObject({ intentCount: 2, held: { caps: [] }, refusals: [{ capId: STEP_CAP }] });
  });

  it('a lease that ran out while the intent was committed is noticed before anything is sent', async () => {
    const looks = [true, false];
    const { end, sent } = await runTestLead({ flow: withStep(), deps: { isLeaseHeld: () => looks.shift() ?? false } });
    expect([end.kind, sent]).toEqual(['unavailable', []]);
  });

  it('the lease is looked at: without it nothing is sent and the node that has it settles the lead', async () => {
    const { end, sent, settled } = await runTestLead({ flow: withStep(), deps: { isLeaseHeld: () => false } });
    expect([end.kind, sent, settled]).toEqual(['unavailable', [], undefined]);
  });
});

describe('time limits', () => {
  const at = (arrivedAt: number, monotonic: number) => ({
    submission: { arrivedAt },
    deps: { clock: { now: () => 0, monotonic: () => monotonic } },
  });
  const deadline = (deadline_seconds: number, properties: Record<string, string> = {}) =>
    testFlow({ sources: [testSource({ deadline_seconds })], steps: [deliveryTo('My CRM', {}, properties)] });

  const LIMITS: { name: string; lead: TestLead; timeoutMs: number }[] = [
    { name: 'the setting’s', lead: { flow: withStep() }, timeoutMs: 30_000 },
    { name: 'the step’s own', lead: { flow: withStep({}, { timeout_seconds: '5' }) }, timeoutMs: 5_000 },
    { name: 'at most 360 s', lead: { flow: withStep({}, { timeout_seconds: '9999' }) }, timeoutMs: 360_000 },
    { name: 'what the source’s deadline leaves', lead: { flow: deadline(10), ...at(1_000, 4_000) }, timeoutMs: 6_900 },
    {
      name: 'never more than the step’s own',
      lead: { flow: deadline(10, { timeout_seconds: '2' }), ...at(0, 1_000) },
      timeoutMs: 2_000,
    },
  ];

  it.each(LIMITS)('$name', async ({ lead, timeoutMs }) => {
    expect((await runTestLead(lead)).sent).toMatchObject([{ timeoutMs }]);
  });

  it.each([
    { committedAt: 6_000, sent: [{ timeoutMs: 3_900 }], outcome: 'success' },
    { committedAt: 9_860, sent: [], outcome: 'error' },
  ])('an intent committed at $committedAt ms of 10 s leaves what is left then', async ({ committedAt, ...ends }) => {
    let now = 0;
    // The lease is looked at before and after the commit.
    const isLeaseHeld = () => {
      now = now === 0 ? 1 : committedAt;
      return true;
    };
    const deps = { clock: { now: () => 0, monotonic: () => now }, isLeaseHeld };
    const lead = await runTestLead({ flow: deadline(10), submission: { arrivedAt: 0 }, deps });
    expect([lead.sent, lead.events[0]]).toMatchObject([ends.sent, { outcome: ends.outcome }]);
  });

  it('past the deadline nothing is sent, and the sender is answered', async () => {
    const { sent, events, status } = await runTestLead({ flow: deadline(10), ...at(0, 10_000) });
    expect([status, sent]).toEqual([201, []]);
    expect(events[0]).toMatchObject({ outcome: 'error', reason: 'Not sent: the time limit of the source is used up' });
  });
});
