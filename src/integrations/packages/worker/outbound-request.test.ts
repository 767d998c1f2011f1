import { describe, expect, it } from 'vitest';
import { outboundRequest } from './outbound-request.ts';

const URL = 'https://recipient.example.com/';
const PLAIN = { url: URL, method: 'POST' };
const FORM = 'application/x-www-form-urlencoded';
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('what request() answered', () => {
  it.each([
    [
      'a rich URL',
      { url: Object.assign(new String(URL), { valid: true }), method: 'GET' },
      { url: URL, method: 'GET' },
    ],
    ['uri', { uri: URL, method: 'GET' }, { url: URL, method: 'GET' }],
    ['a parsed URL', { url: { href: URL }, method: 'GET' }, { url: URL, method: 'GET' }],
    ['no URL and no method', {}, { url: '', method: '' }],
    [
      'headers that are no texts',
      { ...PLAIN, headers: { A: 1, B: null, C: ['x', 'y'], D: new Boolean(false) } },
      { headers: { A: '1', C: 'x, y', D: 'false' } },
    ],
    ['a body of bytes', { ...PLAIN, body: Buffer.from('é') }, { body: 'é' }],
    [
      'json with a document',
      { ...PLAIN, json: { a: [1] } },
      { body: '{"a":[1]}', headers: { Accept: 'application/json', 'Content-Type': 'application/json' } },
    ],
    [
      'json: true',
      { ...PLAIN, json: true, body: { a: 1 }, headers: { accept: 'text/plain' } },
      { body: '{"a":1}', headers: { accept: 'text/plain', 'Content-Type': 'application/json' } },
    ],
    [
      'a form',
      { ...PLAIN, form: { a: 'é b', list: [1, 2], deep: { x: null }, none: undefined } },
      { body: 'a=%C3%A9%20b&list%5B0%5D=1&list%5B1%5D=2&deep%5Bx%5D=', headers: { 'Content-Type': FORM } },
    ],
    ['a form as text', { ...PLAIN, form: 'a=1' }, { body: 'a=1', headers: { 'Content-Type': FORM } }],
    ['a query', { ...PLAIN, url: `${URL}?z=1`, qs: { a: "it's \ud800" } }, { url: `${URL}?z=1&a=it%27s%20%EF%BF%BD` }],
    ['a user', { ...PLAIN, auth: { user: 'u', pass: 'p' } }, { headers: { Authorization: basic('u:p') } }],
    [
      'a user by the long names',
      { ...PLAIN, auth: { username: 'u', password: 'p' } },
      { headers: { Authorization: basic('u:p') } },
    ],
    ['a bearer', { ...PLAIN, auth: { bearer: 't' } }, { headers: { Authorization: 'Bearer t' } }],
    ['redirects', { ...PLAIN, followAllRedirects: true }, { followAllRedirects: true }],
    ['no redirects', { ...PLAIN, followRedirect: false }, { followAllRedirects: false }],
    ['a time', { ...PLAIN, timeout: '5' }, { timeoutSeconds: 5 }],
    ['a time too long', { ...PLAIN, timeout: 1000 }, { timeoutSeconds: 360 }],
    ['a time too short', { ...PLAIN, timeout: 0 }, { timeoutSeconds: 1 }],
    ['a time that is none', { ...PLAIN, timeout: 'soon' }, { timeoutSeconds: 360 }],
  ])('%s', (_what, answered, expected) => {
    const { headers, ...request } = outboundRequest(answered);
    expect({ ...request, headers: { ...headers } }).toMatchObject(expected);
  });

  it.each([null, undefined, 'https://a.example.com/'])('%j is no request', (answered) => {
    expect(() => outboundRequest(answered)).toThrow('no request');
  });
});
