import { describe, expect, it } from 'vitest';
import { createIds } from '../lib/ids.ts';
import type { RecipientStep } from '../model/flow.ts';
import type { Holds } from '../stored/holds.ts';
import { settleInterrupted } from './interrupted.ts';
import { isPlaceUsed, type RunKey } from './run-store.ts';
import { runTestLead, TEST_NOW } from './testing/run-test-lead.ts';
import type { RecipientScript } from './testing/scripted-ports.ts';
import { dailyCap, deliveryTo, testFlow } from './testing/test-flow.ts';

const FLOW_CAP = 'c0c0c0c0c0c0c0c0c0c0c0c0';
const FIRST_CAP = 'c1c1c1c1c1c1c1c1c1c1c1c1';
const SECOND_CAP = 'c2c2c2c2c2c2c2c2c2c2c2c2';
const THIRD_CAP = 'c3c3c3c3c3c3c3c3c3c3c3c3';
const later = {
  ids: createIds({ now: () => TEST_NOW, random: () => 0.9 }),
  clock: { now: () => TEST_NOW + 20_000, monotonic: () => 0 },
  host: 'survivor',
  hashSearchValue: () => Buffer.alloc(32),
  version: '0.0.0',
};

/** What is left of a lead whose process is killed at its n-th delivery: as the store would give it to a survivor. */
async function orphanAt(
  delivery: number,
  recipient: ReturnType<RecipientScript> = { body: { outcome: 'success' } },
  parts: Partial<RecipientStep> = {},
): Promise<{ run: RunKey; held: Holds; intents: unknown[] }> {
  const steps = ['First', 'Second', 'Third'].map((name, index) =>
    deliveryTo(name, { ...parts, caps: [dailyCap({ id: [FIRST_CAP, SECOND_CAP, THIRD_CAP][index] ?? '' })] }),
  );
  const flow = testFlow({
    caps: [dailyCap({ id: FLOW_CAP })],
    list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
    steps,
  });
  const { store } = await runTestLead({
    flow,
    values: { email: 'ann@example.com', ssn: '219-09-9999' },
    recipient: () => recipient,
  });
  const claims = store.claims.slice(0, delivery);
  const [first] = claims;
  if (!first) throw new Error('the flow delivers');
  return {
    run: first.run,
    held: {
      caps: claims.flatMap(({ caps }) => caps),
      lists: claims.flatMap(({ lists }) => lists.filter(({ hold }) => hold)),
    },
    intents: claims.map(({ state }) => JSON.parse(state)),
  };
}

describe('a lead whose process is gone', () => {
  it('and whose server knows that nothing was sent: an error, and every place goes back', async () => {
    const orphan = { ...(await orphanAt(1)), isUnsent: true };
    const settled = settleInterrupted(orphan, later);
    expect(settled).toMatchObject({
      run: orphan.run,
      held: orphan.held,
      hasRun: true,
      intentCount: 1,
      outcome: 'error',
      price: 0,
      used: { lead: false, steps: [] },
    });
    expect(settled.held.caps).toHaveLength(2);
    expect(settled.events).toMatchObject([
      {
        seq: 0,
        type: 'source',
        outcome: 'error',
        reason: 'Interrupted before the lead was sent anywhere',
      },
    ]);
  });

  it('in a delivery: what was decided stays, the delivery is unknown, and its places are kept', async () => {
    const orphan = await orphanAt(2);
    const settled = settleInterrupted(orphan, later);
    expect(settled.events).toMatchObject([
      { seq: 0, type: 'recipient', outcome: 'success' },
      {
        seq: 1,
        type: 'recipient',
        outcome: 'error',
        stepId: 'second',
        reason: 'Unknown outcome: the server stopped before the answer came',
      },
      { seq: 2, type: 'source', outcome: 'error', reason: expect.stringContaining('whether it arrived is unknown') },
    ]);
    expect(settled.events.map(({ facts }) => JSON.parse(facts))).toMatchObject([
      { key: 'first' },
      { unknown: true, key: 'second', ms: 20_000, expected_price: 0 },
      { interrupted: true, host: 'survivor', purchase_price: 0 },
    ]);
    expect(settled.used.lead).toBe(true);
    // An earlier delivery of it was sold.
    expect(settled.waits).toBeNull();
    expect(settled.held.caps.map((hold) => [hold.capId, isPlaceUsed(settled.used, hold)])).toEqual([
      [FLOW_CAP, true],
      [FIRST_CAP, true],
      [SECOND_CAP, true],
    ]);
  });

  it('after a delivery that was refused: that step’s place goes back', async () => {
    const settled = settleInterrupted(await orphanAt(2, { body: { outcome: 'no' } }), later);
    expect(settled.held.caps.map((hold) => [hold.capId, isPlaceUsed(settled.used, hold)])).toEqual([
      [FLOW_CAP, true],
      [FIRST_CAP, false],
      [SECOND_CAP, true],
    ]);
  });

  it('after a delivery that may have arrived: its place is kept, and somebody is asked about both', async () => {
    const settled = settleInterrupted(await orphanAt(2, { unknown: 'no answer came' }), later);
    expect(settled.held.caps.map((hold) => [hold.capId, isPlaceUsed(settled.used, hold)])).toEqual([
      [FLOW_CAP, true],
      [FIRST_CAP, true],
      [SECOND_CAP, true],
    ]);
    expect(settled.waits).toBe('counted');
    expect(settled.unknowns).toMatchObject([
      { stepId: 'first0', holds: { caps: [{ capId: FIRST_CAP }] } },
      { stepId: 'second', holds: { caps: [{ capId: SECOND_CAP }] } },
    ]);
    expect(settled.retries).toEqual([]);
  });

  it('after a delivery that is to be tried again: that one is queued', async () => {
    const settled = settleInterrupted(await orphanAt(2, { unsent: 'no such host' }, { retry_enabled: true }), later);
    expect(settled.retries).toMatchObject([{ stepId: 'first0', outcome: 'error', reason: 'no such host' }]);
  });

  it('its document has the request that may have left, without secrets', async () => {
    const document = JSON.parse(settleInterrupted(await orphanAt(2), later).document);
    expect(document.vars.lead.email).toMatchObject({ normal: 'ann@example.com' });
    expect(document.steps['0'].transactions[0].response).toMatchObject({ status: 200 });
    expect(document.steps['1']).toMatchObject({
      key: 'second',
      transactions: [
        { request: { method: 'POST', body: '{"email":"ann@example.com"}' }, response: null, error: 'interrupted' },
      ],
    });
    expect(JSON.stringify(document)).not.toContain('219-09');
  });

  it('events have ids of their own, greater than the lead’s', async () => {
    const orphan = await orphanAt(2);
    const { events } = settleInterrupted(orphan, later);
    const ids = events.map(({ id }) => id);
    expect(new Set([orphan.run.runId, ...ids]).size).toBe(4);
  });
});
