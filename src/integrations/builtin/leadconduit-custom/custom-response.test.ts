import { describe, expect, it } from 'vitest';
import type { Vars } from '../../../model/vars.ts';
import { customResponse } from './custom-response.ts';

function answer(type: string | undefined, body: string, status = 200) {
  return { status, version: '1.1', headers: type === undefined ? {} : { 'Content-Type': type }, body };
}

const JSON_BODY =
  '{"status":"Accepted","n":0,"errors":[{"m":"B"},{"m":" a "}],"list":["z","y"],"deep":{"v":[1,2]},"a.b":7}';
const XML_BODY = '<r a="1"><s>Accepted</s><p>3.25</p><e>b</e><e>a</e><c><![CDATA[ why ]]></c></r>';
const HTML_BODY = '<div id="x" class="m">Accepted <b>now</b></div><div class="m">b</div>';
const TEXT_BODY = 'Status: Accepted\nId: A-1\nPrice: 4';

describe('the outcome', () => {
  // biome-ignore format: a table reads better in rows
  const cases: [string, string, Vars, string][] = [
    ['json', JSON_BODY, {}, 'success'],
    ['json', JSON_BODY, { outcome_search_term: '' }, 'success'],
    ['json', JSON_BODY, { outcome_search_term: 'ACCEPTED' }, 'success'],
    ['json', JSON_BODY, { outcome_search_term: '^accepted$', outcome_search_path: 'status' }, 'success'],
    ['json', JSON_BODY, { outcome_search_term: '^y$', outcome_search_path: 'list' }, 'success'],
    ['json', JSON_BODY, { outcome_search_term: 'y', outcome_search_path: 'list[0]' }, 'failure'],
    ['json', JSON_BODY, { outcome_search_term: '2', outcome_search_path: 'deep.v[1]' }, 'success'],
    ['json', JSON_BODY, { outcome_search_term: '\\[object object\\]', outcome_search_path: 'deep' }, 'success'],
    ['json', JSON_BODY, { outcome_search_term: 'a', outcome_search_path: 'errors.*.m' }, 'failure'],
    ['json', JSON_BODY, { outcome_search_term: '7', outcome_search_path: 'a.b' }, 'success'],
    ['json', JSON_BODY, { outcome_search_path: 'constructor', outcome_on_match: 'success' }, 'failure'],
    ['json', JSON_BODY, { outcome_search_term: 'accepted', outcome_on_match: 'failure' }, 'failure'],
    ['json', JSON_BODY, { outcome_search_term: 'nope', outcome_on_match: 'error' }, 'success'],
    ['json', '   ', { outcome_on_match: 'failure' }, 'success'],
    ['xml', XML_BODY, { outcome_search_term: 'true', outcome_search_path: 'count(//e)=2' }, 'success'],
    ['xml', XML_BODY, { outcome_search_term: '<e>a</e>', outcome_search_path: '//e' }, 'success'],
    ['xml', '<r>broken', { outcome_search_term: 'broken' }, 'success'],
    ['xml', '<r>broken', { outcome_search_term: 'broken', outcome_search_path: '//r' }, 'failure'],
    ['html', HTML_BODY, { outcome_search_term: '<b>now', outcome_search_path: '#x' }, 'success'],
    ['html', HTML_BODY, { outcome_search_term: 'x', outcome_search_path: 'div[' }, 'failure'],
    ['plain', TEXT_BODY, { outcome_search_term: '/^id: a/m', outcome_search_path: 'ignored' }, 'success'],
    ['plain', TEXT_BODY, { outcome_search_term: '/^id: a/' }, 'failure'],
    ['json', '<html><p>Lead was not accepted</p></html>', { outcome_search_term: 'accepted', outcome_search_path: 'status' }, 'failure'],
    ['json', '{"status":"accepted","x', { outcome_search_term: 'accepted', outcome_search_path: 'status' }, 'failure'],
    ['json', '{"status":"accepted","x', { outcome_search_term: 'accepted' }, 'success'],
    ['json', '<p>accepted</p>', { outcome_search_term: 'accepted' }, 'success'],
    ['json', '', { outcome_search_term: 'accepted', outcome_search_path: 'status' }, 'failure'],
    ['json', '{"note":"not accepted"}', { outcome_search_term: 'accepted', outcome_search_path: 'status' }, 'failure'],
    ['json', '<p>x</p>', { outcome_search_term: 'no', outcome_search_path: 'status', outcome_on_match: 'failure' }, 'success'],
    ['xml', '<a>not accepted', { outcome_search_term: 'accepted', outcome_search_path: '//a' }, 'failure'],
    ['html', '{"status":"no","note":"not accepted"}', { outcome_search_term: 'accepted', outcome_search_path: 'status' }, 'failure'],
    ['html', '{"status":"accepted"}', { outcome_search_term: 'accepted', outcome_search_path: 'status' }, 'success'],
    ['html', 'accepted', { outcome_search_term: 'accepted', outcome_search_path: '.status' }, 'success'],
    ['plain', '{"status":"no","note":"not accepted"}', { outcome_search_term: 'accepted', outcome_search_path: 'status' }, 'failure'],
    ['plain', '<r><s>no</s><n>not accepted</n></r>', { outcome_search_term: 'accepted', outcome_search_path: '//s' }, 'failure'],
    ['plain', '<r><s>Accepted</s></r>', { outcome_search_term: 'accepted', outcome_search_path: '//s' }, 'success'],
    ['json', '[{"status":"accepted"}]', { outcome_search_term: 'accepted', outcome_search_path: 'array.0.status' }, 'success'],
    ['json', '[{"status":"accepted"}]', { outcome_search_term: 'accepted', outcome_search_path: '[0].status' }, 'success'],
    ['json', '[{"status":"accepted"}]', { outcome_search_term: 'accepted', outcome_search_path: 'status' }, 'failure'],
  ];
  it.each(cases)('of %s %s with %j is %s', (type, body, vars, outcome) => {
    const full = { json: 'application/json', xml: 'text/xml', html: 'text/html', plain: 'text/plain' }[type];
    expect(customResponse(vars, answer(full, body)).outcome).toBe(outcome);
  });

  it.each([
    [100, 'success'],
    [204, 'success'],
    [302, 'success'],
    [404, 'success'],
    [499, 'success'],
    [500, 'error'],
    [503, 'error'],
    [599, 'error'],
    [600, 'success'],
  ])('of status %i without a search is %s', (status, outcome) => {
    expect(customResponse({}, answer('text/plain', 'x', status)).outcome).toBe(outcome);
  });

  it('of a server error is all there is', () => {
    expect(
      customResponse({ default_reason: 'x', fallback_price: 1 }, answer('application/json', '{"a":1}', 502)),
    ).toEqual({
      outcome: 'error',
      reason: 'Server error',
    });
  });
});

describe('reason, price and reference', () => {
  // biome-ignore format: a table reads better in rows
  const cases: [string, string, Vars, Record<string, unknown>][] = [
    ['json', JSON_BODY, { reason_path: ' errors[*].m ' }, { reason: 'B, a' }],
    ['json', JSON_BODY, { reason_path: 'list' }, { reason: 'y, z' }],
    ['json', JSON_BODY, { price_path: 'n', fallback_price: Object(2) }, { price: 2 }],
    ['json', JSON_BODY, { price_path: 'deep.v' }, { price: '1' }],
    ['json', JSON_BODY, { fallback_price: Object(Number.NaN) }, { price: 0 }],
    ['json', JSON_BODY, { reference_path: 'deep' }, { reference: { v: [1, 2] } }],
    ['json', JSON_BODY, { reference_path: 'errors.*.m' }, { reference: ['B', ' a '] }],
    ['json', JSON_BODY, { reference_path: 'nowhere.*' }, { reference: undefined }],
    ['json', '[{"a":5}]', { reference_path: 'array.0.a' }, { reference: 5 }],
    ['xml', XML_BODY, { reason_path: '//e/text()' }, { reason: 'a, b' }],
    ['xml', XML_BODY, { reason_path: '//c/text()' }, { reason: 'why' }],
    ['xml', XML_BODY, { reason_path: '//missing', default_reason: ' d ' }, { reason: 'd' }],
    ['xml', XML_BODY, { price_path: 'number(//p) * 2' }, { price: '6.5' }],
    ['xml', XML_BODY, { reason_path: '/r/@a', price_path: '//@a' }, { reason: '1', price: '1' }],
    ['xml', '<r><s>A &amp; B</s></r>', { reason_path: '//s/text()' }, { reason: 'A & B' }],
    ['xml', XML_BODY, { reference_path: '/r/@a' }, { reference: ['1'] }],
    ['xml', XML_BODY, { reference_path: 'string(/r/@a)' }, { reference: '1' }],
    ['xml', XML_BODY, { reference_path: 'count(//e)' }, { reference: 2 }],
    ['xml', XML_BODY, { reference_path: 'string(//none)' }, { reference: undefined }],
    ['json', '"queued for review"', { reason_path: '(.+)', reference_path: '(\\w+)' }, { reason: 'queued for review', reference: 'queued' }],
    ['json', '7', { reason_path: '(.+)' }, { reason: undefined }],
    ['json', '{"id":9007199254740993}', { reference_path: 'id' }, { reference: '9007199254740993' }],
    ['json', '[{"why":"b"},{"why":"a"}]', { reason_path: '*.why', reference_path: '0.why' }, { reason: 'a, b', reference: 'b' }],
    ['json', JSON_BODY, { fallback_price: Object.assign(Object(1250), { raw: '12,50', valid: true }) }, { price: 12.5 }],
    ['json', JSON_BODY, { fallback_price: Object.assign(Object(1.5), { raw: '1.5', valid: true }) }, { price: 1.5 }],
    ['problem', '{"detail":"Too old"}', { reason_path: 'detail' }, { reason: 'Too old', detail: 'Too old' }],
    ['atom', '<r><s>Too old</s></r>', { reason_path: '//s/text()' }, { reason: 'Too old' }],
    ['soap', '<r><s>Too old</s></r>', { reason_path: '//s/text()' }, { reason: undefined }],
    ['html', HTML_BODY, { reason_path: '/class="m">(accepted)/i' }, { reason: 'Accepted' }],
    ['html', '<p>Error: Too old</p>', { reason_path: 'Error: (.+)<' }, { reason: undefined }],
    ['html', '<p>error: Too old</p>', { reason_path: 'error: ([^<]+)' }, { reason: 'Too old' }],
    ['xml', '<a xmlns="urn:d"><b>1</b></a>', { reason_path: "//*[name()='b']/text()" }, { reason: '1' }],
    ['html', HTML_BODY, { reason_path: '.m' }, { reason: 'Accepted now, b' }],
    ['html', HTML_BODY, { reason_path: 'div @class' }, { reason: 'm, m' }],
    ['html', HTML_BODY, { reference_path: 'p' }, { reference: undefined }],
    ['plain', TEXT_BODY, { reason_path: '/status: (\\w+)/i', price_path: '/price: (\\d)/i' }, { reason: 'Accepted', price: '4' }],
    ['plain', TEXT_BODY, { reason_path: 'status: (\\w+)' }, { reason: undefined }],
    ['plain', TEXT_BODY, { reference_path: '/ID: (.+)/i' }, { reference: 'A-1' }],
  ];
  it.each(cases)('of %s %s with %j', (type, body, vars, expected) => {
    const full = {
      json: 'application/json',
      problem: 'application/problem+json; charset=utf-8',
      xml: 'application/xml; charset=utf-8',
      atom: 'application/atom+xml',
      soap: 'application/soap+xml',
      html: 'text/html',
      plain: '',
    }[type];
    const event = customResponse(vars, answer(full, body));
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, event[name]]))).toEqual(expected);
  });
});

describe('what is appended', () => {
  // biome-ignore format: a table reads better in rows
  const cases: [string | undefined, string, Vars, Record<string, unknown>][] = [
    ['Application/JSON; charset=x', '{"a":{"1b":2},"price":9,"reason":"r"}', {}, { a: { "'1b'": 2 }, reason: 'r' }],
    ['application/json', '7', {}, {}],
    ['application/json', '"id 5"', { capture: { id: '(\\d)' } }, { id: '5' }],
    ['text/json', '{"a":1}', {}, {}],
    ['text/xml', '<a>\n <b x="1"> t </b><c/><d>  </d></a>', {}, { a: { b: { x: '1', '#text': 't' }, c: '', d: '  ' } }],
    ['text/xml', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', {}, {}],
    ['application/x-www-form-urlencoded', 'a=1&a=2&b=x+y&__proto__=1', {}, { a: ['1', '2'], b: 'x y' }],
    ['text/plain', 'Id: 5', { capture: { 'lead.id': '/id: (\\d)/i', no: '(z)', bad: '(' } }, { lead: { id: '5' } }],
    ['text/html', ' <p>Id: 5</p>', { capture: { id: '/id: (\\d)/i' } }, { id: '5' }],
    [undefined, '{"a":1}', { response_content_type_override: 'application/json' }, { a: 1 }],
    ['application/json', '{"a":1}', { response_content_type_override: ' ' }, { a: 1 }],
  ];
  it.each(cases)('from %s %s with %j', (type, body, vars, appended) => {
    const { outcome, price, ...rest } = customResponse(vars, answer(type, body));
    expect([outcome, price]).toEqual(['success', 0]);
    expect(rest).toEqual(appended);
  });

  it.each([
    ['application/json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['application/json', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['application/json', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'],
    ['text/xml', `${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}`],
    ['text/xml', `<r>${'<i/>'.repeat(20_000)}</r>`],
    ['text/html', '<div>'.repeat(100_000)],
  ])('survives a hostile %s answer', (type, body) => {
    const vars = {
      reason_path: type === 'text/xml' ? '//*' : type === 'text/html' ? '*' : 'array',
      capture: { a: '(x)' },
    };
    const event = customResponse(vars, answer(type, body));
    expect(event.outcome).toBe('success');
    expect(JSON.stringify(event).length).toBeLessThan(1_000_000);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('has the first matching cookie in alphabetical order, upper case first', () => {
    const response = { ...answer('text/plain', 'x'), headers: { 'Set-Cookie': ['b=1', 'a=1', 'B=1'] } };
    expect(customResponse({ cookie_search_term: 'b' }, response).cookie).toBe('B=1');
    expect(customResponse({ cookie_search_term: 'z' }, response)).not.toHaveProperty('cookie');
    expect(customResponse({}, response)).not.toHaveProperty('cookie');
  });
});

describe('what had no effect is reported', () => {
  // biome-ignore format: a table reads better in rows
  const cases: [string, string, Vars, RegExp[]][] = [
    ['application/json', '{"a":1}', {}, []],
    ['application/json', '<p>not accepted</p>', {}, [/says it is JSON/]],
    ['application/json', '{"a":', { outcome_search_term: 'x' }, [/says it is JSON/]],
    ['application/json', 'fine', { outcome_search_term: 'x', outcome_search_path: 'a' }, [/says it is JSON/, /plain text, so outcome_search_path/]],
    ['text/xml', '<a><b></a>', {}, [/says it is XML/]],
    ['text/html', 'OK', { outcome_search_term: 'ok' }, []],
    ['text/html', 'OK', { outcome_search_term: 'ok', outcome_search_path: 'p' }, [/plain text, so outcome_search_path/]],
    ['text/plain', '', { outcome_search_term: 'ok' }, [/empty/]],
    ['text/plain', '', {}, []],
    ['application/json', '{"a":1}', { outcome_search_term: 'x', outcome_search_path: 'b', reason_path: 'why' }, [/outcome_search_path/, /reason_path/]],
    ['application/json', '{"a":1,"why":"w"}', { outcome_search_term: 'x', outcome_search_path: 'a', reason_path: 'why' }, []],
    ['application/json', '{"a":1}', { price_path: 'pay', reference_path: 'id' }, [/price_path/, /reference_path/]],
    ['application/json', '{"pay":1,"id":2}', { price_path: 'pay', reference_path: 'id' }, []],
    ['text/xml', '<a xmlns="urn:x"><p>1</p></a>', { price_path: '//p' }, [/price_path.*local-name/]],
    ['text/json', '{"pay":1}', { price_path: 'pay' }, [/price_path.*response_content_type_override/]],
    ['application/json', '[{"pay":1}]', { price_path: 'pay' }, [/price_path.*array\.0/]],
    ['text/plain', 'a\ufffdb', {}, [/charset/]],
    ['application/json', '{}', { fallback_price: Object.assign(Object(1250), { raw: '12 or 50', valid: true }) }, [/fallback_price/]],
  ];
  it.each(cases)('of %s %s with %j', (type, body, vars, expected) => {
    const sentences: string[] = [];
    customResponse(vars, answer(type, body), { isStrict: false, warn: (sentence) => sentences.push(sentence) });
    expect(sentences).toHaveLength(expected.length);
    for (const [at, pattern] of expected.entries()) expect(sentences[at]).toMatch(pattern);
  });

  it('and a strict reading finds nothing at a path of an answer that is not what it says', () => {
    const vars = { outcome_search_term: 'not', outcome_search_path: 'x.y' };
    const read = (isStrict: boolean) =>
      customResponse(vars, answer('application/json', 'not json'), { isStrict, warn: () => undefined }).outcome;
    expect([read(false), read(true)]).toEqual(['success', 'failure']);
  });
});
