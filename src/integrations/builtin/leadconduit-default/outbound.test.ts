import { describe, expect, it } from 'vitest';
import type { Vars } from '../../../model/vars.ts';
import { builtinModules } from '../../builtin-modules.ts';
import { createDefaultOutbound } from './outbound.ts';

const outbound = createDefaultOutbound({ allowsPrivateHosts: () => false });
const URL = 'https://next.example.com/flows/a/sources/b/submit';

describe('the request carries', () => {
  // biome-ignore format: a table reads better in rows
  const cases: [string, Vars, string][] = [
    ['leaves of the lead under dotted names', { lead: { a: { b: '1' }, list: ['x', 'y'] } }, 'a.b=1&list.0=x&list.1=y&price=0'],
    ['normal values, invalid ones too', { lead: { p: Object.assign(Object('512'), { valid: false, raw: '5-12' }) } }, 'p=512&price=0'],
    ['null as empty, undefined not at all', { lead: { a: null, b: '', c: undefined } }, 'a=&b=&price=0'],
    ['truthy custom values instead', { lead: { a: '1', b: '2' }, default: { custom: { a: '9', b: '', c: ['x', 'y'] } } }, 'a=9&b=2&c=x&c=y&price=0'],
    ['the price', { lead: { price: '9' }, price: Object(2.5) }, 'price=2.5'],
    ['no price that is none', { price: Object(Number.NaN) }, 'price=0'],
  ];
  it.each(cases)('%s', (_what, vars, body) => {
    expect(outbound.request({ url: URL, ...vars }).body).toBe(body);
  });

  it('everything in the query of a GET, over parameters of the same name', () => {
    const made = outbound.request({ url: `${URL}?k=1&a=old`, method: 'get', lead: { a: 'x y', l: ['1'] } });
    expect(made).toEqual({
      url: `${URL}?k=1&a=x+y&l.0=1&price=0`,
      method: 'GET',
      headers: { Accept: 'application/json;q=0.9,text/xml;q=0.8,application/xml;q=0.7' },
    });
  });
});

describe('the answer', () => {
  // biome-ignore format: a table reads better in rows
  const cases: [Vars, string, string, Record<string, unknown>][] = [
    [{}, 'application/json; charset=utf-8', '{"outcome":"failure","reason":"dup","price":1}', { outcome: 'failure', reason: 'dup', price: 1 }],
    [{}, 'application/json', '{"message":"m","x":1}', { outcome: 'error', reason: 'm' }],
    [{ default_outcome: 'success' }, 'application/json', '{}', { outcome: 'success', reason: 'Unrecognized response' }],
    [{}, 'application/json', '[1]', { outcome: 'error', reason: 'Unrecognized response' }],
    [{}, 'application/json', '{broken', { outcome: 'error', reason: 'Unrecognized response' }],
    [{}, 'text/xml', '<result id="7"><outcome>success</outcome></result>', { outcome: 'success', id: '7' }],
    [{}, 'application/xml', 'not xml', { outcome: 'error', reason: 'Unrecognized response' }],
    [{}, 'text/html', '<p/>', { outcome: 'error', reason: 'Unsupported Content-Type specified in server response' }],
    [{}, '', '{}', { outcome: 'error', reason: 'No Content-Type specified in server response' }],
  ];
  it.each(cases)('%j %s %s', (vars, type, body, event) => {
    const response = { status: 200, version: '1.1', headers: { 'Content-Type': type }, body };
    expect(outbound.response(vars, { url: URL, method: 'POST', headers: {} }, response)).toEqual(event);
  });
});

describe('validation', () => {
  it.each([
    [{}, 'URL is required'],
    [{ url: 'x' }, 'URL must be valid'],
    [{ url: 'http://10.0.0.1/' }, 'URL must be public'],
    [{ url: URL, method: 'PUT' }, 'Unsupported HTTP method - use GET or POST'],
    [{ url: URL, method: 'get', default_outcome: 'maybe' }, 'default outcome must be "success", "failure" or "error"'],
    [{ url: URL, method: 'post', default_outcome: 'failure' }, undefined],
  ])('%j: %s', (vars, problem) => {
    expect(outbound.validate(vars)).toBe(problem);
  });
});

it.each([
  ['http://leads.lan:8400/flows/a/sources/b/submit', undefined],
  ['http://leads.lan:8401/flows/a/sources/b/submit', 'URL must be public'],
  ['http://leads.lan:8400@10.0.0.1/flows/a/sources/b/submit', 'URL must be public'],
])('the origin of the server may be private: %s', (url, problem) => {
  const modules = builtinModules([], undefined, { publicUrl: 'http://leads.lan:8400', env: {} });
  const module = modules.find(({ id }) => id === 'leadconduit-default.outbound');
  expect(module?.direction === 'outbound' && module.validate?.({ url })).toBe(problem);
});
