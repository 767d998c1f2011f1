import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtinModules } from '../../src/integrations/builtin-modules.ts';
import type { BuiltinHandleModule } from '../../src/integrations/contract.ts';
import { mismatches } from './difference.ts';
import { asEvent, handle } from './handle.ts';
import { PENDING_MODULES } from './pending-modules.ts';
import { runSuites } from './run-suites.ts';
import { SUITES } from './suites.ts';

const root = mkdtempSync(join(tmpdir(), 'sluice-checker-'));
afterAll(() => rmSync(root, { recursive: true }));

/** How one file with these lines goes: `passed`, `lenient`, `pending` or `failed`, per line in order of the counts. */
async function runFile(file: string, lines: unknown[], beside: Record<string, string> = {}): Promise<string> {
  const folder = mkdtempSync(join(root, 'case-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), lines.map((line) => JSON.stringify(line)).join('\n'));
  for (const [name, text] of Object.entries(beside)) writeFileSync(join(folder, name), text);
  const [report] = (await runSuites(folder, SUITES)) ?? [];
  if (!report) return 'no report';
  return `${report.passed} passed, ${report.lenient.length} lenient, ${report.pending} pending, ${report.failures.length} failed`;
}

const PASSED = '1 passed, 0 lenient, 0 pending, 0 failed';
const LENIENT = '0 passed, 1 lenient, 0 pending, 0 failed';
const PENDING = '0 passed, 0 lenient, 1 pending, 0 failed';
const FAILED = '0 passed, 0 lenient, 0 pending, 1 failed';

describe('values differ', () => {
  const boxed = (value: object, raw: string) => Object.assign(value, { raw });
  it.each<[string, unknown, unknown]>([
    ['dates of other instants', new Date(0), new Date(1)],
    ['a date and an empty object', new Date(0), {}],
    ['boxed numbers of other values', boxed(new Number(1), 'a'), boxed(new Number(2), 'a')],
    ['a boxed number and a boxed text', boxed(new Number(1), 'a'), boxed(new String('1'), 'a')],
    ['boxed booleans', boxed(new Boolean(true), 'a'), boxed(new Boolean(false), 'a')],
    ['properties of boxed numbers', boxed(new Number(1), 'a'), boxed(new Number(1), 'b')],
    ['lists of other lengths', [], [undefined]],
    ['a list and an object', [], {}],
    ['null and nothing', null, undefined],
    ['NaN and a number', Number.NaN, 0],
  ])('%s', (_, one, other) => {
    expect(mismatches(one, other)).not.toEqual([]);
    expect(mismatches(other, one)).not.toEqual([]);
  });

  it.each<[string, unknown, unknown]>([
    ['dates of one instant', new Date(5), new Date(5)],
    ['boxed numbers', boxed(new Number(1), 'a'), boxed(new Number(1), 'a')],
    ['NaN', Number.NaN, Number.NaN],
    ['the order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['an undefined property and none', { a: undefined }, {}],
  ])('not in %s', (_, one, other) => expect(mismatches(one, other)).toEqual([]));

  it('in every place, each with its path', () => {
    expect(mismatches({ a: 1, b: { c: 2 } }, { a: 3, b: {} }).map(({ path }) => path)).toEqual([
      'value.a',
      'value.b.c',
    ]);
  });
});

describe('an excuse covers its own place only', () => {
  const born = { type: 'dob', input: '02/29/2000', now: '2026-11-20T12:00:00.000Z', tz: 'UTC' };
  const output = {
    $kind: 'Date',
    toString: '2000-02-29',
    $time: '2000-02-29T00:00:00.000Z',
    ...{ raw: '02/29/2000', valid: true, masked: false, age: { $special: 'NaN' }, year: 2000 },
  };

  it('the age of those born on 29 February', async () => {
    expect(await runFile('types.jsonl', [{ ...born, output }])).toBe(LENIENT);
    expect(await runFile('types.jsonl', [{ ...born, output: { ...output, year: 1999 } }])).toBe(FAILED);
  });

  it('a crash of the measured module, not a crash of ours nor what was sent before it', async () => {
    const throws = { $throws: 'TypeError', message: 'x' };
    expect(await runFile('types.jsonl', [{ type: 'email', input: null, output: throws }])).toBe(LENIENT);
    const input = { note: throws, text: 'a' };
    const wrong = { type: 'boolean', input, output: { $kind: 'Boolean', toString: 'true', $value: true } };
    expect(await runFile('types.jsonl', [wrong])).toBe(FAILED);
    const crashing = { type: 'phone', input: { $parsed: { type: 'none', input: '' } }, output: throws };
    expect(await runFile('types.jsonl', [crashing])).toBe(FAILED);
  });
});

describe('what is not followed on purpose', () => {
  const text = (output: object) => ({ $kind: 'String', ...output });
  const tf = (host: string) => `https://${host}/${'a'.repeat(40)}`;
  it.each<[string, object, string]>([
    [
      'a host that only looks right',
      { type: 'trustedform_url', input: tf('cert-trustedform.com'), output: text({ valid: true }) },
      LENIENT,
    ],
    [
      'the right host',
      { type: 'trustedform_url', input: tf('cert.trustedform.com'), output: text({ valid: true }) },
      FAILED,
    ],
    [
      'another host, invalid too',
      { type: 'trustedform_url', input: tf('example.com'), output: text({ valid: false }) },
      FAILED,
    ],
    [
      'a list of one',
      {
        type: 'boolean',
        input: ['yes'],
        output: { $kind: 'Boolean', toString: 'true', $value: true, valid: true, raw: ['yes'] },
      },
      PASSED,
    ],
    ['nine groups', { type: 'ip', input: '1:2:3:4:5:6:7:8:9', output: text({ valid: true }) }, LENIENT],
    ['eight groups', { type: 'ip', input: '1:2:3:4:5:6:7:8', output: text({ valid: false }) }, FAILED],
    ['three numbers', { type: 'range', input: '1-2-3', output: text({ min: 1 }) }, LENIENT],
    ['two numbers', { type: 'range', input: '1-2', output: text({ min: 5 }) }, FAILED],
    ['a wrong type', { type: 'rnage', input: '1-2-3', output: text({}) }, FAILED],
  ])('%s', async (_, line, outcome) => expect(await runFile('types.jsonl', [line])).toBe(outcome));

  it('the case of a domain excuses only what is known of it', async () => {
    const parts = { raw: 'a@GMAIL.com', user: 'a', domain: 'GMAIL.com', host: 'GMAIL', tld: 'com', valid: true };
    const output = text({ toString: 'a@gmail.com', ...parts, is_free: false, is_disposable: false });
    const line = { type: 'email', input: 'a@GMAIL.com', output };
    expect(await runFile('types.jsonl', [line])).toBe(LENIENT);
    expect(await runFile('types.jsonl', [{ ...line, output: { ...output, host: 'gmail' } }])).toBe(FAILED);
  });

  it('a date of birth in reports', async () => {
    const line = {
      op: 'aggregate',
      type: 'dob',
      event_field: 'f',
      input_normalized: { normal: '1990-01-02', valid: true },
    };
    const file = 'types-mask-aggregate.jsonl';
    expect(await runFile(file, [{ ...line, output: { f: 1990 } }])).toBe(LENIENT);
    expect(await runFile(file, [{ ...line, type: 'date', output: { f: 1990 } }])).toBe(FAILED);
  });
});

describe('modules that are not built', () => {
  const request = { module: '', op: 'request', kind: 'request', vars: {}, request: {}, parsed: {} };
  it.each(['outbound.jsonl', 'services.jsonl', 'inbound.jsonl', 'module-registry.jsonl'])('in %s', async (file) => {
    const known = 'leadconduit-classic.outbound';
    const misspelt = 'leadconduit-custom.outbound.frm';
    expect(await runFile(file, [{ ...request, module: known, module_id: known }])).toBe(PENDING);
    expect(await runFile(file, [{ ...request, module: misspelt, module_id: misspelt }])).toBe(FAILED);
  });

  it('are not among those that are', () => {
    expect(builtinModules([]).filter(({ id }) => PENDING_MODULES.has(id))).toEqual([]);
  });

  it('are no excuse for an unknown function', async () => {
    expect(await runFile('integration-utils.jsonl', [{ op: 'parseFulname', input: 'A', output: {} }])).toBe(FAILED);
  });
});

describe('SOAP cases', () => {
  const module = 'leadconduit-custom.outbound.soap';
  const vars = { url: 'http://soap.test/desk?wsdl', function: 'NoSuch', arg: {} };
  const line = { module, vars, sent: [], reply: { status: 200, body: '' } };
  const WSDL = `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:t="urn:t" targetNamespace="urn:t"><portType name="P"><operation name="Other"/></portType>
    <binding name="B" type="t:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="Other">
    <s:operation soapAction="o"/></operation></binding><service name="S"><port name="P" binding="t:B">
    <s:address location="http://soap.test/svc"/></port></service></definitions>`;

  it('take the WSDL that lies beside them', async () => {
    const error = 'Unsupported SOAP function specified';
    expect(await runFile('outbound-soap.jsonl', [{ ...line, error }], { 'soap-test.wsdl': WSDL })).toBe(PASSED);
    expect(await runFile('outbound-soap.jsonl', [{ ...line, error }])).toBe(FAILED);
    expect(await runFile('outbound-soap.jsonl', [{ ...line, error }], { 'soap-test.wsdl': '<none/>' })).toBe(FAILED);
  });

  it('mean the same by an error and by an event with that outcome', async () => {
    const reason = 'Unsupported SOAP function specified';
    const asOutcome = { ...line, event: { outcome: 'error', reason } };
    expect(await runFile('outbound-soap.jsonl', [asOutcome], { 'soap-test.wsdl': WSDL })).toBe(PASSED);
    const other = { ...line, event: { outcome: 'failure', reason } };
    expect(await runFile('outbound-soap.jsonl', [other], { 'soap-test.wsdl': WSDL })).toBe(FAILED);
    expect(asEvent({ error: 'x' })).toEqual(asEvent({ event: { outcome: 'error', reason: 'x' } }));
  });
});

describe('validateRequest', () => {
  const op = 'validateRequest';
  const refusal = (status: number, body: string, headers = {}) => ({
    error: { status, headers: { 'Content-Type': 'text/plain', ...headers }, body },
  });
  const check = (request: object, output: unknown) =>
    runFile('integration-utils.jsonl', [{ op, request, mime_types: ['application/json'], output }]);

  it('looks at the method', async () => {
    const put = { method: 'PUT', headers: { 'Content-Type': 'application/json' } };
    expect(await check(put, null)).toBe(FAILED);
    expect(await check(put, refusal(415, 'The PUT method is not allowed', { Allow: 'GET, POST' }))).toBe(PASSED);
  });

  it('looks at the media types of the case', async () => {
    const form = { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } };
    const text = 'MIME type in Content-Type header is not supported. Use only application/json.';
    expect(await check(form, null)).toBe(FAILED);
    expect(await check(form, refusal(406, text))).toBe(PASSED);
    expect(await check({ method: 'POST', headers: { 'Content-Type': 'application/json' } }, null)).toBe(PASSED);
  });
});

it('aggregates of a whole event are compared', async () => {
  const line = {
    op: 'aggregate',
    event: { vars: { lead: { state: { normal: 'TX', raw: 'tx', valid: true }, more: { a: '1' } } } },
    field_types: { 'vars.lead.state': 'state', 'vars.lead.more.*': 'wildcard', 'vars.lead.none': 'phone' },
  };
  const output = { vars: { lead: { state: 'TX', more: { a: '1' } } } };
  expect(await runFile('types-mask-aggregate.jsonl', [{ ...line, output }])).toBe(PASSED);
  expect(await runFile('types-mask-aggregate.jsonl', [{ ...line, output: {} }])).toBe(FAILED);
});

it('a request that is undefined is a difference and no crash of the check', async () => {
  const vars = { url: 'https://crm.example.com/leads' };
  const line = {
    kind: 'request',
    module: 'leadconduit-custom.outbound.form',
    vars,
    request: { $special: 'undefined' },
  };
  const folder = mkdtempSync(join(root, 'case-'));
  writeFileSync(join(folder, 'outbound.jsonl'), JSON.stringify(line));
  const [report] = (await runSuites(folder, SUITES)) ?? [];
  expect(report?.failures[0]?.text).toMatch(/^value: expected undefined, got \{"url"/);
});

it('a module that makes its own exchanges gets the canned replies in order', async () => {
  const module: BuiltinHandleModule = {
    ...{ id: 'test.outbound.two', version: '1.0.0', name: 'Two', direction: 'outbound', style: 'handle' },
    ...{ requestVariables: [], responseVariables: [], validate: () => undefined },
    async handle(_, { send }) {
      const first = await send({ url: 'https://a.example.com/1', method: 'GET', headers: {} });
      const second = await send({ url: 'https://a.example.com/2', method: 'POST', headers: {}, body: 'x' });
      if (second.kind !== 'answered') return { kind: 'unknown', reason: second.reason };
      return { kind: 'answered', appended: { first: first.kind === 'answered' ? first.response.headers : {} } };
    },
  };
  const reply = { status: 200, headers: { 'x-runtime': '0.1' }, body: '' };
  const both = await handle(module, {}, [reply, reply]);
  expect(both.event).toEqual({ first: { 'X-Runtime': '0.1' } });
  expect(both.sent.map(({ method, body }) => [method, body])).toEqual([
    ['GET', null],
    ['POST', 'x'],
  ]);
  expect((await handle(module, {}, [reply, { err: 'ETIMEDOUT' }])).event).toEqual({
    outcome: 'error',
    reason: 'ETIMEDOUT',
  });
});
