import { inspect } from 'node:util';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIAL_TYPE_ROWS } from '../../src/credentials/credential-types.ts';
import { ROUTES } from '../../src/http/routes.ts';
import { parseAllowedNetwork } from '../../src/integrations/forbidden-address.ts';
import type { RecipientStep } from '../../src/model/flow.ts';
import type { Log } from '../../src/observe/log.ts';
import { openTestMailServer, type TestMailServer } from '../harness/mail-server.ts';
import { type Delivery, openTestRecipient, type RecipientAnswer, type TestRecipient } from '../harness/recipient.ts';
import { type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { openTestSftpServer, type TestSftpServer } from '../harness/sftp-server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf } from './flows.ts';

type Given = Record<string, string | number>;

const PASSPHRASE = 'passphrase-zq71-onyx';
const PRIVATE_KEY = ssh2.utils.generateKeyPairSync('ecdsa', {
  ...{ bits: 256, cipher: 'aes256-cbc', rounds: 16 },
  passphrase: PASSPHRASE,
});
const SFTP_PASSWORD = 'sftp-word-zq72&"amber';
const MAIL_PASSWORD = 'mail-word-zq73&"coral';
const ACCOUNT_KEY = Buffer.from('azure-account-key-zq74-ivory').toString('base64');
const SAS = 'sassignaturezq75olive';

let server: ComposedServer;
let mail: TestMailServer;
let sftp: TestSftpServer;
/** A bucket of both services, which repeats what it is sent. */
let bucket: TestRecipient;
const lines: string[] = [];
/** Do recipients, token URLs and buckets take what comes? */
let isWell = true;

beforeAll(async () => {
  const note = (...line: unknown[]) => void lines.push(inspect(line, { depth: null }));
  const log: Log = { error: note, warn: note, info: note, debug: note };
  const networks = [parseAllowedNetwork('127.0.0.0/8')].flatMap((each) => (each.ok ? [each.value] : []));
  [server, mail, sftp, bucket] = await Promise.all([
    startTestServer({ allowPrivateNetworks: networks, isDistributionStepEnabled: true, log }),
    openTestMailServer({
      ...{ allowInsecureAuth: true, authOptional: false },
      // A server that repeats the password it refuses.
      onAuth: ({ username, password }, _session, callback) =>
        password === MAIL_PASSWORD ? callback(null, { user: username }) : callback(new Error(`${password} is wrong`)),
    }),
    openTestSftpServer(),
    openTestRecipient(),
  ]);
  Object.assign(sftp, { password: SFTP_PASSWORD });
  const key = ssh2.utils.parseKey(PRIVATE_KEY.public);
  if (key instanceof Error || Array.isArray(key)) throw new Error('the key of the test is one key');
  sftp.keys.push(key.getPublicSSH().toString('base64'));
  server.recipient.answerWith((delivery) => echo(delivery));
  bucket.answerWith((delivery) => echoAsBucket(delivery));
});
afterAll(() => Promise.all([server.stop(), mail.close(), sftp.close(), bucket.close()]));

/** Repeats all that was sent, as it is and encoded. */
function echo(delivery: Delivery): RecipientAnswer {
  const seen = `${JSON.stringify(delivery.headers)} ${delivery.path} ${delivery.body}`;
  const words = { reason: `seen ${seen}`, base64: encode(seen), url: encodeURIComponent(seen) };
  if (delivery.path.startsWith('/token')) {
    if (!isWell) return { status: 400, body: { error: `invalid_client ${seen}`, error_description: seen } };
    return { body: { access_token: ISSUED, expires_in: 3600, token_type: 'Bearer' } };
  }
  return { status: isWell ? 200 : 500, headers: { 'X-Seen': encode(seen) }, body: { outcome: 'no', ...words } };
}

const ISSUED = 'issued-token-zq70-cobalt';

/** Repeats the session token or the signature as the code of the error, and everything as its message. */
function echoAsBucket({ headers, path }: Delivery): RecipientAnswer {
  if (isWell) return { status: 201, body: '' };
  const code = headers['x-amz-security-token'] ?? new URL(path, bucket.url).searchParams.get('sig') ?? 'Odd';
  const body = `<?xml version="1.0"?><Error><Code>${String(code)}</Code><Message>${JSON.stringify(headers)} ${path}</Message></Error>`;
  return { status: 403, headers: { 'Content-Type': 'application/xml', 'X-Ms-Error-Code': String(code) }, body };
}

const encode = (text: string) => Buffer.from(text).toString('base64');

/** A credential with its secrets, how it is used, and what shows that it was. */
interface Case {
  type: keyof typeof CREDENTIAL_TYPE_ROWS;
  given: () => Given;
  use: 'step' | 'mail' | 'batch' | 'firehose';
  /** Of a batch. */
  target?: object;
  /** Secrets that are made of it. */
  made?: string[];
}

const CASES: readonly (Case & { name: string })[] = [
  {
    name: 'user',
    type: 'user',
    use: 'step',
    given: () => ({ username: 'acme', password: 'user-word-zq61&"jade' }),
    made: [encode('acme:user-word-zq61&"jade')],
  },
  { name: 'token', type: 'token', use: 'step', given: () => ({ token: 'token-zq62-pearl' }) },
  { name: 'api_key', type: 'api_key', use: 'step', given: () => ({ key: 'api-key-zq63-ruby' }) },
  {
    name: 'api_key in the query',
    type: 'api_key',
    use: 'step',
    given: () => ({ key: 'api key zq64&opal', location: 'query', parameter: 'k' }),
  },
  {
    name: 'oauth2',
    type: 'oauth2',
    use: 'step',
    given: () => ({
      ...{ token_url: `${server.recipient.url}token`, client_id: 'acme', client_secret: 'client-zq65-topaz' },
      client_authentication: 'body',
    }),
    made: [ISSUED],
  },
  {
    name: 'smtp',
    type: 'smtp',
    use: 'mail',
    given: () => ({
      ...{ host: '127.0.0.1', port: mail.port, security: 'none', username: 'acme', password: MAIL_PASSWORD },
    }),
    made: [encode(`\0acme\0${MAIL_PASSWORD}`)],
  },
  {
    name: 'sftp',
    type: 'sftp',
    use: 'batch',
    given: () => ({ ...sftpPlace(), password: SFTP_PASSWORD }),
    target: { type: 'sftp', path: '/in/password' },
  },
  {
    name: 'sftp with a key',
    type: 'sftp',
    use: 'batch',
    given: () => ({ ...sftpPlace(), private_key: PRIVATE_KEY.private, passphrase: PASSPHRASE }),
    target: { type: 'sftp', path: '/in/key' },
    made: PRIVATE_KEY.private.split('\n').filter((line) => line.length > 30),
  },
  {
    name: 'aws',
    type: 'aws',
    use: 'batch',
    given: () => awsKeys('66'),
    target: { type: 's3', bucket: 'leads', prefix: '' },
  },
  { name: 'aws in a firehose', type: 'aws', use: 'firehose', given: () => awsKeys('67') },
  {
    name: 'azure',
    type: 'azure',
    use: 'batch',
    given: () => ({ account_name: 'acmeleads', account_key: ACCOUNT_KEY, endpoint: `${bucket.url}acmeleads` }),
    target: { type: 'azure', container: 'leads', prefix: '' },
  },
  {
    name: 'azure by a connection string',
    type: 'azure',
    use: 'firehose',
    given: () => ({
      account_name: 'acmeleads',
      connection_string: `BlobEndpoint=${bucket.url}acmeleads;SharedAccessSignature=sv=2024-01-01&sig=${SAS}`,
    }),
    made: [SAS],
  },
];

const sftpPlace = () => ({ host: '127.0.0.1', port: sftp.port, username: sftp.username, host_key: sftp.fingerprint });
const awsKeys = (number: string) => ({
  ...{ access_key_id: 'AKIA0000000000000000', region: 'us-east-1', endpoint: bucket.url.replace(/\/$/, '') },
  ...{ secret_access_key: `secret-access-key-zq${number}-lapis`, session_token: `sessionzq${number}agate` },
});

function secretsOf({ type, given, made = [] }: Case): string[] {
  const values: Given = given();
  const secret = CREDENTIAL_TYPE_ROWS[type].attributes.filter(({ isSecret }) => isSecret).map(({ name }) => name);
  return [...secret.flatMap((name) => (values[name] === undefined ? [] : [String(values[name])])), ...made];
}

/** A secret as it is and in each way it travels: escaped, encoded, as the bytes of a column. */
const writtenAs = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  encodeURIComponent(secret).replaceAll('%20', '+'),
  encode(secret).replace(/=+$/, ''),
  Buffer.from(secret).toString('hex'),
];

function expectNone(text: string, secrets: readonly string[], place: string): void {
  for (const secret of secrets) {
    for (const written of writtenAs(secret)) {
      const at = text.indexOf(written);
      expect(at < 0 ? '' : text.slice(Math.max(0, at - 200), at + written.length), `${written} in ${place}`).toBe('');
    }
  }
}

async function make(path: string, body: object): Promise<string> {
  const reply = await server.api('POST', path, body);
  expect(reply.status, reply.text).toBe(201);
  return reply.body.id;
}

/** Of a step that puts the secrets wherever a mapping can, too. */
function stepWith({ type }: Case, credentialId: string): RecipientStep {
  const secret = CREDENTIAL_TYPE_ROWS[type].attributes.filter(({ isSecret }) => isSecret).map(({ name }) => name);
  const mapped = secret.flatMap((name) => [
    [`json_property.${name}`, `{{credential.${name}}}`],
    [`json_property.upper_${name}`, `x{{credential.${name}}}x`],
  ]);
  return deliveryTo(
    server.recipient.url,
    { credential_id: credentialId, retry_enabled: true },
    { ...Object.fromEntries(mapped), outcome_on_match: 'success' },
  );
}

function stepOf(module: string, mapped: Record<string, string>, parts: Partial<RecipientStep> = {}): RecipientStep {
  const mappings = Object.entries(mapped).map(([property, value]) => ({ property, value }));
  return { type: 'recipient', entity: { name: 'Buyer' }, integration: { module_id: module, mappings }, ...parts };
}

const MAPPED_MAIL = {
  from: 'leads@example.org',
  to: 'sales@buyer.example.com',
  subject: 'A lead',
  text: '{{credential.password}}',
};

/** A flow that uses the credential, and the batch whose rows it fills. */
async function deployUser(
  each: Case & { name: string },
  credentialId: string,
): Promise<{ flow: SubmitTarget; batch?: string }> {
  if (each.use === 'step') return { flow: await server.deploy(flowOf([stepWith(each, credentialId)])) };
  if (each.use === 'mail') {
    const step = stepOf('sluice.outbound.email', MAPPED_MAIL, { credential_id: credentialId, retry_enabled: true });
    return { flow: await server.deploy(flowOf([step])) };
  }
  if (each.use === 'firehose') {
    const service = { enabled: true, credential_id: credentialId, bucket: 'leads', prefix: each.type };
    return { flow: await server.deploy(flowOf([], { firehose: { services: { [each.type]: service } } })) };
  }
  const target = { ...each.target, credential_id: credentialId };
  const batch = await make('/batches', { name: each.name, columns: [{ name: 'email' }], target });
  const row = stepOf('sluice.outbound.batch', { batch_id: batch, 'row.email': '{{lead.email}}' });
  return { flow: await server.deploy(flowOf([row])), batch };
}

/** Sends a lead to the flow, and waits until what uses the credential has used it. */
async function use({ flow, batch }: { flow: SubmitTarget; batch?: string }, { use: way }: Case): Promise<void> {
  const reply = await server.submit(flow, { email: 'ann@example.com', first_name: 'Ann' });
  expect(reply.status, reply.text).toBeLessThan(300);
  said.push(reply.text);
  if (batch !== undefined) await deliver(batch);
  if (!isWell && (way === 'step' || way === 'mail')) await retry(flow);
  if (way === 'firehose') {
    await until('the bucket was asked', async () => {
      const { body } = await server.api('GET', `/firehose/state?flow_id=${flow.id}`);
      return body[0] !== undefined && (isWell ? body[0].waiting === 0 : body[0].fault !== null);
    });
  }
}

/** What failed is delivered once more. */
async function retry(flow: SubmitTarget): Promise<void> {
  const read = async () => (await server.api('GET', `/retries?flow_id=${flow.id}`)).body[0];
  const { id } = await read();
  expect((await server.api('POST', `/retries/${id}/run`)).status).toBe(202);
  await until('another attempt', async () => (await read()).attempts > 0);
}

async function deliver(batch: string): Promise<void> {
  const read = async () => (await server.api('GET', `/batches/${batch}`)).body;
  const before = (await read()).last_run_at;
  expect((await server.api('POST', `/batches/${batch}/deliver`)).status).toBe(202);
  await until('the end of a run', async () => {
    const { last_run_at, running } = await read();
    return last_run_at !== before && !running;
  });
}

/** What callers were answered. */
const said: string[] = [];

it('the table has every type', () => {
  expect(new Set(CASES.map(({ type }) => type))).toEqual(new Set(Object.keys(CREDENTIAL_TYPE_ROWS)));
});

describe('the secrets of a credential of every type', () => {
  it('are used, and are in no row, no line of the log and no answer, whether it works or not', {
    timeout: 240_000,
  }, async () => {
    const secrets = CASES.flatMap(secretsOf);
    for (const each of CASES) {
      isWell = true;
      const id = await make('/credentials', { name: each.name, type: each.type, ...each.given() });
      const users = await deployUser(each, id);
      await use(users, each);
      await server.api('PUT', `/credentials/${id}`, { name: each.name, type: each.type, ...each.given() });
      said.push((await server.api('POST', `/credentials/${id}/test`, { url: server.recipient.url })).text);
      await until(`${each.name} is used`, async () => {
        return (await server.api('GET', `/credentials/${id}`)).body.last_used_at !== null;
      });
      // The same again where nothing takes it.
      isWell = false;
      sftp.fault = 'auth';
      mail.script = { onMessage: () => 452 };
      const other = await make('/credentials', { name: `${each.name}, fails`, type: each.type, ...each.given() });
      const failing = await deployUser({ ...each, name: `${each.name}, fails` }, other);
      await use(failing, each);
      said.push((await server.api('POST', `/credentials/${other}/test`, { url: server.recipient.url })).text);
      if (each.use === 'firehose') {
        said.push((await server.api('GET', `/firehose?flow_id=${failing.flow.id}`)).text);
      }
      sftp.fault = 'none';
      mail.script = {};
    }
    expectUsed();
    expectNone(said.join('\n'), secrets, 'an answer');
    for (const row of await dump()) expectNone(row, secrets, `a row of ${row.slice(0, 3000)}`);
    expect(lines.length).toBeGreaterThan(0);
    expectNone(lines.join('\n'), secrets, 'the log');
    const asked = await readEverything();
    expect(asked.size).toBeGreaterThan(CASES.length * 6);
    for (const [path, text] of asked) expectNone(text, secrets, path);
  });

  it('are in no answer that refuses them', async () => {
    for (const each of CASES) {
      const given = { name: 'Refused', type: each.type, ...each.given() };
      const secret = CREDENTIAL_TYPE_ROWS[each.type].attributes.filter(({ isSecret }) => isSecret);
      const bodies = secret.flatMap(({ name }) => {
        const value = (each.given() as Given)[name];
        if (value === undefined) return [];
        return [
          { ...given, [name]: { value } },
          { ...given, [name]: [value] },
          { ...given, [name]: `${value}\u0000` },
          { ...given, [name]: String(value).repeat(20_000) },
          { ...given, [`${name}s`]: value },
          { ...given, type: value },
          { ...given, name: { value } },
          { ...given, port: value, token_url: value, endpoint: value, host: value, security: value, location: value },
        ];
      });
      const texts = bodies.map((body) => JSON.stringify(body));
      const broken = secretsOf(each).flatMap((value) => [`{"password":"${value}`, `{"password":${value}}`, value]);
      const headers = {
        Authorization: `Basic ${encode(`API:${server.key}`)}`,
        'Content-Type': 'application/json',
      };
      for (const body of [...texts, ...broken]) {
        const reply = await fetch(`${server.url}/credentials`, { method: 'POST', headers, body });
        const text = await reply.text();
        expect(reply.status, text.slice(0, 300)).toBeGreaterThanOrEqual(400);
        expectNone(text, secretsOf(each), `the refusal of ${body.slice(0, 200)}`);
      }
      expectNone(lines.join('\n'), secretsOf(each), 'the log');
    }
  });
});

/** Every peer was asked with the secrets, so that the search is for something. */
function expectUsed(): void {
  const sent = server.recipient.deliveries.map(({ headers, path, body }) => JSON.stringify(headers) + path + body);
  const all = sent.join('\n');
  for (const part of ['zq61', 'zq62', 'zq63', 'zq64', 'zq65', ISSUED]) expect(all).toContain(part);
  expect(mail.received.map(({ mail: { text } }) => text?.trim())).toContain(MAIL_PASSWORD);
  expect([...sftp.files.keys()].map((path) => path.split('/')[2]).toSorted()).toEqual(['key', 'password']);
  const objects = bucket.deliveries.map(({ headers, path }) => JSON.stringify(headers) + path).join('\n');
  for (const part of ['sessionzq66', 'sessionzq67', 'SharedKey acmeleads:', SAS]) expect(objects).toContain(part);
}

/** Every row of every table as text. */
async function dump(): Promise<string[]> {
  const tables = await server.query(`select tablename from pg_tables where schemaname = 'public'`);
  const rows = await Promise.all(
    tables.map(({ tablename }) => server.query(`select t::text as row from "${String(tablename)}" t`)),
  );
  // As text doubles quotes and backslashes.
  return rows
    .flatMap((each, index) => each.map(({ row }) => `${String(tables[index]?.tablename)} ${String(row)}`))
    .map((row) => row.replaceAll('""', '"').replaceAll('\\\\', '\\'));
}

/** Every GET without parameters, and each that concerns what those list; by path. */
async function readEverything(): Promise<Map<string, string>> {
  const read = new Map<string, string>();
  const get = async (path: string) => {
    const { text, body } = await server.api('GET', path);
    read.set(path, text);
    return Array.isArray(body) ? (body as Record<string, string>[]) : [];
  };
  for (const { method, path } of ROUTES) if (method === 'GET' && !path.includes(':')) await get(path);
  const each = async (list: string, paths: (row: Record<string, string>) => string[]) => {
    for (const row of await get(list)) for (const path of paths(row)) await get(path);
  };
  await each('/credentials', ({ id }) => [`/credentials/${id}`, `/credentials/${id}/uses`]);
  await each('/leads?limit=100', ({ id }) => [`/leads/${id}`, `/leads/${id}/explain`, `/events?lead_id=${id}`]);
  await each('/events?limit=100', ({ id }) => [`/events/${id}`]);
  await each('/activity?limit=100', ({ id }) => [`/activity/${id}`]);
  await each('/jobs?limit=100', ({ id }) => [`/jobs/${id}`]);
  await each('/retries', ({ id }) => [`/retries/${id}`]);
  await each('/flows', ({ id }) => [`/flows/${id}`, `/flows/${id}/revisions`, `/firehose/state?flow_id=${id}`]);
  for (const { id } of await get('/batches')) {
    await get(`/batches/${id}`);
    await each(`/batches/${id}/files`, (file) => [`/batches/${id}/files/${file['id']}`]);
  }
  return read;
}
