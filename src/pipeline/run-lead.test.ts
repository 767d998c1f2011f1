import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inbound } from '../integrations/builtin/leadconduit-default/inbound.ts';
import type { InboundModule } from '../integrations/contract.ts';
import { createModuleRegistry } from '../integrations/registry.ts';
import { ok } from '../lib/result.ts';
import { PHASES, STOPS_GO_ON_WITH } from './phases.ts';
import { runTestLead, type TestLead } from './testing/run-test-lead.ts';
import { dailyCap, deliveryTo, testFlow, testSource } from './testing/test-flow.ts';

/** The standard inbound module with parts that a test writes. */
function registryWith(parts: Partial<InboundModule>) {
  return createModuleRegistry([{ ...inbound, ...parts }]);
}

const broken = () => {
  throw new Error('ssn 219-09-9999 is broken');
};

describe('the table of phases', () => {
  it('has the fourteen phases of the specification, in order', () => {
    expect(PHASES.map(({ name }) => name)).toEqual([
      'receive',
      'authenticate',
      'inbound-integration',
      'hygiene',
      'inbound-mapping',
      'lead-object',
      'list-checks',
      'pricing',
      'caps',
      'acceptance-criteria',
      'steps',
      'revenue',
      'inbound-response',
      'respond',
    ]);
    expect(PHASES.map(({ name }) => name)).toContain(STOPS_GO_ON_WITH);
  });

  it('each row has a file of its name', () => {
    for (const { name } of PHASES) expect(existsSync(new URL(`./phases/${name}.ts`, import.meta.url))).toBe(true);
  });
});

describe('a fault of ours', () => {
  it('once the lead exists is an error with an event, without the message of the fault', async () => {
    const flow = testFlow({ list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } } });
    const { body, events, faults, settled } = await runTestLead({
      flow,
      values: { email: 'ann@example.com' },
      deps: { hashListValue: broken },
    });
    expect(body).toMatchObject({ outcome: 'error', reason: 'An unexpected problem occurred', price: 0 });
    expect(events).toMatchObject([{ type: 'source', outcome: 'error' }]);
    expect(faults).toMatchObject([{ where: 'list-checks' }]);
    expect(JSON.stringify(settled)).not.toContain('broken');
  });

  it('before its fields are read keeps nothing of what was sent', async () => {
    const values = Object.defineProperty({}, 'ssn', { enumerable: true, get: broken });
    const { settled, document, end, faults } = await runTestLead({
      modules: registryWith({ request: () => ok(values) }),
      request: { uri: '/submit?ssn=219-09-9999', body: 'ssn=219-09-9999' },
    });
    expect(end.kind).toBe('answered');
    expect(faults).toMatchObject([{ where: 'hygiene' }]);
    expect(JSON.stringify(settled)).not.toMatch(/(?<![0-9a-f.])(219|9999)(?![0-9a-f])/);
    expect(document.request).toMatchObject({ uri: '/submit', body: null, headers: {} });
  });

  it('in the settlement leaves the sender unanswered: there is no 201 for what is not on disk', async () => {
    let ids = 0;
    const next = () => (ids++ === 0 ? '0'.repeat(24) : broken());
    const { end, faults } = await runTestLead({ deps: { ids: { next, event: next, short: () => '' } } });
    expect(end.kind).toBe('unavailable');
    expect(faults).toMatchObject([{ where: 'respond' }]);
  });
});

describe('a lead that cannot be taken after all', () => {
  const flow = testFlow({
    list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
    caps: [dailyCap()],
    steps: [deliveryTo('My CRM'), deliveryTo('Second')],
  });
  const lead = { flow, values: { email: 'ann@example.com' } };

  it('gives its places back at once, so that its sender’s next attempt is no duplicate', async () => {
    const held = [true, false, true];
    const { end, settled, sent } = await runTestLead({ ...lead, deps: { isLeaseHeld: () => held.shift() ?? true } });
    expect([end.kind, sent]).toEqual(['unavailable', []]);
    const used = { lead: false, steps: [] };
    const given = { hasRun: true, intentCount: 1, outcome: 'error', used, document: '{"version":1}' };
    expect(settled).toMatchObject(given);
    expect(settled?.held.caps).toHaveLength(1);
    expect(settled?.held.lists).toHaveLength(1);
  });

  const LEFT: { name: string; parts: TestLead; settlements: number }[] = [
    { name: 'when it holds none', parts: { store: { lookGoneFrom: 1 } }, settlements: 0 },
    { name: 'when its claim was not committed', parts: { store: { claimGoneFrom: 1 } }, settlements: 0 },
    {
      name: 'when another process may have taken it over',
      parts: { deps: { isLeaseHeld: () => false } },
      settlements: 0,
    },
    { name: 'while its own end is being stored', parts: { store: { settle: { kind: 'fenced' } } }, settlements: 1 },
  ];

  it.each(LEFT)('leaves them alone $name', async ({ parts, settlements }) => {
    const { end, store } = await runTestLead({ ...lead, ...parts });
    expect([end.kind, store.settlements.length]).toEqual(['unavailable', settlements]);
  });
});

describe('respond', () => {
  it('answers what the module wrote, once it is settled', async () => {
    const { run, status, body, settled } = await runTestLead({
      flow: testFlow({ pricing: { prices: [{ amount: 1.5 }] } }),
    });
    expect({ status, body }).toEqual({
      status: 201,
      body: { outcome: 'success', lead: { id: run.leadId }, price: 1.5 },
    });
    expect(settled).toMatchObject({ run: { runId: run.leadId, revision: 3 }, outcome: 'success', reason: null });
  });

  const ENDS = [
    { name: 'another process has settled the lead', settle: { kind: 'fenced' }, kind: 'unavailable' },
    { name: 'the store takes nothing more', settle: { kind: 'unavailable', reason: 'full' }, kind: 'unavailable' },
    { name: 'the data was refused', settle: { kind: 'refused', reason: '22P02' }, kind: 'answered' },
  ] as const;

  it.each(ENDS)('when $name: $kind', async ({ settle, kind }) => {
    const { end, body } = await runTestLead({
      flow: testFlow({ pricing: { prices: [{ amount: 1.5 }] } }),
      store: { settle },
    });
    expect(end.kind).toBe(kind);
    if (kind === 'answered')
      expect(body).toMatchObject({ outcome: 'error', reason: 'The lead could not be stored', price: 0 });
  });

  it('a sender waits a bounded time for a database that is away', async () => {
    const { end, faults } = await runTestLead({
      deps: {
        startTimer: (ms, onEnd) => {
          expect(ms).toBe(10_000);
          queueMicrotask(onEnd);
          return () => undefined;
        },
      },
      store: { settle: new Promise(() => undefined) as never }, // a settlement that never ends
    });
    expect(end.kind).toBe('unavailable');
    expect(faults).toMatchObject([{ where: 'respond' }]);
  });

  it('the timer is called off when the lead is settled', async () => {
    let running = 0;
    const startTimer = () => {
      running += 1;
      return () => {
        running -= 1;
      };
    };
    await runTestLead({ deps: { startTimer } });
    expect(running).toBe(0);
  });
});

describe('inbound-response', () => {
  it('the module sees the outcome, the price and what was appended, through the source’s own fields', async () => {
    const source = testSource({ response_fields: ['outcome', 'lead.email', 'appended.my_crm.note', 'my_crm.note'] });
    const { body } = await runTestLead({
      flow: testFlow({ sources: [source], steps: [deliveryTo('My CRM')] }),
      values: { email: 'ann@example.com' },
      recipient: () => ({ body: { outcome: 'success', note: 'hi' } }),
    });
    expect(body).toMatchObject({ outcome: 'success', lead: { email: 'ann@example.com' }, price: 0 });
    expect(body.my_crm ?? body.appended?.my_crm).toMatchObject({ note: 'hi' });
  });

  it('a module that fails does not keep the lead from being settled', async () => {
    const { status, body, faults } = await runTestLead({ modules: registryWith({ response: broken }) });
    expect({ status, body }).toMatchObject({ status: 201, body: { outcome: 'success', price: 0 } });
    expect(faults).toMatchObject([{ where: 'inbound-response' }]);
  });

  it('XML where the sender asks for it', async () => {
    const headers = { 'Content-Type': 'application/json', Accept: 'text/xml', 'Content-Length': '2' };
    const { end, run } = await runTestLead({ request: { headers } });
    expect(end).toMatchObject({
      answer: {
        status: 201,
        headers: { 'Content-Type': 'text/xml' },
        body: expect.stringContaining(`<id>${run.leadId}</id>`),
      },
    });
  });
});
