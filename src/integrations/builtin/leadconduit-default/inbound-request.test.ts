import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InboundRequest } from '../../contract.ts';
import { readRequest } from './inbound-request.ts';

const SUBMIT = '/flows/0a1b2c3d4e5f60718293a4b5/sources/5b4a39281706f5e4d3c2b1a0/submit';
const PING = SUBMIT.replace(/submit$/, 'ping');
const CERT = 'https://cert.trustedform.com/0123456789012345678901234567890123456789';
const BID = 'https://ping.trustedform.com/0.aaaa.bbbb.cccc';
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

function read(request: Partial<InboundRequest>) {
  return readRequest({ method: 'POST', uri: SUBMIT, version: '1.1', headers: {}, body: '', timestamp: 0, ...request });
}

function get(query: string, path = SUBMIT) {
  return read({ method: 'GET', uri: `${path}?${query}` });
}

function post(type: string, body: string, query = '') {
  return read({ uri: `${SUBMIT}${query}`, headers: { 'Content-Type': type, 'Content-Length': '1' }, body });
}

describe('what is refused, the first failing check first', () => {
  const bad = {
    method: 'put',
    headers: { Accept: 'text/html', 'Content-Length': '3' },
    uri: `${SUBMIT}?redir_url=x`,
    body: '{',
  };
  const withMethod = { ...bad, method: 'post' };
  const withAccept = { ...withMethod, headers: { 'Content-Length': '3' } };
  const withRedirect = { ...withAccept, uri: SUBMIT };
  it.each([
    ['the method', bad, 405, 'The PUT method is not allowed'],
    ['Accept', withMethod, 406, 'Not capable of generating content according to the Accept header'],
    ['the redirect', withAccept, 400, 'Invalid redir_url'],
    ['no Content-Type', withRedirect, 415, 'Content-Type header is required'],
    [
      'the Content-Type',
      { ...withRedirect, headers: { 'Content-Length': '3', 'Content-Type': 'text/json' } },
      406,
      'MIME type in Content-Type header is not supported. Use only application/x-www-form-urlencoded, application/json, application/xml, text/xml.',
    ],
    [
      'the body',
      { ...withRedirect, headers: { 'Transfer-Encoding': 'chunked', 'Content-Type': JSON_TYPE } },
      400,
      'Unable to parse JSON -- SyntaxError: Error: "{" is not valid JSON',
    ],
  ])('%s', (_name, request, status, body) => {
    const allow = status === 405 ? { Allow: 'GET, POST' } : {};
    const headers = { 'Content-Type': 'text/plain', ...allow };
    expect(read(request)).toStrictEqual({ ok: false, error: { status, headers, body } });
  });

  it('a broken JSON body is repeated up to 8 characters: a longer one may be personal', () => {
    const headers = { 'Content-Type': JSON_TYPE, 'Transfer-Encoding': 'chunked' };
    const answered = (body: string) => {
      const result = read({ method: 'POST', uri: '/submit', headers, body });
      return result.ok ? '' : result.error.body;
    };
    expect(answered('{bad')).toContain('"{bad" is not valid JSON');
    for (const body of ['219099999x', '{"ssn":"219-09-9999"', '{"ssn":"219-09-9999" 1}', '{"a":1,,"ssn":219099999}']) {
      expect(answered(body)).toMatch(/ of \d+ characters.* is not valid JSON$/);
      expect(answered(body)).not.toMatch(/219|9999|ssn/);
    }
  });

  it.each([
    ['just-words'],
    ['scooby.doo'],
    ['ftp://example.com'],
    ['//example.com'],
    ['javascript:alert(1)'],
    ['http://'],
    ['http://example.com/%0d%0aSet-Cookie:x'],
    ['http://one%20two/'],
  ])('the redirect %s', (url) => {
    expect(get(`redir_url=${url}`)).toMatchObject({ ok: false, error: { status: 400, body: 'Invalid redir_url' } });
  });

  it('form in a body that claims to be XML', () => {
    expect(post('text/xml', 'x=1')).toMatchObject({
      error: {
        status: 400,
        body: 'Body does not contain XML or XML is unparseable -- Error: Non-whitespace before first tag. Line: 0 Column: 1 Char: x.',
      },
    });
  });

  it('a megabyte of broken JSON without sending it back', () => {
    const result = post(JSON_TYPE, 'x'.repeat(1_000_000));
    expect(result).toMatchObject({ ok: false, error: { status: 400 } });
    expect(JSON.stringify(result).length).toBeLessThan(20_000);
  });
});

describe('what is read', () => {
  it.each<[string, ReturnType<typeof read>, unknown]>([
    ['a query alone', get('first_name=Iris'), { first_name: 'Iris' }],
    ['nothing', read({ method: 'GET' }), {}],
    ['a fragment is none of the query', get('a=1#b=2'), { a: '1' }],
    [
      'a body without a length is ignored',
      read({ uri: `${SUBMIT}?a=1`, body: 'b=2', headers: { 'Content-Type': FORM } }),
      { a: '1' },
    ],
    [
      'Transfer-Encoding other than chunked is no body',
      read({ body: 'b=2', headers: { 'Transfer-Encoding': 'gzip, chunked' } }),
      {},
    ],
    ['a body of a GET is ignored', read({ method: 'GET', body: 'b=2', headers: { 'Content-Length': '3' } }), {}],
    ['a blank body of any type', post('text/xml', ' \r\n', '?a=1'), { a: '1' }],
    [
      'a query beside a form',
      post(FORM, 'param1=val1', '?first_name=Joe&last_name=Blow'),
      { first_name: 'Joe', last_name: 'Blow', param1: 'val1' },
    ],
    ['a query over a form', post(FORM, 'a=1&b.c=2', '?a=2&b.c=3'), { a: '2', b: { c: '2' }, 'b.c': '3' }],
    ['a query list over a list, place by place', post(JSON_TYPE, '{"a":[1,2,3]}', '?a=8&a=9'), { a: ['8', '9', 3] }],
    ['a query list over an object', post(JSON_TYPE, '{"a":{"b":1}}', '?a=8&a=9'), { a: ['8', '9'] }],
    ['a query value over an object', post(JSON_TYPE, '{"a":{"b":1}}', '?a=8'), { a: '8' }],
    ['XML without content, beside a query', post('text/xml', '<lead/>', '?a=1'), { a: '1' }],
    ['XML with nothing but layout', post('text/xml', '<lead>\n</lead>'), {}],
    ['any case of a media type', post('Application/JSON; Charset=UTF-8', '{"a":1}'), { a: 1 }],
    [
      'any case of a transfer coding',
      read({ body: 'a=1', headers: { 'Content-Type': FORM, 'Transfer-Encoding': 'Chunked' } }),
      { a: '1' },
    ],
    [
      'percent bytes of a declared charset',
      post(`${FORM}; charset=ISO-8859-1`, 'last_name=Mu%F1oz+P%80'),
      { last_name: 'Muñoz P€' },
    ],
    [
      'percent bytes whose second half is a letter',
      post(`${FORM}; charset="Shift_JIS"`, 'a=%83A%83%8B'),
      { a: 'アル' },
    ],
    ['characters and percent bytes', post(`${FORM}; charset=latin1`, 'a=ñ%F1'), { a: 'ññ' }],
    [
      'percent bytes of the charset a form names',
      post(FORM, '_charset_=windows-1252&a=%F1'),
      { _charset_: 'windows-1252', a: 'ñ' },
    ],
    ['percent bytes without a charset', post(FORM, 'a=%C3%B1%F1'), { a: 'ñ\ufffd' }],
    ['percent bytes of a query are UTF-8', post(`${FORM}; charset=latin1`, '', '?a=%C3%B1'), { a: 'ñ' }],
    ['a list’s first member in a form', post(FORM, '[0]=x'), { '[0]': 'x' }],
    ['a name that begins as XML does', post(FORM, '%3C=x'), { '<': 'x' }],
    ['JSON behind a byte order mark', post(JSON_TYPE, '\ufeff{"a":1}'), { a: 1 }],
    ['JSON of any Content-Type that takes anything', post('*/*', '{"a":1}'), { a: 1 }],
    ['JSON with a raw tab', post(JSON_TYPE, '{"a":"123\t Main St"}'), { a: '123 Main St' }],
    ['JSON whose line breaks are layout', post(JSON_TYPE, '{\n\t"a": "b"\r\n}'), { a: 'b' }],
    [
      'digits of JSON',
      post(JSON_TYPE, '{"a":9007199254740993,"b":[10.50,1e400]}'),
      { a: '9007199254740993', b: [10.5, '1e400'] },
    ],
    ['dotted names of JSON', post(JSON_TYPE, '{"a.b":1}'), { 'a.b': 1 }],
    [
      'names of JavaScript',
      post(JSON_TYPE, '{"__proto__":{"x":1},"a":{"constructor":{"prototype":1}},"toString":1}'),
      { a: { constructor: { prototype: 1 } }, toString: 1 },
    ],
    ['an escaped name of JavaScript', post(JSON_TYPE, '{"\\u005f_proto__":{"x":1},"b":1}'), { b: 1 }],
    ['redir_url of a body is a field', post(FORM, 'redir_url=x'), { redir_url: 'x' }],
    [
      'only the first redirect is checked',
      get('redir_url=HTTPS://a.example&redir_url=x'),
      { redir_url: ['HTTPS://a.example', 'x'] },
    ],
  ])('%s', (_name, result, value) => {
    expect(result).toEqual({ ok: true, value });
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });
});

describe('TrustedForm', () => {
  it.each<[string, ReturnType<typeof read>, unknown]>([
    ['the certificate', get(`xxTrustedFormCertUrl=${CERT}`), { trustedform_cert_url: CERT }],
    ['over the field', get(`trustedform_cert_url=x&XXTRUSTEDFORMCERTURL=${CERT}`), { trustedform_cert_url: CERT }],
    ['empty', get('trustedform_cert_url=x&xxTrustedFormCertUrl=&a=1'), { trustedform_cert_url: 'x', a: '1' }],
    ['repeated', get('xxTrustedFormCertUrl=1&xxTrustedFormCertUrl=2'), { trustedform_cert_url: ['1', '2'] }],
    ['ping URL of a submission', get(`xxTrustedFormPingUrl=${BID}&trustedform_ping_url=${BID}`), {}],
    [
      'ping URL of a ping',
      get(`trustedform_ping_url=${BID}&xxTrustedFormCertUrl=${CERT}`, PING),
      { trustedform_cert_url: BID },
    ],
    [
      'certificate of a ping',
      get(`xxTrustedFormPingUrl=&xxTrustedFormCertUrl=${CERT}`, PING),
      { trustedform_cert_url: CERT },
    ],
    ['a path that only looks like a ping', get(`xxTrustedFormPingUrl=${BID}`, `${PING}/`), {}],
    [
      'the body over the query',
      post(FORM, 'xxTrustedFormCertUrl=body', '?xxTrustedFormCertUrl=query'),
      { trustedform_cert_url: 'body' },
    ],
    ['the token', get('xxTrustedFormToken=1'), { xxTrustedFormToken: '1' }],
  ])('%s', (_name, result, value) => {
    expect(result).toStrictEqual({ ok: true, value });
  });
});

describe('a body that holds no named values is refused, not read as an empty lead (decision 45)', () => {
  const list = 'The JSON body is a list';
  const disguised = 'but Content-Type says application/x-www-form-urlencoded';
  it.each([
    ['a list', post(JSON_TYPE, '[{"first_name":"Ana"}]', '?a=1'), list],
    ['an empty list', post(JSON_TYPE, '[]'), list],
    ['null', post(JSON_TYPE, 'null', '?a=1'), 'The JSON body is null'],
    ['a text', post(JSON_TYPE, '"a=1"'), 'The JSON body is a text'],
    ['JSON encoded twice', post(JSON_TYPE, JSON.stringify('{"a":1}')), 'The JSON body is a text'],
    ['a number', post(JSON_TYPE, '1'), 'The JSON body is a number'],
    ['true', post(JSON_TYPE, 'true'), 'The JSON body is only true'],
    ['a form as JSON', post(JSON_TYPE, 'a=1'), 'Unable to parse JSON'],
    ['XML as JSON', post(JSON_TYPE, '<a>1</a>'), 'Unable to parse JSON'],
    ['JSON as XML', post('text/xml', '{"a":1}'), 'Body does not contain XML'],
    ['a form as XML', post('text/xml', 'a=1'), 'Body does not contain XML'],
    ['XML of one text', post('text/xml', '<lead>Ana</lead>'), 'The XML body has no named values'],
    ['XML of two roots', post('text/xml', '<a>1</a><b>2</b>'), 'The XML body has no named values'],
    ['XML that is cut off', post('text/xml', '<lead><a>1'), 'Body does not contain XML'],
    ['JSON as a form', post(FORM, ' {"a":1}'), disguised],
    ['broken JSON as a form', post(FORM, "{'a':1,}"), disguised],
    ['a list of JSON as a form', post(FORM, '[{"a":1}]'), disguised],
    ['JSON as a form, encoded', post(FORM, '%7B%22a%22%3A1%7D='), disguised],
    ['XML as a form', post(FORM, '<?xml version="1.0"?><lead><a>1</a></lead>'), disguised],
    ['multipart as a form', post(FORM, '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--'), disguised],
    ['multipart', { ...post('multipart/form-data; boundary=x', '--x--') }, 'MIME type in Content-Type header'],
    ['plain text', post('text/plain', '{"a":1}'), 'MIME type in Content-Type header'],
    ['no type', read({ body: '{"a":1}', headers: { 'Content-Length': '7' } }), 'Content-Type header is required'],
  ])('%s', (_name, result, sentence) => {
    expect(result).toMatchObject({ ok: false, error: { body: expect.stringContaining(sentence) } });
  });
});

describe('bounds (decision 38)', () => {
  const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const many = (count: number) => JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, at) => [at, 1])));
  it.each([
    ['JSON of depth 32', post(JSON_TYPE, deep(32))],
    ['a form of depth 32', post(FORM, `${'a.'.repeat(31)}a=1`)],
    ['XML of depth 32', post('text/xml', `<l>${'<a>'.repeat(32)}${'</a>'.repeat(32)}</l>`)],
    ['a thousand values', post(JSON_TYPE, many(1_000))],
  ])('%s is read', (_name, result) => {
    expect(result.ok).toBe(true);
  });

  it.each([
    ['JSON', post(JSON_TYPE, deep(33)), 'Nested too deeply'],
    ['lists of JSON', post(JSON_TYPE, `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), 'Nested too deeply'],
    ['a form', post(FORM, `${'a.'.repeat(32)}a=1`), 'Nested too deeply'],
    ['a query', get(`${'a.'.repeat(32)}a=1`), 'Nested too deeply'],
    ['a dotted name in JSON', post(JSON_TYPE, `{"a":{"${'a.'.repeat(31)}a":1}}`), 'Nested too deeply'],
    ['XML', post('text/xml', `<l>${'<a>'.repeat(33)}${'</a>'.repeat(33)}</l>`), 'Nested too deeply'],
    ['values of JSON', post(JSON_TYPE, many(1_001)), 'Too many parameters'],
    ['empty objects of JSON', post(JSON_TYPE, `{"a":[${'{},'.repeat(2_000)}1]}`), 'Too many parameters'],
    ['values of a form', post(FORM, 'a=1&'.repeat(1_001)), 'Too many parameters'],
    ['values of a query', get('a=1&'.repeat(1_001)), 'Too many parameters'],
    ['body and query together', post(JSON_TYPE, many(1_000), '?b=1'), 'Too many parameters'],
    ['names in brackets', post(FORM, `a${'[a]'.repeat(32)}=1`), 'Nested too deeply'],
    ['pairs beside others', post(FORM, `a=1&${'a.b=1&'.repeat(1_000)}`), 'Too many parameters'],
    ['a deep pair beside another', post(FORM, `a=1&${'a.'.repeat(32)}a=1`), 'Nested too deeply'],
    ['XML elements', post('text/xml', `<l>${'<a/>'.repeat(1_001)}</l>`), 'Too many parameters'],
  ])('too much: %s', (_name, result, body) => {
    expect(result).toMatchObject({ ok: false, error: { status: 400, body } });
  });
});

describe('hostile input', () => {
  const header = fc.constantFrom('Accept', 'Content-Type', 'Content-Length', 'Transfer-Encoding');
  const value = fc.oneof(fc.constantFrom('', '*/*', 'chunked', '3', FORM, JSON_TYPE, 'text/xml'), fc.string());
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc
      .array(
        fc.constantFrom(
          'a',
          '.',
          '=',
          '&',
          '%',
          '%f0',
          '+',
          '__proto__',
          'redir_url',
          '0',
          '<',
          '>',
          '/',
          '#',
          '?',
          '{',
          '"',
          '\ud800',
        ),
      )
      .map((parts) => parts.join('')),
  );
  it('never makes it throw, and never leaves a name of the prototype', () => {
    const request = fc.record({
      method: fc.oneof(fc.constantFrom('GET', 'post'), fc.string()),
      uri: fc.oneof(
        text,
        text.map((query) => `${PING}?${query}`),
      ),
      headers: fc.dictionary(header, value),
      body: text,
    });
    fc.assert(
      fc.property(request, (generated) => {
        const result = read(generated);
        if (!result.ok) expect([400, 405, 406, 415]).toContain(result.error.status);
        else if (typeof result.value === 'object' && result.value !== null) {
          expect(Object.hasOwn(result.value, '__proto__')).toBe(false);
          expect([Object.prototype, Array.prototype]).toContain(Object.getPrototypeOf(result.value));
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
