import { Agent } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Cap } from '../../src/model/cap.ts';
import { createLatch } from '../harness/latch.ts';
import { type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { buildSluice, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, when } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  await buildSluice();
  server = await startTestServer({ admissionMax: 500 });
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
});
afterAll(() => server.stop());

/** How many leads got which answer. */
function tallyOf(answers: { status: number; body: { outcome?: string; reason?: string } }[]): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const { status, body } of answers) {
    const what = [status, body.outcome, body.reason].filter(Boolean).join(' ');
    tally[what] = (tally[what] ?? 0) + 1;
  }
  return tally;
}

/** The counters of a flow's caps. */
const windowsOf = (flowId: string) =>
  server.query('select cap_id, count::int, held::int, failed_count, generation from cap_windows where flow_id = $1', [
    flowId,
  ]);

describe('one person at once', () => {
  it('64 times: one success, 63 duplicates, one delivery', async () => {
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], NO_DUPLICATES));
    const spellings = ['ann@example.com', 'Ann@Example.com', ' ANN@EXAMPLE.COM '];
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, n) => server.submit(flow, { email: spellings[n % spellings.length] })),
    );
    expect(tallyOf(answers)).toEqual({ '201 success': 1, '201 failure duplicate': 63 });
    expect(server.recipient.deliveries).toHaveLength(1);
    expect(await server.query('select * from list_items where holder is not null')).toEqual([]);
  });

  it('after a rejection the person is new again', async () => {
    const steps = [
      deliveryTo(server.recipient.url),
      {
        type: 'filter' as const,
        outcome: '{{buyer.outcome}}',
        rule_set: when('buyer.outcome', 'is not equal to', 'success'),
      },
    ];
    const flow = await server.deploy(flowOf(steps, NO_DUPLICATES));
    const answer = async () => (await server.submit(flow, { email: 'bob@example.com' })).body.outcome;
    server.recipient.answerWith(() => ({ body: { outcome: 'no' } }));
    expect(await answer()).toBe('failure');
    server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
    expect(await answer()).toBe('success');
    expect(await answer()).toBe('failure');
  });
});

const dailyCap = (parts: Partial<Cap> = {}): Cap => ({
  type: 'volume',
  maximum: 100,
  duration: 1,
  duration_units: 'day',
  ...parts,
});

describe('a cap of 100 under 5 000 leads at once over two server processes', () => {
  const SUBMISSIONS = 5_000;
  const CONNECTIONS = 64;
  const agent = new Agent({ connections: CONNECTIONS, pipelining: 1 });
  afterAll(() => agent.close());

  it('gives exactly 100 successes: in the answers, at the counter and at the recipient', async () => {
    const processes = await Promise.all([startSluiceProcess(server.database), startSluiceProcess(server.database)]);
    const flow: SubmitTarget = await server.deploy(flowOf([deliveryTo(server.recipient.url)], { caps: [dailyCap()] }));
    const path = `/flows/${flow.id}/sources/${flow.sources[0]?.entity.id}/submit`;
    const origins = processes.map(({ url }) => url);
    await Promise.all(origins.map((origin) => untilDeployed(`${origin}${path}`)));
    const tally = await submitMany({ agent, origins, path, count: SUBMISSIONS });
    expect(tally).toEqual({ '201 success': 100, '201 failure Cap reached': SUBMISSIONS - 100 });
    expect(server.recipient.deliveries).toHaveLength(100);
    expect(await windowsOf(flow.id)).toMatchObject([{ count: 100, held: 0, failed_count: SUBMISSIONS - 100 }]);
    const [row] = await server.query(`select count(*)::int as leads from leads where flow_id = $1`, [flow.id]);
    expect(row).toEqual({ leads: SUBMISSIONS });
    expect(await server.query('select * from runs')).toEqual([]);
    for (const each of processes) each.kill('SIGTERM');
    expect(await Promise.all(processes.map(({ exited }) => exited))).toEqual([0, 0]);
  });
});

/** A process hears of a deploy within a second. DELETE is answered by the source’s module, and is no lead. */
async function untilDeployed(url: string): Promise<void> {
  await until('the process knows the flow', async () => (await fetch(url, { method: 'DELETE' })).status === 405);
}

interface ManySubmissions {
  agent: Agent;
  origins: string[];
  path: string;
  count: number;
}

/** All at once, as many as there are connections on the wire at a time. */
async function submitMany({ agent, origins, path, count }: ManySubmissions): Promise<Record<string, number>> {
  const send = async (index: number) => {
    const { statusCode, body } = await agent.request({
      origin: origins[index % origins.length] ?? '',
      path,
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: `{"email":"person${index}@example.com"}`,
    });
    // An edge: the answer of a source.
    return { status: statusCode, body: (await body.json()) as { outcome?: string; reason?: string } };
  };
  return tallyOf(await Promise.all(Array.from({ length: count }, (_, index) => send(index))));
}

describe('what a deploy does to a cap’s count (decision 10)', () => {
  const EDITS: { name: string; edit: Partial<Cap>; left: number }[] = [
    { name: 'another maximum keeps it', edit: { maximum: 5 }, left: 3 },
    { name: 'another name and reason keep it', edit: { name: 'Daily', reason: 'Enough' }, left: 1 },
    { name: 'other rules reset it', edit: { rule_set: when('lead.email', 'is not blank') }, left: 3 },
    { name: 'a shorter duration resets it', edit: { duration: 1 }, left: 3 },
    { name: 'a longer one carries it on', edit: { duration: 1, duration_units: 'month' }, left: 1 },
  ];

  it.each(EDITS)('$name', async ({ edit, left }) => {
    const cap = dailyCap({ maximum: 3, duration: 2 });
    const flow = await server.deploy(flowOf([], { caps: [cap] }));
    const submit = async () => (await server.submit(flow, { email: 'ann@example.com' })).body.outcome;
    expect([await submit(), await submit()]).toEqual(['success', 'success']);
    await server.redeploy({ ...flow, caps: [{ ...flow.caps[0], ...edit }] });
    let successes = 0;
    while ((await submit()) === 'success' && successes < 10) successes += 1;
    expect(successes).toBe(left);
  });

  it('a lead that took its place before a reset settles without effect on the new count', async () => {
    const latch = createLatch();
    server.recipient.answerWith(() => latch.opened.then(() => ({ body: { outcome: 'success' } })));
    const cap = dailyCap({ maximum: 2, duration: 2 });
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], { caps: [cap] }));
    const early = server.submit(flow, { email: 'ann@example.com' });
    await server.recipient.arrival(1);
    await server.redeploy({ ...flow, steps: [], caps: [{ ...flow.caps[0], duration: 1 }] });
    const late = await Promise.all([server.submit(flow, {}), server.submit(flow, {}), server.submit(flow, {})]);
    latch.open();
    expect((await early).body.outcome).toBe('success');
    expect(late.map(({ body }) => body.outcome).sort()).toEqual(['failure', 'success', 'success']);
    for (const window of await windowsOf(flow.id))
      expect(Number(window['count']) + Number(window['held'])).toBeLessThanOrEqual(2);
  });
});

describe('more leads than the house holds', () => {
  it('get 503 at once; nothing of them is kept, and the others are answered', async () => {
    const small = await startTestServer({ admissionMax: 3 });
    const latch = createLatch();
    small.recipient.answerWith(() => latch.opened.then(() => ({ body: { outcome: 'success' } })));
    const flow = await small.deploy(flowOf([deliveryTo(small.recipient.url)]));
    const inside = [1, 2, 3].map(() => small.submit(flow, {}));
    await small.recipient.arrival(3);
    const turnedAway = await Promise.all([1, 2, 3, 4].map(() => small.submit(flow, {})));
    for (const { status, headers, body } of turnedAway) {
      expect({ status, after: headers.get('retry-after'), body }).toMatchObject({
        status: 503,
        after: '1',
        body: { code: 'unavailable' },
      });
    }
    latch.open();
    expect((await Promise.all(inside)).map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await small.submit(flow, {})).toMatchObject({ status: 201 });
    expect(await small.query('select count(*)::int as n from leads')).toEqual([{ n: 4 }]);
    await small.stop();
  });
});
