import { describe, expect, it } from 'vitest';
import { createSlots } from '../lib/slots.ts';
import type { LeadRun } from '../pipeline/lead-run.ts';
import { openTestPorts, submissionOf } from '../pipeline/testing/run-test-lead.ts';
import { runSubmission } from './run-submission.ts';

const fails = () => {
  throw new Error('broken');
};
const works = () => undefined;

describe('runSubmission', () => {
  it.each([
    ['counting', { metrics: { recordLead: fails, recordPing: fails }, tracing: { recordLead: works } }],
    ['tracing', { metrics: { recordLead: works, recordPing: works }, tracing: { recordLead: fails } }],
  ])('a fault in %s is reported and costs the sender nothing', async (_, figures) => {
    const { deps: phases, store, faults } = openTestPorts();
    const running = createSlots<LeadRun>();
    const { end } = await runSubmission(submissionOf({}), { phases, running, log: { info: works }, ...figures });
    expect(end).toMatchObject({ kind: 'answered', answer: { status: 201 } });
    expect(store.settlements).toHaveLength(1);
    expect(faults).toEqual([{ leadId: store.settlements[0]?.run.runId, where: 'metrics', error: new Error('broken') }]);
    expect(running.count()).toBe(0);
  });
});
