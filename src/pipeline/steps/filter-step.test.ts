import { describe, expect, it } from 'vitest';
import type { FilterStep, FlowDocument } from '../../model/flow.ts';
import { runTestLead } from '../testing/run-test-lead.ts';
import { deliveryTo, filter, testFlow, when } from '../testing/test-flow.ts';

const texan = when('lead.state', 'is equal to', 'TX');
const refused = () => ({ body: { outcome: 'no', reason: 'Too old' } });
/** What a flow needs to pass a buyer's refusal back to the source. */
const passingBack = (parts: Partial<FilterStep> = {}): FlowDocument =>
  testFlow({
    steps: [deliveryTo('My CRM'), filter(when('my_crm.outcome', 'is not equal to', 'success'), parts)],
  });

describe('a filter', () => {
  it('that matches ends the flow: nothing after it runs', async () => {
    const flow = testFlow({ steps: [filter(texan, { reason: 'Not {{lead.state}}' }), deliveryTo('My CRM')] });
    const { body, events, sent } = await runTestLead({ flow, values: { state: 'TX' } });
    expect(body).toMatchObject({ outcome: 'failure', reason: 'Not TX' });
    expect(sent).toEqual([]);
    expect(events).toMatchObject([
      { seq: 0, type: 'filter', outcome: 'stop', reason: 'Not TX', stepId: 'filter', recipientId: null },
      { seq: 1, type: 'source', outcome: 'failure', reason: 'Not TX', facts: { step_count: 1 } },
    ]);
  });

  it('that does not match leaves an event without a reason and the flow goes on', async () => {
    const flow = testFlow({ steps: [filter(texan, { reason: 'Not TX' }), deliveryTo('My CRM')] });
    const { body, events } = await runTestLead({ flow, values: { state: 'CA' } });
    expect(body).toMatchObject({ outcome: 'success' });
    expect(events).toMatchObject([
      { type: 'filter', outcome: 'continue', reason: null },
      { type: 'recipient', outcome: 'success' },
      { type: 'source', facts: { step_count: 2 } },
    ]);
  });

  it('that is disabled is passed over without an event, and counted', async () => {
    const flow = testFlow({ steps: [filter(texan, { enabled: false })] });
    const { body, events } = await runTestLead({ flow, values: { state: 'TX' } });
    expect(body.outcome).toBe('success');
    expect(events).toMatchObject([{ type: 'source', facts: { step_count: 1 } }]);
  });

  const ANSWERS: { name: string; parts: Partial<FilterStep>; answer: { outcome: string; reason: string } }[] = [
    { name: 'a failure, unless it says otherwise', parts: {}, answer: { outcome: 'failure', reason: 'Failed rules' } },
    { name: 'another outcome', parts: { outcome: 'error' }, answer: { outcome: 'error', reason: 'Failed rules' } },
    {
      name: 'the step’s own outcome and reason, by templates',
      parts: { outcome: '{{my_crm.outcome}}', reason: '{{my_crm.reason}}' },
      answer: { outcome: 'failure', reason: 'Too old' },
    },
    {
      name: 'a failure where the template gives no outcome of a lead',
      parts: { outcome: '{{my_crm.reason}}' },
      answer: { outcome: 'failure', reason: 'Failed rules' },
    },
    {
      name: 'an outcome in capitals',
      parts: { outcome: ' {{uppercase my_crm.outcome}} ' },
      answer: { outcome: 'failure', reason: 'Failed rules' },
    },
    {
      name: 'the default reason where the template gives nothing',
      parts: { reason: '{{my_crm.missing}}' },
      answer: { outcome: 'failure', reason: 'Failed rules' },
    },
  ];

  it.each(ANSWERS)('answers $name', async ({ parts, answer }) => {
    expect((await runTestLead({ flow: passingBack(parts), recipient: refused })).body).toMatchObject(answer);
  });

  it('a success that it answers is paid for', async () => {
    const steps = [filter(when('lead.id', 'is not blank'), { outcome: 'success', reason: 'Enough' })];
    const { body } = await runTestLead({ flow: testFlow({ steps, pricing: { prices: [{ amount: 2 }] } }) });
    expect(body).toMatchObject({ outcome: 'success', price: 2 });
  });

  const COPIED: { name: string; recipient: Parameters<typeof runTestLead>[0]; outcome: string }[] = [
    { name: 'an error', recipient: { recipient: () => ({ unsent: 'No such host' }) }, outcome: 'error' },
    { name: 'a skip, as the failure it is to a source', recipient: { values: { state: 'TX' } }, outcome: 'failure' },
  ];

  it.each(COPIED)('copies $name', async ({ recipient, outcome }) => {
    const flow = passingBack({ outcome: '{{my_crm.outcome}}' });
    const [delivery, back] = flow.steps;
    const steps = [
      { ...delivery, rule_set: when('lead.state', 'is not equal to', 'TX') },
      back,
    ] as FlowDocument['steps']; // the same two steps
    expect((await runTestLead({ ...recipient, flow: { ...flow, steps } })).body.outcome).toBe(outcome);
  });
});

it('without a filter a lead is a success whatever the recipients answered', async () => {
  const { body, events } = await runTestLead({
    flow: testFlow({ steps: [deliveryTo('A'), deliveryTo('B')] }),
    recipient: refused,
  });
  expect(body).toMatchObject({ outcome: 'success' });
  expect(body).not.toHaveProperty('reason');
  expect(events.map(({ outcome }) => outcome)).toEqual(['failure', 'failure', 'success']);
});
