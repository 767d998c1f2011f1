import { describe, expect, it } from 'vitest';
import type { Vars } from '../../../model/vars.ts';
import { writeResponse } from './inbound-response.ts';

const SUBMIT = '/flows/0a1b2c3d4e5f60718293a4b5/sources/5b4a39281706f5e4d3c2b1a0/submit';
const PING = SUBMIT.replace(/submit$/, 'ping');

interface Asked {
  uri?: string;
  accept?: string;
  vars: Vars;
  fieldIds?: readonly string[];
}

function answer({ uri = SUBMIT, accept, vars, fieldIds }: Asked) {
  const headers: Record<string, string> = accept === undefined ? {} : { Accept: accept };
  return writeResponse({ method: 'POST', uri, version: '1.1', headers, body: '', timestamp: 0 }, vars, fieldIds);
}

const LEAD = { id: '123', email: 'foo@bar.com', list: ['a', null, 'b'] };

describe('writeResponse', () => {
  it('writes the documented failure in JSON and XML with their lengths (spec api 24.3)', () => {
    const vars = { lead: { id: '123' }, outcome: 'failure', reason: 'bad!' };
    expect(answer({ vars })).toStrictEqual({
      status: 201,
      headers: { 'Content-Type': 'application/json', 'Content-Length': '67' },
      body: '{"outcome":"failure","reason":"bad!","lead":{"id":"123"},"price":0}',
    });
    const xml = answer({ vars, accept: 'text/xml' });
    expect(xml.headers).toStrictEqual({ 'Content-Type': 'text/xml', 'Content-Length': '148' });
    expect(xml.body).toBe(
      '<?xml version="1.0"?>\n<result>\n  <outcome>failure</outcome>\n  <reason>bad!</reason>\n  <lead>\n    <id>123</id>\n  </lead>\n  <price>0</price>\n</result>',
    );
  });

  it.each<[string, Asked, string]>([
    [
      'a price',
      { vars: { lead: LEAD, outcome: 'success', price: 1.5 } },
      '{"outcome":"success","lead":{"id":"123"},"price":1.5}',
    ],
    [
      'a price that is no number',
      { vars: { outcome: 'success', price: new Number(Number.NaN) } },
      '{"outcome":"success","price":0}',
    ],
    [
      'null is left out',
      { vars: { lead: { id: null }, outcome: 'success', reason: null, price: null } },
      '{"outcome":"success","price":0}',
    ],
    [
      'the order of a list of fields',
      { vars: { lead: LEAD, outcome: 'failure', price: 2 }, fieldIds: ['price', 'lead.email', 'outcome'] },
      '{"price":2,"lead":{"email":"foo@bar.com"},"outcome":"failure"}',
    ],
    [
      'a price that is not listed',
      { vars: { outcome: 'failure', price: 2 }, fieldIds: ['outcome'] },
      '{"outcome":"failure","price":0}',
    ],
    [
      'a component below its value',
      { vars: { lead: { p: Object.assign(new String('1'), { area: '5' }) } }, fieldIds: ['lead.p.area', 'lead.p'] },
      '{"lead":{"p":"1"},"price":0}',
    ],
    [
      'a whole object, without changing it',
      { vars: { lead: LEAD }, fieldIds: ['lead', 'lead.email.x'] },
      '{"lead":{"id":"123","email":"foo@bar.com","list":["a",null,"b"]},"price":0}',
    ],
    [
      'a number in a path',
      { vars: { lead: LEAD }, fieldIds: ['lead.list.0'] },
      '{"lead":{"list":{"\'0\'":"a"}},"price":0}',
    ],
    [
      'inherited names',
      { vars: { lead: LEAD }, fieldIds: ['lead.constructor', 'toString', '__proto__.x'] },
      '{"price":0}',
    ],
  ])('%s', (_name, asked, body) => {
    expect(answer(asked).body).toBe(body);
    expect(LEAD).toStrictEqual({ id: '123', email: 'foo@bar.com', list: ['a', null, 'b'] });
  });

  it.each<[string, Vars, string]>([
    ['with a price', { lead: LEAD, outcome: 'success', price: 10 }, '{"outcome":"success","price":10}'],
    [
      'without a price',
      { lead: LEAD, outcome: 'success', price: 0 },
      '{"outcome":"failure","reason":"no bid","price":0}',
    ],
    [
      'with a price below 0',
      { lead: LEAD, outcome: 'success', price: -1 },
      '{"outcome":"failure","reason":"no bid","price":-1}',
    ],
    [
      'with a reason',
      { lead: LEAD, outcome: 'error', reason: 'terrible' },
      '{"outcome":"failure","reason":"terrible","price":0}',
    ],
  ])('a ping %s never gets the id', (_name, vars, body) => {
    expect(answer({ uri: PING, vars })).toMatchObject({ status: 200, body });
    expect(answer({ uri: PING, vars, fieldIds: ['lead', 'lead.id'] }).body).not.toContain('123');
  });

  it.each([
    ['http%3A%2F%2Ffoo%2Fbar%3Fbaz%3Dbip', 'http://foo/bar?baz=bip'],
    ['http://one.example&redir_url=http://two.example', 'http://one.example'],
    ['http://example.com/%E2%9C%93', 'http://example.com/%E2%9C%93'],
    ['http://example.com/%0D%0AX:1', ''],
  ])('redirects to %s', (query, location) => {
    for (const path of [SUBMIT, PING]) {
      const redirected = answer({ uri: `${path}?redir_url=${query}`, vars: {} });
      expect([redirected.status, redirected.headers['Location']]).toStrictEqual([303, location]);
    }
  });

  it('counts bytes', () => {
    const { body, headers } = answer({ vars: { outcome: 'failure', reason: 'm\u00fay \u2713' } });
    expect(headers['Content-Length']).toBe(String(new TextEncoder().encode(body).length));
  });
});
