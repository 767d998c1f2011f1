import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createWebhook } from '../../src/integrations/builtin/sluice/webhook.ts';
import { verify, WebhookError } from './webhooks.ts';

const NOW = Date.UTC(2025, 2, 3, 12);
const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const SECRET = `whsec_${KEY.toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** What the server sends, as its own module signs it. */
function signed(secret = SECRET) {
  const webhook = createWebhook({
    allowsPrivateHosts: () => false,
    tools: { sign: (key, text) => createHmac('sha256', key).update(text).digest('base64'), now: () => NOW },
  });
  const { headers, body = '' } = webhook.request({
    url: 'https://hooks.example.com/',
    secret,
    delivery_id: 'e1',
    submission: { timestamp: '2025-03-03T11:59:58.000Z' },
    payload: { lead: { id: 'a', name: 'Zoë 🏠' }, price: 5 },
  });
  return { headers, body };
}

const at = (seconds: number) => ({ secret: SECRET, now: () => NOW + seconds * 1000 });

async function codeOf(call: Promise<unknown>): Promise<unknown> {
  const error = await call.catch((reason: unknown) => reason);
  return error instanceof WebhookError ? error.code : error;
}

describe('a document that the server has signed', () => {
  const document = {
    id: 'msg_e1',
    sentAt: new Date(NOW),
    type: 'lead.processed',
    timestamp: '2025-03-03T11:59:58.000Z',
    data: { lead: { id: 'a', name: 'Zoë 🏠' }, price: 5 },
  };

  it('is returned', async () => {
    expect(await verify(signed(), at(0))).toEqual(document);
  });

  it('may come as bytes and as Headers', async () => {
    const { headers, body } = signed();
    const sent = { headers: new Headers(headers), body: new TextEncoder().encode(body) };
    expect(await verify(sent, at(0))).toEqual(document);
  });

  it('may have headers of any case, and several signatures', async () => {
    const { headers, body } = signed();
    const many = `v1,${Buffer.alloc(32).toString('base64')} v1a,b2xk ${headers['webhook-signature']} v1,no`;
    const given = {
      'Webhook-Id': headers['webhook-id'],
      'WEBHOOK-TIMESTAMP': [String(headers['webhook-timestamp'])],
      'Webhook-Signature': many,
    };
    expect(await verify({ headers: given, body }, at(0))).toEqual(document);
  });

  it('may be signed with any of several secrets, while a key is rotated', async () => {
    expect(await verify(signed(OTHER), { ...at(0), secret: [SECRET, OTHER] })).toEqual(document);
    expect(await verify(signed(), { ...at(0), secret: SECRET.slice('whsec_'.length) })).toEqual(document);
  });

  it.each([-300, 300])('is good %i s after it was sent', async (seconds) => {
    expect(await verify(signed(), at(seconds))).toEqual(document);
  });
});

describe('what is not to be trusted', () => {
  const { headers, body } = signed();
  const withHeader = (name: string, value: string | undefined) => ({ headers: { ...headers, [name]: value }, body });
  const signature = String(headers['webhook-signature']);

  it.each([
    ['no id', withHeader('webhook-id', undefined), 'missing_header'],
    ['no timestamp', withHeader('webhook-timestamp', undefined), 'missing_header'],
    ['no signature', withHeader('webhook-signature', undefined), 'missing_header'],
    ['a timestamp that is none', withHeader('webhook-timestamp', '17e8'), 'malformed_header'],
    ['another id', withHeader('webhook-id', 'msg_e2'), 'wrong_signature'],
    ['another time', withHeader('webhook-timestamp', String(NOW / 1000 + 1)), 'wrong_signature'],
    ['another body', { headers, body: body.replace('"price":5', '"price":0') }, 'wrong_signature'],
    ['a signature that is cut off', withHeader('webhook-signature', signature.slice(0, -4)), 'wrong_signature'],
    ['another version', withHeader('webhook-signature', signature.replace('v1,', 'v2,')), 'wrong_signature'],
    ['a signature that is none', withHeader('webhook-signature', 'v1,%%%'), 'wrong_signature'],
    ['an empty signature', withHeader('webhook-signature', ''), 'wrong_signature'],
    [
      'a signature behind more than anybody sends',
      withHeader('webhook-signature', `${'v1,AAAA '.repeat(10)}${signature}`),
      'wrong_signature',
    ],
    ['another secret', signed(OTHER), 'wrong_signature'],
  ])('has a code: %s', async (_name, sent, code) => {
    expect(await codeOf(verify(sent, at(0)))).toBe(code);
  });

  it.each([
    [301, 'too_old'],
    [-301, 'too_new'],
  ])('is %i s away: %s', async (seconds, code) => {
    expect(await codeOf(verify(signed(), at(seconds)))).toBe(code);
  });

  it('is signed, and no document', async () => {
    const text = 'no JSON';
    const mac = createHmac('sha256', KEY)
      .update(`m.${NOW / 1000}.${text}`)
      .digest('base64');
    const own = { 'webhook-id': 'm', 'webhook-timestamp': String(NOW / 1000), 'webhook-signature': `v1,${mac}` };
    expect(await codeOf(verify({ headers: own, body: text }, at(0)))).toBe('malformed_body');
  });
});

it.each(['', 'whsec_', 'whsec_c2hvcnQ=', `whsec_${'A'.repeat(400)}`, `${SECRET}!`])(
  'a secret that is none is a TypeError that does not repeat it (%#)',
  async (secret) => {
    const error = await verify(signed(), { ...at(0), secret }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toBe('TypeError: A secret must be whsec_ and 24 to 64 bytes in base64.');
  },
);

it('needs at least one secret', async () => {
  await expect(verify(signed(), { ...at(0), secret: [] })).rejects.toThrow('Give 1 to 10 secrets.');
});
