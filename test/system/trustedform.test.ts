import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecipientStep } from '../../src/model/flow.ts';
import { openTestRecipient, type RecipientAnswer, type TestRecipient } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { answerAsTrustedForm, CERT_ID, CERT_URL, type TrustedFormPeer } from '../harness/trustedform.ts';
import { until } from '../harness/until.ts';
import { flowOf, sourceNamed, when } from './flows.ts';

const KEY = 'tf-account-key-4711';
const PEER: TrustedFormPeer = {
  key: KEY,
  email: 'ann@example.com',
  phone: '5127891111',
  page: 'By this I agree to be called',
};

let server: ComposedServer;
let peer: TrustedFormPeer;
let credentialId: string;
beforeAll(async () => {
  server = await startTestServer();
  const made = await server.api('POST', '/credentials', { name: 'TrustedForm', type: 'api_key', key: KEY });
  credentialId = made.body.id;
});
beforeEach(() => {
  peer = { ...PEER };
  server.recipient.deliveries.length = 0;
  answerAsTrustedForm(server.recipient, peer);
});
afterAll(() => server.stop());

/** A step of TrustedForm at the peer, with the stored key. */
function step(
  path: string,
  properties: Record<string, string>,
  parts: Partial<RecipientStep> = { credential_id: credentialId },
): RecipientStep {
  const mapped: Record<string, string> = { 'activeprospect.trustedform_url': server.recipient.url, ...properties };
  return {
    type: 'recipient',
    key: 'tf',
    entity: { name: 'Certificates' },
    integration: {
      module_id: `leadconduit-trustedform.outbound.${path}`,
      mappings: Object.entries(mapped).map(([property, value]) => ({ property, value })),
    },
    ...parts,
  };
}

const fields = ['email', 'phone_1', 'trustedform_cert_url'];
/** Its answers have what the steps appended. */
const VERBOSE = { integration: { module_id: 'leadconduit-standard.inbound.verbose', mappings: [] } };
const deploy = (steps: Parameters<typeof flowOf>[0]) =>
  server.deploy(flowOf(steps, { fields, sources: [sourceNamed('Search ads', VERBOSE)] }));

const LEAD = { email: 'Ann@example.com', phone_1: '512-789-1111', trustedform_cert_url: CERT_URL };

async function submit(flow: { id: string; sources: { entity: { id: string } }[] }, values: object = LEAD) {
  const { body } = await server.submit(flow, values);
  const { body: lead, text } = await server.api('GET', `/leads/${body.lead.id}`);
  const event = lead.events.find((each: { type: string }) => each.type === 'recipient');
  return { answer: body, event, tf: body.appended?.tf, text };
}

const RETAIN = { 'trustedform.retain': 'true' };

describe('the certificate API', () => {
  it('matches, keeps, asks and verifies in one call, and later steps see what it said', async () => {
    const flow = await deploy([
      step('trustedform', {
        ...RETAIN,
        'trustedform.insights': 'true',
        'insights.age': 'true',
        'insights.location': 'true',
        'insights.bot_detected': 'false',
        'insights.page_scan': 'true',
        'trustedform.scan_required_text': 'I agree|be called',
        'trustedform.verify': 'true',
        'trustedform.advertiser_name': 'Acme Solar',
      }),
      {
        type: 'filter',
        outcome: 'failure',
        reason: 'From {{tf.city}}',
        rule_set: when('tf.age_in_seconds', 'is less than', '60'),
      },
    ]);
    const { answer, tf } = await submit(flow);
    const [sent] = server.recipient.deliveries;
    expect(sent).toMatchObject({ method: 'POST', path: `/${CERT_ID}` });
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      match_lead: { email: 'ann@example.com', phone: '5127891111' },
      retain: { reference: `https://app.leadconduit.com/events/${answer.lead.id}`, vendor: 'Search ads' },
      insights: {
        properties: ['age_seconds', 'approx_ip_geo'],
        scans: { required: 'I agree|be called', delimiter: '|' },
      },
      verify: { advertiser_name: 'Acme Solar' },
    });
    expect(tf).toMatchObject({
      outcome: 'success',
      successful_match: true,
      expires_at: '2031-01-01T00:00:00.000Z',
      age_in_seconds: 42,
      city: 'Marfa',
      amount_required_matched: 'all',
      verify: { languages: { "'0'": 'I agree to be called' }, success: true },
    });
    expect(answer).toMatchObject({ outcome: 'failure', reason: 'From Marfa' });
  });

  it('says which text is not on the page', async () => {
    const flow = await deploy([
      step('trustedform', {
        'trustedform.insights': 'true',
        'insights.page_scan': 'true',
        'trustedform.scan_required_text': 'I agree|to be faxed',
      }),
    ]);
    const { tf } = await submit(flow);
    expect(tf).toMatchObject({
      outcome: 'failure',
      reason: 'Required terms not found',
      amount_required_matched: 'some',
      required_scans_not_found: { "'0'": 'to be faxed' },
    });
  });

  it('learns that the lead is another one', async () => {
    const flow = await deploy([step('trustedform', RETAIN)]);
    const { tf } = await submit(flow, { ...LEAD, email: 'bob@example.com', phone_1: '5127890000' });
    expect(tf).toMatchObject({ outcome: 'failure', reason: 'No matches found', successful_match: false });
  });

  // biome-ignore format: a table reads better in rows
  const STATUSES: [string, RecipientAnswer, string, string][] = [
    ['401', { status: 401, body: { outcome: 'error', reason: 'Wrong API key.' } }, 'error', 'Wrong API key.'],
    ['402', { status: 402, body: { outcome: 'failure', reason: 'Unavailable product requested: Retain' } }, 'failure', 'Unavailable product requested: Retain'],
    ['404', { status: 404, body: { outcome: 'failure', reason: 'Certificate has expired or could not be found.' } }, 'failure', 'Certificate has expired or could not be found.'],
    ['410', { status: 410, body: { outcome: 'failure', reason: 'The cert has expired' } }, 'failure', 'The cert has expired'],
    ['422', { status: 422, body: { outcome: 'error', reason: 'No valid products detected' } }, 'error', 'No valid products detected'],
    ['500', { status: 500, body: { outcome: 'failure', reason: 'ignored' } }, 'error', 'unable to parse response'],
    ['200 with broken JSON', { body: '{"outcome": "succ' }, 'error', 'unable to parse response'],
    ['200 with a list', { body: '[]' }, 'error', 'unable to parse response'],
    ['403 without JSON', { status: 403, body: '<html>' }, 'error', 'unable to parse response'],
  ];
  it.each(STATUSES)('answers %s', async (_, answer, outcome, reason) => {
    peer.answer = answer;
    const flow = await deploy([step('trustedform', RETAIN)]);
    const { event } = await submit(flow);
    expect(event).toMatchObject({ outcome, reason });
    expect(server.recipient.deliveries).toHaveLength(1);
  });

  it('that does not answer in time leaves an unknown outcome, and the lead goes on', async () => {
    peer.answer = () => new Promise(() => undefined);
    const flow = await deploy([step('trustedform', { ...RETAIN, timeout_seconds: '1' })]);
    const { event, answer } = await submit(flow);
    expect(event).toMatchObject({ outcome: 'error', unknown: true });
    expect(answer.outcome).toBe('success');
  });

  it('that hangs up leaves an unknown outcome', async () => {
    peer.answer = 'hangUp';
    const flow = await deploy([step('claim', {})]);
    const { event } = await submit(flow);
    expect(event).toMatchObject({ outcome: 'error', unknown: true });
  });
});

describe('the key', () => {
  it('comes from the stored credential, of any type that holds one, and is on no event', async () => {
    for (const given of [
      { type: 'token', token: KEY },
      { type: 'user', username: 'API', password: KEY },
    ]) {
      const made = await server.api('POST', '/credentials', { name: `TrustedForm ${given.type}`, ...given });
      const flow = await deploy([step('trustedform', RETAIN, { credential_id: made.body.id })]);
      const { event, text } = await submit(flow);
      expect(event).toMatchObject({ outcome: 'success', credential: { id: made.body.id } });
      expect(text).not.toContain(KEY);
      expect(text).not.toContain(Buffer.from(`X:${KEY}`).toString('base64'));
    }
  });

  it('that is mapped goes before the credential, and the credential before the account’s', async () => {
    const deployed = await Promise.all([
      deploy([step('trustedform', { ...RETAIN, 'trustedform.api_key': 'mapped-key' })]),
      deploy([step('trustedform', { ...RETAIN, 'activeprospect.api_key': 'account-key' })]),
      deploy([step('trustedform', { ...RETAIN, 'activeprospect.api_key': KEY }, {})]),
    ]);
    for (const flow of deployed) await submit(flow);
    const keys = server.recipient.deliveries.map(({ headers }) => atob(headers.authorization?.slice(6) ?? ''));
    expect(keys).toEqual(['X:mapped-key', `X:${KEY}`, `X:${KEY}`]);
  });

  it('that is missing is an error, and nothing is sent', async () => {
    const flow = await deploy([step('trustedform', RETAIN, {})]);
    const { event } = await submit(flow);
    expect(event).toMatchObject({ outcome: 'error', reason: expect.stringContaining('no TrustedForm API key') });
    expect(server.recipient.deliveries).toEqual([]);
  });
});

describe('the host of a certificate', () => {
  // biome-ignore format: a table reads better in rows
  it.each([
    ['another host', 'https://example.com/0123456789abcdef0123456789abcdef01234567'],
    ['a host that only begins like it', 'https://cert.trustedform.com.example.com/0123456789abcdef0123456789abcdef01234567'],
    ['its host as a user name', 'https://cert.trustedform.com@example.com/0123456789abcdef0123456789abcdef01234567'],
    ['its host with a port', 'https://cert.trustedform.com:8443/0123456789abcdef0123456789abcdef01234567'],
    ['its test host', 'https://cert.staging.trustedform.com/0123456789abcdef0123456789abcdef01234567'],
    ['a path below it', 'https://cert.trustedform.com/below/0123456789abcdef0123456789abcdef01234567'],
  ])('that is %s gets no key: the step is skipped', async (_, url) => {
    const flow = await deploy([step('trustedform', RETAIN)]);
    const { event } = await submit(flow, { ...LEAD, trustedform_cert_url: url });
    expect(event).toMatchObject({ outcome: 'skip', reason: 'TrustedForm cert URL must be valid' });
    expect(server.recipient.deliveries).toEqual([]);
  });

  it('that is missing skips the step', async () => {
    const flow = await deploy([step('claim', {})]);
    const { event } = await submit(flow, { email: 'ann@example.com' });
    expect(event).toMatchObject({ outcome: 'skip', reason: 'TrustedForm cert URL must not be blank' });
  });

  it('that redirects to another one takes no key there', async () => {
    const other: TestRecipient = await openTestRecipient();
    try {
      peer.answer = { status: 307, headers: { Location: `${other.url}${CERT_ID}` }, body: '' };
      const flow = await deploy([step('trustedform', RETAIN)]);
      await submit(flow);
      expect(other.deliveries).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

describe('the older calls', () => {
  const FINGERPRINT = '85e20fa15f500fa17c1b6975c6647445094c26d9';

  it('claim a certificate and compare fingerprints', async () => {
    peer.answer = {
      status: 201,
      body: {
        cert: { location: 'https://example.com/form', event_duration: 4_000, created_at: '2026-01-01T00:00:00Z' },
        created_at: '2026-01-01T00:01:00Z',
        masked: false,
        fingerprints: { matching: [FINGERPRINT], non_matching: [] },
        scans: { found: [], not_found: ['I agree'] },
        warnings: ['string not found in snapshot'],
      },
    };
    const flow = await deploy([step('claim', { 'trustedform.scan_required_text': 'I agree' })]);
    const { tf } = await submit(flow);
    expect(tf).toMatchObject({
      outcome: 'failure',
      reason: "Required scan text not found in TrustedForm snapshot (missing 1: 'I agree')",
      email_fingerprint_matched: true,
      phone_1_fingerprint_matched: false,
      age_in_seconds: 56,
      domain: 'example.com',
    });
    expect(server.recipient.deliveries[0]?.body).toMatch(
      /^scan%5B%5D=I%20agree&reference=.*&vendor=Search%20ads&scan_delimiter=%7C&email=ann%40example\.com&phone_1=5127891111$/,
    );
  });

  it('ask for consent with the third version, and take a wrong key for a failure', async () => {
    peer.answer = { status: 401, body: { message: 'Unauthorized' } };
    const flow = await deploy([step('consent_plus_data', {})]);
    const { event } = await submit(flow);
    expect(event).toMatchObject({ outcome: 'failure', reason: 'TrustedForm error - Unauthorized (401)' });
    expect(server.recipient.deliveries[0]?.headers['api-version']).toBe('3.0');
  });

  it('look at a certificate with the token of the credential, and book nothing for a refusal', async () => {
    peer.answer = { status: 404, body: { errors: { detail: 'Not Found' } } };
    const flow = await deploy([step('insights', {})]);
    const { tf } = await submit(flow);
    expect(tf).toMatchObject({ outcome: 'failure', reason: 'Not Found', billable: 0 });
    expect(server.recipient.deliveries[0]).toMatchObject({
      path: `/${CERT_ID}/peek`,
      headers: { authorization: `Bearer ${KEY}` },
    });
  });
});

it('a server that a step names does not get the operator’s token', async () => {
  process.env['TRUSTEDFORM_DATA_SERVICE_TOKEN'] = 'operators-token';
  const flow = await deploy([step('decision_service_post', {}, {})]);
  const beside = await server.startBeside({});
  try {
    const url = `${beside.url}/flows/${flow.id}/sources/${flow.sources[0].entity.id}/submit`;
    const headers = { 'Content-Type': 'application/json' };
    const submitThere = () => fetch(url, { method: 'POST', headers, body: JSON.stringify(LEAD) });
    await until('the other server takes leads', async () => (await submitThere()).status === 201);
    const { body: events } = await server.api('GET', `/events?flow_id=${flow.id}&type=recipient`);
    expect(events[0]).toMatchObject({
      outcome: 'error',
      reason: expect.stringContaining('no token for the data service'),
    });
    expect(server.recipient.deliveries).toEqual([]);
  } finally {
    delete process.env['TRUSTEDFORM_DATA_SERVICE_TOKEN'];
    await beside.stop();
  }
});
