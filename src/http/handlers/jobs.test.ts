import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobStore } from '../../store/postgres/jobs.ts';
import { createTestApi, type TestApi } from '../testing/test-server.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

let made = 0;
async function newJob(): Promise<string> {
  made += 1;
  const { id } = await createJobStore(api.pool).create({
    ...{ accountId: api.account.id, id: `6b00d7de2f1d7a3c5e9b${made.toString(16).padStart(4, '0')}`, kind: 'resubmit' },
    ...{ callId: null, askedBy: { kind: 'key', id: 'k', name: 'Ann' }, input: {}, total: 3, attemptsMax: 3 },
    now: api.clock.now(),
  });
  return id;
}

const get = (url: string, more: object = {}) => api.ask({ method: 'GET', url, ...more });
const cancel = (id: string, more: object = {}) => api.ask({ method: 'POST', url: `/jobs/${id}/cancel`, ...more });
const UNKNOWN = 'a'.repeat(24);

describe('GET /jobs', () => {
  it('is a page of jobs, newest first', async () => {
    const [first, second] = [await newJob(), await newJob()];
    const all = (await get('/jobs')).body.map(({ id }: { id: string }) => id);
    expect(all.indexOf(second)).toBeLessThan(all.indexOf(first));
    expect((await get(`/jobs?before_id=${second}&limit=1`)).body).toMatchObject([{ id: first, state: 'queued' }]);
    expect((await get('/jobs?state=done,failed')).body).toEqual([]);
    expect((await get('/jobs', { key: api.strangerKey })).body).toEqual([]);
  });

  it.each(['/jobs?state=green', '/jobs?limit=0', '/jobs?kind=x', '/jobs?before_id=1', '/jobs?page=2'])(
    '%s is 400 with the place',
    async (url) => {
      const { status, body } = await get(url);
      expect([status, body.code]).toEqual([400, 'malformed_query']);
    },
  );
});

describe('GET /jobs/{id}', () => {
  it('returns all that is known of it', async () => {
    const id = await newJob();
    const { status, body } = await get(`/jobs/${id}`);
    expect([status, body]).toMatchObject([
      200,
      {
        ...{ id, kind: 'resubmit', state: 'queued', asked_by: { kind: 'key', id: 'k', name: 'Ann' } },
        progress: { done: 0, total: 3, rate_per_second: null, eta_seconds: null },
        ...{ counters: {}, reason: null, attempt: 0, cancel_asked: false, log: [], artefacts: [] },
        ...{ started_at: null, ended_at: null },
      },
    ]);
  });

  it('of another account, unknown or malformed is 404', async () => {
    const id = await newJob();
    for (const [url, key] of [
      [`/jobs/${id}`, api.strangerKey],
      [`/jobs/${UNKNOWN}`, api.key],
      ['/jobs/monday', api.key],
    ] as const)
      expect((await get(url, { key })).status).toBe(404);
    expect((await get(`/jobs/${id}`, { key: null })).status).toBe(401);
  });
});

describe('POST /jobs/{id}/cancel', () => {
  it('ends a job that has not begun, stops one that runs, and refuses one that has ended', async () => {
    const waiting = await newJob();
    expect(await cancel(waiting)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    expect(await cancel(waiting)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const running = await newJob();
    await createJobStore(api.pool).take({ accountId: api.account.id, id: running, nodeId: 'n', now: api.clock.now() });
    expect(await cancel(running)).toMatchObject({ status: 202, body: { state: 'running', cancel_asked: true } });
    expect((await cancel(UNKNOWN)).status).toBe(404);
    expect((await cancel(running, { key: api.strangerKey })).status).toBe(404);
  });
});

describe('the activity log', () => {
  const entriesOf = async (id: string) => (await get(`/activity?subject_id=${id}`)).body;

  it('has who cancelled a job, with its state before and after', async () => {
    const id = await newJob();
    await cancel(id);
    const [entry] = await entriesOf(id);
    expect((await get(`/activity/${entry.id}`)).body).toMatchObject({
      ...{ kind: 'job', action: 'cancel', subject: { id, name: 'resubmit' }, actor: { kind: 'key', name: 'test' } },
      ...{ at: new Date(api.clock.now()).toISOString(), ip: '127.0.0.1' },
      before: { id, kind: 'resubmit', state: 'queued', cancel_asked: false },
      after: { id, kind: 'resubmit', state: 'cancelled', cancel_asked: true },
    });
    await cancel(id);
    expect(await entriesOf(id)).toHaveLength(1);
  });

  it('has a running job once, however often its cancelling is asked for', async () => {
    const id = await newJob();
    await createJobStore(api.pool).take({ accountId: api.account.id, id, nodeId: 'n', now: api.clock.now() });
    expect([(await cancel(id)).status, (await cancel(id)).status]).toEqual([202, 202]);
    const entries = await entriesOf(id);
    expect(entries).toHaveLength(1);
    const { before, after } = (await get(`/activity/${entries[0].id}`)).body;
    expect([before.state, after.state, after.cancel_asked]).toEqual(['running', 'running', true]);
  });
});

describe('an artefact', () => {
  it('that is not there is 404, and asks for a key', async () => {
    const id = await newJob();
    expect((await get(`/jobs/${id}/artefacts/results.csv`)).status).toBe(404);
    expect((await get(`/jobs/${id}/artefacts/results.csv`, { key: null })).status).toBe(401);
    expect((await get('/jobs/x/artefacts/results.csv')).status).toBe(404);
  });
});
