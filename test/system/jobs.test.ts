import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { createLatch } from '../harness/latch.ts';
import { openTestRecipient } from '../harness/recipient.ts';
import { askApi, type ComposedServer, deploy, startTestServer, submit } from '../harness/server.ts';
import { buildSluice, type SluiceProcess, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, when } from './flows.ts';

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

/** Leads fail when the buyer does not take them. */
const notSoldFails = (url: string) =>
  flowOf([
    deliveryTo(url),
    {
      type: 'filter',
      outcome: 'failure',
      reason: 'not sold',
      rule_set: when('buyer.outcome', 'is not equal to', 'success'),
    },
  ]);

const email = (n: number): string => `p${n}@example.com`;

/** So many leads that the buyer does not take. */
async function failedLeads(count: number): Promise<string[]> {
  const flow = await server.deploy(notSoldFails(server.recipient.url));
  server.recipient.answerWith(() => ({ body: { outcome: 'no' } }));
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push((await server.submit(flow, { email: email(n) })).body.lead.id);
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
  return ids;
}

const asJob = (leadIds: string[], more: object = {}) =>
  server.api('POST', '/leads/resubmit', { lead_ids: leadIds, preview: false, as_job: true, ...more });
const read = async (id: string) => (await server.api('GET', `/jobs/${id}`)).body;
async function ended(id: string): Promise<Awaited<ReturnType<typeof read>>> {
  let job = await read(id);
  await until('the job has ended', async () => {
    job = await read(id);
    return job.ended_at !== null;
  });
  return job;
}

describe('a job that sends leads again', () => {
  it('is answered at once, and counts every lead by outcome', async () => {
    const ids = await failedLeads(5);
    const { status, body, headers } = await asJob(ids);
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/jobs/${body.job.id}`);
    expect(body.job).toMatchObject({ kind: 'resubmit', asked_by: { kind: 'key' }, progress: { total: 5 } });
    const job = await ended(body.job.id);
    expect(job).toMatchObject({ state: 'done', counters: { success: 5 }, progress: { done: 5, total: 5 }, attempt: 1 });
    const results = await server.api('GET', job.artefacts[0].url);
    expect(results.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const rows = results.text.trim().split('\r\n');
    expect(rows[0]).toBe('lead_id,status,resubmitted_as,outcome,reason');
    expect(rows.slice(1).map((row) => row.split(',').slice(0, 2))).toEqual(ids.map((id) => [id, 'sent']));
    expect(await read(job.id)).toMatchObject({ log: [{ text: 'Starts with 5 leads' }] });
  });

  it('of which none was sold has failed, although it came to its end', async () => {
    const ids = await failedLeads(3);
    server.recipient.answerWith(() => ({ body: { outcome: 'no' } }));
    const job = await ended((await asJob(ids)).body.job.id);
    expect(job).toMatchObject({ state: 'failed', counters: { failure: 3 }, reason: '3 of 3 failed' });
  });

  it('of which some were sold is done with failures', async () => {
    const ids = await failedLeads(3);
    server.recipient.answerWith(({ body }) => ({ body: { outcome: body.includes(email(1)) ? 'no' : 'success' } }));
    const job = await ended((await asJob([...ids, 'a'.repeat(24)])).body.job.id);
    expect(job).toMatchObject({ state: 'done_with_failures', counters: { success: 2, failure: 1, missing: 1 } });
  });

  it('is one job however often a call with a name is made, and another call of that name is refused', async () => {
    const ids = await failedLeads(2);
    const first = await asJob(ids, { resubmission_id: 'monday' });
    await ended(first.body.job.id);
    const second = await asJob(ids, { resubmission_id: 'monday' });
    expect([second.status, second.body.job.id]).toEqual([202, first.body.job.id]);
    expect(server.recipient.deliveries).toHaveLength(2);
    expect((await asJob(ids.slice(1), { resubmission_id: 'monday' })).status).toBe(409);
  });

  it('stops when it is cancelled: the leads under way end, no further one is begun', async () => {
    const ids = await failedLeads(45);
    const latch = createLatch();
    server.recipient.answerWith(async () => {
      await latch.opened;
      return { body: { outcome: 'success' } };
    });
    const { id } = (await asJob(ids)).body.job;
    await server.recipient.arrival(8);
    const cancelled = await server.api('POST', `/jobs/${id}/cancel`);
    expect([cancelled.status, cancelled.body.cancel_asked]).toEqual([202, true]);
    await until('the job hears of it', async () => {
      const [row] = await server.query('select cancel_asked_at from jobs where id = $1', [id]);
      return row?.['cancel_asked_at'] !== null;
    });
    const { updated_at: before } = await read(id);
    // It asks once a second; the leads wait until it has.
    await until('a second has passed', () => Date.now() - Date.parse(before) > 1_500);
    latch.open();
    const job = await ended(id);
    expect(job.state).toBe('cancelled');
    const again = await server.query('select 1 from resubmissions where lead_id = any($1)', [ids]);
    expect(again.length).toBe(server.recipient.deliveries.length);
    expect(again.length).toBeLessThan(45);
    expect((await server.api('POST', `/jobs/${id}/cancel`)).status).toBe(409);
  });

  it('is sent as a stream until its end', async () => {
    const ids = await failedLeads(2);
    const { id } = (await asJob(ids)).body.job;
    const stream = await server.api('GET', `/jobs/${id}/events`);
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const last = stream.text.trim().split('\n\n').at(-1) ?? '';
    expect(last.startsWith('event: end\ndata: {')).toBe(true);
    expect(JSON.parse(last.slice('event: end\ndata: '.length))).toMatchObject({ id, state: 'done' });
  });
});

describe('who may ask of jobs', () => {
  it('another account knows nothing of them', async () => {
    const { id } = (await asJob(await failedLeads(1))).body.job;
    await ended(id);
    const key = server.strangerKey;
    for (const path of [`/jobs/${id}`, `/jobs/${id}/events`, `/jobs/${id}/artefacts/results.csv`])
      expect((await server.api('GET', path, undefined, { key })).status).toBe(404);
    expect((await server.api('GET', '/jobs', undefined, { key })).body).toEqual([]);
    expect((await server.api('POST', `/jobs/${id}/cancel`, undefined, { key })).status).toBe(404);
    for (const path of [`/jobs/${id}`, `/jobs/${id}/events`, `/jobs/${id}/artefacts/results.csv`])
      expect((await server.api('GET', path, undefined, { key: null })).status).toBe(401);
  });

  it('a job that would only look is refused', async () => {
    const { status, body } = await server.api('POST', '/leads/resubmit', { lead_ids: ['a'.repeat(24)], as_job: true });
    expect([status, body.details]).toEqual([
      422,
      [{ path: 'as_job', message: 'A job sends leads, so it needs "preview": false.' }],
    ]);
  });
});

describe('the end of the process that runs a job', () => {
  const KEY = 'jobs-0123456789abcdef0123456789abcdef';
  const LEADS = 60;
  const ANSWERED = 44;
  /** As resubmit-leads.ts sends them. */
  const AT_ONCE = 8;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const start = () => startSluiceProcess(database, { SLUICE_ADMIN_API_KEY: KEY });

  it('by kill -9: another process goes on with it, and each lead is sent again once', async () => {
    const recipient = await openTestRecipient();
    const first = await start();
    const api = apiOf(first);
    const flow = await deployOn(first, notSoldFails(recipient.url));
    recipient.answerWith(() => ({ body: { outcome: 'no' } }));
    const send = (n: number) => submit(first.url, { flow, values: { email: email(n) }, how: {} });
    const ids: string[] = [];
    for (let n = 0; n < LEADS; n += 1) ids.push((await send(n)).body.lead.id);
    recipient.deliveries.length = 0;
    let hasDied = false;
    recipient.answerWith(async () => {
      // In the second part of the leads the answers stay away, so that the kill meets leads under way.
      if (!hasDied && recipient.deliveries.length > ANSWERED) await new Promise(() => undefined);
      return { body: { outcome: 'success' } };
    });
    const { job } = (await api('POST', '/leads/resubmit', { lead_ids: ids, preview: false, as_job: true })).body;
    // All that are sent at once wait for their answer: none is between its claim and its run, which would be waited for.
    await recipient.arrival(ANSWERED + AT_ONCE);
    hasDied = true;
    first.kill('SIGKILL');
    await first.exited;
    const second = apiOf(await start());
    let end = (await second('GET', `/jobs/${job.id}`)).body;
    await until('the job has ended', async () => {
      end = (await second('GET', `/jobs/${job.id}`)).body;
      return end.ended_at !== null;
    });
    expect(end).toMatchObject({ state: 'done_with_failures', attempt: 2, progress: { done: LEADS, total: LEADS } });
    // Those that were under way may have been delivered: nothing is sent twice, and nothing is hidden.
    expect(Object.values<number>(end.counters).reduce((sum, count) => sum + count, 0)).toBe(LEADS);
    expect(end.counters.error).toBeGreaterThan(0);
    const delivered = recipient.deliveries.map(({ body }) => JSON.parse(body).email);
    expect(new Set(delivered).size).toBe(delivered.length);
    const csv = (await second('GET', `/jobs/${job.id}/artefacts/results.csv`)).text.trim().split('\r\n').slice(1);
    expect(csv.map((row) => row.split(',')[0])).toEqual(ids);
    expect(new Set(csv.map((row) => row.split(',')[2])).size).toBe(LEADS);
    await recipient.close();
  });

  it('a process that is stopped in good order puts it back, and another goes on', async () => {
    const recipient = await openTestRecipient();
    const first = await start();
    const api = apiOf(first);
    const flow = await deployOn(first, notSoldFails(recipient.url));
    recipient.answerWith(() => ({ body: { outcome: 'no' } }));
    const ids: string[] = [];
    for (let n = 0; n < LEADS; n += 1) {
      ids.push((await submit(first.url, { flow, values: { email: email(n) }, how: {} })).body.lead.id);
    }
    recipient.deliveries.length = 0;
    const latch = createLatch();
    recipient.answerWith(async () => {
      if (recipient.deliveries.length > 44) await latch.opened;
      return { body: { outcome: 'success' } };
    });
    const { job } = (await api('POST', '/leads/resubmit', { lead_ids: ids, preview: false, as_job: true })).body;
    await recipient.arrival(50);
    first.kill('SIGTERM');
    await until('it takes nothing more', async () => first.output().includes('stopping'));
    latch.open();
    expect(await first.exited).toBe(0);
    const second = apiOf(await start());
    let end = (await second('GET', `/jobs/${job.id}`)).body;
    expect(end).toMatchObject({ attempt: expect.any(Number), progress: { total: LEADS } });
    await until('the job has ended', async () => {
      end = (await second('GET', `/jobs/${job.id}`)).body;
      return end.ended_at !== null;
    });
    expect(end).toMatchObject({ state: 'done', attempt: 2, counters: { success: LEADS } });
    const delivered = recipient.deliveries.map(({ body }) => JSON.parse(body).email);
    expect([delivered.length, new Set(delivered).size]).toEqual([LEADS, LEADS]);
    await recipient.close();
  });

  const apiOf = (sluice: SluiceProcess) => (method: string, path: string, body?: unknown) =>
    askApi(sluice.url, { method, path, body, key: KEY });

  const deployOn = (sluice: SluiceProcess, flow: object) => deploy(createClient({ url: sluice.url, key: KEY }), flow);
});
