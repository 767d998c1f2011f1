import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LINKED_ROWS_MAX, linkRows } from '../../reports/link-rows.ts';
import { REPORTS_MAX } from '../../reports/report.ts';
import { VIEWS_OF_ADDRESS } from '../../reports/shared-views.ts';
import { insertWorld, makeWorld, type World } from '../testing/statistics-world.ts';
import { createTestApi, type TestApi } from '../testing/test-server.ts';
import { SHARED_RUNS_MAX } from './reports.ts';

const NOW = Date.UTC(2025, 3, 20, 12);
const DAYS = { start: '2025-03-08', end: '2025-03-10' };
const BY_STATE = { group_by: ['vars.lead.state'], columns: ['source-success'], time_zone: 'UTC' };

let api: TestApi;
let world: World;
/** May read reports and not the values of leads. */
let readerKey: string;
/** Changes flows, and may not see the values of leads. */
let writerKey: string;
beforeAll(async () => {
  api = await createTestApi();
  api.clock.set(NOW);
  world = makeWorld({ seed: 7, leads: 120 });
  await insertWorld(api, world);
  const newKey = async (permissions: string[]) =>
    (await api.ask({ method: 'POST', url: '/api_keys', body: { name: 'test', permissions } })).body.key;
  readerKey = await newKey(['reports.read']);
  writerKey = await newKey(['reports.read', 'flows.write', 'account.manage']);
});
afterAll(() => api.close());
beforeEach(async () => {
  api.clock.set(NOW);
  await api.pool.query('delete from reports');
});

const make = async (body: object) => {
  const made = await api.ask({ method: 'POST', url: '/reports', body: { name: 'Sold', time_zone: 'UTC', ...body } });
  expect([made.status, made.body.details]).toEqual([201, undefined]);
  return made.body;
};
const run = async (id: string, question: Record<string, string> = {}) =>
  api.ask({ url: `/reports/${id}/run?${new URLSearchParams(question)}` });

describe('saved reports', () => {
  it('are kept as they were given, in the documented form, with defaults for the rest', async () => {
    const given = {
      name: ' Sold ',
      description: 'For Monday',
      columns: [{ 'source-success': true }, 'cost'],
      rules: [{ lhv: 'outcome', op: 'is equal to', rhv: 'success' }],
      group_by: ['vars.source.id'],
    };
    const made = await api.ask({ method: 'POST', url: '/reports', body: given });
    expect(made.status).toBe(201);
    expect(made.headers['location']).toBe(`/reports/${made.body.id}`);
    expect(made.body).toEqual({
      ...given,
      ...{ id: made.body.id, name: 'Sold', columns: [{ 'source-success': true }, { cost: true }], by_lead: true },
      ...{ timeframe: null, interval: null, time_zone: null, schedule: null, read_only: false, token: null },
      ...{ share_expires_at: null, next_mail_at: null, mailed_at: null, mail_fault: null },
      ...{ created_at: new Date(NOW).toISOString(), updated_at: new Date(NOW).toISOString() },
    });
    expect((await api.ask({ url: `/reports/${made.body.id}` })).body).toEqual(made.body);
    api.clock.set(NOW + 1000);
    const replaced = await api.ask({
      method: 'PUT',
      url: `/reports/${made.body.id}`,
      body: { ...made.body, name: 'Bought', interval: 'daily', timeframe: 'this_3_days' },
    });
    expect(replaced.body).toEqual({
      ...made.body,
      ...{ name: 'Bought', interval: 'daily', timeframe: 'this_3_days' },
      updated_at: new Date(NOW + 1000).toISOString(),
    });
    const removed = await api.ask({ method: 'DELETE', url: `/reports/${made.body.id}` });
    expect(removed.body).toEqual(replaced.body);
    expect((await api.ask({ url: `/reports/${made.body.id}` })).status).toBe(404);
  });

  it.each([
    ['an unknown column', { columns: ['sold'] }, 'columns'],
    ['a column that is no name', { columns: [7] }, 'columns.0'],
    [
      'a column that is not to be shown',
      { columns: ['revenue', { 'source-success': true, cost: false }] },
      'columns.1.cost',
    ],
    ['a column that is null', { columns: [{ cost: null }] }, 'columns.0.cost'],
    ['an unknown grouping', { group_by: ['flow'] }, 'group_by'],
    ['a rule that cannot run', { rules: [{ lhv: 'state', op: 'is equal to', rhv: 'TX' }] }, 'rules.0.lhv'],
    ['an unknown time frame', { timeframe: 'last_week' }, 'timeframe'],
    ['an unknown zone', { time_zone: 'Chicago' }, 'time_zone'],
    ['too many parts', { timeframe: 'this_300_days', interval: 'minutely' }, 'interval'],
    ['rules that are too long', { rules: [{ lhv: 'reason', op: 'is equal to', rhv: 'x'.repeat(20_000) }] }, 'rules'],
  ])('are refused with %s', async (_, given, path) => {
    const { status, body } = await api.ask({ method: 'POST', url: '/reports', body: { name: 'Sold', ...given } });
    expect([status, body.code]).toEqual([422, 'invalid_document']);
    expect(body.details.map((each: { path: string }) => each.path)).toContain(path);
  });

  it('are listed by name behind those that every account has; pings where there are some', async () => {
    await make({ name: 'beta' });
    await make({ name: 'Alpha' });
    const list = async (key = api.key) => (await api.ask({ url: '/reports', key })).body;
    const names = (await list()).map(({ name }: { name: string }) => name);
    expect(names.slice(-2)).toEqual(['Alpha', 'beta']);
    expect(names.slice(0, 1)).toEqual(['Stats by Flow']);
    expect(names).toContain('Pings by Flow');
    const strangers = await list(api.strangerKey);
    expect(strangers.map(({ name }: { name: string }) => name)).not.toContain('Pings by Flow');
    expect(strangers.every((report: { read_only: boolean }) => report.read_only)).toBe(true);
  });

  it('of every account are copied and not changed', async () => {
    for (const [method, url, body] of [
      ['PUT', '/reports/stats-by-flow', { name: 'Mine' }],
      ['DELETE', '/reports/stats-by-flow', undefined],
      ['POST', '/reports/stats-by-flow/share', {}],
      ['DELETE', '/reports/stats-by-flow/share', undefined],
    ] as const) {
      const refused = await api.ask({ method, url, body });
      expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    }
    const copy = await api.ask({ method: 'POST', url: '/reports/stats-by-flow/copy' });
    expect(copy).toMatchObject({
      status: 201,
      body: { name: 'Copy of Stats by Flow', read_only: false, group_by: ['vars.flow.id'] },
    });
    const again = { method: 'POST', url: `/reports/${copy.body.id}/copy`, body: { name: 'Mine' } } as const;
    expect((await api.ask(again)).body).toMatchObject({ name: 'Mine', columns: copy.body.columns });
  });

  it('belong to their account, and are bounded', async () => {
    const { id } = await make({});
    for (const url of [`/reports/${id}`, `/reports/${id}/run`])
      expect((await api.ask({ url, key: api.strangerKey })).status).toBe(404);
    for (const [method, url] of [
      ['PUT', `/reports/${id}`],
      ['DELETE', `/reports/${id}`],
      ['POST', `/reports/${id}/copy`],
      ['POST', `/reports/${id}/share`],
      ['DELETE', `/reports/${id}/share`],
    ] as const) {
      const body = method === 'DELETE' ? undefined : url.endsWith('share') ? {} : { name: 'Mine' };
      expect((await api.ask({ method, url, key: api.strangerKey, body })).status).toBe(404);
    }
    await api.pool.query(
      `insert into reports (account_id, id, name, definition, created_at, updated_at)
       select account_id, lpad(n::text, 24, '0'), name, definition, created_at, updated_at
         from reports, generate_series(2, $1) n`,
      [REPORTS_MAX],
    );
    const refused = await api.ask({ method: 'POST', url: '/reports', body: { name: 'One more' } });
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
  });

  it('are changed and shared only with the permission, and what they read of leads needs another', async () => {
    const { id } = await make(BY_STATE);
    const refusal = async (key: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object) =>
      (await api.ask({ method, url, key, body })).status;
    expect(await refusal(readerKey, 'POST', '/reports', { name: 'Mine' })).toBe(403);
    expect(await refusal(readerKey, 'DELETE', `/reports/${id}`)).toBe(403);
    expect(await refusal(api.plainKey, 'POST', `/reports/${id}/share`, {})).toBe(403);
    expect(await refusal(readerKey, 'GET', `/reports/${id}/run`)).toBe(403);
    expect(await refusal(readerKey, 'GET', '/reports/stats-by-flow/run')).toBe(200);
    expect(await refusal(readerKey, 'POST', '/reports/preview', BY_STATE)).toBe(403);
    expect(await refusal(writerKey, 'POST', '/reports', { name: 'Mine', ...BY_STATE })).toBe(403);
    expect(await refusal(writerKey, 'PUT', `/reports/${id}`, { name: 'Mine', ...BY_STATE })).toBe(403);
    expect(await refusal(writerKey, 'POST', `/reports/${id}/share`, {})).toBe(403);
  });

  it('leave entries in the activity log, without the token', async () => {
    const { id } = await make({});
    const { token } = (await api.ask({ method: 'POST', url: `/reports/${id}/share`, body: {} })).body;
    await api.ask({ method: 'DELETE', url: `/reports/${id}/share` });
    await api.ask({ method: 'PUT', url: `/reports/${id}`, body: { name: 'Bought' } });
    await api.ask({ method: 'DELETE', url: `/reports/${id}` });
    const { body } = await api.ask({ url: `/activity?kind=report&subject_id=${id}&sort=asc` });
    expect(body.map(({ action }: { action: string }) => action)).toEqual([
      ...['create', 'share', 'unshare', 'update', 'delete'],
    ]);
    for (const entry of body) {
      const { text } = await api.ask({ url: `/activity/${entry.id}` });
      expect(text).toContain('"before"');
      expect(text).not.toContain(token);
    }
  });
});

describe('runs', () => {
  it('return what the statistics return, each row with its time, and totals', async () => {
    const columns = ['source-submitted', 'recipient-success', 'cost', 'revenue'];
    const { id } = await make({ columns, group_by: ['vars.flow.id', 'vars.source.id'] });
    const { body } = await run(id, { ...DAYS, links: 'false' });
    const stats = await api.ask({
      url: `/events/stats?${new URLSearchParams({
        ...{ ...DAYS, timezone: 'UTC', column: columns.join(','), group_by: 'vars.flow.id,vars.source.id' },
        totals: 'true',
      })}`,
    });
    const timeframe = { start: '2025-03-08T00:00:00.000Z', end: '2025-03-10T23:59:59.999Z' };
    expect(body).toEqual(stats.body.map((row: object) => ({ timeframe, ...row })));
    expect(body.length).toBeGreaterThan(3);
    expect(body.at(-1)).toMatchObject({ total: true });
    const preview = await api.ask({
      method: 'POST',
      url: '/reports/preview',
      body: { columns, group_by: ['vars.flow.id', 'vars.source.id'], time_zone: 'UTC', ...DAYS },
    });
    expect(preview.body.map(({ events: _, ...row }: { events: object }) => row)).toEqual(body);
  });

  it('go by the time of the report unless the question names another', async () => {
    const { id } = await make({ timeframe: 'previous_2_days', interval: 'daily', columns: ['source-success'] });
    const frames = (rows: { timeframe: { start: string } }[]) => rows.map(({ timeframe }) => timeframe.start);
    expect(frames((await run(id)).body)).toEqual([
      ...['2025-04-18T00:00:00.000Z', '2025-04-19T00:00:00.000Z', '2025-04-18T00:00:00.000Z'],
    ]);
    const named = await run(id, { timeframe: 'today', timezone: 'America/Chicago', interval: 'hourly' });
    expect(named.body).toHaveLength(25);
    expect(named.body[0].timeframe.start).toBe('2025-04-20T00:00:00.000-05:00');
    const wrong = await run(id, { timeframe: 'today', start: '2025-03-08' });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'malformed_query' } });
    expect(wrong.body.details).toMatchObject([{ path: 'timeframe' }]);
  });

  it('are returned as CSV without links', async () => {
    const { id } = await make({ columns: ['source-success'], group_by: ['vars.flow.id'] });
    const url = `/reports/${id}/run?${new URLSearchParams(DAYS)}`;
    const { text, headers } = await api.ask({ url, headers: { accept: 'text/csv' } });
    expect(headers['content-type']).toContain('text/csv');
    expect(text.split('\r\n')[0]).toBe(
      'timeframe.start,timeframe.end,vars.flow.id,vars.flow.name,source-success,total',
    );
  });
});

describe('links of rows', () => {
  const COLUMNS = [
    ...['source-submitted', 'source-success', 'source-failure', 'recipient-submitted', 'recipient-success'],
    ...['return-received-success', 'conversion-received-success', 'return-sent-submitted'],
  ];
  it.each([
    ['nothing', []],
    ['flow and source', ['vars.flow.id', 'vars.source.id']],
    ['recipient', ['vars.recipient.id']],
    ['outcome', ['outcome']],
    ['reason', ['reason']],
    ['value', ['vars.lead.state']],
    ['purchase price', ['purchase_price']],
    ['sale price', ['sale_price']],
  ])('find the events that are counted, grouped by %s', async (_, group_by) => {
    const rules = [
      { lhv: 'vars.source.id', op: 'is included in', rhv: world.leads.slice(0, 9).map((each) => each.sourceId) },
    ];
    const { id } = await make({ columns: COLUMNS, group_by, rules, by_lead: false });
    const { body } = await run(id, DAYS);
    let followed = 0;
    for (const row of body) {
      for (const [column, url] of Object.entries<string>(row.events)) {
        const events = await api.ask({ url: `${url}&limit=1000&include=id` });
        expect([column, url, events.body.length]).toEqual([column, url, row[column]]);
        followed += 1;
      }
    }
    expect(followed).toBeGreaterThan(2);
  });

  it('are left out where there are too many rows', () => {
    const timeframe = { start: '2025-03-08', end: '2025-03-09' };
    const rows = Array.from({ length: LINKED_ROWS_MAX + 1 }, () => ({ timeframe, 'source-success': 1 }));
    const report = { group_by: [], rules: [], columns: ['source-success'] };
    expect(linkRows(rows, report)).toEqual(rows);
    expect(linkRows(rows.slice(1), report)[0]).toHaveProperty('events');
  });
});

describe('shared reports', () => {
  const share = async (id: string, body: object = {}) =>
    (await api.ask({ method: 'POST', url: `/reports/${id}/share`, body })).body;
  const view = (token: string, question: Record<string, string> = {}) =>
    api.ask({ url: `/reports/shared/${token}?${new URLSearchParams(question)}`, key: null });

  it('show the rows alone to everybody with the link; viewers change the time frame and nothing else', async () => {
    const { id } = await make({ columns: ['source-success', 'cost'], group_by: ['vars.source.id'] });
    const { token, share_expires_at } = await share(id);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(share_expires_at).toBe(new Date(NOW + 90 * 86_400_000).toISOString());
    const seen = await view(token, DAYS);
    expect(seen.status).toBe(200);
    expect(seen.body).toEqual((await run(id, { ...DAYS, links: 'false' })).body);
    expect(seen.text).not.toContain('/events');
    expect(seen.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    for (const [name, value] of Object.entries({
      ...{ interval: 'daily', timezone: 'UTC', compare: 'previous_week', links: 'true', group_by: 'outcome' },
    })) {
      expect((await view(token, { ...DAYS, [name]: value })).status).toBe(400);
    }
    const csv = await api.ask({ url: `/reports/shared/${token}`, key: null, headers: { accept: 'text/csv' } });
    expect(csv.headers['content-type']).toContain('text/csv');
  });

  it('are run a few at a time; further viewers come again', async () => {
    const { token } = await share((await make({})).id);
    const holder = await api.pool.connect();
    await holder.query('begin; lock table reports in access exclusive mode');
    const waiting = Array.from({ length: SHARED_RUNS_MAX }, () => view(token));
    try {
      const refused = await view(token);
      expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
      expect(refused.headers).toHaveProperty('retry-after');
    } finally {
      await holder.query('rollback');
      holder.release();
    }
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(waiting.map(() => 200));
    expect((await view(token)).status).toBe(200);
  });

  it('are opened so often by one address, also where nothing is, and people are told in a page', async () => {
    const { token } = await share((await make({})).id);
    const ask = (url: string, address: string, accept = 'application/json') =>
      api.ask({ url, address, key: null, headers: { accept } });
    for (let count = 1; count < VIEWS_OF_ADDRESS.most; count += 1) await ask('/reports/shared/guessed', '192.0.2.9');
    expect((await ask(`/reports/shared/${token}`, '192.0.2.9')).status).toBe(200);
    for (const suffix of ['', '.csv', '.md']) {
      const refused = await ask(`/reports/shared/${token}${suffix}`, '192.0.2.9');
      expect([refused.status, refused.body.code]).toEqual([429, 'too_many_attempts']);
      expect(refused.headers).toMatchObject({ 'retry-after': '1' });
    }
    const page = await ask(`/reports/shared/${token}`, '192.0.2.9', 'text/html');
    expect([page.status, page.headers['content-type']]).toEqual([429, 'text/html; charset=utf-8']);
    expect(page.headers).toMatchObject({ 'retry-after': '1', 'cache-control': 'no-store' });
    expect(page.text).toContain('too many requests for shared reports from your address: try again in 1 second.');
    expect((await ask(`/reports/shared/${token}`, '192.0.2.10')).status).toBe(200);
    api.clock.set(api.clock.monotonic() + 1000 / VIEWS_OF_ADDRESS.perSecond);
    expect((await ask(`/reports/shared/${token}`, '192.0.2.9')).status).toBe(200);
  });

  it('keep the hash of the token, which no other answer has', async () => {
    const { id } = await make({});
    const { token } = await share(id);
    const { rows } = await api.pool.query('select share_hash, reports::text as whole from reports');
    expect(rows[0].share_hash).toHaveLength(32);
    expect(rows[0].whole).not.toContain(token);
    for (const url of ['/reports', `/reports/${id}`]) expect((await api.ask({ url })).text).not.toContain(token);
  });

  it('end when they are unshared, shared anew, changed, deleted or expired', async () => {
    const { id } = await make({});
    const opens = async (token: string) => (await view(token)).status;
    const first = await share(id);
    expect(await opens(first.token)).toBe(200);
    const second = await share(id, { expires_in_days: 2 });
    expect([await opens(first.token), await opens(second.token)]).toEqual([404, 200]);
    api.clock.set(NOW + 2 * 86_400_000);
    expect(await opens(second.token)).toBe(404);
    const third = await share(id);
    await api.ask({ method: 'PUT', url: `/reports/${id}`, body: { name: 'Sold', columns: ['revenue'] } });
    expect(await opens(third.token)).toBe(404);
    const fourth = await share(id);
    const unshared = await api.ask({ method: 'DELETE', url: `/reports/${id}/share` });
    expect([unshared.body.share_expires_at, await opens(fourth.token)]).toEqual([null, 404]);
    const fifth = await share(id);
    await api.ask({ method: 'DELETE', url: `/reports/${id}` });
    expect(await opens(fifth.token)).toBe(404);
    const unknown = await view('a-token-that-was-never-made');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not_found']);
    expect(unknown.text).not.toContain('a-token');
  });
});

describe('the page of a shared report', () => {
  const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const open = async (token: string, { question = {}, accept = HTML, suffix = '' } = {}) =>
    api.ask({
      ...{ url: `/reports/shared/${token}${suffix}?${new URLSearchParams(question)}`, key: null },
      headers: { accept },
    });
  const shareNew = async (body: object) => {
    const { id } = await make({ ...body });
    const { token } = (await api.ask({ method: 'POST', url: `/reports/${id}/share`, body: {} })).body;
    return { id: String(id), token: String(token) };
  };
  const BY_SOURCE = { columns: ['source-success', 'cost'], group_by: ['vars.source.id'] };

  it('is what browsers get, and programs get rows as before', async () => {
    const { id, token } = await shareNew({ ...BY_SOURCE, description: 'For Monday' });
    const page = await open(token, { question: DAYS });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const rows = (await run(id, { ...DAYS, links: 'false' })).body;
    const names = rows.flatMap((row: Record<string, string>) => row['vars.source.name'] ?? row['vars.source.id'] ?? []);
    expect(names.length).toBeGreaterThan(0);
    for (const text of [...names, 'Sold', 'For Monday', 'Mar 8 to Mar 10, 2025', 'UTC', 'Total', 'Cost, USD'])
      expect(page.text).toContain(text);
    for (const accept of ['*/*', 'application/json', 'text/csv;q=0.1'])
      expect((await open(token, { question: DAYS, accept })).text).not.toContain('<html');
    expect((await open(token, { question: DAYS, accept: 'application/json' })).body).toEqual(rows);
  });

  it('is guarded: nothing runs in it, nothing frames it, lists it, keeps it or learns of it, and it sets no cookie', async () => {
    const { token } = await shareNew(BY_SOURCE);
    const { headers } = await open(token, { question: DAYS });
    const policy = String(headers['content-security-policy']);
    for (const part of ["default-src 'none'", "script-src 'none'", "connect-src 'none'", "frame-ancestors 'none'"])
      expect(policy).toContain(part);
    expect(headers).toMatchObject({
      ...{ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow' },
      ...{ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' },
    });
    expect(String(headers['vary'])).toContain('Accept');
    expect(headers).not.toHaveProperty('set-cookie');
    expect(policy).not.toContain('unsafe');
  });

  it('has no id, rule or name of the account beside what the report shows', async () => {
    const { id, token } = await shareNew({
      ...{ columns: ['source-success'], interval: 'daily' },
      rules: [{ lhv: 'outcome', op: 'is not equal to', rhv: 'hidden-by-rule' }],
    });
    const { text } = await open(token, { question: DAYS });
    for (const hidden of [id, api.account.id, api.account.name, 'hidden-by-rule', 'vars.flow.id'])
      expect(text).not.toContain(hidden);
  });

  it('shows names as text, in HTML, in Markdown and in CSV', async () => {
    const name = '"><img src=x onerror=alert(1)><script>alert(2)</script>|[a](javascript:alert(3))';
    const { token } = await shareNew({ ...BY_SOURCE, name, description: name });
    const page = await open(token, { question: DAYS });
    expect(page.text).not.toMatch(/<img|<script/);
    expect(page.text).toContain('&lt;img src=x');
    const markdown = await open(token, { question: DAYS, suffix: '.md' });
    expect(markdown.text).not.toMatch(/[^\\]<img|[^\\]\[a\]/);
  });

  it('has a twin in Markdown, by suffix and by Accept, and a file with all rows', async () => {
    const { id, token } = await shareNew(BY_SOURCE);
    const [bySuffix, byAccept] = [
      await open(token, { question: DAYS, suffix: '.md' }),
      await open(token, { question: DAYS, accept: 'text/markdown' }),
    ];
    expect(bySuffix.headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(byAccept.text).toBe(bySuffix.text);
    expect(bySuffix.text).toContain('| Source | Source success | Cost, USD |');
    expect(bySuffix.text).toContain('| **Total** |');
    const csv = await open(token, { question: DAYS, suffix: '.csv' });
    expect(csv.headers).toMatchObject({ 'content-disposition': 'attachment; filename="report.csv"' });
    expect(csv.text.trim().split('\r\n')).toHaveLength((await run(id, DAYS)).body.length + 1);
  });

  it('of a link that ended and of one that never was is the same 404, with the remedy', async () => {
    const { id, token } = await shareNew(BY_SOURCE);
    await api.ask({ method: 'DELETE', url: `/reports/${id}/share` });
    const [ended, unknown] = [await open(token), await open('never-made')];
    expect([ended.status, unknown.status]).toEqual([404, 404]);
    expect(ended.text).toBe(unknown.text);
    expect(ended.text).toContain('Ask the person who gave it to you');
    expect(ended.headers).toMatchObject({ 'x-robots-tag': 'noindex, nofollow', 'cache-control': 'no-store' });
    for (const suffix of ['.md', '.csv']) expect((await open(token, { suffix })).status).toBe(404);
  });

  it('of a time that cannot be read says why, and leads back', async () => {
    const { token } = await shareNew(BY_SOURCE);
    for (const question of [
      { timeframe: 'soon' },
      { start: '2025-03-10', end: '2025-03-08' },
      { utm_source: 'mail' },
    ]) {
      const page = await open(token, { question });
      expect([page.status, page.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
      expect(page.text).toContain(`href="/reports/shared/${token}"`);
    }
  });
});
