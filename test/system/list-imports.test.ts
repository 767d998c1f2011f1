import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import { basic } from '../../src/http/testing/test-server.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { endOfJob, idOfImport, sendFile } from '../harness/import-files.ts';
import { type ApiReply, ask, type ComposedServer, startTestServer } from '../harness/server.ts';
import { buildSluice, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { flowOf, when } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const makeList = (name: string, type: string) => server.api('POST', '/lists', { name, type });
const send = (list: string, file: string | Uint8Array, query = '', type = 'text/csv'): Promise<ApiReply> =>
  sendFile(server, `/lists/${list}/imports${query}`, { file, type });
const jobOf = async (id: string) => (await server.api('GET', `/jobs/${id}`)).body;
const isOn = async (list: string, value: string) =>
  (await server.api('GET', `/exists/${list}/${encodeURIComponent(value)}`)).status === 200;

/** Sends a file and returns its job when it has ended. */
async function importFile(list: string, file: string | Uint8Array, query = '') {
  const sent = await send(list, file, query);
  const id = idOfImport(sent);
  expect(sent.headers.get('location')).toBe(`/jobs/${id}`);
  return { job: await endOfJob(server, id), file: sent.body.file };
}

const phoneOf = (number: number) => `512${String(1_000_000 + number).padStart(7, '0')}`;

describe('an import', () => {
  it('enters the values of a table, counts its rows and keeps those it rejected', async () => {
    await makeList('Table', 'phone');
    await server.api('POST', '/lists/table/items', { values: ['512-789-4321'] });
    const file = [
      'id,Mobile,name',
      '1,(512) 789-4321,"Ann, Dr."',
      '2,+1 512 789 4322,Bob',
      '3,512.789.4322,Bob again',
      '4,none,=cmd()',
      '5,,Blank',
      '6',
    ].join('\r\n');
    const { job, file: read } = await importFile('table', file);
    expect(read).toMatchObject({ delimiter: ',', header: true, column: 2, encoding: 'ascii', gzip: false });
    expect(job).toMatchObject({
      kind: 'import-list',
      state: 'done_with_failures',
      reason: '3 of 6 failed',
      counters: { added: 1, known: 1, repeated: 1, rejected: 3 },
      progress: { done: 6, total: 6 },
    });
    const [artefact] = job.artefacts;
    const rejected = await server.api('GET', artefact.url);
    expect(rejected.text).toBe(
      'row,reason,value\r\n4,not a phone,none\r\n5,blank,\r\n6,the row has no such column,\r\n',
    );
    expect(await isOn('table', '5127894322')).toBe(true);
    expect((await server.api('GET', '/lists/table')).body).toMatchObject({ count: 2, total_jobs: 1 });
    expect(await server.query('select from job_files')).toEqual([]);
  });

  it.each<[name: string, file: Uint8Array]>([
    ['UTF-8 with a mark', Buffer.from('\ufeffemail\nzoë@example.com\nann@example.com\n')],
    ['UTF-16', Buffer.from('\ufeffemail\nzoë@example.com\nann@example.com\n', 'utf16le')],
    ['Windows-1252', Buffer.from('email\nzo\xeb@example.com\nann@example.com\n', 'latin1')],
    ['gzip', gzipSync('email\nann@example.com\n')],
    ['one line without an end', Buffer.from('ann@example.com')],
  ])('reads %s', async (name, file) => {
    const list = `read_${name.toLowerCase().replace(/\W/g, '_')}`;
    await makeList(list, 'email');
    const { job } = await importFile(list, file);
    expect(job.counters.added).toBeGreaterThan(0);
    expect(await isOn(list, 'ann@example.com')).toBe(true);
  });

  it('says how it would read a file from its beginning, and stores nothing', async () => {
    await makeList('Previewed', 'phone');
    const preview = await send('previewed', 'a;phone\nx;5127894321\ny;51278', '?preview=true');
    expect(preview).toMatchObject({ status: 200, body: { file: { delimiter: ';', column: 2, header: true } } });
    expect(await server.query('select from job_files')).toEqual([]);
    expect((await server.api('GET', '/lists/previewed')).body.total_jobs).toBe(0);
  });

  it('takes the column that is named', async () => {
    await makeList('Named', 'phone');
    const file = 'home,mobile\n5127890001,5127890002\n';
    await importFile('named', file, '?column=mobile');
    expect([await isOn('named', '5127890001'), await isOn('named', '5127890002')]).toEqual([false, true]);
    await importFile('named', file, '?column=1');
    expect(await isOn('named', '5127890001')).toBe(true);
  });

  it.each<[name: string, file: string | Uint8Array, query: string, message: RegExp]>([
    ['an empty file', '', '', /no rows/],
    ['gzip that is none', new Uint8Array([0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]), '', /damaged/],
    ['an unknown column', 'a,b\n1,2\n', '?column=phone', /There is no column "phone"/],
    ['no column of phones', 'a,b\nx,y\nz,w\n', '', /name one with column/],
  ])('is refused with %s', async (_, file, query, message) => {
    await makeList('Refusing', 'phone');
    const answer = await send('refusing', file, query);
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'invalid_document', error: expect.stringMatching(message) },
    });
    expect(await server.query('select from job_files')).toEqual([]);
  });

  it('is refused for another media type, a list that is not there and a key that may not', async () => {
    await makeList('Guarded', 'phone');
    expect((await send('guarded', 'x', '', 'image/png')).body.code).toBe('unsupported_media_type');
    expect((await send('guarded', '{}', '', 'application/json')).body.code).toBe('unsupported_media_type');
    expect((await send('nowhere', '5127890001')).body.code).toBe('not_found');
    const other = await ask(`${server.url}/lists`, {
      method: 'POST',
      headers: { Authorization: basic(server.key), 'Content-Type': 'text/csv' },
      body: 'a,b',
    });
    expect(other.body.code).toBe('unsupported_media_type');
  });

  it('fails for a file that turns out to be damaged, and has entered nothing', async () => {
    await makeList('Damaged', 'phone');
    const rows = Array.from({ length: 60_000 }, (_, n) => phoneOf(n)).join('\n');
    const packed = gzipSync(rows, { level: 1 });
    const { job } = await importFile('damaged', packed.subarray(0, packed.length - 20_000));
    expect(job).toMatchObject({ state: 'failed', reason: expect.stringMatching(/damaged or cut off/) });
    expect((await server.api('GET', '/lists/damaged')).body.count).toBe(0);
    expect(await server.query('select from job_files')).toEqual([]);
  });

  it('leaves nothing of a file that does not arrive', async () => {
    await makeList('Broken off', 'phone');
    const asked = request(`${server.url}/lists/broken_off/imports`, {
      method: 'POST',
      headers: { Authorization: basic(server.key), 'Content-Type': 'text/csv', 'Content-Length': 10_000_000 },
    });
    asked.on('error', () => undefined);
    asked.write('5127894321\n'.repeat(200_000));
    await until('a part is stored', async () => (await server.query('select from job_files')).length > 0);
    asked.destroy();
    await until('it is gone', async () => (await server.query('select from job_files')).length === 0);
    expect(await server.query("select from jobs where state = 'queued'")).toEqual([]);
    expect((await server.api('GET', '/lists/broken_off')).body).toMatchObject({ count: 0, total_jobs: 0 });
  });

  it('shows rejected rows to those who may see values', async () => {
    await makeList('Personal', 'phone');
    const { job } = await importFile('personal', '5127894321\n5127894322\nann\n');
    const { url } = job.artefacts[0];
    const keyOf = async (permissions: string[]) =>
      (await server.api('POST', '/api_keys', { name: 'k', permissions })).body.key;
    const without = await server.api('GET', url, undefined, { key: await keyOf(['jobs.read', 'leads.read']) });
    expect([without.status, without.body.error]).toEqual([403, expect.stringMatching(/personal_data\.read/)]);
    const allowed = await keyOf(['jobs.read', 'leads.read', 'personal_data.read']);
    expect((await server.api('GET', url, undefined, { key: allowed })).text).toContain('ann');
  });

  it('fails when its list is deleted meanwhile', async () => {
    await makeList('Deleted', 'phone');
    const sent = await send('deleted', Array.from({ length: 200_000 }, (_, n) => phoneOf(n)).join('\n'));
    const { id } = sent.body.job;
    await until('it has entered some', async () => (await jobOf(id)).progress.done > 0);
    await server.api('DELETE', '/lists/deleted');
    await until('it has ended', async () => (await jobOf(id)).ended_at !== null);
    expect(await jobOf(id)).toMatchObject({ state: 'failed', reason: 'The list was deleted.' });
  });

  it('stops when it is cancelled, and what it has entered stays', async () => {
    await makeList('Cancelled', 'phone');
    const sent = await send('cancelled', Array.from({ length: 200_000 }, (_, n) => phoneOf(n)).join('\n'));
    const { id } = sent.body.job;
    await until('it has entered some', async () => (await jobOf(id)).progress.done > 0);
    await server.api('POST', `/jobs/${id}/cancel`);
    await until('it has ended', async () => (await jobOf(id)).ended_at !== null);
    const job = await jobOf(id);
    expect(job.state).toBe('cancelled');
    expect(job.progress.done).toBeLessThan(200_000);
    const counted = await server.query(
      "select count(*)::int from list_items i join lists l on l.contents_id = i.list_id where l.name = 'Cancelled'",
    );
    expect(counted).toEqual([{ count: job.counters.added }]);
    await until('its file is gone', async () => (await server.query('select from job_files')).length === 0);
  });

  it('goes on after its process has stopped, without loss and without counting a row twice', async () => {
    await makeList('Resumed', 'phone');
    const numbers = Array.from({ length: 60_000 }, (_, n) => phoneOf(n % 50_000));
    const sent = await send('resumed', gzipSync(`phone\n${numbers.join('\n')}\nnone\n`));
    const { id } = sent.body.job;
    await until('it has entered some', async () => (await jobOf(id)).progress.done >= 5_000);
    await server.restart();
    await until('it has ended', async () => (await jobOf(id)).ended_at !== null);
    const job = await jobOf(id);
    expect(job.attempt).toBeGreaterThan(1);
    expect(job).toMatchObject({
      state: 'done_with_failures',
      counters: { added: 50_000, repeated: 10_000, rejected: 1 },
      progress: { done: 60_001, total: 60_001 },
    });
    expect((await server.api('GET', '/lists/resumed')).body.count).toBe(50_000);
    const rejected = await server.api('GET', job.artefacts[0].url);
    expect(rejected.text).toBe('row,reason,value\r\n60001,not a phone,none\r\n');
  }, 120_000);
});

describe('an import that replaces all entries', () => {
  it('replaces them at once, keeps what was added meanwhile, and leads see the new ones', async () => {
    await makeList('Replaced', 'phone');
    const flow = await server.deploy(
      flowOf([], {
        list_checks: { dnc: { value: '{{lead.phone_1}}', list_name: 'Replaced' } },
        acceptance_criteria: { rule_set: when('suppressionlist.is_dnc', 'is not true'), reason: 'on the list' },
      }),
    );
    const outcomeOf = async (phone: string) => (await server.submit(flow, { phone_1: phone })).body.outcome;
    await importFile('replaced', ['5127890001', '5127890002'].join('\n'));
    expect(await outcomeOf('5127890001')).toBe('failure');
    const rows = Array.from({ length: 20_000 }, (_, n) => phoneOf(n));
    const sent = await send('replaced', ['5127890002', ...rows].join('\n'), '?mode=replace');
    const { id } = sent.body.job;
    await until('it has entered some', async () => (await jobOf(id)).progress.done > 0);
    // Until the end the old entries count, and what is added now stays.
    if ((await jobOf(id)).ended_at === null) expect(await isOn('replaced', phoneOf(0))).toBe(false);
    await server.api('POST', '/lists/replaced/items', { values: ['5127890003'] });
    await until('it has ended', async () => (await jobOf(id)).ended_at !== null);
    expect(await jobOf(id)).toMatchObject({ state: 'done', counters: { added: 20_001 } });
    const on = await Promise.all(
      ['5127890001', '5127890002', '5127890003', phoneOf(7)].map((value) => isOn('replaced', value)),
    );
    expect(on).toEqual([false, true, true, true]);
    expect((await server.api('GET', '/lists/replaced')).body.count).toBe(20_002);
    await until('the flow has met the change', async () => (await outcomeOf('5127890001')) === 'success');
    expect([await outcomeOf('5127890002'), await outcomeOf(phoneOf(7))]).toEqual(['failure', 'failure']);
  });

  it('changes nothing when it is cancelled', async () => {
    await makeList('Untouched', 'phone');
    await server.api('POST', '/lists/untouched/items', { values: ['5127890001'] });
    const sent = await send(
      'untouched',
      Array.from({ length: 200_000 }, (_, n) => phoneOf(n)).join('\n'),
      '?mode=replace',
    );
    const { id } = sent.body.job;
    await until('it has entered some', async () => (await jobOf(id)).progress.done > 0);
    await server.api('POST', `/jobs/${id}/cancel`);
    await until('it has ended', async () => (await jobOf(id)).ended_at !== null);
    expect((await jobOf(id)).state).toBe('cancelled');
    expect([await isOn('untouched', '5127890001'), await isOn('untouched', phoneOf(0))]).toEqual([true, false]);
    expect((await server.api('GET', '/lists/untouched')).body.count).toBe(1);
  });
});

it('the client sends a file as it is', async () => {
  await makeList('By the client', 'phone');
  const sent = await server.client.importListFile('by_the_client', '5127890001\n5127890002\n', { mode: 'replace' });
  const id = 'job' in sent ? sent.job.id : '';
  await until('the import has ended', async () => (await jobOf(id)).ended_at !== null);
  expect((await server.client.readList('by_the_client')).count).toBe(2);
});

describe('the end of the process that runs an import', () => {
  const KEY = 'lists-0123456789abcdef0123456789abcdef';
  const ROWS = 40_000;
  let database: TestDatabase;
  beforeAll(async () => {
    await buildSluice();
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('by kill -9: another one goes on, and no row is lost or counted twice', async () => {
    const start = () => startSluiceProcess(database, { SLUICE_ADMIN_API_KEY: KEY });
    const first = await start();
    const client = createClient({ url: first.url, key: KEY });
    await client.createList({ name: 'Killed', type: 'phone' });
    const sent = await client.importListFile('killed', Array.from({ length: ROWS }, (_, n) => phoneOf(n)).join('\n'));
    const id = 'job' in sent ? sent.job.id : '';
    await until('it has entered some', async () => (await client.readJob(id)).progress.done >= 5_000);
    first.kill('SIGKILL');
    await first.exited;
    const second = createClient({ url: (await start()).url, key: KEY });
    await until('the import has ended', async () => (await second.readJob(id)).ended_at !== null, 90_000);
    expect(await second.readJob(id)).toMatchObject({
      ...{ state: 'done', attempt: 2, counters: { added: ROWS }, progress: { done: ROWS, total: ROWS } },
    });
    expect((await second.readList('killed')).count).toBe(ROWS);
  }, 180_000);
});
