import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseAllowedNetwork } from '../../src/integrations/forbidden-address.ts';
import { type ObjectStorePeer, openAzurePeer, openS3Peer } from '../harness/object-stores.ts';
import { openTestRecipient, type TestRecipient } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, when } from './flows.ts';

let server: ComposedServer;
let s3: ObjectStorePeer;
let azure: Awaited<ReturnType<typeof openAzurePeer>>;
/** A bucket whose answers a test scripts. */
let scripted: TestRecipient;

beforeAll(async () => {
  const loopback = parseAllowedNetwork('127.0.0.0/8');
  const networks = loopback.ok ? [loopback.value] : [];
  [server, s3, azure, scripted] = await Promise.all([
    startTestServer({ allowPrivateNetworks: networks }),
    openS3Peer(),
    openAzurePeer(),
    openTestRecipient(),
  ]);
});
afterAll(() => Promise.all([server.stop(), s3.close(), azure.close(), scripted.close()]));
afterEach(() => {
  scripted.answerWith(() => ({ body: '' }));
  scripted.deliveries.length = 0;
});

let names = 0;

async function addCredential(values: Record<string, string>): Promise<string> {
  names += 1;
  const { status, body } = await server.api('POST', '/credentials', { name: `bucket ${names}`, ...values });
  expect(status).toBe(201);
  return body.id;
}

interface Event {
  id: string;
  type: string;
  lead: string;
}

/** Every event of the flow by the API, each as `GET /events/{id}` returns it, by the name of its object. */
async function readEvents(flow: { id: string }, prefix = ''): Promise<Map<string, unknown>> {
  const { body } = await server.api('GET', `/events?flow_id=${flow.id}&limit=1000&sort=asc`);
  const named = await Promise.all(
    (body as (Event & { vars: { lead: { id: string } } })[]).map(async ({ id, vars }): Promise<[string, unknown]> => {
      const one = await server.api('GET', `/events/${id}`);
      return [`${prefix}${vars.lead.id}/${id}.json`, one.body];
    }),
  );
  return new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
async function stateOf(flow: { id: string }, service = 'aws'): Promise<any> {
  const { body } = await server.api('GET', `/firehose/state?flow_id=${flow.id}`);
  return body.find((each: { service: string }) => each.service === service);
}

const sent = (flow: { id: string }, service = 'aws') =>
  until(`all is in ${service}`, async () => {
    const state = await stateOf(flow, service);
    return state.state === 'idle' && state.waiting === 0;
  });

/** A firehose to the scripted bucket. */
async function scriptedFirehose(parts: object = {}) {
  const credential = { ...s3.credential, endpoint: scripted.url };
  return { enabled: true, credential_id: await addCredential(credential), bucket: 'leads', ...parts };
}

/** Names of the objects that came, in their order. */
const arrived = () => scripted.deliveries.map(({ path }) => path.replace('/leads/', ''));

describe('the firehose of a flow', () => {
  it('has every event of every lead in both services, as GET /events/{id} returns it', async () => {
    server.recipient.answerWith(() => ({ body: { outcome: 'failure', reason: 'no', price: 0 } }));
    const [awsId, azureId] = [await addCredential(s3.credential), await addCredential(azure.credential)];
    const flow = await server.deploy(
      flowOf(
        [
          { type: 'filter', rule_set: when('lead.state', 'is equal to', 'TX'), reason: 'not in Texas' },
          deliveryTo(server.recipient.url),
        ],
        {
          ...NO_DUPLICATES,
          firehose: {
            services: {
              aws: { enabled: true, credential_id: awsId, bucket: 'leads', prefix: '/both/' },
              azure: { enabled: true, credential_id: azureId, bucket: 'leads', prefix: 'both' },
            },
          },
        },
      ),
    );
    await server.submit(flow, { email: 'ann@example.com', state: 'TX' });
    await server.submit(flow, { email: 'bob@example.com', state: 'CA' });
    await server.submit(flow, { email: 'ann@example.com', state: 'TX' });
    await Promise.all([sent(flow, 'aws'), sent(flow, 'azure')]);
    const events = await readEvents(flow, 'both/');
    const types = [...events.values()].map((event) => (event as Event).type);
    expect(types.toSorted()).toEqual(expect.arrayContaining(['filter', 'recipient', 'source', 'source', 'source']));
    for (const peer of [s3, azure]) {
      const objects = (await peer.list()).filter((name) => name.startsWith('both/'));
      expect(objects).toEqual([...events.keys()]);
      for (const name of objects) expect(JSON.parse(await peer.read(name))).toEqual(events.get(name));
    }
    expect(await stateOf(flow)).toMatchObject({ delivered: events.size, state: 'idle', fault: null, set_aside: 0 });
  });

  it('of the flat form writes to S3, below no prefix', async () => {
    const firehose = { enabled: true, credential_id: await addCredential(s3.credential), bucket: 'leads' };
    const flow = await server.deploy(flowOf([], { firehose }));
    await server.submit(flow, { email: 'flat@example.com' });
    await sent(flow);
    const events = await readEvents(flow);
    expect(events.size).toBe(1);
    expect(await s3.list()).toEqual(expect.arrayContaining([...events.keys()]));
  });

  it('has the events of feedback and of later attempts, each behind those before it', async () => {
    const firehose = await scriptedFirehose();
    server.recipient.answerWith(() => ({ status: 503, body: '' }));
    const step = deliveryTo(server.recipient.url, { retry_enabled: true, feedback: { returns: { enabled: true } } });
    const flow = await server.deploy(flowOf([step], { firehose }));
    await server.submit(flow, { email: 'late@example.com' });
    await sent(flow);
    server.recipient.answerWith(() => ({ body: { outcome: 'success', price: 1 } }));
    const { body: retries } = await server.api('GET', `/retries?flow_id=${flow.id}`);
    expect((await server.api('POST', `/retries/${retries[0].id}/run`)).status).toBeLessThan(300);
    await until('the attempt is in the bucket', () => arrived().length === 3);
    const [lead] = retries;
    const given = { type: 'return', recipient_id: lead.recipient_id ?? flow.steps[0].entity.id, reason: 'bad' };
    const returned = await server.api('POST', `/leads/${lead.lead_id}/feedback`, given);
    expect(returned.body).toMatchObject({ outcome: 'success' });
    await until('the return is in the bucket', () => arrived().length === 4);
    const { body: events } = await server.api('GET', `/events?lead_id=${lead.lead_id}&sort=asc`);
    const order = scripted.deliveries.map(({ body }) => JSON.parse(body).type);
    expect(order.slice(2)).toEqual(['retry', 'feedback-received']);
    expect(arrived().toSorted()).toEqual(events.map(({ id }: Event) => `${lead.lead_id}/${id}.json`).toSorted());
  });

  it('that is switched off gets nothing more, and other flows nothing at all', async () => {
    const firehose = await scriptedFirehose();
    const flow = await server.deploy(flowOf([], { firehose }));
    const other = await server.deploy(flowOf([]));
    await server.submit(other, { email: 'a@example.com' });
    await server.submit(flow, { email: 'b@example.com' });
    await sent(flow);
    await server.redeploy({ ...flow, firehose: { ...firehose, enabled: false } });
    await server.submit(flow, { email: 'c@example.com' });
    const again = await scriptedFirehose();
    await server.redeploy({ ...flow, firehose: again });
    await server.submit(flow, { email: 'd@example.com' });
    await sent(flow);
    const emails = scripted.deliveries.map(({ body }) => JSON.parse(body).vars.lead.email.normal);
    expect(emails).toEqual(['b@example.com', 'd@example.com']);
    expect(await server.query('select from outbox')).toEqual([]);
  });
});

it('an event that is written again by another process has the same bytes', async () => {
  const firehose = await scriptedFirehose();
  const rules = { op: 'and' as const, rules: [{ op: 'is equal to' as const, rhv: 'TX', lhv: 'lead.state' }] };
  const flow = await server.deploy(flowOf([{ type: 'filter', rule_set: rules, reason: 'no' }], { firehose }));
  await server.submit(flow, { email: 'again@example.com', state: 'CA' });
  await sent(flow);
  // As a process leaves it that is killed after the last event was written.
  await server.query(
    `insert into outbox (account_id, channel_id, lead_id, seq, last_seq, added_at)
     select account_id, $2, id, 0, 1, now() from leads where flow_id = $1`,
    [flow.id, `${flow.id}.aws`],
  );
  await server.restart();
  await until('they came again', () => scripted.deliveries.length === 4);
  const [first, second] = [scripted.deliveries.slice(0, 2), scripted.deliveries.slice(2)];
  expect(second.map(({ path, body }) => `${path} ${body}`)).toEqual(first.map(({ path, body }) => `${path} ${body}`));
});

/** How a bucket fails, and what people see of it. */
const FAULTS: [string, () => { status: number; body: string } | 'hangUp', string, RegExp][] = [
  [
    'is full',
    () => ({ status: 507, body: '<Error><Code>XMinioStorageFull</Code></Error>' }),
    'full',
    /XMinioStorageFull/,
  ],
  [
    'slows down',
    () => ({ status: 503, body: '<Error><Code>SlowDown</Code></Error>' }),
    'full',
    /takes no more objects/,
  ],
  [
    'refuses the credential',
    () => ({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }),
    'auth',
    /AccessDenied/,
  ],
  [
    'has no such bucket',
    () => ({ status: 404, body: '<Error><Code>NoSuchBucket</Code></Error>' }),
    'missing',
    /has no "leads"/,
  ],
  ['is broken', () => ({ status: 500, body: '' }), 'unavailable', /status 500/],
  ['hangs up', () => 'hangUp', 'broken', /ended the connection/],
];

describe('a bucket that fails', () => {
  it.each(FAULTS)(
    'because it %s keeps everything, and gets it in order when it works again',
    async (_, script, kind, reason) => {
      const flow = await server.deploy(flowOf([], { firehose: await scriptedFirehose() }));
      scripted.answerWith(script);
      await server.submit(flow, { email: 'a@example.com' });
      await until('it fails', async () => (await stateOf(flow)).attempts > 1);
      await server.submit(flow, { email: 'b@example.com' });
      const failing = await stateOf(flow);
      expect(failing).toMatchObject({
        state: 'failing',
        waiting: 2,
        fault: { kind, reason: expect.stringMatching(reason) },
      });
      expect(failing.faults).toMatchObject([{ kind, ended_at: null }]);
      scripted.answerWith(() => ({ body: '' }));
      const before = scripted.deliveries.length;
      await sent(flow);
      expect(scripted.deliveries.slice(before).map(({ body }) => JSON.parse(body).vars.lead.email.normal)).toEqual([
        'a@example.com',
        'b@example.com',
      ]);
      // What was sent before is the same.
      expect(new Set(scripted.deliveries.map(({ path, body }) => `${path} ${body}`)).size).toBe(2);
      const worked = await stateOf(flow);
      expect(worked).toMatchObject({ delivered: 2, fault: null, failing_since: null });
      expect(worked.faults).toMatchObject([{ kind, ended_at: expect.any(String) }]);
    },
  );

  it('because nothing listens is unreachable, and the other service goes on', async () => {
    const gone = await openTestRecipient();
    await gone.close();
    const [dead, alive] = [
      await addCredential({ ...s3.credential, endpoint: gone.url }),
      await addCredential(azure.credential),
    ];
    const flow = await server.deploy(
      flowOf([], {
        firehose: {
          services: {
            aws: { enabled: true, credential_id: dead, bucket: 'leads', prefix: 'alone' },
            azure: { enabled: true, credential_id: alive, bucket: 'leads', prefix: 'alone' },
          },
        },
      }),
    );
    await server.submit(flow, { email: 'alone@example.com' });
    await sent(flow, 'azure');
    await until('S3 fails', async () => (await stateOf(flow)).state === 'failing');
    expect(await stateOf(flow)).toMatchObject({
      waiting: 1,
      fault: { kind: 'unreachable', reason: `127.0.0.1:${gone.port} refused the connection` },
    });
    expect((await azure.list()).filter((name) => name.startsWith('alone/'))).toHaveLength(1);
    await server.redeploy({ ...flow, firehose: { services: { aws: { enabled: false } } } });
  });

  it('because its credential is gone says so, and goes on with another one', async () => {
    const firehose = { ...(await scriptedFirehose()), credential_id: '5fd4371e940df5a34a388888' };
    const flow = await server.deploy(flowOf([], { firehose }));
    expect(flow.warnings).toMatchObject([{ check: 'firehose-cannot-write', path: 'firehose.credential_id' }]);
    await server.submit(flow, { email: 'a@example.com' });
    await until('it fails', async () => (await stateOf(flow)).fault?.kind === 'auth');
    await server.redeploy({ ...flow, firehose: await scriptedFirehose() });
    await sent(flow);
    expect(arrived()).toHaveLength(1);
  });
});

describe('an event that is refused for what it is', () => {
  it('keeps no other lead waiting, is set aside with what follows of its lead, and is sent by recover', async () => {
    const flow = await server.deploy(flowOf([], { firehose: await scriptedFirehose() }));
    scripted.answerWith(({ body }) => ({ status: body.includes('bad@example.com') ? 400 : 200, body: '' }));
    await server.submit(flow, { email: 'bad@example.com' });
    for (let lead = 0; lead < 5; lead += 1) await server.submit(flow, { email: `good${lead}@example.com` });
    await until('the others arrived', async () => (await stateOf(flow)).delivered === 5);
    const skipPauses = () =>
      server.query(
        "update outbox set next_attempt_at = now() - interval '1 minute' where attempts > 0 and failed_at is null",
      );
    await until('it is set aside', async () => {
      await skipPauses();
      return (await stateOf(flow)).set_aside === 1;
    });
    expect(await stateOf(flow)).toMatchObject({
      ...{ state: 'idle', waiting: 0, fault: null },
      set_aside_reason: expect.stringMatching(/refused the object \(status 400\)/),
    });
    const tries = scripted.deliveries.filter(({ body }) => body.includes('bad@example.com'));
    expect(tries).toHaveLength(5);

    // A later event of the lead does not go before it.
    const [row] = await server.query('select account_id, lead_id, channel_id from outbox where channel_id = $1', [
      `${flow.id}.aws`,
    ]);
    await server.query(
      'insert into outbox (account_id, channel_id, lead_id, seq, last_seq, added_at) values ($1, $2, $3, 1, 1, now())',
      [row?.['account_id'], row?.['channel_id'], row?.['lead_id']],
    );
    await until('it is set aside, too', async () => (await stateOf(flow)).set_aside === 2);

    scripted.answerWith(() => ({ body: '' }));
    const recovered = await server.api('POST', '/firehose/recover', { flow_id: flow.id });
    expect(recovered.body).toEqual({ recovered: 2 });
    await sent(flow);
    expect(await stateOf(flow)).toMatchObject({ set_aside: 0, delivered: 6 });
    expect(new Set(tries.map(({ path, body }) => `${path} ${body}`)).size).toBe(1);
  });
});

describe('a connection string in a flow', () => {
  it('opens the container, is encrypted, in no answer, and stays when its mask is sent back', async () => {
    const firehose = {
      services: {
        azure: { enabled: true, bucket: 'leads', prefix: 'string', connection_string: azure.connectionString },
      },
    };
    const flow = await server.deploy(flowOf([], { firehose }));
    expect(flow.firehose.services.azure.connection_string).toBe('********');
    expect(flow.warnings).toEqual([]);
    const { body: read } = await server.api('GET', `/flows/${flow.id}`);
    expect(read.firehose.services.azure.connection_string).toBe('********');
    await server.redeploy(read);
    await server.submit(flow, { email: 'string@example.com' });
    await sent(flow, 'azure');
    expect((await azure.list()).filter((name) => name.startsWith('string/'))).toHaveLength(1);

    const secret = azure.connectionString.slice(60, 100);
    const [events] = [await server.api('GET', `/events?flow_id=${flow.id}`)];
    expect(events.text).toContain('********');
    const stored = await server.query('select document, (select json_agg(a) from activity a) from flow_revisions');
    expect(JSON.stringify([flow, read, events.body, stored])).not.toContain(secret);
    expect(await server.query('select name from flow_secrets where flow_id = $1', [flow.id])).toEqual([
      { name: 'firehose.services.azure.connection_string' },
    ]);

    const other = {
      ...read,
      firehose: { services: { azure: { ...read.firehose.services.azure, connection_string: 'AccountName=x' } } },
    };
    await server.redeploy(other);
    const { body: verified } = await server.api('GET', `/firehose?flow_id=${flow.id}`);
    expect(verified).toMatchObject({
      verified: false,
      services: [{ fault: { kind: 'auth', reason: expect.stringMatching(/^The connection string cannot be used/) } }],
    });
  });
});

describe('a connection string that cannot be used', () => {
  it('is masked and kept nowhere where only Azure has it', async () => {
    const aws = { enabled: true, credential_id: await addCredential(s3.credential), bucket: 'leads' };
    const stray = { ...aws, connection_string: 'AccountName=acme;AccountKey=c3RyYXk=' };
    const { body, text } = await server.api(
      'POST',
      '/flows',
      flowOf([], { firehose: { ...stray, services: { aws: stray, gcs: stray } } }),
    );
    expect(text).not.toContain('c3RyYXk=');
    expect(body.warnings).toContainEqual(expect.objectContaining({ path: 'firehose.services.aws.connection_string' }));
    const stored = await server.query('select document, (select json_agg(a) from activity a) from flow_revisions');
    expect(JSON.stringify(stored)).not.toContain('c3RyYXk=');
    expect(await server.query('select from flow_secrets where flow_id = $1', [body.id])).toEqual([]);
  });

  it('is missing in a copy, and a warning says so', async () => {
    const services = { azure: { enabled: true, bucket: 'leads', connection_string: '********' } };
    const { body } = await server.api('POST', '/flows', flowOf([], { firehose: { services } }));
    expect(body.firehose.services.azure.connection_string).toBe('');
    expect(body.warnings).toContainEqual(expect.objectContaining({ path: 'firehose.services.azure.credential_id' }));
  });
});

describe('GET /firehose', () => {
  it('writes a file to each bucket of the saved flow, or none', async () => {
    const aws = { enabled: false, credential_id: await addCredential(s3.credential), bucket: 'leads', prefix: 'try' };
    const services = { aws, azure: { ...aws, credential_id: await addCredential(azure.credential) } };
    const flow = await server.deploy(flowOf([], { firehose: { services } }));
    const { body } = await server.api('GET', `/firehose?flow_id=${flow.id}`);
    const file = expect.stringMatching(new RegExp(`^try/leadconduit_verification_${flow.id}_\\d{17}\\.txt$`));
    expect(body).toEqual({
      verified: true,
      services: [
        { service: 'aws', bucket: 'leads', prefix: 'try', verified: true, file, fault: null },
        { service: 'azure', bucket: 'leads', prefix: 'try', verified: true, file, fault: null },
      ],
    });
    const files = async (peer: ObjectStorePeer) => (await peer.list()).filter((name) => name.startsWith('try/'));
    for (const peer of [s3, azure]) expect(await files(peer)).toEqual([file]);
    const { body: asked } = await server.api('GET', `/firehose?flow_id=${flow.id}&verification_file=false`);
    expect(asked).toMatchObject({ verified: true, services: [{ file: null }, { file: null }] });
    for (const peer of [s3, azure]) expect(await files(peer)).toHaveLength(1);
    const { body: elsewhere } = await server.api('GET', `/firehose?flow_id=${flow.id}&service=azure&bucket=elsewhere`);
    expect(elsewhere).toMatchObject({ verified: false, services: [{ service: 'azure', fault: { kind: 'missing' } }] });
  });

  it('tries a bucket of no flow', async () => {
    const credentialId = await addCredential(s3.credential);
    const { body } = await server.api('GET', `/firehose?credential_id=${credentialId}&bucket=leads`);
    expect(body).toMatchObject({
      verified: true,
      services: [{ file: expect.stringMatching(/^leadconduit_verification_\d{17}\.txt$/) }],
    });
    expect((await server.api('DELETE', `/credentials/${credentialId}`)).status).toBe(200);
  });
});
