import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, it } from 'vitest';
import type { CREDENTIAL_TYPE_ROWS } from '../../src/credentials/credential-types.ts';
import { parseAllowedNetwork } from '../../src/integrations/forbidden-address.ts';
import type { RecipientStep } from '../../src/model/flow.ts';
import { countSealedBefore, SEALED_COLUMNS, sealAgain } from '../../src/store/postgres/seal-again.ts';
import { createSecretBox } from '../../src/store/secret-box.ts';
import { MAIL_PASSWORD, openTestMailServer } from '../harness/mail-server.ts';
import { openTestRecipient } from '../harness/recipient.ts';
import { startTestServer, submit } from '../harness/server.ts';
import { openTestSftpServer } from '../harness/sftp-server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed } from './flows.ts';

const SIGNATURE = 'signature-of-the-string';

/** What the test has sealed values in. */
const IN_USE = new Set(['credentials', 'pricing_services', 'flow_secrets', 'batch_rows', 'batch_file_parts']);

/** Leads on every server in each part of the change. */
const LEADS = 2;

it('a new SLUICE_SECRET_KEY comes in while everything that is sealed is in use, and nothing fails', {
  timeout: 240_000,
}, async () => {
  const [before, after] = [randomBytes(32), randomBytes(32)];
  const networks = [parseAllowedNetwork('127.0.0.0/8')].flatMap((each) => (each.ok ? [each.value] : []));
  const [server, mail, sftp, bucket] = await Promise.all([
    startTestServer({ allowPrivateNetworks: networks, secretKey: before, secretKeyPrevious: after }),
    openTestMailServer({ allowInsecureAuth: true, authOptional: false }),
    openTestSftpServer(),
    openTestRecipient(),
  ]);
  const pool = new pg.Pool({ ...server.database.connection, max: 1 });
  const optionsOf = (secretKey: Buffer, secretKeyPrevious: Buffer | null) => ({
    secretKey,
    config: { ...server.config, port: 0, secretKeyPrevious },
  });
  let second = await server.startBeside(optionsOf(before, after));
  try {
    bucket.answerWith(() => ({ status: 201, body: '' }));
    server.recipient.answerWith(({ path }) => {
      if (path === '/token') return { body: { access_token: 'a-token', expires_in: 3600, token_type: 'Bearer' } };
      return { body: { outcome: 'success', price: 4.5 } };
    });
    const make = async (path: string, body: object): Promise<string> => {
      const reply = await server.api('POST', path, body);
      expect(reply.status, reply.text).toBe(201);
      return reply.body.id;
    };
    const endpoint = bucket.url.replace(/\/$/, '');
    const sftpPlace = { host: '127.0.0.1', port: sftp.port, username: sftp.username, host_key: sftp.fingerprint };
    const given: Record<keyof typeof CREDENTIAL_TYPE_ROWS, object> = {
      user: { username: 'acme', password: 'blue-lantern-77' },
      token: { token: 'token-of-77' },
      api_key: { key: 'key-of-77' },
      oauth2: { token_url: `${server.recipient.url}token`, client_id: 'acme', client_secret: 'secret-of-77' },
      smtp: { host: '127.0.0.1', port: mail.port, security: 'none', username: 'acme', password: MAIL_PASSWORD },
      sftp: { ...sftpPlace, password: sftp.password },
      aws: { access_key_id: 'AKIA0000000000000000', secret_access_key: 'key-77', endpoint },
      azure: { account_name: 'acme', account_key: 'QUJD', endpoint: `${endpoint}/acme` },
    };
    const makeAll = (suffix: string) =>
      Promise.all(
        Object.entries(given).map(async ([type, values]) => {
          return [type, await make('/credentials', { name: `${type}${suffix}`, type, ...values })] as const;
        }),
      );
    const ids = Object.fromEntries(await makeAll('')) as Record<keyof typeof given, string>;
    const batchTo = (name: string, target: object) => make('/batches', { name, columns: [{ name: 'email' }], target });
    const batches = [
      await batchTo('By SFTP', { type: 'sftp', credential_id: ids.sftp, path: '/in' }),
      await batchTo('To S3', { type: 's3', credential_id: ids.aws, bucket: 'rows', prefix: '' }),
      await batchTo('To Azure', { type: 'azure', credential_id: ids.azure, container: 'rows', prefix: '' }),
    ];
    const row = (batchId: string) =>
      stepOf('sluice.outbound.batch', { batch_id: batchId, 'row.email': '{{lead.email}}' });
    const serviceId = await make('/pricing_services', {
      ...{ name: 'Rates', url: `${server.recipient.url}price`, variables: ['lead.email'] },
    });
    const priced = sourceNamed('Ads', { pricing_service: { service_id: serviceId, fallback_price: 3 } });
    const connection = `BlobEndpoint=${endpoint}/acme;SharedAccessSignature=sig=${SIGNATURE}`;
    const firehose = { services: { azure: { enabled: true, bucket: 'events', connection_string: connection } } };
    const http = (['user', 'token', 'api_key', 'oauth2'] as const).map((type) =>
      deliveryTo(server.recipient.url, { credential_id: ids[type] }),
    );
    const mailStep = stepOf('sluice.outbound.email', MAIL, { credential_id: ids.smtp });
    const flow = await server.deploy(flowOf([...http, mailStep, ...batches.map(row)], { sources: [priced], firehose }));
    const ended: { url: string; text: string; price: number; leadId: string }[] = [];
    const submitTo = async (url: string) => {
      const reply = await submit(url, { flow, values: { email: 'ann@example.com' }, how: {} });
      return { url, text: reply.text, price: reply.body?.price, leadId: reply.body?.lead?.id };
    };
    /** Until the server has heard of the deploy. */
    const settle = (url: string) => until('the flow runs', async () => (await submitTo(url)).leadId !== undefined);
    /** Leads on all servers at once, and the files of all batches beside them. */
    const load = async () => {
      const urls = [server.url, second.url].flatMap((url) => Array.from({ length: LEADS }, () => url));
      const files = batches.map(async (id) => {
        const read = async () => (await server.api('GET', `/batches/${id}`)).body;
        const before = (await read()).last_run_at;
        const reply = await server.api('POST', `/batches/${id}/deliver`);
        expect(reply.status, reply.text).toBe(202);
        // A server that stops meanwhile would make the next one send the file again.
        await until('the end of a run', async () => {
          const { last_run_at, running } = await read();
          return last_run_at !== before && !running;
        });
      });
      const [leads] = await Promise.all([Promise.all(urls.map(submitTo)), ...files]);
      ended.push(...leads);
    };
    await settle(second.url);
    await load();
    // The second one writes the new key while the first writes the old one.
    await second.stop();
    second = await server.startBeside(optionsOf(after, before));
    await settle(second.url);
    await load();
    await makeAll(', made during the change');
    await load();
    await server.restart(optionsOf(after, before));
    const rotating = createSecretBox(after, randomBytes, before);
    expect(await countSealedBefore(pool, rotating)).toBeGreaterThan(0);
    const [passes] = await Promise.all([Promise.all([sealAgain(pool, rotating), sealAgain(pool, rotating)]), load()]);
    expect(passes.map(({ unreadable }) => unreadable)).toEqual([0, 0]);
    expect(await sealAgain(pool, rotating)).toMatchObject({ unreadable: 0, left: 0 });
    await server.restart(optionsOf(after, null));
    await second.stop();
    second = await server.startBeside(optionsOf(after, null));
    await settle(second.url);
    await load();
    await load();
    for (const id of batches) {
      await until('all rows are delivered', async () => {
        const { body } = await server.api('GET', `/batches/${id}`);
        if (body.waiting_rows > 0 && !body.running) await server.api('POST', `/batches/${id}/deliver`);
        return body.waiting_rows === 0 && body.waiting_files === 0 && !body.running;
      });
      const { body: files } = await server.api('GET', `/batches/${id}/files?limit=100`);
      expect(files.length).toBeGreaterThan(1);
      // Each with the first attempt, whichever key it was sealed with.
      expect(new Set(files.map((file: { attempts: number }) => file.attempts))).toEqual(new Set([1]));
    }
    await until('all events are in the bucket', async () => {
      const { body } = await server.api('GET', '/firehose/state');
      return body[0]?.waiting === 0;
    });
    const { body: states } = await server.api('GET', '/firehose/state');
    expect(states).toMatchObject([{ fault: null, faults: [], set_aside: 0 }]);
    expect(ended.map(({ text }) => text)).toEqual(ended.map(() => expect.stringContaining('"outcome":"success"')));
    expect(new Set(ended.map(({ price }) => price))).toEqual(new Set([4.5]));
    for (const { leadId } of ended) {
      const { body: lead } = await server.api('GET', `/leads/${leadId}`);
      const outcomes = lead.events.filter(({ type }: { type: string }) => type === 'recipient');
      expect(outcomes.map(({ outcome }: { outcome: string }) => outcome)).toEqual(outcomes.map(() => 'success'));
      expect(outcomes).toHaveLength(http.length + 1 + batches.length);
    }
    const objects = bucket.deliveries.filter(({ path }) => path.includes('/events/'));
    expect(objects.every(({ path }) => path.includes(`sig=${SIGNATURE}`))).toBe(true);
    for (const { table, column } of SEALED_COLUMNS.filter(({ table: each }) => IN_USE.has(each))) {
      const [found] = await server.query(`select count(${column})::int as count from ${table}`);
      expect(found?.['count'], `${table}.${column}`).toBeGreaterThan(0);
    }
    expect(await countSealedBefore(pool, rotating)).toBe(0);
    expect(await sealAgain(pool, createSecretBox(after, randomBytes))).toEqual({ sealed: 0, unreadable: 0, left: 0 });
  } finally {
    await second.stop();
    await pool.end();
    await Promise.all([server.stop(), mail.close(), sftp.close(), bucket.close()]);
  }
});

const MAIL = { from: 'leads@example.org', to: 'sales@buyer.example.com', subject: 'A lead', text: '{{lead.email}}' };

function stepOf(module: string, mapped: Record<string, string>, parts: Partial<RecipientStep> = {}): RecipientStep {
  const mappings = Object.entries(mapped).map(([property, value]) => ({ property, value }));
  return { type: 'recipient', entity: { name: 'Buyer' }, integration: { module_id: module, mappings }, ...parts };
}
