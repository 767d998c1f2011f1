import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, when } from './flows.ts';

/* Recipients that fail and recover, and what people do about it. */

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const DOWN = { status: 503, body: { message: 'away' } };
const NOT_SOLD = {
  type: 'filter' as const,
  outcome: 'failure' as const,
  reason: 'not sold',
  rule_set: when('crm.outcome', 'is not equal to', 'success'),
};

async function deployTo(path: string, parts: object = {}) {
  const step = deliveryTo(`${server.recipient.url}${path}`, { entity: { name: 'CRM' }, key: 'crm', ...parts });
  return server.deploy(flowOf([step, NOT_SOLD], { name: `Leads of ${path}` }));
}

let people = 0;
async function send(flow: { id: string; sources: { entity: { id: string } }[] }, count = 1): Promise<string[]> {
  const ids: string[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    people += 1;
    ids.push((await server.submit(flow, { email: `person${people}@example.com` })).body.lead.id);
  }
  return ids;
}

async function problemsOf(flow: { id: string }, events: number) {
  const read = async () => (await server.api('GET', `/problems?flow_id=${flow.id}`)).body;
  const sum = (body: { problems: { events: number }[] }) => body.problems.reduce((all, each) => all + each.events, 0);
  await until(`${events} failures are counted`, async () => sum(await read()) >= events);
  return (await read()).problems;
}

describe('a recipient that is down', () => {
  it('is one problem with its count, its hour, samples and what is probably wrong', async () => {
    server.recipient.answerWith(() => DOWN);
    const flow = await deployTo('down');
    const leads = await send(flow, 7);
    const [problem, ...others] = await problemsOf(flow, 7);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      ...{ kind: 'delivery', flow: { id: flow.id, name: 'Leads of down' }, recipient: { name: 'CRM' }, source: null },
      ...{ outcome: 'error', cause: 'server_error', state: 'open', events: 7, leads: 7 },
    });
    expect(problem.per_hour.reduce((all: number, each: number) => all + each, 0)).toBe(7);
    const { body } = await server.api('GET', `/problems/${problem.id}`);
    expect(body.samples).toHaveLength(5);
    expect(body.samples[0]).toMatchObject({ lead_id: leads.at(-1), status: 503, reason: 'Server error' });
  });

  it('recovers: its leads go through their flow again in a job, each once', async () => {
    server.recipient.answerWith(() => DOWN);
    const flow = await deployTo('recovers');
    const leads = await send(flow, 3);
    const [{ id }] = await problemsOf(flow, 3);
    const preview = await server.api('POST', `/problems/${id}/retry`, {});
    expect(preview.status).toBe(200);
    expect(preview.body).toMatchObject({ preview: true, job: null, counts: { leads: 3, resubmitted: 3 } });
    server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
    server.recipient.deliveries.length = 0;
    const sent = await server.api('POST', `/problems/${id}/retry`, { preview: false });
    expect(sent.status).toBe(202);
    const job = sent.body.job.id;
    await until('the job ends', async () => (await server.api('GET', `/jobs/${job}`)).body.state === 'done');
    expect((await server.api('GET', `/jobs/${job}`)).body.counters).toMatchObject({ success: 3 });
    expect(server.recipient.deliveries).toHaveLength(3);
    expect((await server.api('GET', `/leads/${leads[0]}`)).body.resubmitted_as).toMatch(/^[0-9a-f]{24}$/);
    const again = await server.api('POST', `/problems/${id}/retry`, { preview: false });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ job: null, counts: { leads: 3, sent_again: 3, resubmitted: 0 } });
    expect(server.recipient.deliveries).toHaveLength(3);
  });

  it('recovers: a delivery that has a retry is made again by itself, at once', async () => {
    server.recipient.answerWith(() => DOWN);
    const flow = await deployTo('retried', { retry_enabled: true, idempotent: true });
    const [lead] = await send(flow);
    const [{ id }] = await problemsOf(flow, 1);
    await server.query(`update retries set status = 'exhausted', next_attempt_at = null where lead_id = $1`, [lead]);
    server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
    const { status, body } = await server.api('POST', `/problems/${id}/retry`, { preview: false });
    expect([status, body.job, body.counts.delivered_again]).toEqual([200, null, 1]);
    const read = async () => (await server.api('GET', `/retries?lead_id=${lead}`)).body[0].status;
    await until('the retry succeeds', async () => (await read()) === 'succeeded');
    const activity = (await server.api('GET', '/activity?kind=problem')).body;
    expect(activity[0]).toMatchObject({ action: 'run', subject: { id } });
  });

  it('is tried again only for the time that is asked for', async () => {
    server.recipient.answerWith(() => DOWN);
    const flow = await deployTo('yesterday');
    await send(flow, 2);
    const [{ id }] = await problemsOf(flow, 2);
    const counts = async (body: object) => (await server.api('POST', `/problems/${id}/retry`, body)).body.counts.leads;
    expect(await counts({ start: '2020-01-01', end: '2020-01-02' })).toBe(0);
    expect(await counts({ start: '2020-01-01', end: '2099-01-02' })).toBe(2);
    const wrong = await server.api('POST', `/problems/${id}/retry`, { start: '2020-01-02', end: '2020-01-01' });
    expect([wrong.status, wrong.body.details]).toEqual([422, [{ path: 'end', message: 'Must not be before start.' }]]);
  });
});

describe('what somebody says about a problem', () => {
  it('stays until it happens again', async () => {
    server.recipient.answerWith(() => DOWN);
    const flow = await deployTo('resolved');
    await send(flow);
    const [{ id }] = await problemsOf(flow, 1);
    const mark = (body: object) => server.api('PATCH', `/problems/${id}`, body);
    const resolved = await mark({ state: 'resolved', note: 'Their key was renewed' });
    expect(resolved.body).toMatchObject({ state: 'resolved', note: 'Their key was renewed' });
    expect((await server.api('GET', `/problems?state=open&flow_id=${flow.id}`)).body).toMatchObject({
      ...{ total: 0, counts: { open: 0, resolved: 1 } },
    });
    // An id is no finer than a second, so the next failure is a second later.
    await server.query(`update problem_marks set changed_at = changed_at - interval '2 seconds' where id = $1`, [id]);
    await send(flow);
    await until('it is open again', async () => (await server.api('GET', `/problems/${id}`)).body.state === 'open');
    expect((await server.api('GET', `/problems/${id}`)).body.note).toBe('Their key was renewed');
  });

  it.each<[string, object, number, string]>([
    ['muted without a time', { state: 'muted' }, 422, 'Say until when'],
    ['muted until a time that is over', { state: 'muted', muted_until: '2020-01-01' }, 422, 'a time to come'],
    ['muted for ten years', { state: 'muted', muted_until: '2099-01-01' }, 422, 'within 365 days'],
    ['a time without the state', { muted_until: '2099-01-01' }, 422, 'needs the state'],
    ['nothing', {}, 422, ''],
    ['a state that is none', { state: 'gone' }, 422, ''],
  ])('is refused: %s', async (_name, body, status, message) => {
    const { problems } = (await server.api('GET', '/problems')).body;
    const refused = await server.api('PATCH', `/problems/${problems[0].id}`, body);
    expect(refused.status).toBe(status);
    expect(JSON.stringify(refused.body.details)).toContain(message);
  });

  it('needs a problem, and the right to look after leads', async () => {
    const nothing = await server.api('PATCH', `/problems/${'a'.repeat(24)}`, { state: 'resolved' });
    expect(nothing.status).toBe(404);
    const foreign = await server.api('GET', '/problems', undefined, { key: server.strangerKey });
    expect(foreign.body).toMatchObject({ total: 0, problems: [] });
  });
});

describe('what counts as a problem', () => {
  it('is a failure in the words of a fault, and no business that says no', async () => {
    server.recipient.answerWith(({ body }) => ({
      body: { outcome: 'failure', reason: body.includes('person') ? 'Invalid API key "k-1"' : 'Too old' },
    }));
    const flow = await deployTo('key');
    await send(flow, 2);
    await server.submit(flow, { email: 'old@example.com' });
    const problems = await problemsOf(flow, 2);
    expect(problems).toMatchObject([
      { outcome: 'failure', cause: 'credentials', events: 2, reason_class: 'Invalid API key …' },
    ]);
  });

  it('is a source whose flow is switched off, and not its filter', async () => {
    const flow = await server.deploy(flowOf([], { enabled: false }));
    await send(flow);
    const problems = await problemsOf(flow, 1);
    expect(problems).toMatchObject([
      { kind: 'source', source: { name: 'Search ads' }, recipient: null, step_id: null },
    ]);
  });

  it('is a delivery that may have arrived; it is not tried again before somebody says', async () => {
    server.recipient.answerWith(() => 'hangUp');
    const flow = await deployTo('unknown', { retry_enabled: true });
    await send(flow);
    const [{ id, cause }] = await problemsOf(flow, 1);
    const { body } = await server.api('POST', `/problems/${id}/retry`, {});
    expect([cause, body.counts.unknown, body.counts.resubmitted]).toEqual(['connection', 1, 0]);
  });
});
