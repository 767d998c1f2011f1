import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, TEST_NOW, type TestApi } from '../testing/test-server.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const post = (url: string, body: unknown, key?: string) =>
  api.ask({ method: 'POST', url, body, ...(key === undefined ? {} : { key }) });
const put = (url: string, body: unknown) => api.ask({ method: 'PUT', url, body });
const remove = (url: string, body?: unknown) => api.ask({ method: 'DELETE', url, ...(body ? { body } : {}) });
const exists = (list: string, value: string) => api.ask({ url: `/exists/${list}/${encodeURIComponent(value)}` });
const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const SECOND = 1_000;

describe('/lists', () => {
  it('are made, listed, renamed and removed, and the log has each change', async () => {
    const made = await post('/lists', { name: 'Do Not Call', type: 'phone', ttl: 60 });
    expect(made).toMatchObject({ status: 201 });
    const list = {
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      name: 'Do Not Call',
      url_name: 'do_not_call',
      type: 'phone',
      allows_md5: false,
      ttl: 60,
      count: 0,
      total_jobs: 0,
      created_at: '2025-03-03T12:00:00.000Z',
      updated_at: '2025-03-03T12:00:00.000Z',
    };
    expect(made.body).toEqual(list);
    const { id } = made.body;
    expect((await api.ask({ url: '/lists' })).body).toEqual([list]);
    const renamed = { ...list, name: 'Opt-outs' };
    expect(await put(`/lists/${id}`, { ...made.body, name: 'Opt-outs' })).toMatchObject({ status: 200, body: renamed });
    for (const name of ['do_not_call', 'Do%20Not%20Call', 'optouts', 'Opt-outs', id])
      expect((await api.ask({ url: `/lists/${name}` })).body).toEqual(renamed);
    expect((await put('/lists/optouts', { name: 'Opt-outs', ttl: null })).body).toEqual({ ...renamed, ttl: null });
    expect((await remove('/lists/optouts')).body).toEqual({ ...renamed, ttl: null });
    expect(await api.ask({ url: `/lists/${id}` })).toMatchObject({ status: 404, body: { code: 'not_found' } });
    const log = (await api.ask({ url: '/activity?kind=list' })).body;
    expect(log.map(({ action }: { action: string }) => action)).toEqual(['delete', 'update', 'update', 'create']);
  });

  it('are lists of texts and MD5s without a type, as SuppressionList makes them', async () => {
    expect((await post('/lists', { name: 'Plain', ttl: null })).body).toMatchObject({ type: 'md5', allows_md5: true });
    expect((await post('/lists', { name: 'Text', type: 'text', allows_md5: true })).body.type).toBe('md5');
    expect((await post('/lists', { name: 'Hashed mail', type: 'email', allows_md5: true })).body).toMatchObject({
      type: 'email',
      allows_md5: true,
    });
    const refused = await post('/lists', { name: 'Odd', allows_md5: false });
    expect(refused).toMatchObject({ status: 422, body: { details: [{ path: 'allows_md5' }] } });
  });

  it('keep a name that another list has, or had first', async () => {
    await post('/lists', { name: 'First' });
    await put('/lists/first', { name: 'Second' });
    for (const name of ['FIRST', 'second', 'Second!'])
      expect(await post('/lists', { name })).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await post('/lists', { name: 'Third' });
    expect((await put('/lists/third', { name: 'first' })).status).toBe(409);
    expect((await put('/lists/first', { name: 'First' })).status).toBe(200);
  });

  it.each([
    ['no name', {}, 'name'],
    ['a name without a letter of ASCII', { name: '東京' }, 'name'],
    ['an unknown type', { name: 'x', type: 'fax' }, 'type'],
    ['no TTL', { name: 'x', ttl: 0 }, 'ttl'],
    ['half a second', { name: 'x', ttl: 0.5 }, 'ttl'],
    ['an unknown property', { name: 'x', ttl_seconds: 5 }, 'ttl_seconds'],
  ])('are not made with %s', async (_, body, path) => {
    const answer = await post('/lists', body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_document', details: [{ path }] } });
  });

  it('keep their type', async () => {
    const { body } = await post('/lists', { name: 'Zips', type: 'postal_code' });
    expect((await put('/lists/zips', { ...body, name: 'Areas' })).status).toBe(200);
    const answer = await put('/lists/zips', { name: 'Zips', type: 'text', allows_md5: true });
    expect(answer).toMatchObject({ status: 422, body: { details: [{ path: 'type' }, { path: 'allows_md5' }] } });
  });

  it('are of their account', async () => {
    await post('/lists', { name: 'Mine' });
    await post('/lists/mine/items', { values: 'ann@example.com' });
    const asked = { key: api.strangerKey };
    expect((await api.ask({ url: '/lists', ...asked })).body).toEqual([]);
    expect((await api.ask({ url: '/exists/mine/ann%40example.com', ...asked })).body.code).toBe('not_found');
    expect((await post('/lists', { name: 'Mine' }, api.strangerKey)).status).toBe(201);
    expect((await api.ask({ url: '/exists/mine/ann%40example.com', ...asked })).body.found).toBe(false);
  });
});

describe('files', () => {
  const send = (text: string, type = 'text/csv', url = '/lists/filed/imports') =>
    api.ask({ method: 'POST', url, text, headers: { 'content-type': type } });

  it('are refused while too many are received, and taken again after that', async () => {
    await post('/lists', { name: 'Filed', type: 'phone' });
    for (let n = 0; n < 8; n += 1) api.receiving.add(String(n));
    expect(await send('5127894321')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    api.receiving.delete('0');
    expect(await send('5127894321')).toMatchObject({ status: 202, body: { job: { kind: 'import-list' } } });
    expect(api.receiving.size).toBe(7);
    api.receiving.clear();
  });

  it('are kept sealed', async () => {
    const { rows } = await api.pool.query('select content from job_files');
    expect(rows).toHaveLength(1);
    expect(rows[0].content.toString('latin1')).not.toContain('5127894321');
  });

  it('are not taken by other routes, nor JSON by this one', async () => {
    for (const [type, url] of [
      ['application/json', '/lists/filed/imports'],
      ['image/png', '/lists/filed/imports'],
      ['text/csv', '/lists'],
    ] as const)
      expect((await send('{}', type, url)).body.code).toBe('unsupported_media_type');
  });
});

describe('entries', () => {
  it('are entered, found, entered again and taken off', async () => {
    const { body: list } = await post('/lists', { name: 'My List' });
    const absent = { specified_lists: ['my_list'], key: 'test@email.com', found: false };
    expect(await exists('my_list', 'test@email.com')).toMatchObject({ status: 404, body: absent });
    const added = await post('/lists/my_list/items', { values: ['Test@Email.com '] });
    expect([added.status, added.text]).toEqual([200, '{"accepted":1,"rejected":0}']);
    expect(added.headers['x-runtime']).toMatch(/^\d+\.\d+$/);
    const found = await exists('my_list', 'test@email.com');
    expect(found.status).toBe(200);
    expect(found.text).toBe(
      JSON.stringify({
        specified_lists: ['my_list'],
        key: 'test@email.com',
        found: true,
        exists_in_lists: ['my_list'],
        entries: [{ list_id: list.id, list_url_name: 'my_list', added_at: '2025-03-03T12:00:00Z' }],
      }),
    );
    api.clock.set(TEST_NOW + 5 * SECOND);
    await post('/lists/my_list/items', { values: 'test@email.com' });
    expect((await exists('my_list', 'test@email.com')).body.entries[0].added_at).toBe('2025-03-03T12:00:05Z');
    expect((await api.ask({ url: '/lists/my_list' })).body.count).toBe(1);
    const gone = await remove('/lists/my_list/items', { values: ['TEST@email.com', 'other@email.com'] });
    expect([gone.status, gone.text]).toEqual([200, '{"deleted":1,"rejected":1}']);
    expect((await exists('my_list', 'test@email.com')).status).toBe(404);
  });

  it('are stored as keyed hashes alone', async () => {
    await post('/lists', { name: 'Secret' });
    await post('/lists/secret/items', { values: ['ann@example.com'] });
    const { rows } = await api.pool.query(
      "select i.* from list_items i join lists l on l.contents_id = i.list_id where l.url_name = 'secret'",
    );
    expect(rows).toHaveLength(1);
    const text = JSON.stringify(rows[0]);
    for (const plain of ['ann@example.com', md5('ann@example.com')]) expect(text).not.toContain(plain);
    expect(rows[0].value).toHaveLength(32);
  });

  it('of several lists are told apart', async () => {
    for (const name of ['One', 'Two', 'Three']) await post('/lists', { name });
    expect((await post('/lists/one|two/items', { values: 'a|b|c' })).body).toEqual({ accepted: 3, rejected: 0 });
    const found = (await exists('three%7Ctwo|ONE', 'b')).body;
    expect(found.specified_lists).toEqual(['three', 'two', 'one']);
    expect(found.exists_in_lists).toEqual(['two', 'one']);
    expect((await remove('/lists/two|three/items', { values: ['b'] })).body).toEqual({ deleted: 1, rejected: 0 });
    expect((await exists('one|two|three', 'b')).body.exists_in_lists).toEqual(['one']);
  });

  it.each([
    ['phone', '(512) 789-4321', '+1 512 789 4321', md5('5127894321')],
    ['email', 'Ann@Example.com', 'ann@example.com', md5('ann@example.com')],
    ['postal_code', '78704-1234', '78704', md5('78704')],
    ['md5', 'AB-12', 'ab-12', md5('ab-12')],
  ])(
    'of the type %s are found in another spelling, and by their MD5 where that is allowed',
    async (type, value, other, hash) => {
      const name = `hashed_${type}`;
      await post('/lists', { name, type, allows_md5: true });
      await post(`/lists/${name}/items`, { values: [value] });
      for (const asked of [value, other, hash, hash.toUpperCase()])
        expect((await exists(name, asked)).status).toBe(200);
      await remove(`/lists/${name}/items`, { values: [other] });
      await post(`/lists/${name}/items`, { values: [hash] });
      expect((await exists(name, value)).status).toBe(200);
    },
  );

  it('of a list that does not allow MD5s are not found by one', async () => {
    await post('/lists', { name: 'Unhashed', type: 'email' });
    await post('/lists/unhashed/items', { values: ['ann@example.com'] });
    expect((await exists('unhashed', md5('ann@example.com'))).status).toBe(404);
    const rejected = await post('/lists/unhashed/items', { values: [md5('bob@example.com')] });
    expect(rejected.body).toEqual({ accepted: 0, rejected: 1 });
  });

  it('have up to 1 000 characters', async () => {
    await post('/lists', { name: 'Long', type: 'text' });
    const [long, longer] = ['ä/'.repeat(500), 'x'.repeat(1_001)];
    expect((await post('/lists/long/items', { values: [long, longer] })).body).toEqual({ accepted: 1, rejected: 1 });
    expect((await exists('long', long)).status).toBe(200);
  });

  it('that do not fit the type of the list are rejected', async () => {
    await post('/lists', { name: 'Phones', type: 'phone' });
    const answer = await post('/lists/phones/items', {
      values: ['512 789 4321', 'ann@example.com', '', 5_127_894_322],
    });
    expect(answer.body).toEqual({ accepted: 2, rejected: 2 });
    expect((await exists('phones', 'ann@example.com')).status).toBe(404);
    expect((await exists('phones', '5127894322')).status).toBe(200);
  });

  it('end by the TTL of their list', async () => {
    await post('/lists', { name: 'Short', ttl: 60 });
    api.clock.set(TEST_NOW);
    await post('/lists/short/items', { values: 'a' });
    api.clock.set(TEST_NOW + 60 * SECOND);
    expect((await exists('short', 'a')).status).toBe(200);
    api.clock.set(TEST_NOW + 60 * SECOND + 1);
    expect((await exists('short', 'a')).status).toBe(404);
    expect((await api.ask({ url: '/lists/short' })).body.count).toBe(0);
    await put('/lists/short', { name: 'Short', ttl: 61 });
    expect((await exists('short', 'a')).status).toBe(200);
  });

  it('have the time that is given, unless it cannot be read or has not come', async () => {
    await post('/lists', { name: 'Timed' });
    const at = (timestamp: string, value: string) => post('/lists/timed/items', { values: value, timestamp });
    expect((await at('2018-10-08T11:01:32Z', 'a')).status).toBe(200);
    expect((await exists('timed', 'a')).body.entries[0].added_at).toBe('2018-10-08T11:01:32Z');
    for (const timestamp of ['yesterday', '2018-13-01', '2099-01-01T00:00:00Z', '']) {
      const answer = await at(timestamp, 'b');
      expect(answer).toMatchObject({ status: 422, body: { details: [{ path: 'timestamp' }] } });
    }
    expect((await exists('timed', 'b')).status).toBe(404);
  });

  it('are entered once with only_new, however many ask at once', async () => {
    await post('/lists', { name: 'Once' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post('/lists/once/items?only_new=true', { values: 'a' })),
    );
    const accepted = answers.filter(({ body }) => body.accepted === 1);
    expect(accepted).toHaveLength(1);
    expect((await post('/lists/once/items', { values: 'a' })).body).toEqual({ accepted: 1, rejected: 0 });
  });

  it.each([
    ['no values', {}],
    ['an object', { values: { a: 1 } }],
    ['a list of lists', { values: [['a']] }],
    ['too many values', { values: Array.from({ length: 10_001 }, String) }],
    ['an unknown property', { values: 'a', vlaues: 'b' }],
  ])('are refused with %s', async (_, body) => {
    await post('/lists', { name: 'Bodies' });
    expect(await post('/lists/bodies/items', body)).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
    expect(await remove('/lists/bodies/items', body)).toMatchObject({
      status: 422,
      body: { code: 'invalid_document' },
    });
  });

  it('of a list that is not there are an error, which names it', async () => {
    await post('/lists', { name: 'Here' });
    const unknown = { status: 404, body: { error: 'There is no list "nowhere".', code: 'not_found' } };
    expect(await exists('here|nowhere', 'a')).toMatchObject(unknown);
    expect(await post('/lists/here|nowhere/items', { values: 'a' })).toMatchObject(unknown);
    expect(await remove('/lists/nowhere/items', { values: ['a'] })).toMatchObject(unknown);
    expect((await exists('here', 'a')).status).toBe(404);
    const many = Array.from({ length: 21 }, () => 'here').join('|');
    expect(await exists(many, 'a')).toMatchObject({ status: 400, body: { code: 'malformed_url' } });
  });

  it('are asked with lists.read and changed with lists.write', async () => {
    await post('/lists', { name: 'Guarded' });
    const reader = (await post('/api_keys', { name: 'reader', permissions: ['lists.read'] })).body.key;
    expect((await api.ask({ url: '/exists/guarded/a', key: reader })).body.found).toBe(false);
    expect((await post('/lists/guarded/items', { values: 'a' }, reader)).body.code).toBe('permission_required');
    expect((await api.ask({ url: '/exists/guarded/a', key: 'wrong' })).text).toBe('{"error":"authentication failed"}');
  });
});
