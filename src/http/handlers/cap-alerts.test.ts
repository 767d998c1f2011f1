import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../testing/test-server.ts';

const URL = '/account/cap_alerts';
const HOOK = { url: 'https://hooks.example.com/caps' };

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const put = (body: unknown, key = api.key) => api.ask({ method: 'PUT', url: URL, body, key });
const post = (url: string, key = api.key) => api.ask({ method: 'POST', url, key });
const latest = async () => {
  const [{ id }] = (await api.ask({ url: '/activity?limit=1' })).body;
  return (await api.ask({ url: `/activity/${id}` })).body;
};

describe('/account/cap_alerts', () => {
  it('are not there until they are made, and the log has each change', async () => {
    for (const gone of [
      await api.ask({ url: URL }),
      await api.ask({ method: 'DELETE', url: URL }),
      await post(`${URL}/rotate_secret`),
      await post(`${URL}/test`),
    ])
      expect(gone.status).toBe(404);
    const made = await put(HOOK);
    const { secret, ...settings } = made.body;
    expect([made.status, secret]).toEqual([201, expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/)]);
    expect(settings).toMatchObject({ ...HOOK, thresholds: [80, 100], created_at: '2025-03-03T12:00:00.000Z' });
    expect(await latest()).toMatchObject({ kind: 'cap_alerts', action: 'create', before: null, after: HOOK });
    expect((await api.ask({ url: URL })).body).toEqual({ ...settings, recent: [] });
    const given = { ...made.body, thresholds: [100, 50, 100], recent: [] };
    expect(await put(given)).toMatchObject({ status: 200, body: { ...HOOK, thresholds: [50, 100] } });
    expect(await latest()).toMatchObject({ action: 'update', after: { thresholds: [50, 100] } });
    expect(await post(`${URL}/test`)).toMatchObject({
      status: 200,
      body: { fault: 'not received (no network)', response: null, request: expect.stringContaining('"cap.test"') },
    });
    const removed = await api.ask({ method: 'DELETE', url: URL });
    expect(removed).toMatchObject({ status: 200, body: { thresholds: [50, 100] } });
    expect(await latest()).toMatchObject({ action: 'delete', after: null });
  });

  it('have a secret that only two answers show, and that is sealed where it is stored', async () => {
    const { secret } = (await put(HOOK)).body;
    const rotated = await post(`${URL}/rotate_secret`);
    expect(rotated.body.secret).not.toBe(secret);
    expect(await latest()).toMatchObject({ kind: 'cap_alerts', action: 'rotate' });
    const { rows } = await api.pool.query(`select encode(sealed_secret, 'escape') as sealed from cap_alert_settings`);
    const activity = await api.pool.query('select * from activity');
    const shown = JSON.stringify([rows, activity.rows, (await api.ask({ url: URL })).text, (await put(HOOK)).text]);
    for (const each of [secret, rotated.body.secret]) expect(shown).not.toContain(each.slice('whsec_'.length));
  });

  it.each([
    [{ url: 'http://10.0.0.1/' }, 'url'],
    [{ url: undefined }, 'url'],
    [{ thresholds: [] }, 'thresholds'],
    [{ thresholds: [0] }, 'thresholds.0'],
    [{ thresholds: [101] }, 'thresholds.0'],
    [{ thresholds: [80.5] }, 'thresholds.0'],
    [{ thresholds: [1, 2, 3, 4, 5, 6] }, 'thresholds'],
    [{ email: 'ann@example.com' }, 'email'],
  ])('refuse %j at %s', async (part, path) => {
    const { status, body } = await put({ ...HOOK, ...part });
    expect([status, body.details?.map((each: { path: string }) => each.path)]).toEqual([422, [path]]);
  });

  it('are of one account, and an editor reads them alone', async () => {
    await put(HOOK);
    expect((await api.ask({ url: URL, key: api.strangerKey })).status).toBe(404);
    expect((await api.ask({ url: URL, key: api.plainKey })).status).toBe(200);
    expect((await put(HOOK, api.plainKey)).status).toBe(403);
    expect((await post(`${URL}/test`, api.plainKey)).status).toBe(403);
  });
});
