import { describe, expect, it } from 'vitest';
import type { Vars } from '../../../model/vars.ts';
import type { BuiltinInboundModule, InboundRequest } from '../../contract.ts';
import { classic } from './classic.ts';
import { feedback } from './feedback.ts';
import { verbose } from './verbose.ts';

const SUBMIT = '/flows/0a1b2c3d4e5f60718293a4b5/sources/5b4a39281706f5e4d3c2b1a0/submit';
const FEEDBACK = '/feedback?event_id=5af4b98aa8065fa3a79bf4b3';
const FORM = 'application/x-www-form-urlencoded';

function buildRequest(parts: Partial<InboundRequest>): InboundRequest {
  const length = String(Buffer.byteLength(parts.body ?? ''));
  const headers = { ...(parts.body === undefined ? {} : { 'Content-Length': length }), ...parts.headers };
  return { method: 'POST', uri: SUBMIT, version: '1.1', body: '', timestamp: 0, ...parts, headers };
}

function answer(module: BuiltinInboundModule, vars: Vars, asked: Partial<InboundRequest> = {}, fieldIds?: string[]) {
  return module.response(buildRequest(asked), vars, fieldIds);
}

const XML = { headers: { Accept: 'text/xml' } };

describe('verbose', () => {
  it('lists what was appended before the rest (spec api 24.9)', () => {
    const email = { status: 'valid', disposable: 'false', role_address: 'false', outcome: 'success' };
    const vars = { lead: { id: '1234' }, outcome: 'success', price: 1.5, appended: { briteverify: { email } } };
    expect(answer(verbose, vars).headers['Content-Length']).toBe('174');
    expect(answer(verbose, vars).body).toBe(
      `{"appended":{"briteverify":{"email":${JSON.stringify(email)}}},"outcome":"success","lead":{"id":"1234"},"price":1.5}`,
    );
  });

  const lead = { id: '1', email: 'ann@example.com' };
  it.each<[string, Vars, string[] | undefined, string]>([
    ['nothing appended', { lead, outcome: 'success' }, undefined, '{"outcome":"success","lead":{"id":"1"},"price":0}'],
    [
      'numbers among the names, at any depth, and rich and missing values',
      { lead, outcome: 'success', appended: { crm: { '7': { k: Object(5) }, list: ['a'], none: null } } },
      undefined,
      `{"appended":{"crm":{"'7'":{"k":5},"list":{"'0'":"a"}}},"outcome":"success","lead":{"id":"1"},"price":0}`,
    ],
    [
      'the source’s own list of variables',
      { lead, outcome: 'success', price: 2, appended: { crm: { outcome: 'error' } } },
      ['outcome', 'lead.email'],
      '{"appended":{"crm":{"outcome":"error"}},"outcome":"success","lead":{"email":"ann@example.com"},"price":0}',
    ],
  ])('%s', (_name, vars, fieldIds, body) => {
    expect(answer(verbose, vars, {}, fieldIds)).toMatchObject({ status: 201, body });
  });

  it('sends the visitor on', () => {
    const uri = `${SUBMIT}?redir_url=https://thanks.example.com/`;
    const vars = { outcome: 'success' };
    expect(answer(verbose, vars, { uri })).toMatchObject({
      status: 303,
      headers: { Location: 'https://thanks.example.com/' },
    });
  });
});

describe('classic', () => {
  it('answers in its own document, whatever is accepted and whatever a recipient wrote', () => {
    const vars = { lead: { id: 'a]]>b' }, outcome: 'failure', reason: '1 < 2', price: 0.5 };
    expect(answer(classic, vars, { headers: { Accept: 'application/json' } }).body.split('\n')).toEqual([
      '<!DOCTYPE response SYSTEM "https://app.leadconduit.com/dtd/response-v2-basic.dtd">',
      '<response>',
      '  <result>failure</result>',
      '  <reason>1 &lt; 2</reason>',
      '  <leadId>a]]&gt;b</leadId>',
      '  <url>',
      '    <![CDATA[https://app.leadconduit.com/leads?id=a%5D%5D%3Eb]]>',
      '  </url>',
      '  <price>0.5</price>',
      '</response>',
    ]);
  });

  it.each<[string, Vars]>([
    ['no reason', { lead: { id: '1' }, outcome: 'success' }],
    ['an empty reason', { lead: { id: '1' }, outcome: 'success', reason: '' }],
  ])('%s', (_name, vars) => {
    const { status, headers, body } = answer(classic, vars);
    expect([status, headers['Content-Type']]).toEqual([201, 'application/xml']);
    expect(body).not.toContain('reason');
    expect(body).toContain('<price>0</price>');
  });
});

describe('feedback, as it is read', () => {
  it.each<[string, Partial<InboundRequest>, unknown]>([
    [
      'a form',
      { uri: FEEDBACK, headers: { 'Content-Type': FORM }, body: 'type=return&reason=Wrong+number' },
      { type: 'return', reason: 'Wrong number' },
    ],
    [
      'JSON',
      { uri: FEEDBACK, headers: { 'Content-Type': 'application/json' }, body: '{"type":"conversion"}' },
      { type: 'conversion' },
    ],
    [
      'XML',
      {
        uri: FEEDBACK,
        headers: { 'Content-Type': 'text/xml' },
        body: '<feedback><type>return</type><reason>Wrong number</reason></feedback>',
      },
      { type: 'return', reason: 'Wrong number' },
    ],
    [
      'a query, its names expanded',
      { method: 'GET', uri: `${FEEDBACK}&type=return&a.b=1` },
      { type: 'return', a: { b: '1' } },
    ],
  ])('%s', (_name, request, value) => {
    expect(feedback.request(buildRequest(request))).toEqual({ ok: true, value });
  });

  it.each<[string, Partial<InboundRequest>, number, string]>([
    ['a wrong method', { method: 'PUT' }, 415, 'The PUT method is not allowed'],
    ['a body without type', { body: 'a=1' }, 415, 'Content-Type header is required'],
    ['a type that is not read', { headers: { 'Content-Type': 'text/plain' }, body: 'x' }, 406, 'MIME type in'],
    ['a type that is not written', { headers: { Accept: 'text/html' } }, 406, 'Not capable of generating content'],
    [
      'broken JSON',
      { headers: { 'Content-Type': 'application/json' }, body: '{bad' },
      400,
      'Body is not parsable as application/json -- Error: "{bad" is not valid JSON',
    ],
    ['broken XML', { headers: { 'Content-Type': 'text/xml' }, body: '<a>' }, 400, 'Body does not contain XML'],
    ['too many parameters', { uri: `/feedback?${'a&'.repeat(1_001)}` }, 400, 'Too many parameters'],
  ])('refuses %s', (_name, request, status, body) => {
    expect(feedback.request(buildRequest({ uri: FEEDBACK, ...request }))).toMatchObject({
      ok: false,
      error: { status, body: expect.stringContaining(body) },
    });
  });
});

describe('feedback, as it is answered (spec api 24.11 to 24.13)', () => {
  const lead = { id: '123', email: 'foo@bar.com', state: 'TX' };
  it.each<[string, Vars, number, string]>([
    [
      'a failure with its price',
      { lead, outcome: 'failure', reason: 'bad!', price: 1.5 },
      201,
      '{"outcome":"failure","reason":"bad!","lead":{"id":"123","email":"foo@bar.com"},"price":1.5}',
    ],
    [
      'forbidden, in any case',
      { outcome: 'failure', reason: 'Feedback is FORBIDDEN' },
      409,
      '{"outcome":"failure","reason":"Feedback is FORBIDDEN"}',
    ],
  ])('%s', (_name, vars, status, body) => {
    expect(answer(feedback, vars)).toMatchObject({ status, body });
  });

  it('missing variables are empty elements of XML', () => {
    const { body, headers } = answer(feedback, { lead, outcome: 'success' }, XML);
    expect(headers['Content-Type']).toBe('text/xml');
    expect(body.match(/<[\w.]+\/>/g)).toEqual(['<reason/>', '<first_name/>', '<last_name/>', '<phone_1/>', '<price/>']);
  });
});
