import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { parseValue } from '../../../field-types/parse-value.ts';
import { createWebhook } from './webhook.ts';

const NOW = Date.UTC(2025, 2, 3, 12);
const ctx = { now: NOW, timeZone: 'UTC', random: () => 0 };
const webhook = createWebhook({
  allowsPrivateHosts: () => false,
  tools: { sign: (key, text) => createHmac('sha256', key).update(text).digest('base64'), now: () => NOW },
});
const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const secret = `whsec_${KEY.toString('base64')}`;
const url = 'https://hooks.example.com/leads';

it('signs id, timestamp and body as the Standard Webhooks specification says', () => {
  const vars = {
    url,
    secret,
    delivery_id: 'e1',
    submission: { timestamp: '2025-03-03T12:00:00.000Z' },
    payload: { lead: { phone: parseValue('phone', '(512) 789-1111', ctx) }, price: 5 },
  };
  const { method, headers, body } = webhook.request(vars);
  expect(method).toBe('POST');
  expect(JSON.parse(body ?? '')).toEqual({
    type: 'lead.processed',
    timestamp: '2025-03-03T12:00:00.000Z',
    data: { lead: { phone: '5127891111' }, price: 5 },
  });
  expect(headers['webhook-id']).toBe('msg_e1');
  expect(headers['webhook-timestamp']).toBe('1741003200');
  const expected = createHmac('sha256', KEY).update(`msg_e1.1741003200.${body}`).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${expected}`);
});

it('makes the signature another implementation makes of the same document', () => {
  const vars = {
    url,
    secret,
    delivery_id: 'e1',
    submission: { timestamp: '2025-03-03T12:00:00.000Z' },
    payload: { lead: { name: 'Zoë 🏠' }, price: 5 },
  };
  // Computed with Python: base64(hmac.new(key, b'msg_e1.1741003200.' + body, sha256).digest()).
  expect(webhook.request(vars).headers['webhook-signature']).toBe('v1,TV+a6DfgAno5BRcpYBEHH6pv4c/gafzuuP4i4u7/lAM=');
});

it('keeps its form with hostile values', () => {
  const nested = Array.from({ length: 500 }).reduce<object>((inner) => ({ inner }), {});
  const payload = {
    lead: JSON.parse('{"__proto__":{"polluted":1},"constructor":"x","toJSON":"y","lone":"\\ud800"}'),
    call: () => 'secret',
    nested,
    long: 'x'.repeat(1_000_000),
  };
  const { body = '' } = webhook.request({ url, secret, delivery_id: 'e1', payload });
  const { data } = JSON.parse(body);
  expect(Object.keys(data.lead)).toEqual(['__proto__', 'constructor', 'toJSON', 'lone']);
  expect([data.lead.lone, data.call, data.long.length]).toEqual(['\ud800', undefined, 1_000_000]);
  expect(body.match(/inner/g)?.length).toBeLessThan(100);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

it.each([
  [{ url: '', secret }, 'URL is required'],
  [{ url: 'http://10.0.0.1/', secret }, 'URL must be public'],
  [{ url }, 'Secret is required'],
  [{ url, secret: `${secret.slice(0, -4)}!${secret.slice(-4)}` }, 'Secret must be whsec_ and 24 to 64 bytes in base64'],
  [{ url, secret: `whsec_${'A'.repeat(1_000_000)}` }, 'Secret must be whsec_ and 24 to 64 bytes in base64'],
  [{ url, secret: 'whsec_c2hvcnQ=' }, 'Secret must be whsec_ and 24 to 64 bytes in base64'],
  [{ url, secret }, undefined],
])('what cannot be sent is reported before (%#)', (vars, problem) => {
  expect(webhook.validate(vars)).toBe(problem);
});

it.each([
  [204, { outcome: 'success' }],
  [302, { outcome: 'failure', reason: 'The endpoint refused it (302)' }],
  [400, { outcome: 'failure', reason: 'The endpoint refused it (400)' }],
  [410, { outcome: 'failure', reason: 'The endpoint is gone (410)' }],
  [503, { outcome: 'error', reason: 'The endpoint failed (503)' }],
])('status %i is an outcome', (status, appended) => {
  const request = { url, method: 'POST', headers: {} };
  expect(webhook.response({}, request, { status, version: '1.1', headers: {}, body: '' })).toEqual(appended);
});
