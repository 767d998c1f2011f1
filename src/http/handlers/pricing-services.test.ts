import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../testing/test-server.ts';

const RATES = { name: 'Rates', url: 'https://prices.example.com/', variables: ['lead.state'] };
const SOURCE = {
  entity: { id: '5fd0c0de00000000000000e1', name: 'Blog' },
  integration: { module_id: 'leadconduit-default.inbound' },
};

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const post = (url: string, body?: unknown) => api.ask({ method: 'POST', url, ...(body === undefined ? {} : { body }) });
const put = (url: string, body: unknown) => api.ask({ method: 'PUT', url, body });
const remove = (url: string) => api.ask({ method: 'DELETE', url });
const make = async (parts: object = {}) => {
  const { body } = await post('/pricing_services', { ...RATES, ...parts });
  return { ...body, url: `/pricing_services/${body.id}` };
};
const latest = async () => {
  const [{ id }] = (await api.ask({ url: '/activity?limit=1' })).body;
  return (await api.ask({ url: `/activity/${id}` })).body;
};

describe('/pricing_services', () => {
  it('are made, read, listed, replaced and removed, and the log has each change', async () => {
    const made = await post('/pricing_services', RATES);
    expect(made.status).toBe(201);
    const { secret, ...service } = made.body;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(service).toEqual({
      ...RATES,
      credential_id: null,
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      created_at: '2025-03-03T12:00:00.000Z',
      updated_at: '2025-03-03T12:00:00.000Z',
    });
    expect(await latest()).toMatchObject({ kind: 'pricing_service', action: 'create', after: { name: 'Rates' } });
    const url = `/pricing_services/${service.id}`;
    expect((await api.ask({ url })).body).toEqual(service);
    expect((await api.ask({ url: '/pricing_services' })).body).toContainEqual(service);
    const given = { ...made.body, name: 'Rates 2', variables: ['lead.state', 'lead.state', 'random'] };
    const replaced = await put(url, given);
    expect(replaced).toMatchObject({ status: 200, body: { name: 'Rates 2', variables: ['lead.state', 'random'] } });
    expect(await latest()).toMatchObject({ action: 'update', before: { name: 'Rates' }, after: { name: 'Rates 2' } });
    expect(await remove(url)).toMatchObject({ status: 200, body: replaced.body });
    expect(await latest()).toMatchObject({ action: 'delete', after: null });
    for (const gone of [
      await api.ask({ url }),
      await put(url, RATES),
      await remove(url),
      await post(`${url}/test`, {}),
    ])
      expect(gone.status).toBe(404);
  });

  it('have a secret that only two answers show, and that is sealed where it is stored', async () => {
    const { url, secret } = await make();
    const rotated = await post(`${url}/rotate_secret`);
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).not.toBe(secret);
    expect(await latest()).toMatchObject({ kind: 'pricing_service', action: 'rotate' });
    const { rows } = await api.pool.query(`select encode(sealed_secret, 'escape') as sealed from pricing_services`);
    const activity = await api.pool.query('select * from activity');
    const shown = JSON.stringify([
      rows,
      activity.rows,
      (await api.ask({ url })).text,
      (await api.ask({ url: '/pricing_services' })).text,
      (await put(url, RATES)).text,
    ]);
    for (const each of [secret, rotated.body.secret]) expect(shown).not.toContain(each.slice('whsec_'.length));
  });

  it.each([
    [{ name: ' ' }, 'name'],
    [{ url: 'http://10.0.0.1/' }, 'url'],
    [{ url: 7 }, 'url'],
    [{ variables: undefined }, 'variables'],
    [{ variables: [''] }, 'variables.0'],
    [{ variables: ['lead.state', 'lead..'] }, 'variables.1'],
    [{ variables: Array.from({ length: 101 }, (_, index) => `lead.a${index}`) }, 'variables'],
    [{ nmae: 'x' }, 'nmae'],
  ])('refuse %j at %s', async (part, path) => {
    for (const { status, body } of [
      await post('/pricing_services', { ...RATES, ...part }),
      await put((await make()).url, { ...RATES, ...part }),
    ])
      expect([status, body.details?.map((each: { path: string }) => each.path)]).toEqual([422, [path]]);
  });

  it('stay while a flow names them, at the flow or at a source', async () => {
    const [ofFlow, ofSource] = [await make(), await make()];
    const flow = {
      name: 'Mortgage',
      enabled: true,
      fields: [],
      steps: [],
      pricing_service: { service_id: ofFlow.id, fallback_price: 1 },
      sources: [{ ...SOURCE, pricing_service: { service_id: ofSource.id, fallback_price: 1 } }],
    };
    const saved = await post('/flows', flow);
    expect(saved.status).toBe(201);
    expect(JSON.stringify(saved.body.warnings)).not.toContain('unknown-pricing-service');
    for (const { url } of [ofFlow, ofSource]) {
      const { status, body } = await remove(url);
      expect([status, body.code]).toEqual([409, 'conflict']);
      expect(body.error).toContain('"Mortgage"');
      expect((await api.ask({ url: `${url}/uses` })).body).toEqual([{ id: saved.body.id, name: 'Mortgage' }]);
    }
    expect((await api.ask({ url: `${(await make()).url}/uses` })).body).toEqual([]);
    expect((await api.ask({ url: '/pricing_services/5fd0c0de00000000000000ff/uses' })).status).toBe(404);
    expect((await api.ask({ url: `${ofFlow.url}/uses`, key: api.strangerKey })).status).toBe(404);
    await put(`/flows/${saved.body.id}`, { ...flow, pricing_service: null, sources: [SOURCE] });
    expect([(await remove(ofFlow.url)).status, (await remove(ofSource.url)).status]).toEqual([200, 200]);
  });

  it('are asked with a credential of the account that can authenticate requests', async () => {
    const make = (given: object) => post('/credentials', { name: 'Rates', ...given });
    const token = (await make({ type: 'token', token: 'blue-lantern-77' })).body.id;
    const smtp = (await make({ type: 'smtp', host: 'mail.example.com' })).body.id;
    for (const credential_id of [smtp, '5fd0c0de00000000000000ff']) {
      const { status, body } = await post('/pricing_services', { ...RATES, credential_id });
      expect([status, body.details.map((each: { path: string }) => each.path)]).toEqual([422, ['credential_id']]);
    }
    const made = await post('/pricing_services', { ...RATES, credential_id: token });
    expect([made.status, made.body.credential_id]).toEqual([201, token]);
    const url = `/pricing_services/${made.body.id}`;
    expect((await api.ask({ url })).body.credential_id).toBe(token);
    const uses = await api.ask({ url: `/credentials/${token}/uses` });
    expect(uses.body).toEqual([
      {
        ...{ flow: null, pricing_service: { id: made.body.id, name: 'Rates' }, batch: null, path: 'credential_id' },
        ...{ saved: true, deployed: true },
      },
    ]);
    const refused = await remove(`/credentials/${token}`);
    expect([refused.status, refused.body.error]).toEqual([
      409,
      'The credential is used by the pricing service "Rates": remove it there first.',
    ]);
    expect((await put(url, RATES)).body.credential_id).toBeNull();
    expect((await remove(`/credentials/${token}`)).status).toBe(200);
  });

  it('that do not exist are a warning of the flow', async () => {
    const missing = { service_id: '5fd0c0de00000000000000ff', fallback_price: 1 };
    const flow = { name: 'M', enabled: true, fields: [], steps: [], sources: [SOURCE], pricing_service: missing };
    const { body } = await post('/flows', flow);
    expect(body.warnings).toContainEqual(
      expect.objectContaining({ check: 'unknown-pricing-service', path: 'pricing_service.service_id' }),
    );
  });

  it('are of the own account alone', async () => {
    const { url, id } = await make();
    for (const method of ['GET', 'DELETE'] as const)
      expect((await api.ask({ method, url, key: api.strangerKey })).status).toBe(404);
    const listed = (await api.ask({ url: '/pricing_services', key: api.strangerKey })).body;
    expect(listed.map((each: { id: string }) => each.id)).not.toContain(id);
    expect((await api.ask({ method: 'POST', url: `${url}/test`, body: {}, key: api.strangerKey })).status).toBe(404);
  });

  it('are asked by a test with the variables they have; nothing of a lead is sent', async () => {
    const { url } = await make({ variables: ['lead.state', 'lead.email'] });
    const { status, body } = await post(`${url}/test`, {
      variables: { 'lead.state': 'TX', 'lead.ssn': '219-09-9999' },
    });
    expect([status, body.price, body.fault, body.response]).toEqual([200, null, 'was not reached', null]);
    expect(JSON.parse(body.request)).toMatchObject({
      type: 'price.test',
      data: { lead_id: null, flow: null, source: null, variables: { 'lead.state': 'TX', 'lead.email': null } },
    });
    expect(body.request).not.toMatch(/(?<![0-9a-f.])(219|9999)(?![0-9a-f])/);
  });
});
