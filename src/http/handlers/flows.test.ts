import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../testing/test-server.ts';

const FLOW = {
  name: 'Sales Leads',
  enabled: true,
  fields: ['first_name', 'email', 'phone_1', 'state'],
  sources: [{ entity: { name: 'Search Ads' }, integration: { module_id: 'leadconduit-default.inbound' } }],
  steps: [
    {
      type: 'filter',
      reason: 'Not in Texas',
      rule_set: { op: 'and', rules: [{ lhv: 'lead.state', op: 'is not equal to', rhv: 'TX' }] },
    },
  ],
  caps: [{ type: 'volume', maximum: 10, duration: 1, duration_units: 'day' }],
};

describe('/flows', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await createTestApi();
  });
  afterAll(() => api.close());

  const create = async (document: object = FLOW) => {
    const created = await api.ask({ method: 'POST', url: '/flows', body: document });
    expect(created.status).toBe(201);
    return created.body;
  };

  it('a new flow is saved whole, with ids inside, and read back the same', async () => {
    const flow = await create({ ...FLOW, notes_of_ours: { tags: ['x', null] } });
    expect(flow).toMatchObject({ ...FLOW, errors: {}, revision: 1, deployed_revision: null });
    expect(flow.id).toMatch(/^[0-9a-f]{24}$/);
    expect(flow.sources[0].id).toMatch(/^[0-9a-z]{6}$/);
    expect(flow.sources[0].entity.id).toMatch(/^[0-9a-f]{24}$/);
    expect(flow.steps[0].rule_set.rules[0].id).toMatch(/^[0-9a-z]{6}$/);
    expect(flow.caps[0]).toMatchObject({ created_at: '2025-03-03T12:00:00.000Z' });
    expect(flow.notes_of_ours).toEqual({ tags: ['x', null] });
    const read = await api.ask({ url: `/flows/${flow.id}` });
    expect(read.status).toBe(200);
    expect(read.body).toEqual(flow);
  });

  it('the caller may choose the id; a taken one is 409, also to another account', async () => {
    const id = '5fd4371e940df5a34a3888b2';
    expect((await create({ ...FLOW, id: id.toUpperCase() })).id).toBe(id);
    const again = await api.ask({ method: 'POST', url: '/flows', body: { ...FLOW, id } });
    expect(again).toMatchObject({ status: 409, body: { code: 'id_taken' } });
    const stranger = await api.ask({ method: 'POST', url: '/flows', body: { ...FLOW, id }, key: api.strangerKey });
    expect(stranger.status).toBe(409);
  });

  it('malformed documents are 422 and name path and remedy', async () => {
    const { status, body } = await api.ask({
      method: 'POST',
      url: '/flows',
      body: { ...FLOW, name: '', enabled: 'yes', sources: undefined, id: 'short' },
    });
    expect(status).toBe(422);
    expect(body.code).toBe('invalid_document');
    expect(body.details).toEqual(
      expect.arrayContaining([
        { path: 'name', message: 'Must not be empty.' },
        { path: 'enabled', message: 'Must be true or false.' },
        { path: 'sources', message: 'Is required.' },
        { path: 'id', message: 'Must have 24 hexadecimal characters.' },
      ]),
    );
  });

  it('what keeps a flow from running is saved in errors, and deploying it is 422 with the same list', async () => {
    const flow = await create({ ...FLOW, fields: ['first_name', 'unheard_of'], caps: [] });
    expect(flow.errors).toEqual({
      caps: 'Must have at least one entry; leave it out or give null to have none.',
      'fields.1': 'There is no field unheard_of.',
    });
    const deployed = await api.ask({ method: 'POST', url: `/flows/${flow.id}/deploy` });
    expect(deployed).toMatchObject({ status: 422, body: { code: 'not_deployable' } });
    expect(
      Object.fromEntries(deployed.body.details.map((d: { path: string; message: string }) => [d.path, d.message])),
    ).toEqual(flow.errors);
  });

  it('saving makes a revision and leaves the deployed one; deploying catches up', async () => {
    const flow = await create();
    const url = `/flows/${flow.id}`;
    const deployed = await api.ask({
      method: 'POST',
      url: `${url}/deploy`,
      headers: { 'content-type': 'application/json' },
    });
    expect(deployed).toMatchObject({
      status: 200,
      body: { message: 'Your flow was deployed and the most recent changes are now live' },
    });
    const saved = await api.ask({ method: 'PUT', url, body: { ...flow, name: 'Renamed' } });
    expect(saved).toMatchObject({ status: 200, body: { name: 'Renamed', revision: 2, deployed_revision: 1 } });
    const { rows } = await api.pool.query(
      `select revision, document ->> 'name' as name from flow_revisions where flow_id = $1 order by revision`,
      [flow.id],
    );
    expect(rows).toEqual([
      { revision: 1, name: 'Sales Leads' },
      { revision: 2, name: 'Renamed' },
    ]);
    await api.ask({ method: 'POST', url: `${url}/deploy` });
    expect((await api.ask({ url })).body).toMatchObject({ revision: 2, deployed_revision: 2 });
  });

  it('ids and created_at of what is inside stay through an edit', async () => {
    const flow = await create();
    const url = `/flows/${flow.id}`;
    const { created_at: _cut, ...cap } = flow.caps[0];
    api.clock.set(api.clock.now() + 86_400_000);
    const saved = await api.ask({ method: 'PUT', url, body: { ...flow, caps: [{ ...cap, maximum: 20 }] } });
    expect(saved.body.caps[0]).toEqual({ ...flow.caps[0], maximum: 20 });
    expect(saved.body.sources).toEqual(flow.sources);
  });

  it('a deleted flow is answered as it was and then gone; its id stays taken', async () => {
    const flow = await create();
    const url = `/flows/${flow.id}`;
    expect(await api.ask({ method: 'DELETE', url })).toMatchObject({ status: 200, body: flow });
    expect((await api.ask({ url })).status).toBe(404);
    expect((await api.ask({ method: 'DELETE', url })).status).toBe(404);
    expect((await api.ask({ method: 'PUT', url, body: flow })).status).toBe(404);
    expect((await api.ask({ method: 'POST', url: `${url}/deploy` })).status).toBe(404);
    expect((await api.ask({ method: 'POST', url: '/flows', body: flow })).status).toBe(409);
    expect((await api.ask({ url: '/flows' })).body.some((listed: { id: string }) => listed.id === flow.id)).toBe(false);
  });

  it('flows of another account are unknown', async () => {
    const flow = await create();
    const key = api.strangerKey;
    for (const [method, path] of [
      ['GET', ''],
      ['PUT', ''],
      ['DELETE', ''],
      ['POST', '/deploy'],
      ['GET', '/fields'],
      ['GET', '/fields/usage'],
    ] as const) {
      const body = method === 'PUT' ? FLOW : undefined;
      expect((await api.ask({ method, url: `/flows/${flow.id}${path}`, key, body })).status).toBe(404);
    }
  });

  it('a body with another id than the URL is 422', async () => {
    const flow = await create();
    const answer = await api.ask({
      method: 'PUT',
      url: `/flows/${flow.id}`,
      body: { ...FLOW, id: '5fd4371e940df5a34a3888b9' },
    });
    expect(answer).toMatchObject({ status: 422, body: { details: [{ path: 'id' }] } });
  });

  it('a save on an older revision is 409 and names both; without a revision the last one wins', async () => {
    const flow = await create();
    const url = `/flows/${flow.id}`;
    const put = (body: object, ifMatch?: string) =>
      api.ask({ method: 'PUT', url, body, ...(ifMatch === undefined ? {} : { headers: { 'if-match': ifMatch } }) });
    const { revision: _, ...unnumbered } = flow;
    expect((await api.ask({ url })).headers['etag']).toBe('"1"');
    const saved = await put({ ...flow, name: 'Second' });
    expect(saved).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { revision: 2 } });
    const stale = await put({ ...flow, name: 'Lost' });
    expect(stale).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(stale.body.error).toMatch(/revision of the flow is 2.*revision 1/);
    expect(await put(unnumbered, '"1"')).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await put({ ...unnumbered, revision: 9 })).toMatchObject({ status: 409 });
    expect(await put({ ...unnumbered, revision: 'two' })).toMatchObject({
      status: 422,
      body: { details: [{ path: 'revision', message: 'Must be a whole number.' }] },
    });
    expect(await put(unnumbered, 'yesterday')).toMatchObject({ status: 400, body: { code: 'malformed_header' } });
    expect((await api.ask({ url })).body.name).toBe('Second');
    for (const tag of ['"2"', 'W/"3"', '4', '*']) expect((await put(unnumbered, tag)).status).toBe(200);
    expect(await put(unnumbered)).toMatchObject({ status: 200, body: { revision: 7 } });
  });

  it('of two that save at once on one revision, one is refused', async () => {
    const flow = await create();
    const names = Array.from({ length: 8 }, (_, index) => `Name ${index}`);
    const answers = await Promise.all(
      names.map((name) => api.ask({ method: 'PUT', url: `/flows/${flow.id}`, body: { ...flow, name } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
  });

  it('a list with one older revision is saved not at all', async () => {
    const [first, second] = [await create(), await create()];
    await api.ask({ method: 'PUT', url: `/flows/${second.id}`, body: second });
    expect(await api.ask({ method: 'PUT', url: '/flows', body: [{ ...first, name: 'X' }, second] })).toMatchObject({
      status: 409,
      body: { code: 'conflict', details: [{ path: '1.revision' }] },
    });
    expect((await api.ask({ url: `/flows/${first.id}` })).body.name).toBe('Sales Leads');
  });

  it('deploy and delete take the revision as If-Match', async () => {
    const flow = await create();
    const url = `/flows/${flow.id}`;
    const stale = { 'if-match': '"3"' };
    expect(await api.ask({ method: 'POST', url: `${url}/deploy`, headers: stale })).toMatchObject({ status: 409 });
    expect(await api.ask({ method: 'DELETE', url, headers: stale })).toMatchObject({ status: 409 });
    const current = { 'if-match': '"1"' };
    expect(await api.ask({ method: 'POST', url: `${url}/deploy`, headers: current })).toMatchObject({ status: 200 });
    expect(await api.ask({ method: 'DELETE', url, headers: current })).toMatchObject({ status: 200 });
    expect(await api.ask({ method: 'POST', url: '/fields', body: {}, headers: current })).toMatchObject({
      status: 400,
      body: { code: 'malformed_header' },
    });
  });

  it('a body or a parameter that would be ignored is refused, and says what to do', async () => {
    const flow = await create();
    const url = `/flows/${flow.id}`;
    const deploy = (body: unknown) => api.ask({ method: 'POST', url: `${url}/deploy`, body });
    expect(await deploy({ revision: 1 })).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
    expect(await deploy([1])).toMatchObject({ status: 422 });
    expect(await deploy({})).toMatchObject({ status: 200 });
    expect(await api.ask({ method: 'DELETE', url, body: { sure: true } })).toMatchObject({ status: 422 });
    expect(await api.ask({ url: '/flows?includ=id' })).toMatchObject({
      status: 400,
      body: { details: [{ path: 'includ', message: expect.stringContaining('"include"') }] },
    });
    expect(await api.ask({ url: '/types?type=x' })).toMatchObject({ status: 400 });
    expect(await api.ask({ url: `${url}?include=stepps` })).toMatchObject({
      status: 400,
      body: { details: [{ path: 'include', message: expect.stringContaining('Did you mean "steps"?') }] },
    });
    expect(await api.ask({ method: 'POST', url: '/flows', body: [FLOW] })).toMatchObject({
      status: 422,
      body: { error: expect.stringContaining('PUT /flows') },
    });
    expect(await api.ask({ method: 'POST', url: '/flows', body: flow })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('PUT /flows/{id}') },
    });
  });

  it('a misspelt name is in errors and stops the deploy; a name of one’s own is kept with a warning', async () => {
    const flow = await create({ ...FLOW, acceptence_criteria: {}, x_crm: 7 });
    expect(flow).toMatchObject({
      x_crm: 7,
      errors: { acceptence_criteria: expect.stringContaining('acceptance_criteria') },
    });
    expect(flow.warnings).toContainEqual(expect.objectContaining({ path: 'x_crm', check: 'unknown-name' }));
    expect(await api.ask({ method: 'POST', url: `/flows/${flow.id}/deploy` })).toMatchObject({
      status: 422,
      body: { details: [{ path: 'acceptence_criteria' }] },
    });
    expect(await api.ask({ url: `/flows?include=id,x_crm` })).toMatchObject({ status: 200 });
  });

  it('the JSON Schema is there for editors, without a key', async () => {
    const schema = await api.ask({ url: '/schemas/flow.json', key: null });
    expect(schema).toMatchObject({ status: 200, body: { title: 'Flow', $schema: expect.stringContaining('2020-12') } });
  });

  it('include and exclude pick properties, together they are 400', async () => {
    await create();
    const { body: included } = await api.ask({ url: '/flows?include=id&include[]=name' });
    expect(Object.keys(included[0]).sort()).toEqual(['id', 'name']);
    const { body: listed } = await api.ask({ url: '/flows?include=name,enabled' });
    expect(Object.keys(listed[0]).sort()).toEqual(['enabled', 'name']);
    const { body: excluded } = await api.ask({ url: '/flows?exclude=sources&exclude=steps' });
    expect(excluded[0]).toHaveProperty('name');
    expect(excluded[0]).not.toHaveProperty('sources');
    const both = await api.ask({ url: '/flows?include=id&exclude=name' });
    expect(both).toMatchObject({ status: 400, body: { code: 'malformed_query' } });
  });

  it.each([
    ['GET', '/flows/123'],
    ['PUT', '/flows/xyz'],
    ['DELETE', '/flows/5fd4371e940df5a34a3888b'],
    ['POST', '/flows/nope/deploy'],
    ['GET', '/flows/nope/fields'],
    ['GET', '/flows/nope/fields/usage'],
    ['GET', '/flows/nope/sources/5fd4371e940df5a34a3888b2/meta'],
    ['GET', '/flows/5fd4371e940df5a34a3888b2/sources/nope/meta'],
  ] as const)('%s %s has no id where one belongs: 404', async (method, url) => {
    const body = method === 'PUT' ? FLOW : undefined;
    expect(await api.ask({ method, url, body })).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('what is probably not meant is reported as warnings, in lists only when asked for', async () => {
    const filter = {
      type: 'filter',
      rule_set: { op: 'and', rules: [{ lhv: 'lead.stat', op: 'is equal to', rhv: 'TX' }] },
    };
    const flow = await create({ ...FLOW, fields: ['state'], steps: [filter] });
    const warnings = [{ path: 'steps.0.rule_set.rules.0.lhv', check: 'unknown-variable', message: expect.any(String) }];
    expect(flow.warnings).toEqual(warnings);
    const url = `/flows/${flow.id}`;
    expect((await api.ask({ url })).body.warnings).toEqual(warnings);
    expect((await api.ask({ method: 'PUT', url, body: flow })).body.warnings).toEqual(warnings);
    const ofFlow = (answer: { body: { id: string }[] }) => answer.body.find(({ id }) => id === flow.id);
    expect(ofFlow(await api.ask({ url: '/flows' }))).not.toHaveProperty('warnings');
    expect(ofFlow(await api.ask({ url: '/flows?include=id,warnings' }))).toEqual({ id: flow.id, warnings });
    const mended = { ...flow, fields: ['state', 'stat'], name: 'Mended', revision: 2 };
    expect((await api.ask({ method: 'PUT', url, body: mended })).body.warnings).toEqual([]);
  });

  it('all flows are saved together or not at all, and it takes a permission of its own', async () => {
    const [first, second] = [await create(), await create()];
    const put = (body: unknown, key = api.key) => api.ask({ method: 'PUT', url: '/flows', body, key });
    expect(await put([first], api.plainKey)).toMatchObject({ status: 403, body: { code: 'permission_required' } });
    const fresh = { ...FLOW, id: '5fd4371e940df5a34a3888c0' };
    const saved = await put([{ ...second, name: 'B' }, { ...first, name: 'A' }, fresh]);
    expect(saved.status).toBe(200);
    expect(saved.body.map((flow: { name: string; revision: number }) => [flow.name, flow.revision])).toEqual([
      ['B', 2],
      ['A', 2],
      ['Sales Leads', 1],
    ]);
    const refused = await put([
      { ...first, name: 'C' },
      { ...second, name: '' },
    ]);
    expect(refused).toMatchObject({ status: 422, body: { details: [{ path: '1.name' }] } });
    expect((await api.ask({ url: `/flows/${first.id}` })).body.name).toBe('A');
    expect((await put([FLOW])).body.details).toEqual([
      { path: '0.id', message: 'Is required: 24 hexadecimal characters.' },
    ]);
    expect((await put([first, first])).status).toBe(422);
    expect((await put({})).status).toBe(422);
    await api.ask({ method: 'DELETE', url: `/flows/${second.id}` });
    expect((await put([{ ...first, name: 'D', revision: 2 }, second])).body.details[0].path).toBe('1.id');
    expect((await api.ask({ url: `/flows/${first.id}` })).body.name).toBe('A');
  });

  it('fields of a flow are listed in its order, unknown ones left out', async () => {
    const flow = await create({ ...FLOW, fields: ['state', 'unheard_of', 'first_name'] });
    const { status, body } = await api.ask({ url: `/flows/${flow.id}/fields` });
    expect(status).toBe(200);
    expect(body).toEqual([
      { id: 'state', name: 'State', type: 'state', description: 'State', standard: true, aggregate: true },
      expect.objectContaining({ id: 'first_name', name: 'First Name', type: 'first_name', standard: true }),
    ]);
  });
});
