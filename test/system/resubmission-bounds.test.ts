import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { createIds } from '../../src/lib/ids.ts';
import { compileTestFlow } from '../../src/pipeline/testing/test-flow.ts';
import { type RunSubmission, resubmitLeads } from '../../src/resubmission/resubmit-leads.ts';
import { createEventStore } from '../../src/store/postgres/events.ts';
import { createResubmissionStore } from '../../src/store/postgres/resubmissions.ts';
import { createLatch, type Latch } from '../harness/latch.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf, when } from './flows.ts';

/* How long a resubmission may take, over leads that a server has stored; time is what the test says. */

let server: ComposedServer;
let pool: pg.Pool;
let leadIds: string[];
beforeAll(async () => {
  server = await startTestServer();
  pool = new pg.Pool({ ...server.database.connection, max: 2 });
});
beforeEach(async () => {
  const turnedAway = { type: 'filter' as const, rule_set: when('lead.email', 'is not blank') };
  const flow = await server.deploy(flowOf([{ ...turnedAway, outcome: 'failure', reason: 'no' }]));
  leadIds = [];
  for (let count = 0; count < 12; count += 1) {
    leadIds.push((await server.submit(flow, { email: `p${count}@example.com` })).body.lead.id);
  }
});
afterAll(async () => {
  await pool.end();
  await server.stop();
});

const { flow: anyFlow } = compileTestFlow(flowOf());

function resubmission(runSubmission: RunSubmission) {
  const timers = new Map<number, () => void>();
  const faults: string[] = [];
  const result = resubmitLeads(
    {
      events: createEventStore(pool),
      resubmissions: createResubmissionStore(pool),
      findRevision: async () => anyFlow,
      runSubmission,
      clock: systemClock,
      ids: createIds({ now: Date.now, random: Math.random }),
      startTimer: (ms, onEnd) => {
        timers.set(ms, onEnd);
        return () => timers.delete(ms);
      },
      report: ({ where }) => faults.push(where),
    },
    {
      accountId: server.account.id,
      leadIds,
      options: { isAgain: false, takesMasked: false },
      target: null,
      callId: null,
    },
  );
  return { result, timers, faults };
}

/** A house in which leads stay until somebody opens the door. */
function crowd(): { door: Latch; entered: string[]; runSubmission: RunSubmission } {
  const door = createLatch();
  const entered: string[] = [];
  return {
    door,
    entered,
    runSubmission: async ({ resubmission: again }) => {
      entered.push(again?.from ?? '');
      await door.opened;
      return null;
    },
  };
}

it('has eight leads under way at once, and reports those that have not ended as running', async () => {
  const { door, entered, runSubmission } = crowd();
  const { result, timers } = resubmission(runSubmission);
  await until('eight leads under way', () => entered.length === 8);
  timers.get(30_000)?.();
  const { results, remaining } = await result;
  expect(results.map(({ leadId, status }) => [leadId, status])).toEqual(
    leadIds.slice(0, 8).map((leadId) => [leadId, 'running']),
  );
  expect(remaining).toEqual(leadIds.slice(8));
  door.open();
  await until('no claim is left', async () => (await claims()) === 0);
  expect(entered).toHaveLength(8);
});

it('begins no lead when the time for that is over', async () => {
  const { door, entered, runSubmission } = crowd();
  const { result, timers } = resubmission(runSubmission);
  await until('eight leads under way', () => entered.length === 8);
  timers.get(20_000)?.();
  door.open();
  expect((await result).remaining).toEqual(leadIds);
  expect(entered).toHaveLength(8);
  expect(timers.size).toBe(0);
});

it('goes no further after a fault of ours, and gives no lead free that may have been sent', async () => {
  const { result, faults } = resubmission(() => Promise.reject(new Error('the house burns')));
  const { results, remaining } = await result;
  expect(results.length + remaining.length).toBe(leadIds.length);
  expect(results.length).toBeLessThanOrEqual(8);
  expect(results.every(({ status }) => status === 'running')).toBe(true);
  expect(faults).toEqual(results.map(() => 'resubmit'));
  expect(await claims()).toBe(results.length);
});

async function claims(): Promise<number> {
  const rows = await server.query('select 1 from resubmissions where lead_id = any($1)', [leadIds]);
  return rows.length;
}
