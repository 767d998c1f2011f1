import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { endOfJob, idOfImport, readArtefact, sendFile } from '../harness/import-files.ts';
import { openTestRecipient } from '../harness/recipient.ts';
import { type ApiReply, type ComposedServer, deploy, startTestServer } from '../harness/server.ts';
import { buildSluice, expireLease, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed, when } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

// biome-ignore lint/suspicious/noExplicitAny: flows as the API returns them
type Flow = any;
const placeOf = (flow: Flow) => `flow_id=${flow.id}&source_id=${flow.sources[0].id}`;
const send = (flow: Flow, file: string | Uint8Array, query = '', key = server.key): Promise<ApiReply> =>
  sendFile(server, `/leads/imports?${placeOf(flow)}${query}`, { file, key });
const readImport = async (id: string) => (await server.api('GET', `/leads/imports/${id}`)).body;
const hasState = (id: string, ...states: string[]) =>
  until(`the import is ${states.join(' or ')}`, async () => states.includes((await readImport(id)).job.state));

/** Sends a file, waits until it is checked, and returns the import. */
async function check(flow: Flow, file: string | Uint8Array, query = '') {
  const sent = await send(flow, file, query);
  const id = idOfImport(sent);
  await hasState(id, 'waiting', 'failed');
  return { id, file: sent.body.file, checked: await readImport(id) };
}

/** Starts an import and returns its job when it has ended. */
async function run(id: string) {
  expect(await server.api('POST', `/leads/imports/${id}/start`, { rate: 500 })).toMatchObject({
    ...{ status: 202, body: { started: true } },
  });
  return endOfJob(server, id);
}

const TEXAS = { acceptance_criteria: { rule_set: when('lead.state', 'is equal to', 'TX') } };
const newFlow = (parts: object = {}) =>
  server.deploy(
    flowOf([deliveryTo(server.recipient.url)], { fields: ['first_name', 'email', 'phone_1', 'state'], ...parts }),
  );
const FILE = [
  'Vorname,E-Mail,Mobile,St,Notes',
  'Ann,ann@example.com,512-789-4321,TX,x',
  'Bob,bob@example.com,512-789-4322,CA,x',
  'Eve,eve@example.com,none,TX,"=1+1"',
  'Kim,kim@example.com,,TX,x',
  'Lou,lou@example.com,5127894325,TX,x,more',
].join('\r\n');

describe('an import of leads', () => {
  it('guesses, checks, waits, and submits each row as a lead of its source', async () => {
    const flow = await newFlow(TEXAS);
    const { id, file, checked } = await check(flow, FILE);
    expect(file.columns).toMatchObject([
      { column: 1, name: 'Vorname', field: 'first_name', because: 'synonym', samples: ['Ann', 'Bob', 'Eve'] },
      { name: 'E-Mail', field: 'email', because: 'name', confidence: 0.95 },
      { name: 'Mobile', field: 'phone_1', because: 'synonym' },
      { name: 'St', field: 'state' },
      { name: 'Notes', field: null, because: 'nothing' },
    ]);
    expect(checked.job).toMatchObject({ state: 'waiting', progress: { done: 0, total: 5 }, counters: {} });
    expect(checked.started).toBe(false);
    expect(checked.file.columns[0].samples).toBeUndefined();
    expect(checked.check).toMatchObject({
      ...{ rows: 5, rejected: 2 },
      errors: [
        { message: 'phone_1 is no valid phone', rows: 1, samples: [3] },
        { message: 'The row has more cells than the file has columns', rows: 1, samples: [5] },
      ],
      warnings: [{ message: 'phone_1 is empty', rows: 1, samples: [4] }],
      preview: {
        ...{ rows: 3, counts: { success: 2, failure: 1 } },
        reasons: [{ outcome: 'failure', reason: 'State must be equal to TX', rows: 1, sample: 2 }],
      },
    });
    expect(await server.query('select from leads where flow_id = $1', [flow.id])).toEqual([]);

    const job = await run(id);
    expect(job).toMatchObject({
      ...{ state: 'done_with_failures', progress: { done: 5, total: 5 } },
      counters: { success: 2, failure: 1, rejected: 2 },
    });
    const result = (await readArtefact(server, id, 'result.csv')).sort();
    expect(result).toEqual([
      expect.stringMatching(/^1,success,[0-9a-f]{24},$/),
      expect.stringMatching(/^2,failure,[0-9a-f]{24},State must be equal to TX$/),
      expect.stringMatching(/^3,rejected,,phone_1 is no valid phone$/),
      expect.stringMatching(/^4,success,[0-9a-f]{24},$/),
      expect.stringMatching(/^5,rejected,,The row has more cells/),
      'row,outcome,lead_id,reason',
    ]);
    const rejected = await readArtefact(server, id, 'rejected.csv');
    expect(rejected).toEqual([
      'Vorname,E-Mail,Mobile,St,Notes,import_error',
      "Eve,eve@example.com,none,TX,'=1+1,phone_1 is no valid phone",
      'Lou,lou@example.com,5127894325,TX,x,more,The row has more cells than the file has columns',
    ]);
    const lead = (await server.api('GET', `/leads/${result[0]?.split(',')[2]}`)).body;
    const source = lead.events.find(({ type }: { type: string }) => type === 'source');
    expect(source).toMatchObject({ outcome: 'success', imported: { job_id: id, row: 1 } });
    expect(source.vars.lead).toMatchObject({ first_name: 'Ann', email: { normal: 'ann@example.com' } });
    expect(await server.query('select from job_files')).toEqual([]);

    // The repaired file has the reason as a column, which is not imported, and no formula that was none.
    const repaired = `${rejected.slice(0, 2).join('\r\n').replace('none', "'+1 512 789 4323")}\r\n`;
    const again = await check(flow, repaired);
    expect(again.file.columns.at(-1)).toMatchObject({ name: 'import_error', field: null });
    expect(again.checked.check).toMatchObject({ rejected: 0, warnings: [] });
    expect(await run(again.id)).toMatchObject({ state: 'done', counters: { success: 1 } });
  });

  it('takes what the caller says of columns, constants and invalid values', async () => {
    const flow = await newFlow();
    const { id } = await check(flow, gzipSync(Buffer.from('\ufeffA;B;E-Mail\nAnn;none;\nBob;x;b@x.com\n', 'utf16le')));
    const change = { columns: { A: 'first_name', '2': 'phone_1' }, constants: { email: 'none@example.com' } };
    const changed = await server.api('PUT', `/leads/imports/${id}`, { ...change, invalid: 'submit' });
    expect([changed.status, changed.body.file.encoding]).toEqual([202, 'utf-16le']);
    await hasState(id, 'waiting');
    expect((await readImport(id)).check).toMatchObject({
      rejected: 0,
      warnings: [{ message: 'phone_1 is no valid phone', rows: 2 }],
    });
    const wrong = { columns: { C: 'email', A: 'phone_1' }, constants: { shoe: '9' } };
    const refused = await server.api('PUT', `/leads/imports/${id}`, wrong);
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(/no column.*Two columns are imported as phone_1.*no field shoe/s);
    expect(await run(id)).toMatchObject({ state: 'done', counters: { success: 2 } });
    const leads = await server.query('select id from leads where flow_id = $1', [flow.id]);
    const emails = await Promise.all(
      leads.map(
        async ({ id: leadId }) =>
          (await server.api('GET', `/leads/${leadId}`)).body.events.at(-1).vars.lead.email.normal,
      ),
    );
    expect(emails.sort()).toEqual(['b@x.com', 'none@example.com']);
    expect((await server.api('PUT', `/leads/imports/${id}`, change)).status).toBe(409);
  });

  it('fails when none of its rows is a success, and starts by itself where that is said', async () => {
    const flow = await newFlow(TEXAS);
    const sent = await send(flow, 'email,state\nann@example.com,CA\nbob@example.com,NY\n', '&start=true');
    const { id } = sent.body.job;
    await hasState(id, 'failed');
    expect((await readImport(id)).job).toMatchObject({ counters: { failure: 2 }, reason: '2 of 2 failed' });
  });

  it('pauses, resumes at another rate, and stops where it is cancelled', async () => {
    const flow = await newFlow();
    const file = `email\n${Array.from({ length: 300 }, (_, n) => `a${n}@example.com`).join('\n')}\n`;
    const { id } = await check(flow, file, '&rate=40');
    await server.api('POST', `/leads/imports/${id}/start`);
    await until('some rows have ended', async () => (await readImport(id)).job.progress.done > 20);
    expect((await server.api('POST', `/jobs/${id}/pause`)).status).toBe(202);
    await hasState(id, 'paused');
    const paused = (await readImport(id)).job;
    const leads = () => server.query('select from leads where flow_id = $1', [flow.id]);
    expect(await leads()).toHaveLength(paused.progress.done);
    await server.api('POST', `/jobs/${id}/resume`);
    await until('it goes on', async () => (await readImport(id)).job.progress.done > paused.progress.done);
    expect((await server.api('POST', `/jobs/${id}/cancel`)).status).toBe(202);
    await hasState(id, 'cancelled');
    const { progress, counters } = (await readImport(id)).job;
    expect([progress.done < 300, counters]).toEqual([true, { success: progress.done }]);
    expect(await leads()).toHaveLength(progress.done);
    expect(await server.query('select from job_files')).toEqual([]);
  });

  it('pauses when its source takes no leads any more', async () => {
    const flow = await newFlow();
    const { id } = await check(flow, 'email\nann@example.com\n');
    const { body } = await server.api('GET', `/flows/${flow.id}`);
    const disabled = { ...body, sources: [{ ...body.sources[0], enabled: false }] };
    await server.api('PUT', `/flows/${flow.id}`, disabled);
    await server.api('POST', `/flows/${flow.id}/deploy`);
    await server.api('POST', `/leads/imports/${id}/start`);
    await hasState(id, 'paused');
    expect((await readImport(id)).job).toMatchObject({ counters: {}, reason: expect.stringMatching(/answered 403/) });
    const { body: saved } = await server.api('GET', `/flows/${flow.id}`);
    const enabled = { ...saved, sources: [{ ...saved.sources[0], enabled: true }] };
    expect((await server.api('PUT', `/flows/${flow.id}`, enabled)).status).toBe(200);
    await server.api('POST', `/flows/${flow.id}/deploy`);
    expect(await run(id)).toMatchObject({ state: 'done', counters: { success: 1 } });
  });

  it('needs leads.submit for its source', async () => {
    const flow = await newFlow({ sources: [sourceNamed('Ads', { authentication_required: true })] });
    const keyOf = async (parts: object) => (await server.api('POST', '/api_keys', { name: 'k', ...parts })).body.key;
    const file = 'email\nann@example.com\n';
    expect((await send(flow, file, '', await keyOf({ permissions: ['leads.read'] }))).status).toBe(403);
    const other = await newFlow();
    const limited = await keyOf({ role: 'vendor', flow_ids: [other.id] });
    expect((await send(flow, file, '', limited)).status).toBe(403);
    expect((await send(flow, file, '', server.strangerKey)).status).toBe(404);
    const { id } = await check(flow, file);
    expect((await run(id)).counters).toEqual({ success: 1 });
  });
});

describe('a process that is killed', () => {
  const KEY = 'lead-imports-key-of-a-test';
  const ROWS = 300;
  let database: TestDatabase;
  beforeAll(async () => {
    await buildSluice();
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('by kill -9: another one goes on, and no row is submitted twice', async () => {
    const recipient = await openTestRecipient();
    recipient.answerWith(() => ({ body: { outcome: 'success' } }));
    const env = { SLUICE_ADMIN_API_KEY: KEY, SLUICE_ALLOW_PRIVATE_NETWORKS: `127.0.0.1/32:${recipient.port}` };
    const first = await startSluiceProcess(database, env);
    const client = createClient({ url: first.url, key: KEY });
    const flow: Flow = await deploy(client, flowOf([deliveryTo(recipient.url)]));
    const rows = Array.from({ length: ROWS }, (_, n) => (n % 100 === 99 ? `none,${n}` : `a${n}@example.com,${n}`));
    const sent = await client.importLeadFile(`email,n\n${rows.join('\n')}\n`, {
      ...{ flow_id: flow.id, source_id: flow.sources[0].id, rate: 200, start: 'true' },
    });
    const id = 'job' in sent ? sent.job.id : '';
    await until('some rows have ended', async () => (await client.readJob(id)).progress.done >= 50);
    first.kill('SIGKILL');
    await first.exited;
    await expireLease(database, first);
    const second = createClient({ url: (await startSluiceProcess(database, env)).url, key: KEY });
    await until('the import has ended', async () => (await second.readJob(id)).ended_at !== null, 90_000);
    const job = await second.readJob(id);
    expect(job).toMatchObject({ state: 'done_with_failures', attempt: 2, progress: { done: ROWS, total: ROWS } });
    const { success = 0, error = 0, rejected } = job.counters;
    // A delivery that was cut off by the kill may have arrived: its lead is an error.
    expect([success + error, rejected]).toEqual([ROWS - 3, 3]);
    const emails = recipient.deliveries.map(({ body }) => JSON.parse(body).email);
    expect(new Set(emails).size).toBe(emails.length);
    const leads = await second.listLeads({ flow_id: [flow.id], limit: 1000 });
    expect(leads).toHaveLength(ROWS - 3);
    await recipient.close();
  }, 180_000);
});
