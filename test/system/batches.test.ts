import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseAllowedNetwork } from '../../src/integrations/forbidden-address.ts';
import type { RecipientStep } from '../../src/model/flow.ts';
import { freePort } from '../harness/free-port.ts';
import { MAIL_PASSWORD, type MailScript, openTestMailServer } from '../harness/mail-server.ts';
import { openAzurePeer, openS3Peer } from '../harness/object-stores.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { openTestSftpServer, type SftpFault, type TestSftpServer } from '../harness/sftp-server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES } from './flows.ts';

let server: ComposedServer;
let sftp: TestSftpServer;
let sftpCredential: string;

beforeAll(async () => {
  const loopback = parseAllowedNetwork('127.0.0.0/8');
  if (!loopback.ok) throw new Error(loopback.error);
  [server, sftp] = await Promise.all([
    startTestServer({ allowPrivateNetworks: [loopback.value] }),
    openTestSftpServer(),
  ]);
  sftpCredential = await make('/credentials', {
    ...{ name: 'Files', type: 'sftp', host: '127.0.0.1', port: sftp.port, host_key: sftp.fingerprint },
    ...{ username: sftp.username, password: sftp.password },
  });
});
afterAll(async () => {
  await server.stop();
  await sftp.close();
});

async function make(path: string, body: object): Promise<string> {
  const reply = await server.api('POST', path, body);
  expect(reply.status, reply.text).toBe(201);
  return reply.body.id;
}

let made = 0;
const newBatch = (parts: object = {}) => {
  made += 1;
  return make('/batches', {
    name: `Batch ${made}`,
    columns: [{ name: 'email', header: 'E-mail' }, { name: 'name' }],
    target: { type: 'sftp', credential_id: sftpCredential, path: `/in/${made}` },
    ...parts,
  });
};

const rowStep = (
  batchId: string,
  parts: Partial<RecipientStep> = {},
  mapped: Record<string, string> = {},
): RecipientStep => ({
  type: 'recipient',
  entity: { name: 'Lender' },
  integration: {
    module_id: 'sluice.outbound.batch',
    mappings: Object.entries({
      batch_id: batchId,
      'row.email': '{{lead.email}}',
      'row.name': '{{lead.first_name}}',
      ...mapped,
    }).map(([property, value]) => ({ property, value })),
  },
  ...parts,
});

async function deployRow(batchId: string, parts: Partial<RecipientStep> = {}, mapped: Record<string, string> = {}) {
  return server.deploy(flowOf([rowStep(batchId, parts, mapped)]));
}

async function submit(flow: { id: string; sources: { entity: { id: string } }[] }, name: string) {
  const { body } = await server.submit(flow, { email: `${name}@example.com`, first_name: name });
  return body;
}

const read = async (batchId: string) => (await server.api('GET', `/batches/${batchId}`)).body;
const filesOf = async (batchId: string) => (await server.api('GET', `/batches/${batchId}/files`)).body;

/** Waits for the end of a run that began after now. */
async function deliver(batchId: string, body?: object) {
  const before = (await read(batchId)).last_run_at;
  const asked = await server.api('POST', `/batches/${batchId}/deliver`, body);
  expect(asked.status, asked.text).toBe(202);
  await until('the end of a run', async () => {
    const batch = await read(batchId);
    return batch.last_run_at !== before && !batch.running;
  });
  return read(batchId);
}

const sent = (folder: number | string) =>
  [...sftp.files].filter(([path]) => path.startsWith(`/in/${folder}/`)).map(([, content]) => String(content));

describe('a batch', () => {
  it('collects rows and delivers them as a file, in order, once', async () => {
    const id = await newBatch();
    const flow = await deployRow(id);
    const leads = [await submit(flow, 'ann'), await submit(flow, 'bob')];
    expect(leads.map(({ outcome }) => outcome)).toEqual(['success', 'success']);
    expect(await read(id)).toMatchObject({ waiting_rows: 2, waiting_files: 0, last_error: null });
    const { body: lead } = await server.api('GET', `/leads/${leads[0].lead.id}`);
    const [event] = lead.events;
    expect(event).toMatchObject({ type: 'recipient', outcome: 'success' });
    expect(event.transactions?.[0]?.request?.uri ?? lead.events[0].request?.uri).toContain(
      `sluice://batches/${id}/rows`,
    );
    expect(await deliver(id)).toMatchObject({ waiting_rows: 0, waiting_files: 0, last_error: null });
    expect(sent(made)).toEqual(['E-mail,name\r\nann@example.com,ann\r\nbob@example.com,bob\r\n']);
    await deliver(id);
    const [file, ...others] = await filesOf(id);
    expect(others).toEqual([]);
    expect(file).toMatchObject({
      state: 'delivered',
      rows: 2,
      attempts: 1,
      reason: null,
      target: `SFTP, folder /in/${made}`,
    });
    const { body: shown } = await server.api('GET', `/batches/${id}/files/${file.id}`);
    expect(shown.leads.map((row: { lead_id: string }) => row.lead_id)).toEqual(leads.map((each) => each.lead.id));
    const { body: explained } = await server.api('GET', `/leads/${leads[0].lead.id}/explain`);
    expect(explained.files).toMatchObject([{ file_id: file.id, event_id: event.id, state: 'delivered' }]);
    expect(explained.sentences.at(-1)).toContain(`It is in the file "${file.name}", which was delivered at`);
    const head = await server.api('HEAD', file.url);
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', String(file.bytes)]);
    const downloaded = await server.api('GET', file.url);
    expect([downloaded.status, downloaded.text]).toEqual([200, sent(made)[0]]);
    expect(downloaded.headers.get('content-disposition')).toContain(encodeURIComponent(file.name));
  });

  it('has no row of a lead that its step did not take', async () => {
    const id = await newBatch();
    const flow = await server.deploy(
      flowOf(
        [rowStep(id, { rule_set: { op: 'and', rules: [{ lhv: 'lead.first_name', op: 'is equal to', rhv: 'Ann' }] } })],
        NO_DUPLICATES,
      ),
    );
    await submit(flow, 'Ann');
    await submit(flow, 'Ann');
    await submit(flow, 'Bob');
    expect(await read(id)).toMatchObject({ waiting_rows: 1 });
    await deliver(id);
    expect(sent(made)).toEqual(['E-mail,name\r\nann@example.com,Ann\r\n']);
  });

  it('counts in the caps of its step', async () => {
    const id = await newBatch();
    const cap = {
      id: '0c0c0c0c0c0c0c0c0c0c0c0c',
      type: 'volume',
      maximum: 2,
      duration: 1,
      duration_units: 'day',
      reason: 'Enough',
    } as const;
    const flow = await deployRow(id, { caps: [cap] });
    for (const name of ['a', 'b', 'c']) await submit(flow, name);
    expect(await read(id)).toMatchObject({ waiting_rows: 2 });
  });

  it('keeps rows for the run after it when it is asked to', async () => {
    const id = await newBatch();
    const flow = await deployRow(id);
    await submit(flow, 'ann');
    expect(await deliver(id, { keep_rows: true })).toMatchObject({ waiting_rows: 1 });
    expect(await deliver(id)).toMatchObject({ waiting_rows: 0 });
    const line = 'E-mail,name\r\nann@example.com,ann\r\n';
    expect(sent(made)).toEqual([line, line]);
  });

  it('makes more files where one is full', async () => {
    const id = await newBatch({ rows_max: 2, header: false, columns: [{ name: 'name' }] });
    const flow = await deployRow(id);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await submit(flow, name);
    await deliver(id);
    expect(sent(made)).toEqual(['a\r\nb\r\n', 'c\r\nd\r\n', 'e\r\n']);
  });

  it.each<[fault: SftpFault, reason: string]>([
    ['auth', '127.0.0.1 refused the user name, the password or the key'],
    ['full', '127.0.0.1 has no space left'],
  ])('%s: says why, and delivers the same file with the next run, then what came since', async (fault, reason) => {
    const id = await newBatch();
    const flow = await deployRow(id);
    await submit(flow, 'ann');
    sftp.fault = fault;
    onTestFinished(() => {
      sftp.fault = 'none';
    });
    expect(await deliver(id)).toMatchObject({ waiting_rows: 0, waiting_files: 1, last_error: reason });
    await submit(flow, 'bob');
    expect(await deliver(id)).toMatchObject({ waiting_rows: 1, waiting_files: 1, last_error: reason });
    const [waiting] = await filesOf(id);
    expect(waiting).toMatchObject({ state: 'waiting', attempts: 2, reason });
    sftp.fault = 'none';
    expect(await deliver(id)).toMatchObject({ waiting_rows: 0, waiting_files: 0, last_error: null });
    expect(sent(made)).toEqual(['E-mail,name\r\nann@example.com,ann\r\n', 'E-mail,name\r\nbob@example.com,bob\r\n']);
    expect(await filesOf(id)).toMatchObject([{ attempts: 1 }, { id: waiting.id, state: 'delivered', attempts: 3 }]);
  });

  it('keeps a file that is given up as long again, so that it can be sent by hand', async () => {
    const id = await newBatch({ keep_days: 1 });
    await submit(await deployRow(id), 'ann');
    sftp.fault = 'full';
    onTestFinished(() => {
      sftp.fault = 'none';
    });
    await deliver(id);
    await server.query(
      `update batch_files set attempts = 49, expires_at = now() - interval '1 hour' where batch_id = $1`,
      [id],
    );
    await deliver(id);
    const [file] = await filesOf(id);
    expect(file).toMatchObject({ state: 'failed', attempts: 50 });
    expect(Date.parse(file.expires_at) - Date.parse(file.attempted_at)).toBeGreaterThan(86_000_000);
  });

  it('has no days by a schedule that has none, and no object whose name leads elsewhere', async () => {
    const schedules = [
      { type: 'manual', days: ['monday'] },
      { type: 'manual', time_zone: 'Europe/Paris' },
      { type: 'interval', minutes: 30, days: [] },
    ];
    const given = { name: 'x', columns: [{ name: 'email' }] };
    const target = { type: 'sftp', credential_id: sftpCredential, path: '/in' };
    const places = ['schedule.days', 'schedule.time_zone', 'schedule.days'];
    for (const [index, schedule] of schedules.entries()) {
      const { status, body } = await server.api('POST', '/batches', { ...given, target, schedule });
      expect([status, body.details.map(({ path }: { path: string }) => path)]).toEqual([422, [places[index]]]);
    }
    const s3 = { type: 'aws', access_key_id: 'A', secret_access_key: 'B' };
    const credential = await make('/credentials', { name: 'Elsewhere', ...s3 });
    for (const parts of [{ prefix: '../x/' }, { prefix: 'x'.repeat(1_000) }, { bucket: '..' }]) {
      const wrong = { type: 's3', credential_id: credential, bucket: 'leads', ...parts };
      const { status, body } = await server.api('POST', '/batches', { ...given, target: wrong });
      expect([status, body.details[0].path]).toEqual([422, `target.${Object.keys(parts)[0]}`]);
    }
  });

  it('with a row that cannot be read says so, ends its run, and delivers when it can be', async () => {
    const id = await newBatch();
    await submit(await deployRow(id), 'ann');
    const [row] = await server.query('select content from batch_rows where batch_id = $1', [id]);
    await server.query(`update batch_rows set content = '\\x00' where batch_id = $1`, [id]);
    await server.api('POST', `/batches/${id}/deliver`);
    await until('the end of a run', async () => (await read(id)).last_error !== null);
    expect(await read(id)).toMatchObject({
      ...{ running: false, waiting_rows: 1, last_error: expect.stringContaining('see its log') },
    });
    await server.query('update batch_rows set content = $2 where batch_id = $1', [id, row?.['content']]);
    await server.query('update batches set due_at = now() where id = $1', [id]);
    await until('the file', () => sent(made).length === 1);
    expect(sent(made)).toEqual(['E-mail,name\r\nann@example.com,ann\r\n']);
  });

  it('sends a file again, and another one of the same rows with the columns of now', async () => {
    const id = await newBatch({ header: false });
    const flow = await deployRow(id);
    await submit(flow, 'ann');
    await deliver(id);
    const [file] = await filesOf(id);
    sftp.files.clear();
    const waitFor = (count: number) => until('the file', () => sent(made).length === count);
    expect((await server.api('POST', `/batches/${id}/files/${file.id}/resend`)).status).toBe(202);
    await waitFor(1);
    const batch = await read(id);
    await server.api('PUT', `/batches/${id}`, { ...batch, columns: [{ name: 'name' }], format: 'tsv', zip: false });
    expect((await server.api('POST', `/batches/${id}/files/${file.id}/resend`, { rebuild: true })).status).toBe(202);
    await waitFor(2);
    expect(sent(made)).toEqual(['ann@example.com,ann\r\n', 'ann\r\n']);
  });

  it('collects while it is off', async () => {
    const id = await newBatch({ enabled: false, schedule: { type: 'interval', minutes: 5 } });
    expect(await read(id)).toMatchObject({ next_run_at: null });
    const flow = await deployRow(id);
    expect((await submit(flow, 'ann')).outcome).toBe('success');
    expect(await read(id)).toMatchObject({ waiting_rows: 1 });
  });

  it('runs by its schedule, in one of two processes', async () => {
    const id = await newBatch({ schedule: { type: 'times', times: ['18:00'] }, send_empty: true });
    const beside = await server.startBeside({});
    onTestFinished(() => beside.stop());
    const flow = await deployRow(id);
    await submit(flow, 'ann');
    await server.query("update batches set scheduled_at = now() - interval '1 minute', due_at = now() where id = $1", [
      id,
    ]);
    await until('a run', async () => (await read(id)).last_run_at !== null);
    expect(sent(made)).toEqual(['E-mail,name\r\nann@example.com,ann\r\n']);
    const { next_run_at: next } = await read(id);
    expect(Date.parse(next)).toBeGreaterThan(Date.now());
    await server.query("update batches set scheduled_at = now() - interval '1 minute', due_at = now() where id = $1", [
      id,
    ]);
    await until('a file without rows', () => sent(made).length === 2);
    expect(sent(made)[1]).toBe('E-mail,name\r\n');
  });

  it('is not deleted while a flow names it or rows wait, and its files stay for download', async () => {
    const id = await newBatch();
    const flow = await deployRow(id);
    await submit(flow, 'ann');
    const used = await server.api('DELETE', `/batches/${id}`);
    expect([used.status, used.body.error.message ?? used.text]).toEqual([
      409,
      expect.stringContaining('Mortgage leads'),
    ]);
    await server.api('DELETE', `/flows/${flow.id}`);
    expect((await server.api('DELETE', `/batches/${id}`)).status).toBe(409);
    await deliver(id);
    expect((await server.api('DELETE', `/batches/${id}`)).status).toBe(200);
    expect(await read(id)).toMatchObject({ deleted_at: expect.any(String) });
    const [file] = await filesOf(id);
    expect((await server.api('GET', file.url)).status).toBe(200);
    expect((await server.api('POST', `/batches/${id}/files/${file.id}/resend`)).status).toBe(409);
  });

  it('keeps its credential, which is not deleted before it', async () => {
    const batch = await newBatch({ name: 'Kept' });
    const { body: uses } = await server.api('GET', `/credentials/${sftpCredential}/uses`);
    expect(uses).toContainEqual({
      ...{ flow: null, pricing_service: null, batch: { id: batch, name: 'Kept' } },
      ...{ path: 'target.credential_id', saved: true, deployed: true },
    });
    const refused = await server.api('DELETE', `/credentials/${sftpCredential}`);
    expect([refused.status, refused.body.error]).toEqual([409, expect.stringContaining('used by the batch "')]);
  });

  it('that does not exist keeps a flow from being deployed, and one out of line is warned of', async () => {
    const { body } = await server.api('POST', '/flows', flowOf([rowStep('0123456789abcdef01234567')]));
    expect(JSON.stringify(body.errors)).toContain('There is no batch with this id');
    const id = await newBatch();
    const { body: other } = await server.api('POST', '/flows', flowOf([rowStep(id, {}, { 'row.emial': 'x' })]));
    const found = other.warnings.filter(({ check }: { check: string }) => check === 'batch-mapping');
    expect(found).toMatchObject([{ message: expect.stringContaining('Did you mean "email"?') }]);
  });

  it('keeps values sealed: neither a row nor a file has them in the clear', async () => {
    const id = await newBatch();
    const flow = await deployRow(id);
    await submit(flow, 'zebulon');
    const dump = async (table: string) =>
      JSON.stringify(await server.query(`select encode(content, 'escape') from ${table}`));
    expect(await dump('batch_rows')).not.toContain('zebulon');
    await deliver(id);
    expect(await dump('batch_file_parts')).not.toContain('zebulon');
  });

  it('gets the row of a step behind another recipient, and none of a lead that is refused', async () => {
    const id = await newBatch();
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url), rowStep(id)]));
    expect((await submit(flow, 'ann')).outcome).toBe('success');
    await deliver(id);
    expect(sent(made)).toEqual(['E-mail,name\r\nann@example.com,ann\r\n']);
  });
});

describe('the file of a batch', () => {
  /** A batch of another target with one row that waits. */
  async function filled(credential: object, target: object, parts: object = {}) {
    const id = await make('/credentials', { name: 'Elsewhere', ...credential });
    const batch = await newBatch({ target: { ...target, credential_id: id }, ...parts });
    await submit(await deployRow(batch), 'ann');
    return { batch, credential: id };
  }
  const FILE = 'E-mail,name\r\nann@example.com,ann\r\n';

  it('goes by e-mail, and again under the same id of the message', async () => {
    const mail = await openTestMailServer();
    onTestFinished(() => mail.close());
    const smtp = { type: 'smtp', host: '127.0.0.1', port: mail.port, security: 'none' };
    const target = { type: 'email', from: 'leads@example.org', to: ['ann@example.com', 'bob@example.com'] };
    const { batch } = await filled(smtp, { ...target, subject: '{rows} of {batch}' });
    await deliver(batch);
    const [first] = mail.received;
    expect(first).toMatchObject({ from: target.from, to: target.to, mail: { subject: `1 of Batch ${made}` } });
    expect(first?.mail.attachments.map(({ content }) => String(content))).toEqual([FILE]);
    const [file] = await filesOf(batch);
    expect(first?.mail.attachments[0]?.filename).toBe(file.name);
    await server.api('POST', `/batches/${batch}/files/${file.id}/resend`);
    await mail.arrival(2);
    expect(mail.received[1]?.mail.messageId).toBe(first?.mail.messageId);
  });

  it.each<[fault: string, script: MailScript, reason: string]>([
    ['full', { onMessage: () => 452 }, '127.0.0.1 refused for now: the message (452, out of room)'],
    [
      'refused',
      { onRecipient: () => 550 },
      '127.0.0.1 refused: every recipient (550, no such mailbox, or not allowed)',
    ],
    [
      'hangs up',
      { onMessage: () => 'hangUp' },
      'The whole message was sent and 127.0.0.1 ended the connection before it answered',
    ],
  ])('by e-mail, %s: waits with its reason', async (_fault, script, reason) => {
    const mail = await openTestMailServer();
    onTestFinished(() => mail.close());
    mail.script = script;
    const smtp = { type: 'smtp', host: '127.0.0.1', port: mail.port, security: 'none' };
    const { batch } = await filled(smtp, { type: 'email', from: 'leads@example.org', to: ['ann@example.com'] });
    expect(await deliver(batch)).toMatchObject({ waiting_files: 1, last_error: reason });
    mail.script = {};
    expect(await deliver(batch)).toMatchObject({ waiting_files: 0, last_error: null });
    expect(mail.received.map(({ mail: { attachments } }) => String(attachments[0]?.content))).toEqual([FILE]);
  });

  it('by e-mail with a wrong password waits, and goes when it is repaired', async () => {
    const mail = await openTestMailServer({ authOptional: false, allowInsecureAuth: true });
    onTestFinished(() => mail.close());
    const smtp = { type: 'smtp', host: '127.0.0.1', port: mail.port, security: 'none', username: 'acme' };
    const target = { type: 'email', from: 'leads@example.org', to: ['ann@example.com'] };
    const { batch, credential } = await filled({ ...smtp, password: 'wrong' }, target);
    expect((await deliver(batch)).last_error).toContain('wrong user name or password');
    await server.api('PUT', `/credentials/${credential}`, { name: 'Elsewhere', ...smtp, password: MAIL_PASSWORD });
    expect(await deliver(batch)).toMatchObject({ waiting_files: 0, last_error: null });
  });

  it.each(['s3', 'azure'] as const)(
    'goes to %s; with a wrong key or no such bucket it waits',
    { timeout: 60_000 },
    async (type) => {
      const peer = await (type === 's3' ? openS3Peer() : openAzurePeer());
      onTestFinished(() => peer.close());
      const place = type === 's3' ? 'bucket' : 'container';
      const { batch, credential } = await filled(peer.credential, { type, [place]: 'missing', prefix: 'out/' });
      expect((await deliver(batch)).last_error).toMatch(/missing/);
      const given = await read(batch);
      await server.api('PUT', `/batches/${batch}`, { ...given, target: { ...given.target, [place]: peer.bucket } });
      // s3rver knows its keys, and computes no signature.
      const secret = type === 's3' ? 'access_key_id' : 'account_key';
      const wrong = { ...peer.credential, name: 'Elsewhere', [secret]: Buffer.from('wrong').toString('base64') };
      expect((await server.api('PUT', `/credentials/${credential}`, wrong)).status).toBe(200);
      const refused = await deliver(batch);
      expect(refused).toMatchObject({ waiting_files: 1, last_error: expect.any(String) });
      await server.api('PUT', `/credentials/${credential}`, { name: 'Elsewhere', ...peer.credential });
      expect(await deliver(batch)).toMatchObject({ waiting_files: 0, last_error: null });
      const [name = ''] = await peer.list();
      expect(name).toMatch(/^out\/Batch \d+ .*\.csv$/);
      expect(await peer.read(name)).toBe(FILE);
    },
  );

  it.each(['s3', 'azure'] as const)('to %s that is not there waits', async (type) => {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const keys =
      type === 's3'
        ? { type: 'aws', access_key_id: 'A', secret_access_key: 'B', endpoint }
        : { type: 'azure', account_name: 'acme', account_key: 'QUJD', endpoint };
    const { batch } = await filled(keys, { type, [type === 's3' ? 'bucket' : 'container']: 'leads' });
    expect((await deliver(batch)).last_error).toContain('refused the connection');
  });
});
