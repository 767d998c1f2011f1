import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../testing/test-server.ts';

const USER = { name: 'CRM', type: 'user', username: 'acme', password: 'correct horse battery' };
const OAUTH = {
  name: 'Partner',
  type: 'oauth2',
  token_url: 'https://login.example.com/token',
  client_id: 'acme',
  client_secret: 'client secret 42',
};
/** What a user has, taken away. */
const GONE = { username: undefined, password: undefined };
const SMTP = { type: 'smtp', host: 'mail.example.com' };
const SFTP = { type: 'sftp', host: 'files.example.com', username: 'acme', password: 'correct horse' };
const KEY = { ...GONE, type: 'api_key', key: 'key-4242' };
const SOURCE = {
  entity: { id: '5fd0c0de00000000000000e1', name: 'Blog' },
  integration: { module_id: 'leadconduit-default.inbound' },
};

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const post = (url: string, body: unknown) => api.ask({ method: 'POST', url, body });
const put = (url: string, body: unknown) => api.ask({ method: 'PUT', url, body });
const remove = (url: string) => api.ask({ method: 'DELETE', url });
const make = async (parts: object = {}) => {
  const { body } = await post('/credentials', { ...USER, ...parts });
  return { ...body, url: `/credentials/${body.id}` };
};
const latest = async () => {
  const [{ id }] = (await api.ask({ url: '/activity?limit=1' })).body;
  return (await api.ask({ url: `/activity/${id}` })).body;
};

describe('/credentials', () => {
  it('are made, read, listed, replaced and removed, and the log has each change without secrets', async () => {
    const made = await post('/credentials', { ...USER, package: 'leadconduit-custom' });
    expect(made).toMatchObject({ status: 201 });
    expect(made.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      name: 'CRM',
      type: 'user',
      package: 'leadconduit-custom',
      username: 'acme',
      password: null,
      created_at: '2025-03-03T12:00:00.000Z',
      updated_at: '2025-03-03T12:00:00.000Z',
      last_used_at: null,
      expires_at: null,
    });
    expect(await latest()).toMatchObject({
      kind: 'credential',
      action: 'create',
      after: { name: 'CRM', password: null },
    });
    const url = `/credentials/${made.body.id}`;
    expect((await api.ask({ url })).body).toEqual(made.body);
    expect((await api.ask({ url: '/credentials' })).body).toContainEqual(made.body);
    const replaced = await put(url, { ...made.body, name: 'CRM 2' });
    expect(replaced).toMatchObject({ status: 200, body: { name: 'CRM 2', username: 'acme', password: null } });
    expect(await latest()).toMatchObject({ action: 'update', before: { name: 'CRM' }, after: { name: 'CRM 2' } });
    expect(await remove(url)).toMatchObject({ status: 200, body: replaced.body });
    expect(await latest()).toMatchObject({ action: 'delete', after: null });
    for (const gone of [
      await api.ask({ url }),
      await api.ask({ url: `${url}/uses` }),
      await put(url, USER),
      await remove(url),
      await post(`${url}/test`, {}),
    ])
      expect(gone.status).toBe(404);
  });

  it.each<[string, object, string, RegExp]>([
    ['without a secret it needs', { password: undefined }, 'password', /Is required/],
    ['with a blank secret', { password: '' }, 'password', /Is required/],
    ['with what another type has', { token: 'x' }, 'token', /has no token: it takes username, password/],
    ['with a line break in a password', { password: 'a\r\nX: b' }, 'password', /line breaks/],
    ['without a name', { name: ' ' }, 'name', /1 to 200/],
    ['of an unknown type', { type: 'oauth9' }, 'type', /user/],
    ['with a private token URL', { ...OAUTH, ...GONE, token_url: 'http://10.0.0.1/' }, 'token_url', /public/],
    [
      'with an unknown choice',
      { ...OAUTH, ...GONE, client_authentication: 'cookie' },
      'client_authentication',
      /header/,
    ],
    [
      'with a password in a URL, which answers show',
      { type: 'aws', access_key_id: 'A', secret_access_key: 'B', endpoint: 'https://a:hunter2@minio.example.com/' },
      'endpoint',
      /Must not contain a user name or a password/,
    ],
    ['with a port that is none', { ...SMTP, port: 70_000 }, 'port', /65535/],
    ['with a header that is no name', { ...KEY, parameter: 'X Key' }, 'parameter', /name of a header/],
    ['of azure without any key', { type: 'azure', ...GONE, account_name: 'a' }, 'account_key', /connection_string/],
  ])('is refused %s', async (_, parts, path, message) => {
    const refused = await post('/credentials', { ...USER, ...parts });
    expect(refused.status).toBe(422);
    expect(refused.body.details).toContainEqual({ path, message: expect.stringMatching(message) });
  });

  it('keeps a secret that a PUT leaves out, and its type', async () => {
    const { url } = await make();
    await put(url, { name: 'CRM', type: 'user', username: 'other' });
    await put(url, { name: 'CRM', type: 'user', username: 'other', password: null });
    await post(`${url}/test`, { url: 'https://crm.example.com/' });
    const { authorization } = lowered(api.sent.at(-1)?.headers);
    expect(Buffer.from(authorization?.slice(6) ?? '', 'base64').toString()).toBe('other:correct horse battery');
    const moved = await put(url, { name: 'CRM', type: 'token', token: 'abc' });
    expect(moved).toMatchObject({ status: 422, body: { details: [{ path: 'type' }] } });
  });

  it('never answers a secret, and none is in a table in clear', async () => {
    const { url } = await make({ password: 'unmistakable-4711' });
    await put(url, { ...USER, password: 'unmistakable-4712' });
    await make({ ...OAUTH, ...GONE, client_secret: 'unmistakable-4713' });
    await make({ ...KEY, key: 'unmistakable-4714' });
    const seen = [
      await api.ask({ url }),
      await api.ask({ url: '/credentials' }),
      await api.ask({ url: '/activity?limit=100' }),
      await latest(),
      await post(`${url}/test`, { url: 'https://crm.example.com/' }),
    ];
    expect(JSON.stringify(seen)).not.toContain('unmistakable');
    // What is stored in clear is found.
    expect(await findInTables('acme')).toContain('credentials');
    expect(await findInTables('unmistakable')).toEqual([]);
    expect(await findInTables('correct horse')).toEqual([]);
  });

  it('cannot be removed while a flow names it, and says where', async () => {
    const { id, url } = await make();
    const step = {
      type: 'recipient',
      entity: { id: '5fd0c0de00000000000000e2', name: 'Desk' },
      integration: {
        module_id: 'leadconduit-custom.outbound.json',
        mappings: [{ property: 'credential_id', value: id }],
      },
    };
    const candidate = { entity: step.entity, integration: { module_id: 'x', mappings: [] }, credential_id: id };
    const flow = {
      name: 'Mortgage',
      enabled: true,
      fields: [],
      sources: [SOURCE],
      steps: [step, { type: 'distribution', method: 'priority', recipients: [candidate] }],
    };
    const saved = await post('/flows', flow);
    expect(saved.status).toBe(201);
    const used = {
      flow: { id: saved.body.id, name: 'Mortgage' },
      pricing_service: null,
      batch: null,
      saved: true,
      deployed: false,
    };
    expect((await api.ask({ url: `${url}/uses` })).body).toEqual([
      { ...used, path: 'steps.0.integration.mappings.0.value' },
      { ...used, path: 'steps.1.recipients.0.credential_id' },
    ]);
    const refused = await remove(url);
    expect(refused.status).toBe(409);
    expect(refused.body.error).toContain('"Mortgage" at steps.0.integration.mappings.0.value');
    await put(`/flows/${saved.body.id}`, { ...flow, steps: [] });
    expect((await remove(url)).status).toBe(200);
  });

  it('are tested with a URL, or by fetching a token, where their type can be', async () => {
    const user = await make();
    expect(await post(`${user.url}/test`, {})).toMatchObject({ status: 422, body: { details: [{ path: 'url' }] } });
    const elsewhere = await post(`${user.url}/test`, { url: 'http://10.0.0.1/' });
    expect(elsewhere).toMatchObject({ status: 422, body: { details: [{ path: 'url' }] } });
    expect((await post(`${user.url}/test`, { url: 'https://crm.example.com/' })).body).toMatchObject({
      outcome: 'failure',
      reason: 'The URL was not reached (no network).',
      status: null,
    });
    const oauth = await make({ ...OAUTH, ...GONE });
    expect((await post(`${oauth.url}/test`, {})).body).toMatchObject({ outcome: 'failure', reason: /token URL/ });
    const smtp = await make(SMTP);
    expect((await post(`${smtp.url}/test`, {})).body).toMatchObject({ outcome: 'failure', reason: 'no network.' });
    const sftp = await make(SFTP);
    expect((await post(`${sftp.url}/test`, {})).body).toMatchObject({ outcome: 'failure', reason: 'no network.' });
  });

  it('belong to one account, and are changed with credentials.manage alone', async () => {
    const { url, id } = await make();
    expect((await api.ask({ url, key: api.strangerKey })).status).toBe(404);
    expect((await api.ask({ method: 'DELETE', url, key: api.strangerKey })).status).toBe(404);
    const listed = (await api.ask({ url: '/credentials', key: api.strangerKey })).body;
    expect(JSON.stringify(listed)).not.toContain(id);
    const reader = (await post('/api_keys', { name: 'reader', permissions: ['flows.read'] })).body.key;
    expect((await api.ask({ url, key: reader })).status).toBe(200);
    const refused = await api.ask({ method: 'POST', url: '/credentials', body: USER, key: reader });
    expect(refused).toMatchObject({ status: 403, body: { error: expect.stringContaining('credentials.manage') } });
  });
});

function lowered(headers: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Tables with a row that has the text, whatever the column: rows as text, and the bytes of sealed columns. */
async function findInTables(text: string): Promise<string[]> {
  const { rows } = await api.pool.query<{ name: string }>(
    `select quote_ident(table_name) as name from information_schema.tables
      where table_schema = current_schema() and table_type = 'BASE TABLE'`,
  );
  const hex = Buffer.from(text).toString('hex');
  const found: string[] = [];
  for (const { name } of rows) {
    const { rows: hits } = await api.pool.query(
      `select 1 from ${name} t where position($1 in t::text) > 0 or position($2 in t::text) > 0 limit 1`,
      [text, hex],
    );
    if (hits.length > 0) found.push(name);
  }
  return found;
}
