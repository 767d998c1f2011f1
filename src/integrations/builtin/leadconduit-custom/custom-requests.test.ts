import { describe, expect, it } from 'vitest';
import type { Vars } from '../../../model/vars.ts';
import { createCustomModules } from './create-custom-modules.ts';

const modules = createCustomModules({ allowsPrivateHosts: () => false });
const URL = 'https://crm.example.com/leads';

function rich(normal: unknown, properties: Record<string, unknown> = { valid: true }): object {
  return Object.assign(Object(normal), properties);
}

function request(path: string, vars: Vars) {
  const module = modules.find(({ id }) => id === `leadconduit-custom.outbound.${path}`);
  if (!module) throw new Error(`no module ${path}`);
  return module.request({ url: URL, ...vars });
}

describe('values are sent', () => {
  // biome-ignore format: a table reads better in rows
  const cases: [string, Vars, string][] = [
    ['normal when valid', { p: rich('5125550100', { valid: true, raw: '512-555-0100' }) }, '{"p":"5125550100"}'],
    ['as submitted when invalid', { p: rich('512', { valid: false, raw: '5-1-2' }) }, '{"p":"5-1-2"}'],
    ['as JSON numbers and booleans', { n: rich(4.5), yes: rich(true), no: rich(false) }, '{"n":4.5,"yes":true,"no":false}'],
    ['as ISO time', { t: new Date(0) }, '{"t":"1970-01-01T00:00:00.000Z"}'],
    ['nested by dots', { 'a.b': 1, a: { c: 2 }, 'd.0.e': 3 }, '{"a":{"b":1,"c":2},"d":[{"e":3}]}'],
    ['without holes in arrays', { 'l.0': 'x', 'l.5': 'y', m: ['', null, 0, false, 'z'] }, '{"l":["x","y"],"m":["z"]}'],
    ['as an array when every name is a number', { '0': 'a', '2': { b: 1 } }, '["a",{"b":1}]'],
    ['as an empty array when there are none', {}, '[]'],
    ['as a list of what is mapped to places at the top', [{ email: 'a' }, { email: 'b' }] as unknown as Vars, '[{"email":"a"},{"email":"b"}]'],
    ['without places nothing is mapped to', [null, null, { email: 'a' }] as unknown as Vars, '[{"email":"a"}]'],
    ['as an object when numbers and names are mixed', { '0': { email: 'a' }, name: 'b' }, '{"0":{"email":"a"},"name":"b"}'],
    ['with bracketed names as written', { 'a[0]': 1 }, '{"a[0]":1}'],
    ['without the name that reaches into JavaScript', JSON.parse('{"__proto__":{"x":1},"constructor.prototype.x":1,"a":1}'), '{"constructor":{"prototype":{"x":1}},"a":1}'],
  ];
  it.each(cases)('%s', (_what, json_property, body) => {
    expect(request('json', { json_property }).body).toBe(body);
  });

  it.each([undefined, null, 'text', 7, []])('as nothing when the group is %j', (json_property) => {
    expect(request('json', { json_property }).body).toBe('[]');
  });

  it('in ASCII when asked, whatever is no text stays', () => {
    const json_property = { s: 'Straße', c: '東', n: rich(1), b: true };
    expect(request('json', { json_property, send_ascii: rich(true) }).body).toBe(
      '{"s":"Strasse","c":"Dong ","n":1,"b":true}',
    );
    expect(request('json', { json_property: { s: 'ß' }, send_ascii: rich(false) }).body).toBe('{"s":"ß"}');
  });
});

describe('a form', () => {
  const cases: [string, Vars, string][] = [
    ['repeats a name for each member', { a: ['1', '2'] }, 'a=1&a=2'],
    ['sends nested objects under dotted names', { a: { b: { c: 'x' } } }, 'a.b.c=x'],
    ['sends objects in arrays empty', { obj: [{ a: 1 }, { b: 2 }] }, 'obj=&obj='],
    ['sends spaces as %20 and keeps marks', { 'b c': "x y!'()*~" }, "b%20c=x%20y!'()*~"],
    ['replaces lone surrogates', { a: 'x\ud800y' }, 'a=x%EF%BF%BDy'],
    ['leaves out an empty array', { a: [], b: '1' }, 'b=1'],
  ];
  it.each(cases)('%s', (_what, form_field, body) => {
    const made = request('form', { form_field });
    expect(made.body).toBe(body);
    expect(made.headers['Content-Length']).toBe(String(Buffer.byteLength(body)));
  });

  it.each([true, false, rich(true), ''])('has raw names with encode_form_field_names %j', (encode_form_field_names) => {
    const made = request('form', { form_field: { 'a[]': ['x', 'z'], b: null }, encode_form_field_names });
    expect(made.body).toBe('a[]=x%2Cz&b=');
  });
});

describe('a query goes behind what the URL has', () => {
  // biome-ignore format: a table reads better in rows
  const cases: [string, Vars, string][] = [
    ['https://a.example/out', { email: 'x' }, 'https://a.example/out?email=x'],
    ['https://a.example/out', {}, 'https://a.example/out?'],
    ['https://a.example/out?style=50&camp=7', { email: 'x' }, 'https://a.example/out?style=50&camp=7&email=x'],
    ['https://a.example/out?style=50', {}, 'https://a.example/out?style=50'],
    ['https://a.example/out?', { email: 'x' }, 'https://a.example/out?email=x'],
    ['https://a.example/out?a=1&', { email: 'x' }, 'https://a.example/out?a=1&email=x'],
    ['https://a.example/out#top', { email: 'x' }, 'https://a.example/out?email=x#top'],
    ['https://a.example/out?a=1#b?c', { email: 'x' }, 'https://a.example/out?a=1&email=x#b?c'],
  ];
  it.each(cases)('%s with %j', (url, parameter, expected) => {
    expect(request('query', { url, parameter }).url).toBe(expected);
  });
});

describe('headers', () => {
  const cases: [string, Vars, Record<string, string>][] = [
    ['override by exact name', { 'X-A': '1', Accept: 'x' }, { 'X-A': '1', Accept: 'x' }],
    ['join arrays', { 'X-A': ['1', rich('2')] }, { 'X-A': '1, 2' }],
    ['lose what is blank, nested or dotted', { A: '', B: '  ', C: { d: 'x' }, D: null, 'E.f': 'x' }, {}],
    ['are text', { N: rich(5), T: true }, { N: '5', T: 'true' }],
  ];
  it.each(cases)('%s', (_what, header, expected) => {
    const { Accept: accept, ...others } = request('query', { header }).headers;
    expect(others).toEqual(Object.fromEntries(Object.entries(expected).filter(([name]) => name !== 'Accept')));
    expect(accept).toMatch(expected['Accept'] ?? 'application/json;q=0.9,');
  });

  // biome-ignore format: a table reads better in rows
  const logins: [string, Vars, string | undefined][] = [
    ['both parts', { basic_username: 'u', basic_password: 'p' }, 'Basic dTpw'],
    ['no password', { basic_username: 'u', basic_password: '' }, undefined],
    ['a user credential', { credential: { type: 'user', username: 'c', password: 'd' }, basic_username: 'u', basic_password: 'p' }, 'Basic Yzpk'],
    ['a token credential', { credential: { type: 'token', token: 't' } }, undefined],
    ['a mapped header', { basic_username: 'u', basic_password: 'p', header: { Authorization: 'Bearer t' } }, 'Bearer t'],
  ];
  it.each(logins)('authenticate with %s', (_what, vars, authorization) => {
    expect(request('json', vars).headers['Authorization']).toBe(authorization);
  });
});

describe('a JSON document in a form parameter', () => {
  it('goes first, extra parameters win over nested ones of the same name', () => {
    const made = request('json', {
      json_property: { a: 1 },
      json_parameter: 'doc',
      nested_extra_parameter: { n: { x: [1] }, both: 'nested' },
      extra_parameter: { 'e.f': 'y', both: 'extra' },
    });
    expect(made.headers['Content-Type']).toBe('application/x-www-form-urlencoded');
    expect(made.body).toBe('doc=%7B%22a%22%3A1%7D&n=%7B%22x%22%3A%5B1%5D%7D&both=extra&e.f=y');
  });
});

describe('an XML document', () => {
  // biome-ignore format: a table reads better in rows
  const cases: [string, Vars, string][] = [
    ['nothing', {}, ''],
    ['two roots', { 'a.b': '1', 'c.d': '2' }, '\n<c>\n  <d>2</d>\n</c>'],
    ['escapes', { 'a@x': '"<&>\n', 'a.b': '<&>"\r' }, '\n<a x="&quot;&lt;&amp;&gt;&#xA;">\n  <b>&lt;&amp;&gt;"&#xD;</b>\n</a>'],
    ['CDATA, its end inside it too', { 'a#cdata': 'x]]>y' }, '\n<a>\n  <![CDATA[x]]]]><![CDATA[>y]]>\n</a>'],
    ['CDATA behind text', { 'a.b#cdata': 'x', 'a.b': 't' }, '\n<a>\n  <b>\n    t\n    <![CDATA[x]]>\n  </b>\n</a>'],
    ['characters XML does not know', { a: 'x\u0000\u0008\ud800y' }, '\n<a>xy</a>'],
    ['missing values', { 'a.b': null, 'a.c': undefined }, '\n<a>\n  <b/>\n  <c/>\n</a>'],
    ['repeated elements in order, without holes', { 'a.p.10': '3', 'a.p.2': '1', 'a.p.3': '' }, '\n<a>\n  <p>1</p>\n  <p>3</p>\n</a>'],
    ['repeated groups', { 'a.p.0.x': '1', 'a.p.1.x': '2' }, '\n<a>\n  <p>\n    <x>1</x>\n  </p>\n  <p>\n    <x>2</x>\n  </p>\n</a>'],
    ['attributes of repeated elements, beside text too', { 'a.p.0': 'x', 'a.p.0@k': '1', 'a.p.1@k': '2', 'a.p.1': 'y' }, '\n<a>\n  <p k="1">x</p>\n  <p k="2">y</p>\n</a>'],
    ['a list in an attribute', { 'a@k': ['x', '', 'y'], 'a.b@m.0': '1', 'a.b@m.1': '2' }, '\n<a k="x,y">\n  <b m="1,2"/>\n</a>'],
    ['text instead of elements below it', { 'a.b.c': '1', 'a.b': 'x', 'a.d': '', 'a.d.e': '2' }, '\n<a>\n  <b>x</b>\n  <d>\n    <e>2</e>\n  </d>\n</a>'],
    ['a path beyond all reason', { [new Array(5_000).fill('a').join('.')]: '1', b: '2' }, '\n<b>2</b>'],
    ['numbers and booleans', { 'a.n': rich(1.5), 'a.b': rich(false) }, '\n<a>\n  <n>1.5</n>\n  <b>false</b>\n</a>'],
    ['names of JavaScript', { 'constructor.__proto__': '1' }, '\n<constructor>\n  <__proto__>1</__proto__>\n</constructor>'],
  ];
  it.each(cases)('with %s', (_what, xml_path, expected) => {
    expect(request('xml', { xml_path }).body).toBe(`<?xml version="1.0"?>${expected}`);
  });

  it('in a form parameter beside extra ones', () => {
    const made = request('xml', { xml_path: { a: '1' }, xml_parameter: 'doc', extra_parameter: { k: 'v' } });
    expect(made.body).toBe('doc=%3C%3Fxml%20version%3D%221.0%22%3F%3E%0A%3Ca%3E1%3C%2Fa%3E&k=v');
    expect(made.headers['Content-Type']).toBe('application/x-www-form-urlencoded');
  });
});

describe('method and redirects', () => {
  it.each([
    ['json', {}, 'POST', false],
    ['json', { method: 'put' }, 'PUT', false],
    ['json', { method: '' }, '', false],
    ['json', { follow_redirects: rich(false) }, 'POST', true],
    ['form', { method: 'PUT', follow_redirects: true }, 'POST', true],
    ['query', {}, 'GET', true],
    ['query', { follow_redirects: null }, 'GET', false],
    ['query', { follow_redirects: '' }, 'GET', false],
    ['query', { follow_redirects: false }, 'GET', false],
    ['xml', { method: 'patch' }, 'PATCH', false],
    ['xml', { method: '' }, 'POST', false],
  ])('of %s with %j: %s, followed %s', (path, vars, method, isFollowed) => {
    expect(request(path, vars)).toMatchObject({ method, followAllRedirects: isFollowed });
  });
});
