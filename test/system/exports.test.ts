import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import { basic } from '../../src/http/testing/test-server.ts';
import { sweepExports } from '../../src/store/postgres/export-sweeps.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { openTestMailServer, type TestMailServer } from '../harness/mail-server.ts';
import { openTestRecipient } from '../harness/recipient.ts';
import { type ComposedServer, deploy, startTestServer, submit } from '../harness/server.ts';
import { buildSluice, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { copyLead, parseCsv } from './exports.ts';
import { deliveryTo, flowOf, sourceNamed } from './flows.ts';

let server: ComposedServer;
let mail: TestMailServer;
let flow: Awaited<ReturnType<ComposedServer['deploy']>>;
const leadIds: string[] = [];
beforeAll(async () => {
  mail = await openTestMailServer();
  server = await startTestServer({
    smtpUrl: { host: '127.0.0.1', port: mail.port, security: 'none' },
    mailFrom: { name: 'Sluice', address: 'exports@example.org' },
    publicUrl: 'https://leads.example.com',
  });
  const buyer = deliveryTo(server.recipient.url, { pricing: { prices: [{ amount: 12.5 }] } });
  flow = await server.deploy(flowOf([buyer], { sources: [sourceNamed('Ads, "Search"')] }));
  for (const lead of LEADS) leadIds.push((await server.submit(flow, lead)).body.lead.id);
  // An export ends with the second before.
  const second = Math.floor(Date.now() / 1000);
  await until('the second of the leads is over', () => Math.floor(Date.now() / 1000) > second);
});
afterAll(async () => {
  await server.stop();
  await mail.close();
});

const LEADS = [
  {
    first_name: '=HYPERLINK("http://evil.example")',
    last_name: 'Ängström, 山田 🦊',
    email: 'ann@example.com',
    state: 'TX',
  },
  { first_name: '+1 (512) 555-0100', last_name: "O'Hara\r\nJr.", email: 'bob@example.com', state: 'CA' },
  { first_name: '@SUM(1)', last_name: '-5', email: 'eve@example.com', state: 'TX' },
];
const TODAY = new Date().toISOString().slice(0, 10);

const read = async (id: string) => (await server.api('GET', `/exports/${id}`)).body;
const download = (id: string, key = server.key) =>
  fetch(`${server.url}/exports/${id}/download`, { headers: { Authorization: basic(key) } });

async function make(body: object, key = server.key) {
  const made = await server.api('POST', '/exports', { start: TODAY, ...body }, { key });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  const { id } = made.body;
  await until('the export has ended', async () => (await read(id)).expires_at !== null);
  return read(id);
}

async function textOf(id: string, key?: string): Promise<string> {
  const file = await download(id, key);
  expect(file.status).toBe(200);
  return gunzipSync(Buffer.from(await file.arrayBuffer())).toString();
}

describe('an export', () => {
  it('has the documented form, and ends as a file', async () => {
    const made = await make({});
    expect(made).toMatchObject({
      ...{ id: expect.stringMatching(/^[0-9a-f]{24}$/), status: 'complete', date_format: 'standard', format: 'csv' },
      ...{ start: `${TODAY}T00:00:00.000Z`, filter_rules: [], email_to: [], downloads: [], error: null, reason: null },
      ...{ exported_docs: 6, user: null, rows: 'events', time_zone: 'America/New_York', hides_values: false },
      asked_by: { kind: 'key' },
    });
    // It may end on the day after it began.
    const days = [made.start, made.end].map((time) => time.slice(0, 10)).join('-');
    expect(made.file_name).toMatch(new RegExp(`^events-${days}-[0-9a-f]{6}\\.csv\\.gz$`));
    expect((await server.api('GET', '/exports')).body[0]).toEqual(made);
    expect((await server.api('GET', `/jobs/${made.id}`)).body).toMatchObject({ kind: 'export', state: 'done' });
    const [heading, ...rows] = parseCsv(await textOf(made.id));
    expect(heading).toEqual([
      ...[
        'Event ID',
        'Time (America/New_York)',
        'Type',
        'Outcome',
        'Reason',
        'Lead ID',
        'Flow ID',
        'Flow',
        'Source ID',
      ],
      ...['Source', 'Step ID', 'Recipient ID', 'Recipient', 'cost', 'revenue', 'wait_ms'],
    ]);
    const events = (await server.api('GET', '/events?sort=asc')).body;
    expect(rows.map(([id]) => id)).toEqual(events.map(({ id }: { id: string }) => id));
    const sold = rows.find((row) => row[2] === 'recipient');
    expect(sold?.slice(7, 10)).toEqual(['Mortgage leads', flow.sources[0].entity.id, 'Ads, "Search"']);
    expect([sold?.[12], sold?.[14]]).toEqual(['Buyer', '12.5']);
    expect(rows[0]?.[1]).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
  });

  it('of leads has their values, with formulas as text and everything else as it came', async () => {
    const fields = [
      'lead_id',
      'submitted_at',
      'price',
      'lead.first_name',
      'vars.lead.last_name',
      'lead.email',
      'lead.state',
    ];
    const made = await make({ rows: 'leads', fields, date_format: 'legacy', time_zone: 'Asia/Kolkata' });
    const [heading, ...rows] = parseCsv(await textOf(made.id));
    expect(heading).toEqual(['Lead ID', 'Submitted', 'Price', ...fields.slice(3)]);
    expect(rows.map(([id]) => id)).toEqual(leadIds);
    expect(rows[0]?.[1]).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+05:30$/);
    expect(rows.map((row) => row.slice(3, 5))).toEqual([
      [`'${LEADS[0]?.first_name}`, LEADS[0]?.last_name],
      [LEADS[1]?.first_name, expect.stringContaining("O'Hara")],
      [`'${LEADS[2]?.first_name}`, '-5'],
    ]);
  });

  it('as JSON lines keeps types, and follows filters and rules', async () => {
    const rules = [{ lhv: 'vars.lead.state', op: 'is equal to', rhv: 'TX' }];
    const asked = {
      ...{ format: 'jsonl', type: ['recipient'], flow_id: [flow.id], filter_rules: rules },
      fields: ['id', 'revenue', 'lead.email', 'vars.account.name', 'request', 'reason'],
    };
    const rowsOf = async (body: object) => {
      const lines = (await textOf((await make(body)).id)).trimEnd().split('\n');
      return lines.map((line) => JSON.parse(line));
    };
    const whole = await rowsOf(asked);
    const events = (await server.api('GET', '/events?type=recipient&sort=asc')).body;
    expect(whole.map((row) => row['lead.email'])).toEqual(['ann@example.com', 'eve@example.com']);
    expect(whole[0]).toMatchObject({
      id: events[0].id,
      revenue: 12.5,
      reason: null,
      'vars.account.name': server.account.name,
    });
    // A rule that reads more than the row and the values of the lead finds the same.
    const slow = [...rules, { lhv: 'vars.flow.name', op: 'is equal to', rhv: 'Mortgage leads' }];
    expect(await rowsOf({ ...asked, filter_rules: slow })).toEqual(whole);
    expect(await rowsOf({ ...asked, fields: ['id', 'lead.email'] })).toEqual(
      whole.map((row) => ({ id: row.id, 'lead.email': row['lead.email'] })),
    );
  });

  it('of who may not see values hides them, in rules too', async () => {
    const { body: key } = await server.api('POST', '/api_keys', {
      name: 'Reports',
      permissions: ['leads.read', 'jobs.read'],
    });
    const fields = ['id', 'outcome', 'lead.email', 'request'];
    const made = await make({ fields }, key.key);
    expect(made).toMatchObject({ hides_values: true });
    const rows = parseCsv(await textOf(made.id, key.key));
    expect(rows[1]?.slice(1)).toEqual(['success', '(hidden)', '(hidden)']);
    const rule = { lhv: 'vars.lead.email', op: 'is equal to', rhv: 'ann@example.com' };
    const refused = await server.api('POST', '/exports', { start: TODAY, filter_rules: [rule] }, { key: key.key });
    expect([refused.status, refused.body.details[0].path]).toEqual([422, 'filter_rules']);
    expect((await download((await make({ fields })).id, key.key)).status).toBe(403);
  });

  it('whose range retention has cut is truncated, and says so', async () => {
    expect(await make({ start: '2020-01-01' })).toMatchObject({
      ...{ status: 'truncated', exported_docs: 6, start: '2020-01-01T00:00:00.000Z' },
      reason: { message: expect.stringContaining('begins before') },
    });
  });

  it.each<[string, object, string, RegExp]>([
    ['an empty range', { start: TODAY, end: TODAY }, 'end', /excluded/],
    ['a range that is not kept', { start: '2020-01-01', end: '2020-02-01' }, 'end', /keeps 90 days/],
    ['a start ahead', { start: '2099-01-01', end: '2099-01-02' }, 'start', /past/],
    ['no time', { start: 'yesterday' }, 'start', /ISO 8601/],
    ['an unknown field of leads', { fields: ['id', 'lead.emial'] }, 'fields.1', /Did you mean "lead.email"/],
    ['an unknown column', { fields: ['outcom'] }, 'fields.0', /Did you mean "outcome"/],
    ['the same column twice', { fields: ['id', 'outcome', 'id'] }, 'fields.2', /fields\.0 already/],
    ['a column of events for leads', { rows: 'leads', fields: ['type'] }, 'fields.0', /no field "type"/],
    [
      'rules for leads',
      { rows: 'leads', filter_rules: [{ lhv: 'outcome', op: 'is equal to', rhv: 'x' }] },
      'filter_rules',
      /"type": \["source"\]/,
    ],
    [
      'a rule of no property',
      { filter_rules: [{ lhv: 'lead_id', op: 'is equal to', rhv: 'x' }] },
      'filter_rules.0.lhv',
      /vars.lead.id/,
    ],
    ['an unknown type', { type: ['sauce'] }, 'type', /source/],
    ['an unknown zone', { time_zone: 'Mars/Base' }, 'time_zone', /America/],
    ['a stranger', { email_to: ['stranger@example.com'] }, 'email_to.0', /users of the account/],
  ])('of %s is refused with its place', async (_name, body, path, message) => {
    const { status, body: answer } = await server.api('POST', '/exports', { start: TODAY, ...body });
    expect([status, answer.details?.[0]?.path]).toEqual([422, path]);
    expect(answer.details[0].message).toMatch(message);
  });

  it('is mailed with a link, noted with each download, deleted, and gone when it has expired', async () => {
    await server.api('POST', '/users', { email: 'Owner@example.com', role: 'analyst' });
    await server.api('POST', '/users', { email: 'gone@example.com', role: 'analyst' });
    mail.script.onRecipient = (address) => (address.startsWith('gone') ? 550 : undefined);
    const made = await make({ email_to: ['owner@example.com', 'gone@example.com'] });
    await mail.arrival(1);
    const { to, mail: message } = mail.received[0] ?? {};
    expect(to).toEqual(['owner@example.com']);
    expect(message?.text).toContain(`https://leads.example.com/exports/${made.id}/download`);
    await until('the mail is noted', async () => (await read(made.id)).mailed_at !== null);
    expect(await read(made.id)).toMatchObject({
      mail_fault: 'the mail server refused 1 of 2 addresses (550); the others have it',
    });
    const url = `${server.url}/exports/${made.id}/download`;
    const head = await fetch(url, { method: 'HEAD', headers: { Authorization: basic(server.key) } });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(made.size)]);
    expect((await read(made.id)).downloads).toEqual([]);
    await textOf(made.id);
    const { downloads } = await read(made.id);
    expect(downloads).toEqual([
      { at: expect.any(String), by: expect.objectContaining({ kind: 'key' }), ip: '127.0.0.1' },
    ]);
    expect((await server.api('GET', '/activity?kind=export&action=download')).body[0]).toMatchObject({
      subject: { id: made.id },
    });
    expect((await download(made.id, server.strangerKey)).status).toBe(404);
    // As a browser asks that opens the link of a mail on another site.
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    const page = await fetch(`${server.url}/exports/${made.id}/download`, { headers });
    expect(await page.text()).toContain(`<a href="/exports/${made.id}/download">`);

    const { id: deleted } = await make({});
    expect((await server.api('DELETE', `/exports/${deleted}`)).body.id).toBe(deleted);
    expect((await server.api('GET', `/exports/${deleted}`)).status).toBe(404);
    expect(await server.query('select from export_parts where export_id = $1', [deleted])).toEqual([]);

    await server.query("update jobs set ended_at = now() - interval '7 days 1 minute' where id = $1", [made.id]);
    expect((await download(made.id)).status).toBe(404);
    const pool = new pg.Pool({ ...server.database.connection, max: 1 });
    expect(await sweepExports(pool, Date.now())).toBe(1);
    await pool.end();
    expect(await server.query('select from export_parts where export_id = $1', [made.id])).toEqual([]);
    expect(await server.query('select from export_downloads where export_id = $1', [made.id])).toEqual([]);
  });

  it('is deleted while its job writes: each locks the job first, so neither stops the other', async () => {
    const { id } = await make({});
    const job = new pg.Client(server.database.connection);
    await job.connect();
    await job.query('begin');
    await job.query('select from jobs where id = $1 for update', [id]);
    const deleting = server.api('DELETE', `/exports/${id}`);
    await until('the deletion waits for the job', async () => {
      const waiting = await server.query(
        "select from pg_stat_activity where wait_event_type = 'Lock' and datname = $1",
        [server.database.connection.database],
      );
      return waiting.length > 0;
    });
    await job.query("set local lock_timeout = '2s'");
    await job.query('update exports set row_count = row_count where id = $1', [id]);
    await job.query('commit');
    await job.end();
    expect((await deleting).status).toBe(200);
    expect((await server.api('GET', `/exports/${id}`)).status).toBe(404);
  });

  it('of many rows is written page by page, in parts of at most a mebibyte, without one missing', async () => {
    const copies = 25_000;
    const day = await copyLead(server.query, { leadId: String(leadIds[0]), copies });
    const made = await make({ start: day.start, end: day.end, fields: ['id', 'lead_id', 'type', 'lead.email'] });
    expect(made).toMatchObject({ status: 'complete', exported_docs: 2 * copies });
    const rows = parseCsv(await textOf(made.id)).slice(1);
    expect(new Set(rows.map(([id]) => id)).size).toBe(2 * copies);
    expect(rows.every((row) => row[3] === 'ann@example.com')).toBe(true);
    const [parts] = await server.query(
      'select count(*)::int as parts, max(length(content))::int as bytes from export_parts where export_id = $1',
      [made.id],
    );
    // About 80 characters a row, a member a mebibyte of them.
    expect(parts?.['parts']).toBeGreaterThanOrEqual(3);
    expect(parts?.['bytes']).toBeLessThanOrEqual(1024 * 1024);
    const few = await make({ start: day.start, end: day.end, recipient_id: ['0123456789abcdef01234567'] });
    expect(few).toMatchObject({ status: 'complete', exported_docs: 0 });
    expect(parseCsv(await textOf(few.id))).toHaveLength(1);
  });
});

it('names what was deleted by its last name, and by its id once the log has forgotten it', async () => {
  const buyer = deliveryTo(server.recipient.url, { entity: { name: 'Gone buyer' } });
  const gone = await server.deploy(flowOf([buyer], { name: 'Gone flow', sources: [sourceNamed('Gone ads')] }));
  const { id: leadId } = (await server.submit(gone, { email: 'gone@example.com' })).body.lead;
  const second = Math.floor(Date.now() / 1000);
  await until('the second of the lead is over', () => Math.floor(Date.now() / 1000) > second);
  const entityIds = [gone.sources[0].entity.id, gone.steps[0].entity.id];
  for (const path of [`/flows/${gone.id}`, ...entityIds.map((id) => `/entities/${id}`)])
    expect((await server.api('DELETE', path)).status, path).toBe(200);
  const fields = ['lead_id', 'type', 'flow_name', 'source_name', 'recipient_name'];
  const readRows = async () => {
    const rows = parseCsv(await textOf((await make({ rows: 'events', fields })).id));
    return rows.filter((row) => row[0] === leadId).map((row) => row.slice(1));
  };
  expect((await readRows()).toSorted()).toEqual([
    ['recipient', 'Gone flow', 'Gone ads', 'Gone buyer'],
    ['source', 'Gone flow', 'Gone ads', ''],
  ]);
  await server.query(`delete from activity where kind = 'entity' and subject_id = any($1)`, [entityIds]);
  expect((await readRows()).toSorted()).toEqual([
    ['recipient', 'Gone flow', ...entityIds],
    ['source', 'Gone flow', entityIds[0], ''],
  ]);
});

describe('a process of its own', () => {
  const KEY = 'k'.repeat(32);
  let database: TestDatabase;
  beforeAll(async () => {
    await buildSluice();
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is killed with kill -9: another one goes on at the checkpoint, and no row is missing or doubled', async () => {
    const copies = 3_000;
    const env = { SLUICE_ADMIN_API_KEY: KEY };
    const first = await startSluiceProcess(database, env);
    const recipient = await openTestRecipient();
    const client = createClient({ url: first.url, key: KEY });
    const sold = await deploy(client, flowOf([deliveryTo(recipient.url)]));
    const { body } = await submit(first.url, { flow: sold, values: LEADS[0], how: {} });
    const pool = new pg.Pool({ ...database.connection, max: 1 });
    onTestFinished(async () => {
      await Promise.all([pool.end(), recipient.close()]);
    });
    const query = async (text: string, values?: unknown[]) => (await pool.query(text, values)).rows;
    const day = await copyLead(query, { leadId: body.lead.id, copies });
    // The whole event, so that it takes a while.
    const asked = {
      ...{ start: day.start, end: day.end },
      format: 'jsonl' as const,
      fields: ['id', 'request', 'response', 'vars.account.name', 'mappings'],
    };
    const { id } = await client.createExport(asked);
    await until('it has written some', async () => (await client.readExport(id)).exported_docs > 0);
    first.kill('SIGKILL');
    await first.exited;
    const [stopped] = await query('select row_count::int as rows, file_name from exports');
    expect(stopped).toMatchObject({ file_name: null });
    expect(stopped?.['rows']).toBeLessThan(2 * copies);
    const { url } = await startSluiceProcess(database, env);
    const second = createClient({ url, key: KEY });
    await until('the export has ended', async () => (await second.readExport(id)).expires_at !== null, 90_000);
    expect(await second.readExport(id)).toMatchObject({ status: 'complete', exported_docs: 2 * copies });
    expect(await second.readJob(id)).toMatchObject({ state: 'done', attempt: 2 });
    const file = await fetch(`${url}/exports/${id}/download`, { headers: { Authorization: basic(KEY) } });
    const lines = gunzipSync(Buffer.from(await file.arrayBuffer()))
      .toString()
      .trimEnd()
      .split('\n');
    const ids = lines.map((line) => JSON.parse(line).id);
    const stored = await query('select id from events where id >= $1 and id < $2 order by id', [day.first, day.last]);
    expect(ids).toEqual(stored.map(({ id: each }) => each));
  }, 180_000);

  it.runIf(existsSync(`/proc/${process.pid}/status`))(
    'takes no more memory for ten times the rows',
    async () => {
      const { url, pid } = await startSluiceProcess(database, { SLUICE_ADMIN_API_KEY: KEY });
      const client = createClient({ url, key: KEY });
      const recipient = await openTestRecipient();
      const pool = new pg.Pool({ ...database.connection, max: 1 });
      onTestFinished(async () => {
        await Promise.all([pool.end(), recipient.close()]);
      });
      const query = async (text: string, values?: unknown[]) => (await pool.query(text, values)).rows;
      const sold = await deploy(client, flowOf([deliveryTo(recipient.url)]));
      const values = { last_name: 'Lee of the long name '.repeat(150) };
      const peakOf = async (copies: number) => {
        const { body } = await submit(url, { flow: sold, values, how: {} });
        const day = await copyLead(query, { leadId: body.lead.id, copies });
        resetPeak(pid);
        const { id } = await client.createExport({
          ...{ start: day.start, end: day.end, fields: ['id', 'lead.last_name'] },
        });
        await until('the export has ended', async () => (await client.readExport(id)).expires_at !== null, 120_000);
        expect(await client.readExport(id)).toMatchObject({ status: 'complete', exported_docs: 2 * copies });
        return readPeakMib(pid);
      };
      const before = await peakOf(2_000);
      const second = Math.floor(Date.now() / 1000);
      await until('copies go into another second', () => Math.floor(Date.now() / 1000) > second);
      // 40,000 rows of 3 kB: 120 MiB, were they held as text alone.
      expect((await peakOf(20_000)) - before).toBeLessThan(PEAK_MIB_MORE_MAX);
    },
    240_000,
  );
});

/** What a collector of garbage that is late may add, and well below what the rows take. */
const PEAK_MIB_MORE_MAX = 64;

/** The start of a server takes more than its exports. */
function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** The most memory that the process has had since. */
function readPeakMib(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}
