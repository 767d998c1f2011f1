import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RecipientHealth } from '../../integrations/recipient-limits/recipient-health.ts';
import { createNodeStore } from '../../store/postgres/nodes.ts';
import { createRecipientHealthStore } from '../../store/postgres/recipient-health.ts';
import { createTestApi, TEST_NOW, type TestApi } from '../testing/test-server.ts';

const RECIPIENT = 'b0b0b0b0b0b0b0b0b0b0b0b0';
const OTHER = 'c0c0c0c0c0c0c0c0c0c0c0c0';
const NODES = ['0a0a0a0a0a0a0a0a0a0a0a0a', '0b0b0b0b0b0b0b0b0b0b0b0b'];

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterEach(() => api.pool.query('delete from nodes'));
afterAll(() => api.close());

const health = (parts: Partial<RecipientHealth> = {}): RecipientHealth => ({
  accountId: api.account.id,
  recipientId: RECIPIENT,
  origin: 'https://buyer.test',
  state: 'closed',
  running: 1,
  waiting: 0,
  waited: 3,
  requests: 40,
  errors: 2,
  openedAt: null,
  nextProbeAt: null,
  ...parts,
});
const OPEN = {
  state: 'open',
  openedAt: Date.UTC(2025, 2, 3, 12),
  nextProbeAt: Date.UTC(2025, 2, 3, 12, 0, 5, 250),
} as const;

const REPORTED_AT = Date.UTC(2025, 2, 3, 12, 0, 1);

/** A living process that has reported this. */
async function reportHealth(reported: RecipientHealth[], nodeId = NODES[0] ?? '') {
  await createNodeStore(api.pool).renew({ id: nodeId, host: 'a', pid: 7, processStarted: 'x' });
  const store = createRecipientHealthStore({ pool: api.pool, nodeId });
  await store.report({ changed: reported, gone: [], now: REPORTED_AT });
  return store;
}

const list = async (key?: string) => (await api.ask({ url: '/recipients/health', ...(key && { key }) })).body;

describe('GET /recipients/health', () => {
  it('lists what every living process reported, open circuits first, and no recipients of other accounts', async () => {
    await reportHealth([health(), health({ recipientId: OTHER, ...OPEN })]);
    await reportHealth([health({ origin: 'http://[::1]:8080', requests: 7 })], NODES[1]);
    const reported = await list();
    expect(reported).toMatchObject([
      { recipient_id: OTHER, state: 'open', process: { node_id: NODES[0] } },
      { recipient_id: RECIPIENT, origin: 'http://[::1]:8080', requests: 7, process: { node_id: NODES[1] } },
      { recipient_id: RECIPIENT, origin: 'https://buyer.test' },
    ]);
    expect(reported[0]).toEqual({
      recipient_id: OTHER,
      origin: 'https://buyer.test',
      state: 'open',
      running: 1,
      waiting: 0,
      waited: 3,
      requests: 40,
      errors: 2,
      opened_at: '2025-03-03T12:00:00.000Z',
      next_probe_at: '2025-03-03T12:00:05.250Z',
      process: { node_id: NODES[0], host: 'a', pid: 7 },
      reported_at: '2025-03-03T12:00:01.000Z',
    });
    expect(await list(api.strangerKey)).toEqual([]);
  });

  it('forgets what is gone, and who is gone', async () => {
    const store = await reportHealth([health(), health({ recipientId: OTHER })]);
    await store.report({
      changed: [health({ requests: 41 })],
      gone: [health({ recipientId: OTHER })],
      now: REPORTED_AT,
    });
    expect(await list()).toMatchObject([{ recipient_id: RECIPIENT, requests: 41 }]);
    await createNodeStore(api.pool).declareGone(NODES);
    expect(await list()).toEqual([]);
  });

  it('is behind a key', async () => {
    expect(await api.ask({ url: '/recipients/health', key: null })).toMatchObject({ status: 401 });
  });
});

describe('POST /recipients/{id}/close_circuit', () => {
  const close = (id: string, key?: string) =>
    api.ask({ method: 'POST', url: `/recipients/${id}/close_circuit`, ...(key && { key }) });

  it('asks every process whose circuit is not closed, once', async () => {
    const store = await reportHealth([health(OPEN), health({ origin: 'http://b.test' })]);
    const second = await reportHealth([health({ ...OPEN, state: 'half_open' })], NODES[1]);
    const { status, body } = await close(RECIPIENT.toUpperCase());
    expect([status, body.map((each: { state: string }) => each.state).sort()]).toEqual([202, ['half_open', 'open']]);
    for (const each of [store, second]) {
      expect(await each.takeAsked()).toEqual([
        { accountId: api.account.id, recipientId: RECIPIENT, origin: 'https://buyer.test' },
      ]);
      expect(await each.takeAsked()).toEqual([]);
    }
  });

  it('is in the activity log with the circuits before and after, and not when none is open', async () => {
    const entries = async () => (await api.ask({ url: `/activity?kind=circuit&limit=1000` })).body;
    const earlier = await entries();
    await reportHealth([health()]);
    await close(RECIPIENT);
    expect(await entries()).toEqual(earlier);
    await reportHealth([health(OPEN)]);
    await close(RECIPIENT);
    const [entry] = await entries();
    const circuit = { origin: 'https://buyer.test', host: 'a' };
    expect((await api.ask({ url: `/activity/${entry.id}` })).body).toMatchObject({
      ...{ kind: 'circuit', action: 'close', subject: { id: RECIPIENT, name: null } },
      ...{ actor: { kind: 'key', name: 'test' }, ip: '127.0.0.1', at: new Date(TEST_NOW).toISOString() },
      before: { circuits: [{ ...circuit, state: 'open' }] },
      after: { circuits: [{ ...circuit, state: 'closed' }] },
    });
  });

  it.each([
    ['a recipient whose circuits are closed', RECIPIENT, 409],
    ['nobody', OTHER, 409],
    ['no id', 'buyer', 404],
  ])('of %s', async (_name, id, status) => {
    await reportHealth([health()]);
    expect(await close(id)).toMatchObject({ status });
  });

  it('of a stranger’s recipient', async () => {
    const store = await reportHealth([health(OPEN)]);
    expect(await close(RECIPIENT, api.strangerKey)).toMatchObject({ status: 409 });
    expect(await store.takeAsked()).toEqual([]);
  });
});
