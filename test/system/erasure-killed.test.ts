import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { openTestRecipient, type TestRecipient } from '../harness/recipient.ts';
import { ask, type SubmitTarget } from '../harness/server.ts';
import { buildSluice, expireLease, type SluiceProcess, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf } from './flows.ts';
import { dumpDatabase, EMAIL, listTraces, ZENOBIA } from './person-traces.ts';

/*
 * A process that erases a person is killed in the middle of it. Another one goes on, and in the end nothing of the person is in any
 * table: documents, reasons, the search, exports, rows of batches, what the firehose has to send. No figure changes.
 */

const key = randomBytes(16).toString('hex');
const SECRET_KEY = Buffer.from('ab'.repeat(32), 'hex');
const BOB = { first_name: 'Bob', last_name: 'Baker', email: 'bob@example.com', phone_1: '512-789-5555', state: 'TX' };
const dayOf = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
/** Yesterday to tomorrow, whatever the time zone of the account. */
const DAYS = { start: dayOf(-1), end: dayOf(1) };
/** Of each person: more than two steps of the job, of 50 leads. */
const LEADS = 70;
const AT_ONCE = 10;

let database: TestDatabase;
let recipient: TestRecipient;
/** A bucket that takes nothing, so that what is sent to it waits. */
let bucket: TestRecipient;
let pool: pg.Pool;
beforeAll(async () => {
  await buildSluice();
  [database, recipient, bucket] = await Promise.all([createTestDatabase(), openTestRecipient(), openTestRecipient()]);
  pool = new pg.Pool({ ...database.connection, max: 3 });
  bucket.answerWith(() => ({ status: 503, body: '' }));
});
afterAll(async () => {
  await Promise.all([pool.end(), recipient.close(), bucket.close()]);
  await database.drop();
});

const query = async (text: string, values?: unknown[]) =>
  (await pool.query<Record<string, unknown>>(text, values)).rows;
const start = () => startSluiceProcess(database, { SLUICE_ADMIN_API_KEY: key });

async function api(sluice: SluiceProcess, method: string, path: string, body?: object) {
  const headers = {
    Authorization: `Basic ${Buffer.from(`API:${key}`).toString('base64')}`,
    'Content-Type': 'application/json',
  };
  const reply = await ask(`${sluice.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  expect(reply.status, reply.text).toBeLessThan(300);
  return reply.body;
}

/** Sold, copied by a firehose, and a row of a batch. */
async function deployFlow(sluice: SluiceProcess): Promise<SubmitTarget & { batch: string }> {
  const aws = { name: 'Bucket', type: 'aws', access_key_id: 'a', secret_access_key: 's', endpoint: bucket.url };
  const sftp = { name: 'Files', type: 'sftp', host: '127.0.0.1', port: 9, username: 'u', password: 'p' };
  const { id: bucketId } = await api(sluice, 'POST', '/credentials', { region: 'us-east-1', ...aws });
  const { id: filesId } = await api(sluice, 'POST', '/credentials', { host_key: `SHA256:${'A'.repeat(43)}`, ...sftp });
  const { id: batch } = await api(sluice, 'POST', '/batches', {
    ...{ name: 'Rows', columns: [{ name: 'email' }] },
    target: { type: 'sftp', credential_id: filesId, path: '/in' },
  });
  const mappings = Object.entries({ batch_id: batch, 'row.email': '{{lead.email}}' });
  const integration = {
    module_id: 'sluice.outbound.batch',
    mappings: mappings.map(([property, value]) => ({ property, value })),
  };
  const steps = [
    deliveryTo(recipient.url, {}, { 'json_property.email': '{{lead.email}}' }),
    { type: 'recipient' as const, entity: { name: 'Lender' }, integration },
  ];
  const firehose = { enabled: true, credential_id: bucketId, bucket: 'leads' };
  const flow = await api(sluice, 'POST', '/flows', flowOf(steps, { firehose }));
  await api(sluice, 'POST', `/flows/${flow.id}/deploy`);
  return { ...flow, batch };
}

async function submitAll({ url }: SluiceProcess, flow: SubmitTarget): Promise<void> {
  const path = `/flows/${flow.id}/sources/${flow.sources[0]?.entity.id}/submit`;
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  for (let sent = 0; sent < 2 * LEADS; sent += AT_ONCE) {
    const replies = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, lead) =>
        ask(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(lead % 2 === 0 ? ZENOBIA : BOB) }),
      ),
    );
    expect(replies.map(({ body }) => body?.outcome)).toEqual(Array(AT_ONCE).fill('success'));
  }
}

const isCounted = async () => (await query('select from digests union all select from runs')).length === 0;

/** All that is counted, row by row. */
const readTotals = () =>
  query(`
    select 'statistics_days' as "table", s::text as row from statistics_days s
    union all select 'statistics_hours', s::text from statistics_hours s
    union all select 'statistics_quarters', s::text from statistics_quarters s
    union all select 'event_tallies', t::text from event_tallies t
    union all select 'event_tallies_by_day', t::text from event_tallies_by_day t
    union all select 'latency_tallies', t::text from latency_tallies t
    union all select 'field_tallies', t::text from field_tallies t
    union all select 'leads', concat_ws(' ', id, outcome, price) from leads
    order by 1, 2`);

const countErased = async () =>
  2 * LEADS - Number((await query('select count(distinct lead_id) as count from lead_data'))[0]?.['count']);

it('an erasure that is killed in the middle ends in another process, and leaves nothing but figures', {
  timeout: 120_000,
}, async () => {
  const first = await start();
  // It repeats what it got.
  recipient.answerWith(({ body }) => ({ body: { outcome: 'success', reason: `Known: ${body}` } }));
  const flow = await deployFlow(first);
  await submitAll(first, flow);
  await until('all is counted', isCounted);
  const exported = await api(first, 'POST', '/exports', { rows: 'leads', ...DAYS });
  const exportId = exported.job?.id ?? exported.id;
  await until('the export has ended', async () => (await api(first, 'GET', `/jobs/${exportId}`)).ended_at !== null);
  const totals = await readTotals();
  expect(totals.length).toBeGreaterThan(2 * LEADS);
  const before = listTraces(await dumpDatabase((text, values) => query(text, values), SECRET_KEY));
  const tables = new Set(before.map((row) => row.split(' ')[0]?.split('.')[0]));
  for (const table of ['lead_search', 'batch_rows', 'events']) expect([...tables]).toContain(table);
  const isWaiting = async () => (await query('select from outbox')).length > 0;
  expect(await isWaiting()).toBe(true);

  // Another transaction has her last lead, so the job waits at its last step when it is killed.
  const holder = await pool.connect();
  await holder.query('begin');
  await holder.query(
    `select from leads where id = (select max(lead_id) from lead_data where document::text like '%Zenobia%') for update`,
  );
  const asked = await api(first, 'POST', '/privacy/erase', { email: EMAIL, preview: false });
  await until('some leads are erased', async () => (await countErased()) > 0);
  await until('the job waits', async () => {
    const waiting = await query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return waiting.length > 0;
  });
  first.kill('SIGKILL');
  await first.exited;
  const erased = await countErased();
  await holder.query('rollback');
  holder.release();
  expect(erased).toBeGreaterThan(0);
  expect(erased).toBeLessThan(LEADS);
  await expireLease(database, first);

  const second = await start();
  await until(
    'the job has ended',
    async () => (await api(second, 'GET', `/jobs/${asked.job.id}`)).ended_at !== null,
    60_000,
  );
  const job = await api(second, 'GET', `/jobs/${asked.job.id}`);
  expect(job).toMatchObject({ state: 'done', attempt: 2, counters: { erased: LEADS, held: 0, not_concerned: LEADS } });
  const receipt = await api(second, 'GET', `/privacy/receipts/${asked.job.id}`);
  const { statement, signature } = receipt;
  expect(await api(second, 'POST', '/privacy/receipts/verify', { statement, signature })).toEqual({ valid: true });
  expect(JSON.parse(statement)).toMatchObject({ counts: { leads: LEADS, exports: 1 }, under_way_lead_ids: [] });
  await until('all is counted', isCounted);
  expect(listTraces(await dumpDatabase((text, values) => query(text, values), SECRET_KEY))).toEqual([]);
  expect(await readTotals()).toEqual(totals);
  expect(await isWaiting()).toBe(true);
  expect(await query('select lead_id from lead_search')).toHaveLength(LEADS);
});

it('a lead that was under way counts once, also when the process is killed after it was erased', {
  timeout: 120_000,
}, async () => {
  const first = await start();
  recipient.answerWith(() => ({ status: 500, body: { outcome: 'error' } }));
  const flow = await api(first, 'POST', '/flows', flowOf([deliveryTo(recipient.url, { retry_enabled: true })]));
  await api(first, 'POST', `/flows/${flow.id}/deploy`);
  const path = `/flows/${flow.id}/sources/${flow.sources[0].entity.id}/submit`;
  const submit = async (values: object) => {
    const reply = await ask(`${first.url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(values),
    });
    return String(reply.body?.lead?.id);
  };
  const hers = await submit({ ...BOB, email: 'yolanda.later@example.com', phone_1: '512-789-6161' });
  for (let lead = 0; lead < 3; lead += 1) await submit(BOB);
  const looked = Number((await query('select count(*) as count from leads'))[0]?.['count']);
  const attempt = (status: string) => query('update retries set status = $1 where lead_id = $2', [status, hers]);
  await attempt('running');
  const asked = await api(first, 'POST', '/privacy/erase', { email: 'yolanda.later@example.com', preview: false });
  const readJob = (sluice: SluiceProcess) => api(sluice, 'GET', `/jobs/${asked.job.id}`);
  await until('it is found under way', async () => (await readJob(first)).counters.under_way === 1);

  // The job waits at the receipt, its last step, when it is killed.
  const holder = await pool.connect();
  await holder.query('begin');
  await holder.query('lock table erasure_receipts in access exclusive mode');
  await attempt('failed');
  await until('she is erased', async () => (await readJob(first)).counters.erased === 1);
  first.kill('SIGKILL');
  await first.exited;
  await holder.query('rollback');
  holder.release();
  await expireLease(database, first);

  const second = await start();
  await until('the job has ended', async () => (await readJob(second)).ended_at !== null, 60_000);
  const counters = { erased: 1, held: 0, under_way: 0, not_concerned: looked - 1 };
  expect(await readJob(second)).toMatchObject({ state: 'done', attempt: 2, counters });
  const { statement } = await api(second, 'GET', `/privacy/receipts/${asked.job.id}`);
  expect(JSON.parse(statement)).toMatchObject({
    counts: { leads_looked_at: looked, leads: 1 },
    lead_ids: [hers],
    under_way_lead_ids: [],
  });
});
