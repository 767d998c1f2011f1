import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { endOfJob, idOfImport, readArtefact, sendFile } from '../harness/import-files.ts';
import { openTestRecipient } from '../harness/recipient.ts';
import { type ApiReply, type ComposedServer, deploy, startTestServer, submit } from '../harness/server.ts';
import { buildSluice, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const FEEDBACK = { returns: { enabled: true, reasons: ['Wrong number'] }, conversions: { enabled: true } };
const UNKNOWN = '5fd0c0de00000000000000ff';

function buyerFlow(url: string, feedback: object = FEEDBACK) {
  const buyer = deliveryTo(url, { feedback, pricing: { prices: [{ amount: 12.5 }] } });
  return flowOf([buyer], { sources: [sourceNamed('Ads', { pricing: { prices: [{ amount: 5 }] } })] });
}

interface Sold {
  leadId: string;
  eventId: string;
  recipientId: string;
}

/** Leads that a buyer with this feedback has bought. */
async function sell(count: number, feedback?: object): Promise<Sold[]> {
  const flow = await server.deploy(buyerFlow(server.recipient.url, feedback));
  const sold: Sold[] = [];
  for (let n = 0; n < count; n += 1) {
    const { body } = await server.submit(flow, { email: `ann${n}@example.com` });
    const { events } = await readLead(body.lead.id);
    const event = events.find(({ type }: { type: string }) => type === 'recipient');
    sold.push({ leadId: body.lead.id, eventId: event.id, recipientId: event.vars.recipient.id });
  }
  return sold;
}

const readLead = async (id: string) => (await server.api('GET', `/leads/${id}`)).body;
const typesOf = async ({ leadId }: Sold) =>
  (await readLead(leadId)).events
    .map(({ type }: { type: string }) => type)
    .filter((type: string) => /feedback/.test(type));
const rowsOf = () => server.query('select type, reason, status, lead_id from feedback order by id');

const send = (file: string | Uint8Array, query = '', key = server.key): Promise<ApiReply> =>
  sendFile(server, `/feedback/imports${query}`, { file, key });

/** Sends a file and returns its job when it has ended, with the rows of its result. */
async function importFile(file: string | Uint8Array, query = '') {
  const sent = await send(file, query);
  const id = idOfImport(sent);
  const job = await endOfJob(server, id);
  return { job, file: sent.body.file, result: await readArtefact(server, id, 'result.csv') };
}

describe('an import of feedback', () => {
  it('gives each row as a recipient would, and says what became of it', async () => {
    const [one, two, three] = await sell(3);
    if (!one || !two || !three) throw new Error('three leads were sold');
    const file = [
      'Name,Event ID,Reason',
      `Ann,${one.eventId},Wrong number`,
      `Bob,${two.eventId.toUpperCase()},Bored`,
      `Eve,${UNKNOWN},Wrong number`,
      `Joe,none,`,
      `Kim,,Wrong number`,
      `"=Lee, X",${one.eventId},Wrong number`,
    ].join('\r\n');
    const { job, file: read, result } = await importFile(file, '?type=return');
    expect(read).toMatchObject({
      ...{ delimiter: ',', header: true, ignored: ['Name'] },
      columns: { event_id: 2, lead_id: null, recipient_id: null, reason: 3, type: null },
    });
    expect(job).toMatchObject({
      ...{ kind: 'import-feedback', state: 'done_with_failures', progress: { done: 6, total: 6 } },
      counters: { given: 1, refused: 1, not_found: 1, invalid: 2, already_given: 1 },
    });
    expect(result[0]).toBe('row,outcome,reason,as sent');
    expect(result[1]).toMatch(/^1,given,,Ann,[0-9a-f]{24},Wrong number$/);
    expect(result[2]).toMatch(/^2,refused,The reason of a return must be one of: Wrong number,/);
    expect(result[3]).toMatch(/^3,not_found,There is no delivery with this id that its recipient accepted,Eve/);
    expect(result[4]).toMatch(/^4,invalid,The id is not one of 24 hexadecimal characters,Joe,none,$/);
    expect(result[5]).toMatch(/^5,invalid,The row has no id,Kim/);
    expect(result[6]).toMatch(/^6,already_given,The feedback [0-9a-f]{24} says the same,"'=Lee, X"/);
    expect(await typesOf(one)).toEqual(['feedback-received']);
    expect(await typesOf(three)).toEqual([]);
    expect((await readLead(one.leadId)).money).toMatchObject({ revenue: 0 });
    expect(await server.query('select from job_files')).toEqual([]);
  });

  it('takes a file again, and gives nothing twice; another reason of a conversion is another one', async () => {
    const [one] = await sell(1);
    if (!one) throw new Error('a lead was sold');
    const file = `${one.leadId};sale\n${one.leadId};upsell\n${one.leadId};sale\n`;
    const query = `?type=conversion&recipient_id=${one.recipientId}&lead_id_column=1&reason_column=2`;
    expect((await importFile(file, query)).job).toMatchObject({
      state: 'done',
      counters: { given: 2, already_given: 1 },
    });
    expect((await importFile(file, query)).job).toMatchObject({ state: 'done', counters: { already_given: 3 } });
    expect(await typesOf(one)).toEqual(['feedback-received', 'feedback-received']);
    // What the recipient itself sends is what it was: once for each time.
    await fetch(`${server.url}/feedback?event_id=${one.eventId}&type=conversion&reason=sale`);
    expect(await typesOf(one)).toHaveLength(3);
  });

  it('reads types from a column, ids of recipients, and gzip', async () => {
    const [one, two] = await sell(2);
    if (!one || !two) throw new Error('two leads were sold');
    const file = [
      'lead_id,recipient_id,type,reason',
      `${one.leadId},${one.recipientId},Conversions,`,
      `${two.leadId},${two.recipientId},RETURN,Wrong number`,
      `${two.leadId},${two.recipientId},refund,`,
      `${two.leadId},,return,`,
    ].join('\n');
    const { job, result } = await importFile(gzipSync(file));
    expect(job).toMatchObject({ counters: { given: 2, invalid: 2 } });
    expect(result[3]).toContain('The type must be ""return"" or ""conversion""');
    expect(result[4]).toContain('The row has no recipient');
  });

  it('says of a step that takes none of this type that it was refused', async () => {
    const [one] = await sell(1, { conversions: { enabled: true } });
    if (!one) throw new Error('a lead was sold');
    const { job, result } = await importFile(`${one.eventId}\n`, '?type=return');
    expect(job).toMatchObject({ state: 'failed', counters: { refused: 1 } });
    expect(result[1]).toContain('1,refused,Feedback is forbidden');
  });

  it('finds no event of another account', async () => {
    const [one] = await sell(1);
    if (!one) throw new Error('a lead was sold');
    const sent = await send(`${one.eventId}\n`, '?type=return', server.strangerKey);
    const jobOf = async () =>
      (await server.api('GET', `/jobs/${sent.body.job.id}`, undefined, { key: server.strangerKey })).body;
    await until('the import has ended', async () => (await jobOf()).ended_at !== null);
    expect((await jobOf()).counters).toEqual({ not_found: 1 });
    expect(await typesOf(one)).toEqual([]);
  });

  it.each([
    ['a file without a type', `${UNKNOWN}\n`, '', /type=return or type=conversion/],
    ['a file without ids', 'a,b\nc,d\n', '?type=return', /which column has the ids/],
    ['leads without a recipient', `lead_id\n${UNKNOWN}\n`, '?type=return', /recipient_id/],
    ['a column that is not there', `${UNKNOWN}\n`, '?type=return&event_id_column=Ids', /There is no column /],
    ['nothing', '\n', '?type=return', /no rows/],
  ])('refuses %s at once', async (_, file, query, message) => {
    const { status, text } = await send(file, query);
    expect([status, text]).toEqual([422, expect.stringMatching(message)]);
  });

  it('refuses more rows than it reads, and needs feedback.send', async () => {
    const { job } = await importFile(gzipSync(`${UNKNOWN}\n`.repeat(100_001)), '?type=return');
    expect(job).toMatchObject({ state: 'failed', reason: 'The file has more than 100000 rows: split it.' });
    const { body } = await server.api('POST', '/api_keys', { name: 'reader', permissions: ['leads.read'] });
    expect((await send(`${UNKNOWN}\n`, '?type=return', body.key)).status).toBe(403);
    expect((await rowsOf()).filter(({ lead_id: id }) => id === UNKNOWN)).toEqual([]);
  });
});

describe('a process that is killed', () => {
  const KEY = 'feedback-imports-key-of-a-test';
  const ROWS = 600;
  let database: TestDatabase;
  beforeAll(async () => {
    await buildSluice();
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('by kill -9: another one goes on, and no feedback is given twice', async () => {
    const recipient = await openTestRecipient();
    recipient.answerWith(() => ({ body: { outcome: 'success' } }));
    const env = { SLUICE_ADMIN_API_KEY: KEY, SLUICE_ALLOW_PRIVATE_NETWORKS: `127.0.0.1/32:${recipient.port}` };
    const first = await startSluiceProcess(database, env);
    const client = createClient({ url: first.url, key: KEY });
    const flow = await deploy(client, buyerFlow(recipient.url, { conversions: { enabled: true } }));
    const { body } = await submit(first.url, { flow, values: { email: 'ann@example.com' }, how: {} });
    const lead = await client.readLead(body.lead.id);
    const event = lead.events.find(({ type }) => type === 'recipient');
    // All of one lead, so that each waits for the one before.
    const file = Array.from({ length: ROWS }, (_, n) => `${event?.id},sale ${n}`).join('\n');
    const sent = await client.importFeedbackFile(file, { type: 'conversion', reason_column: '2' });
    const id = 'job' in sent ? sent.job.id : '';
    await until('it has given some', async () => (await client.readJob(id)).progress.done >= 100);
    first.kill('SIGKILL');
    await first.exited;
    const second = createClient({ url: (await startSluiceProcess(database, env)).url, key: KEY });
    await until('the import has ended', async () => (await second.readJob(id)).ended_at !== null, 90_000);
    expect(await second.readJob(id)).toMatchObject({
      ...{ state: 'done', attempt: 2, counters: { given: ROWS }, progress: { done: ROWS, total: ROWS } },
    });
    const { events } = await second
      .listEvents({ lead_id: body.lead.id, type: ['feedback-received'], limit: 1000 })
      .then((found) => ({ events: found }));
    expect(events).toHaveLength(ROWS);
    await recipient.close();
  }, 180_000);
});
