import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../testing/test-server.ts';

const FIELD = { id: 'shoe_size_acme', name: 'Shoe Size', type: 'number' };

describe('/fields', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await createTestApi();
  });
  afterAll(() => api.close());

  const post = (body: unknown) => api.ask({ method: 'POST', url: '/fields', body });

  it('standard fields are built in, custom ones come after them', async () => {
    const { status, body } = await api.ask({ url: '/fields' });
    expect(status).toBe(200);
    expect(body).toHaveLength(551);
    expect(body.every((field: { standard: boolean }) => field.standard)).toBe(true);
    await post(FIELD);
    expect((await api.ask({ url: '/fields' })).body.at(-1)).toMatchObject({
      ...FIELD,
      standard: false,
      aggregate: true,
    });
    expect((await api.ask({ url: '/fields', key: api.strangerKey })).body).toHaveLength(551);
  });

  it('a custom field is made, read, changed and deleted', async () => {
    const field = { id: 'pet.name_acme', name: 'Pet', type: 'string', description: 'What it hears', masked: true };
    const created = await post(field);
    expect(created).toMatchObject({ status: 201, body: { ...field, standard: false } });
    const url = `/fields/${field.id}`;
    expect((await api.ask({ url })).body).toEqual(created.body);
    const changed = await api.ask({ method: 'PUT', url, body: { name: 'Animal', type: 'first_name' } });
    expect(changed).toMatchObject({ status: 200, body: { id: field.id, name: 'Animal', type: 'first_name' } });
    expect(changed.body).toHaveProperty('masked', true);
    const shown = await api.ask({ method: 'PUT', url, body: { name: 'Animal', type: 'first_name', masked: false } });
    expect(shown.body).not.toHaveProperty('masked');
    const misspelt = await api.ask({ method: 'PUT', url, body: { name: 'Animal', type: 'first_name', maskd: true } });
    expect(misspelt).toMatchObject({ status: 422, body: { details: [{ path: 'maskd' }] } });
    expect(await api.ask({ method: 'DELETE', url })).toMatchObject({ status: 200, body: shown.body });
    expect((await api.ask({ url })).status).toBe(404);
    expect((await api.ask({ method: 'DELETE', url })).status).toBe(404);
    expect((await api.ask({ method: 'PUT', url, body: field })).status).toBe(404);
  });

  it.each([
    ['no body', undefined, ''],
    ['no id', { ...FIELD, id: undefined }, 'id'],
    ['spaces in the id', { ...FIELD, id: 'shoe size' }, 'id'],
    ['an empty group', { ...FIELD, id: 'shoe..size' }, 'id'],
    ['a name of JavaScript objects', { ...FIELD, id: 'lead.constructor' }, 'id'],
    ['the name of the lead’s own id', { ...FIELD, id: 'id' }, 'id'],
    ['no name', { ...FIELD, name: ' ' }, 'name'],
    ['an unknown type', { ...FIELD, type: 'array' }, 'type'],
    ['a flag as text', { ...FIELD, aggregate: 'no' }, 'aggregate'],
  ])('%s is 422', async (_name, body, path) => {
    expect(await post(body)).toMatchObject({ status: 422, body: { details: [{ path }] } });
  });

  it('an id that is taken is 409', async () => {
    expect((await post({ ...FIELD, id: 'email' })).status).toBe(409);
    await post({ ...FIELD, id: 'twice_acme' });
    expect(await post({ ...FIELD, id: 'twice_acme' })).toMatchObject({ status: 409, body: { code: 'id_taken' } });
  });

  it('standard fields cannot be changed or deleted', async () => {
    const url = '/fields/email';
    expect((await api.ask({ url })).body).toMatchObject({ id: 'email', type: 'email', standard: true });
    for (const method of ['PUT', 'DELETE'] as const) {
      const body = method === 'PUT' ? { ...FIELD, id: 'email' } : undefined;
      expect(await api.ask({ method, url, body })).toMatchObject({ status: 403, body: { code: 'standard_field' } });
    }
  });

  it('the id of a field cannot be changed', async () => {
    await post({ ...FIELD, id: 'fixed_acme' });
    const changed = await api.ask({ method: 'PUT', url: '/fields/fixed_acme', body: { ...FIELD, id: 'other_acme' } });
    expect(changed).toMatchObject({ status: 422, body: { details: [{ path: 'id' }] } });
  });

  it('deleting a field that a flow names is 202, fills its errors and leaves what runs', async () => {
    await post({ ...FIELD, id: 'used_acme' });
    const document = { name: 'F', enabled: true, fields: ['used_acme'], sources: [], steps: [] };
    const { body: flow } = await api.ask({ method: 'POST', url: '/flows', body: document });
    const url = `/flows/${flow.id}`;
    expect((await api.ask({ method: 'POST', url: `${url}/deploy` })).status).toBe(200);
    expect((await api.ask({ method: 'DELETE', url: '/fields/used_acme' })).status).toBe(202);
    expect((await api.ask({ url })).body.errors).toEqual({ 'fields.0': 'There is no field used_acme.' });
    expect((await api.ask({ method: 'POST', url: `${url}/deploy` })).status).toBe(422);
    expect((await api.ask({ url: '/fields/used_acme' })).status).toBe(404);
    expect((await post({ ...FIELD, id: 'used_acme' })).status).toBe(201);
    expect((await api.ask({ url })).body.errors).toEqual({});
  });

  it('fields of one flow, by flow_id', async () => {
    const document = { name: 'F', enabled: true, fields: ['state', 'email'], sources: [], steps: [] };
    const { body: flow } = await api.ask({ method: 'POST', url: '/flows', body: document });
    const { body } = await api.ask({ url: `/fields?flow_id=${flow.id}` });
    expect(body.map((field: { id: string }) => field.id)).toEqual(['state', 'email']);
    expect((await api.ask({ url: '/fields?flow_id=nope' })).status).toBe(400);
    expect((await api.ask({ url: '/fields?flow_id=5fd4371e940df5a34a3888b2' })).status).toBe(404);
  });
});
