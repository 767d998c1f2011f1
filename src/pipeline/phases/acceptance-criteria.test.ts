import { describe, expect, it } from 'vitest';
import type { AcceptanceCriteria, FlowDocument } from '../../model/flow.ts';
import { runTestLead, type TestLead } from '../testing/run-test-lead.ts';
import { deliveryTo, testFlow, testSource, when } from '../testing/test-flow.ts';

const OUTSIDE = 'Submission Timestamp must be within hours of operation';
/** Monday 07:00 in New York, where the test's leads arrive, is outside; in London it is 12:00. */
const OFFICE_HOURS = { days: { monday: [{ start: '09:00', end: '17:00' }] } };
const texan: AcceptanceCriteria = { rule_set: when('lead.state', 'is equal to', 'TX') };
const named: AcceptanceCriteria = { rule_set: when('lead.first_name', 'is not blank') };
const withSource = (acceptance_criteria: AcceptanceCriteria, parts: Partial<FlowDocument> = {}) =>
  testFlow({ sources: [testSource({ acceptance_criteria })], ...parts });

interface CriteriaCase {
  name: string;
  flow: FlowDocument;
  values?: object;
  answer: { outcome: string; reason?: string };
}

const CASES: CriteriaCase[] = [
  { name: 'no criteria', flow: testFlow(), answer: { outcome: 'success' } },
  {
    name: 'the rule’s own words',
    flow: testFlow({ acceptance_criteria: texan }),
    answer: { outcome: 'failure', reason: 'State must be equal to TX' },
  },
  {
    name: 'met',
    flow: testFlow({ acceptance_criteria: texan }),
    values: { state: 'tx' },
    answer: { outcome: 'success' },
  },
  {
    name: 'the author’s words',
    flow: testFlow({ acceptance_criteria: { ...texan, reason: 'Not from {{lead.state}}' } }),
    values: { state: 'CA' },
    answer: { outcome: 'failure', reason: 'Not from CA' },
  },
  {
    name: 'the rule’s where the author’s come out empty',
    flow: testFlow({ acceptance_criteria: { ...texan, reason: '{{lead.state}}' } }),
    answer: { outcome: 'failure', reason: 'State must be equal to TX' },
  },
  {
    name: 'another outcome',
    flow: testFlow({ acceptance_criteria: { ...texan, outcome: 'error' } }),
    answer: { outcome: 'error', reason: 'State must be equal to TX' },
  },
  {
    name: 'a success',
    flow: testFlow({ acceptance_criteria: { ...texan, outcome: 'success' } }),
    answer: { outcome: 'success', reason: 'State must be equal to TX' },
  },
  {
    name: 'the source’s',
    flow: withSource(named),
    answer: { outcome: 'failure', reason: 'First Name must not be blank' },
  },
  {
    name: 'the flow’s before the source’s',
    flow: withSource(named, { acceptance_criteria: texan }),
    answer: { outcome: 'failure', reason: 'State must be equal to TX' },
  },
  {
    name: 'the source’s after the flow’s is met',
    flow: withSource(named, { acceptance_criteria: texan }),
    values: { state: 'TX' },
    answer: { outcome: 'failure', reason: 'First Name must not be blank' },
  },
  {
    name: 'hours before anything',
    flow: testFlow({ hours_of_operation: OFFICE_HOURS, acceptance_criteria: texan }),
    answer: { outcome: 'failure', reason: OUTSIDE },
  },
  {
    name: 'hours of another zone',
    flow: testFlow({ hours_of_operation: { ...OFFICE_HOURS, time_zone: 'Europe/London' } }),
    answer: { outcome: 'success' },
  },
  {
    name: 'hours switched off',
    flow: testFlow({ hours_of_operation: { ...OFFICE_HOURS, enabled: false } }),
    answer: { outcome: 'success' },
  },
];

describe('acceptance-criteria', () => {
  it.each(CASES)('$name', async ({ flow, values, answer }) => {
    const { body, run } = await runTestLead({ flow, values });
    expect(body).toEqual({ ...answer, lead: { id: run.leadId }, price: 0 });
  });

  it('a lead that fails them is sent nowhere and has only its source event', async () => {
    const lead: TestLead = { flow: testFlow({ acceptance_criteria: texan, steps: [deliveryTo('My CRM')] }) };
    const { sent, events } = await runTestLead(lead);
    expect(sent).toEqual([]);
    expect(events).toMatchObject([{ type: 'source', facts: { step_count: 0 } }]);
  });

  it('every rule that was evaluated is kept with both sides', async () => {
    const { document } = await runTestLead({ flow: testFlow({ acceptance_criteria: texan }), values: { state: 'CA' } });
    expect(document.findings).toEqual([[0, 'CA', 'TX', 0]]);
  });
});
