import { describe, expect, it } from 'vitest';
import type { FlowDocument } from '../model/flow.ts';
import { runTestLead } from '../pipeline/testing/run-test-lead.ts';
import { compileTestFlow, deliveryTo, testFlow } from '../pipeline/testing/test-flow.ts';
import { createMadeUpRequests } from './made-up-leads.ts';

const LEADS = 12;

/** What becomes of the first made-up leads of a flow. */
async function runAll(document: FlowDocument) {
  const { flow } = compileTestFlow(document);
  const [source] = flow.sources.values();
  if (!source) throw new Error('the flow has a source');
  const makeRequest = createMadeUpRequests(flow);
  const requests = Array.from({ length: LEADS }, (_, count) => makeRequest(source, count));
  const ends = await Promise.all(
    requests.map((request) => {
      const headers = { ...request.headers, 'Content-Length': String(request.body.length) };
      return runTestLead({ flow: document, request: { ...request, headers } });
    }),
  );
  return { requests, ends };
}

describe('createMadeUpRequests', () => {
  it('makes leads of forms and JSON that a source accepts, each with another e-mail address', async () => {
    const { requests, ends } = await runAll(testFlow());
    expect(ends.map(({ status }) => status)).toEqual(ends.map(() => 201));
    expect(new Set(requests.map(({ headers }) => headers['Content-Type'])).size).toBe(2);
    const emails = ends.map(({ run }) => (run.vars['lead'] as { email: { valueOf(): unknown } }).email.valueOf());
    expect(new Set(emails).size).toBe(LEADS);
  });

  it.each([
    { lhv: 'lead.state', op: 'is equal to', rhv: 'CA' },
    { lhv: 'lead.state', op: 'is included in', rhv: 'CA, NY' },
  ])('three of four pass a rule such as $op', async (rule) => {
    const rules = { op: 'and' as const, rules: [rule] };
    const { ends } = await runAll(
      testFlow({ acceptance_criteria: { rule_set: rules, outcome: 'failure' }, steps: [deliveryTo('Buyer')] }),
    );
    expect(ends.filter(({ sent }) => sent.length > 0)).toHaveLength((LEADS * 3) / 4);
  });

  it('are not what a filter stops', async () => {
    const { ends } = await runAll(
      testFlow({
        steps: [
          {
            id: 'filter',
            type: 'filter',
            outcome: 'failure',
            reason: 'no',
            rule_set: { op: 'and', rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'CA' }] },
          },
          deliveryTo('Buyer'),
        ],
      }),
    );
    expect(ends.every(({ sent }) => sent.length > 0)).toBe(true);
  });
});
