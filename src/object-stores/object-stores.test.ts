import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAzurePeer, openS3Peer } from '../../test/harness/object-stores.ts';
import { openTestRecipient, type TestRecipient } from '../../test/harness/recipient.ts';
import { parseAllowedNetwork } from '../integrations/forbidden-address.ts';
import type { SendBytes } from '../integrations/http-client.ts';
import { createHttpClient } from '../integrations/http-client.ts';
import { systemClock } from '../lib/clock.ts';
import { withResolvers } from '../lib/with-resolvers.ts';
import type { CredentialValues } from '../model/credential.ts';
import { parseConnectionString } from './connection-string.ts';
import { escapePath, type NewObject, OBJECT_BYTES_MAX, type ObjectStore } from './object-store.ts';
import { type ObjectPlace, type ObjectService, openObjectStore } from './open-object-store.ts';
import { createSigningKeys, signRequest } from './s3-store.ts';

const loopback = parseAllowedNetwork('127.0.0.0/8');
const client = createHttpClient({ clock: systemClock, allowedNetworks: loopback.ok ? [loopback.value] : [] });
const guarded = createHttpClient({ clock: systemClock });
const deps = { send: client.sendBytes, clock: systemClock };

const OBJECT: NewObject = {
  name: 'events/65f0aa/65f0ab.json',
  body: new TextEncoder().encode('{"reason":"Zürich & Söhne"}'),
  contentType: 'application/json',
};
/** What an escape could get wrong, and what signatures are sensitive to. */
const ODD_NAMES = ['a b/c+d.json', "it's (1)!*.json", 'ü/日本/€.json', 'a=b&c%20d;e,f@g:h$.json'];

const peers = await Promise.all([openS3Peer(), openAzurePeer()]);
const [s3, azure] = peers;
let scripted: TestRecipient;

beforeAll(async () => {
  scripted = await openTestRecipient();
});

afterAll(async () => {
  await Promise.all([...peers.map((peer) => peer.close()), client.close(), guarded.close(), scripted.close()]);
});

function credentialOf(service: ObjectService, secrets: CredentialValues): NonNullable<ObjectPlace['credential']> {
  const { type: _, ...values } = service === 'aws' ? s3.credential : azure.credential;
  return { id: 'c1', name: 'store', type: service, settings: {}, secrets: { ...values, ...secrets } };
}

function open(service: ObjectService, given: { bucket?: string; secrets?: CredentialValues } = {}): ObjectStore {
  const { bucket = 'leads', secrets = {} } = given;
  const store = openObjectStore({ service, bucket, credential: credentialOf(service, secrets) }, deps);
  if (!store.ok) throw new Error(store.error);
  return store.value;
}

describe.each([
  ['aws', s3],
  ['azure', azure],
] as const)('a bucket of %s', (service, peer) => {
  it('has what was written, under its name and with the same bytes', async () => {
    expect(await open(service).putObject(OBJECT)).toEqual({ kind: 'put' });
    expect(await peer.read(OBJECT.name)).toBe('{"reason":"Zürich & Söhne"}');
  });

  it('has the last of two objects of one name', async () => {
    const again = { ...OBJECT, name: 'twice.json', body: new TextEncoder().encode('2') };
    await open(service).putObject({ ...again, body: new TextEncoder().encode('1') });
    expect(await open(service).putObject(again)).toEqual({ kind: 'put' });
    expect(await peer.read('twice.json')).toBe('2');
  });

  it.each(ODD_NAMES)('takes the name %s', async (name) => {
    expect(await open(service).putObject({ ...OBJECT, name: `odd/${name}` })).toEqual({ kind: 'put' });
    expect(await peer.list()).toContain(`odd/${name}`);
  });

  it('takes an empty object', async () => {
    expect(await open(service).putObject({ ...OBJECT, name: 'empty', body: new Uint8Array() })).toEqual({
      kind: 'put',
    });
    expect(await peer.read('empty')).toBe('');
  });

  it('says that there is no such bucket', async () => {
    expect(await open(service, { bucket: 'elsewhere' }).putObject(OBJECT)).toEqual({
      kind: 'failed',
      fault: {
        kind: 'missing',
        reason: expect.stringMatching(
          /^127\.0\.0\.1:\d+ has no "elsewhere" for this credential and region \((NoSuchBucket|ContainerNotFound), status 404\)$/,
        ),
      },
    });
  });

  it('is found, or is not, without writing', async () => {
    const before = await peer.list();
    expect(await open(service).checkBucket()).toEqual({ kind: 'put' });
    expect(await open(service, { bucket: 'elsewhere' }).checkBucket()).toMatchObject({ fault: { kind: 'missing' } });
    expect(await peer.list()).toEqual(before);
  });

  it('refuses a wrong credential, and the reason does not have it', async () => {
    // s3rver knows its keys, and computes no signature of version 4: the vectors below do.
    const secrets = { access_key_id: 'd3Jvbmcta2V5', account_key: 'd3Jvbmcta2V5' };
    const result = await open(service, { secrets }).putObject(OBJECT);
    expect(result).toEqual({
      kind: 'failed',
      fault: {
        kind: 'auth',
        reason: expect.stringMatching(
          /refused the credential for "leads" \((InvalidAccessKeyId|Auth\w+), status 403\)$/,
        ),
      },
    });
    expect(JSON.stringify(result)).not.toContain('d3Jvbmcta2V5');
  });
});

it('a request to S3 is signed as the example of AWS is', () => {
  const place = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', region: 'us-east-1' };
  const keys = createSigningKeys({ ...place, secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' });
  const hash = '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072';
  const time = '20130524T000000Z';
  const authorization = signRequest(
    {
      method: 'PUT',
      path: `/${escapePath('test$file.text')}`,
      headers: [
        ['date', 'Fri, 24 May 2013 00:00:00 GMT'],
        ['host', 'examplebucket.s3.amazonaws.com'],
        ['x-amz-content-sha256', hash],
        ['x-amz-date', time],
        ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
      ],
      ...{ hash, time },
    },
    { place, keys },
  );
  expect(authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ' +
      'SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, ' +
      'Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  );
});

it.each(['n', ...ODD_NAMES])('a request to S3 for %s is signed as the client of AWS signs it', async (name) => {
  const place = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token', region: 'eu-west-1' };
  const sent: { path: string; headers: Record<string, string> }[] = [];
  const theirs = new S3Client({
    ...{ region: place.region, endpoint: 'http://127.0.0.1:9000', forcePathStyle: true, credentials: place },
    requestHandler: {
      handle: async (request: (typeof sent)[number]) => {
        sent.push(request);
        return { response: { statusCode: 200, headers: {} } as never }; // as much of an answer as the client reads
      },
    },
  });
  // A parameter for the logs of AWS, which other clients do not send.
  theirs.middlewareStack.add(
    (next) => (args) => next({ ...args, request: Object.assign(args.request as object, { query: {} }) }),
    { step: 'build', priority: 'low' },
  );
  await theirs.send(new PutObjectCommand({ Bucket: 'leads', Key: name, Body: OBJECT.body }));
  const { path = '', headers = {} } = sent[0] ?? {};
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
  const request = {
    ...{ method: 'PUT', path: `/leads/${escapePath(name)}` },
    headers: names.map((each): [string, string] => [each, headers[each] ?? '']),
    ...{ hash: headers['x-amz-content-sha256'] ?? '', time: headers['x-amz-date'] ?? '' },
  };
  expect(path).toBe(request.path);
  expect(signRequest(request, { place, keys: createSigningKeys(place) })).toBe(headers.authorization);
});

it('a connection string opens the same account', async () => {
  const store = openObjectStore(
    { service: 'azure', bucket: 'leads', credential: null, connectionString: azure.connectionString },
    deps,
  );
  expect(await (store.ok && store.value.putObject({ ...OBJECT, name: 'by-string.json' }))).toEqual({ kind: 'put' });
  expect(await azure.list()).toContain('by-string.json');
});

/** What a store answers, and how the fault is called. */
const ANSWERS: [string, number, string, string][] = [
  ['slows down', 503, '<Error><Code>SlowDown</Code></Error>', 'full'],
  ['has a full disk', 507, '<Error><Code>XMinioStorageFull</Code></Error>', 'full'],
  ['has too many requests', 429, '', 'full'],
  ['fails', 500, '<Error><Code>InternalError</Code></Error>', 'unavailable'],
  ['is a broken gateway', 502, '<html>', 'unavailable'],
  ['denies access', 403, '<Error><Code>AccessDenied</Code></Error>', 'auth'],
  ['has an expired token', 400, '<Error><Code>ExpiredToken</Code></Error>', 'auth'],
  ['is in another region', 301, '<Error><Code>PermanentRedirect</Code></Error>', 'missing'],
  ['waited too long for the body', 400, '<Error><Code>RequestTimeout</Code></Error>', 'slow'],
  ['takes no such name', 400, '<Error><Code>KeyTooLongError</Code></Error>', 'object'],
  ['takes no such object', 413, '', 'object'],
];

it.each(ANSWERS)('a store that %s (status %i) is distinguished from the others', async (_, status, body, kind) => {
  scripted.answerWith(() => ({ status, body }));
  const store = open('aws', { secrets: { endpoint: scripted.url } });
  expect(await store.putObject(OBJECT)).toMatchObject({ kind: 'failed', fault: { kind } });
});

it('a store that hangs up, and one that is not there, are faults, too', async () => {
  scripted.answerWith(() => 'hangUp');
  const store = open('aws', { secrets: { endpoint: scripted.url } });
  expect(await store.putObject(OBJECT)).toMatchObject({ fault: { kind: 'broken' } });
  const gone = await openTestRecipient();
  await gone.close();
  const result = await open('azure', { secrets: { endpoint: gone.url } }).putObject(OBJECT);
  expect(result).toEqual({
    kind: 'failed',
    fault: { kind: 'unreachable', reason: `127.0.0.1:${gone.port} refused the connection` },
  });
});

it('a store that does not answer is called slow', async () => {
  const send: typeof client.sendBytes = (request) => client.sendBytes(request, { timeoutMs: 50 });
  const silent = withResolvers<{ body: string }>();
  scripted.answerWith(() => silent.promise);
  const place = {
    service: 'aws' as const,
    bucket: 'leads',
    credential: credentialOf('aws', { endpoint: scripted.url }),
  };
  const store = openObjectStore(place, { ...deps, send });
  const result = await (store.ok && store.value.putObject(OBJECT));
  silent.resolve({ body: '' });
  expect(result).toMatchObject({ fault: { kind: 'slow', reason: expect.stringContaining('did not answer within') } });
});

it('a private address is refused where requests may not go', async () => {
  const place = { service: 'aws' as const, bucket: 'leads', credential: credentialOf('aws', {}) };
  const store = openObjectStore(place, { ...deps, send: guarded.sendBytes });
  expect(await (store.ok && store.value.putObject(OBJECT))).toEqual({
    kind: 'failed',
    fault: {
      kind: 'unreachable',
      reason: `127.0.0.1:${s3.port} has no public address, and private ones are not allowed`,
    },
  });
});

it.each([
  ['..', 'a/../b', 3],
  ['an empty name', '', 3],
  ['a long name', 'x'.repeat(1_025), 3],
  ['too many bytes', 'a', OBJECT_BYTES_MAX + 1],
])('an object with %s is refused before anything is sent', async (_, name, byteLength) => {
  const body = { byteLength } as Uint8Array; // of the size alone
  const send = () => Promise.reject(new Error('sent'));
  const place = { service: 'aws' as const, bucket: 'leads', credential: credentialOf('aws', {}) };
  const store = openObjectStore(place, { ...deps, send });
  expect(await (store.ok && store.value.putObject({ ...OBJECT, name, body }))).toMatchObject({
    fault: { kind: 'object' },
  });
});

/** The URL of a bucket, by what is configured. */
const URLS: [string, ObjectService, string, CredentialValues, string][] = [
  [
    'the host of AWS',
    'aws',
    'my-leads',
    { region: 'eu-west-1', endpoint: '' },
    'https://my-leads.s3.eu-west-1.amazonaws.com/n',
  ],
  [
    'its path where the bucket has a dot',
    'aws',
    'my.leads',
    { endpoint: '' },
    'https://s3.us-east-1.amazonaws.com/my.leads/n',
  ],
  [
    'the host of China',
    'aws',
    'b1',
    { region: 'cn-north-1', endpoint: '' },
    'https://b1.s3.cn-north-1.amazonaws.com.cn/n',
  ],
  ['an endpoint', 'aws', 'b1', { endpoint: 'https://r2.example.com/' }, 'https://r2.example.com/b1/n'],
  ['the host of Azure', 'azure', 'b1', { endpoint: '' }, 'https://devstoreaccount1.blob.core.windows.net/b1/n'],
];

it.each(URLS)('an object is sent to %s', async (_, service, bucket, secrets, url) => {
  const urls: string[] = [];
  const place = { service, bucket, credential: credentialOf(service, secrets) };
  const store = openObjectStore(place, {
    ...deps,
    send: async (request) => {
      urls.push(request.url.href);
      return { kind: 'unsent', reason: '', blame: 'us' };
    },
  });
  if (store.ok) await store.value.putObject({ ...OBJECT, name: 'n' });
  expect(urls).toEqual([url]);
});

it('a credential of another type, or one that cannot be read, opens nothing', () => {
  const aws = credentialOf('aws', {});
  expect(openObjectStore({ service: 'azure', bucket: 'b', credential: aws }, deps)).toEqual({
    ok: false,
    error: 'The credential "store" has the type aws, and azure is needed',
  });
  const unread = { ...aws, secrets: null };
  expect(openObjectStore({ service: 'aws', bucket: 'b', credential: unread }, deps)).toMatchObject({ ok: false });
  expect(openObjectStore({ service: 'aws', bucket: 'b', credential: null }, deps)).toMatchObject({ ok: false });
});

it.each<[string, ObjectService, string, CredentialValues]>([
  ['The region', 'aws', 'leads', { region: 'US East (Ohio)' }],
  ['The account name', 'azure', 'leads', { account_name: 'acme leads' }],
  ['"../leads"', 'aws', '../leads', { endpoint: 'http://127.0.0.1:1' }],
])('what makes no address is said before anything is sent: %s', (name, service, bucket, values) => {
  const keys = service === 'aws' ? { access_key_id: 'a', secret_access_key: 'b' } : { account_key: 'QUJD' };
  const credential = { id: '0'.repeat(24), name: 'Lake', type: service, settings: values, secrets: keys } as const;
  const store = openObjectStore({ service, bucket, credential }, deps);
  expect(store.ok ? '' : store.error).toContain(name);
});

it('a bucket whose name makes no host is asked for in the path', async () => {
  const credential = { id: '0'.repeat(24), name: 'Lake', type: 'aws', settings: {}, secrets: {} } as const;
  const asked: string[] = [];
  const send: SendBytes = async ({ url }) => {
    asked.push(String(url));
    return { kind: 'unsent', reason: 'x', blame: 'recipient' };
  };
  const store = openObjectStore({ service: 'aws', bucket: 'xn--a', credential }, { ...deps, send });
  expect(store.ok && (await store.value.putObject(OBJECT)).kind).toBe('failed');
  expect(asked).toEqual([`https://s3.us-east-1.amazonaws.com/xn--a/${OBJECT.name}`]);
});

it('connection strings are read as Azure writes them, and no fault has a value of one', () => {
  expect(
    parseConnectionString(
      'DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=YWI=;EndpointSuffix=core.windows.net',
    ),
  ).toEqual({
    ok: true,
    value: {
      name: 'acme',
      endpoint: 'https://acme.blob.core.windows.net',
      access: { kind: 'key', key: Buffer.from('ab') },
    },
  });
  expect(parseConnectionString('BlobEndpoint=https://acme.example.com;SharedAccessSignature=?sv=1&sig=a%3D')).toEqual({
    ok: true,
    value: {
      name: '',
      endpoint: 'https://acme.example.com',
      access: { kind: 'signature', signature: 'sv=1&sig=a%3D' },
    },
  });
  for (const text of [
    '',
    'secret',
    'AccountName=secret',
    'AccountKey=secret',
    'BlobEndpoint=ftp://secret;AccountKey=x',
  ]) {
    const result = parseConnectionString(text);
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain('secret');
  }
});
