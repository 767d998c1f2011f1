import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLatch } from '../harness/latch.ts';
import { type ComposedServer, type SubmitTarget, startTestServer, submit } from '../harness/server.ts';
import { buildSluice, type SluiceProcess, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, when } from './flows.ts';

/** A server in this process, and others beside it on the same database. */
let server: ComposedServer;
beforeAll(async () => {
  await buildSluice();
  server = await startTestServer();
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
});
afterAll(() => server.stop());

const startProcess = () => startSluiceProcess(server.database);

const submitTo = (sluice: SluiceProcess, flow: SubmitTarget, values: object) =>
  submit(sluice.url, { flow, values, how: {} });

/** Deliveries wait until the latch is opened; the path of each says which step it is. */
function holdDeliveries(isHeld: (path: string) => boolean) {
  const latch = createLatch();
  server.recipient.answerWith(async ({ path }) => {
    if (isHeld(path)) await latch.opened;
    return { body: { outcome: 'success' } };
  });
  return latch;
}

describe('a deploy', () => {
  const rejecting = (reason: string) => ({ acceptance_criteria: { rule_set: when('lead.id', 'is blank'), reason } });

  it('reaches another process within a second', async () => {
    const other = await startProcess();
    const flow = await server.deploy(flowOf([], rejecting('first')));
    const readReason = async () => (await submitTo(other, flow, {})).body?.reason;
    await until('the first revision is there', async () => (await readReason()) === 'first');
    await server.redeploy({ ...flow, ...rejecting('second') });
    await until('the second revision is there', async () => (await readReason()) === 'second');
    await server.api('DELETE', `/flows/${flow.id}`);
    await until('the flow is gone', async () => (await submitTo(other, flow, {})).status === 404);
  });

  it('leaves a lead that runs on the revision it began with', async () => {
    const latch = holdDeliveries(() => true);
    const filterWith = (reason: string) => [
      deliveryTo(server.recipient.url),
      { type: 'filter' as const, reason, rule_set: when('lead.id', 'is not blank') },
    ];
    const flow = await server.deploy(flowOf(filterWith('old')));
    const early = server.submit(flow, {});
    await server.recipient.arrival(1);
    await server.redeploy({ ...flow, steps: filterWith('new') });
    latch.open();
    const [one, two] = [await early, await server.submit(flow, {})];
    expect([one.body.reason, two.body.reason]).toEqual(['old', 'new']);
    const revisions = await server.query('select revision from leads where flow_id = $1 order by id', [flow.id]);
    expect(revisions).toEqual([{ revision: 1 }, { revision: 2 }]);
  });
});

describe('SIGTERM', () => {
  it('lets every lead under way have its answer, then the process ends with 0 and leaves nothing', async () => {
    const latch = holdDeliveries(() => true);
    const sluice = await startProcess();
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], NO_DUPLICATES));
    await until('the flow is known', () => knows(sluice, flow));
    const inside = Array.from({ length: 12 }, (_, n) => submitTo(sluice, flow, { email: `p${n}@example.com` }));
    await server.recipient.arrival(12);
    sluice.kill('SIGTERM');
    await until('no new lead is taken', () => isClosed(sluice));
    latch.open();
    const answers = await Promise.all(inside);
    expect(answers.map(({ status, body }) => [status, body.outcome])).toEqual(answers.map(() => [201, 'success']));
    expect(await sluice.exited).toBe(0);
    expect(await server.query('select 1 from runs')).toEqual([]);
    expect(await server.query('select 1 from nodes where pid = $1', [sluice.pid])).toEqual([]);
    expect(await server.query('select 1 from leads where flow_id = $1', [flow.id])).toHaveLength(12);
  });
});

describe('SIGTERM and what has arrived', () => {
  /** How much of the request is there before the signal; the rest follows it. */
  const CUTS = [1, 40, 300, 320, Number.POSITIVE_INFINITY];

  it('every request that has begun is answered, with the end of its connection, and none is reset', async () => {
    const sluice = await startProcess();
    const flow = await server.deploy(flowOf([], NO_DUPLICATES));
    await until('the flow is known', () => knows(sluice, flow));
    const { hostname, port } = new URL(sluice.url);
    const path = `/flows/${flow.id}/sources/${flow.sources[0]?.entity.id}/submit`;
    const body = JSON.stringify({ email: 'sender@example.com', first_name: 'x'.repeat(2_000) });
    const text = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const senders = Array.from({ length: 64 }, (_, n) =>
      openSender(Number(port), hostname, text, CUTS[n % CUTS.length]),
    );
    const idle = Array.from({ length: 8 }, () => openSender(Number(port), hostname, '', 0));
    await Promise.all([...senders, ...idle].map((each) => each.begun));
    sluice.kill('SIGTERM');
    await until('the server stops', () => isStopping(sluice));
    for (const sender of senders) sender.finish();
    const answers = await Promise.all(senders.map((each) => each.answer));
    expect(answers.map((answer) => answer.slice(0, 12))).toEqual(answers.map(() => 'HTTP/1.1 201'));
    // A whole request may have been answered before the signal.
    const late = answers.filter((_, n) => CUTS[n % CUTS.length] !== Number.POSITIVE_INFINITY);
    expect(late.every((answer) => /\r\nConnection: close\r\n/i.test(answer))).toBe(true);
    expect(await Promise.all(idle.map((each) => each.answer))).toEqual(idle.map(() => ''));
    expect(await sluice.exited).toBe(0);
    expect(await server.query('select 1 from leads where flow_id = $1', [flow.id])).toHaveLength(senders.length);
  });
});

/** A connection that has sent the first characters; `answer` says so when it is reset. */
function openSender(port: number, hostname: string, text: string, cut = 0) {
  const socket = connect(port, hostname);
  const begun = new Promise<void>((resolve) => {
    socket.once('connect', () => {
      if (cut === 0) resolve();
      else socket.write(text.slice(0, cut), () => resolve());
    });
  });
  const answer = new Promise<string>((resolve) => {
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString();
    });
    socket.once('error', (error) => resolve(`${error.message} after ${received.length} characters`));
    socket.once('close', () => resolve(received));
  });
  const finish = (): void => {
    if (text.length > cut) socket.write(text.slice(cut));
  };
  return { begun, answer, finish };
}

async function isStopping(sluice: SluiceProcess): Promise<boolean> {
  try {
    return (await fetch(`${sluice.url}/status`)).headers.get('connection') === 'close';
  } catch {
    return true;
  }
}

async function isClosed(sluice: SluiceProcess): Promise<boolean> {
  try {
    return (await fetch(`${sluice.url}/status`)).status === 503;
  } catch {
    return true;
  }
}

describe('a process killed in the middle of deliveries', () => {
  const capOf = (maximum: number) => ({
    type: 'volume' as const,
    maximum,
    duration: 1,
    duration_units: 'month' as const,
  });

  it('leaves leads that another one settles; nothing is sent twice, and what may be used is kept', async () => {
    const latch = holdDeliveries((path) => path === '/second');
    const first = deliveryTo(`${server.recipient.url}first`, { caps: [capOf(100)] }, { outcome_search_term: 'never' });
    const second = deliveryTo(`${server.recipient.url}second`, { entity: { name: 'Second' }, caps: [capOf(100)] });
    const flow = await server.deploy(flowOf([first, second], { ...NO_DUPLICATES, caps: [capOf(100)] }));
    const doomed = await startProcess();
    await until('the flow is known', () => knows(doomed, flow));
    const people = ['ann@example.com', 'bob@example.com', 'cid@example.com'];
    const lost = Promise.allSettled(people.map((email) => submitTo(doomed, flow, { email, ssn: '219-09-9999' })));
    await server.recipient.arrival(2 * people.length);
    doomed.kill('SIGKILL');
    expect((await lost).map(({ status }) => status)).toEqual(people.map(() => 'rejected'));
    latch.open();

    await until('the leads are settled', async () => (await server.query('select 1 from runs')).length === 0);
    const leads = await server.query('select id, outcome, price::int, node_id from leads where flow_id = $1', [
      flow.id,
    ]);
    expect(leads).toMatchObject(people.map(() => ({ outcome: 'error', price: 0 })));
    for (const { id } of leads) {
      expect(
        await server.query('select type, outcome, reason, facts from events where lead_id = $1 order by seq', [id]),
      ).toMatchObject([
        { type: 'recipient', outcome: 'failure' },
        {
          type: 'recipient',
          outcome: 'error',
          reason: expect.stringContaining('Unknown outcome'),
          facts: { unknown: true, key: 'second' },
        },
        {
          type: 'source',
          outcome: 'error',
          reason: expect.stringContaining('Interrupted'),
          facts: { interrupted: true },
        },
      ]);
    }
    expect(server.recipient.deliveries).toHaveLength(2 * people.length);
    const counts = await server.query('select cap_id, count::int, held::int from cap_windows where flow_id = $1', [
      flow.id,
    ]);
    const [flowCap, firstCap, secondCap] = [flow.caps[0].id, flow.steps[0].caps[0].id, flow.steps[1].caps[0].id];
    expect(new Map(counts.map(({ cap_id, count, held }) => [cap_id, [count, held]]))).toEqual(
      new Map([
        [flowCap, [3, 0]],
        [firstCap, [0, 0]],
        [secondCap, [3, 0]],
      ]),
    );
    for (const email of people) expect((await server.submit(flow, { email })).body.reason).toBe('duplicate');
    expect(server.recipient.deliveries).toHaveLength(2 * people.length);
    const [kept] = await server.query('select document::text from lead_data where lead_id = $1', [leads[0]?.['id']]);
    expect(kept?.['document']).not.toContain('219-09');
  });

  it('is also settled by itself, when it is started again alone', async () => {
    const latch = holdDeliveries(() => true);
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], NO_DUPLICATES));
    const doomed = await startProcess();
    await until('the flow is known', () => knows(doomed, flow));
    const lost = submitTo(doomed, flow, { email: 'dan@example.com' }).catch(() => 'lost');
    await server.recipient.arrival(1);
    doomed.kill('SIGKILL');
    expect(await lost).toBe('lost');
    latch.open();
    await startProcess();
    await until('the lead is settled', async () => (await server.query('select 1 from runs')).length === 0);
    expect(await server.query('select outcome from leads where flow_id = $1', [flow.id])).toEqual([
      { outcome: 'error' },
    ]);
    expect(server.recipient.deliveries).toHaveLength(1);
  });
});

/** DELETE is answered by the source's module, and is no lead. */
async function knows(sluice: SluiceProcess, flow: SubmitTarget): Promise<boolean> {
  const url = `${sluice.url}/flows/${flow.id}/sources/${flow.sources[0]?.entity.id}/submit`;
  return (await fetch(url, { method: 'DELETE' })).status === 405;
}
