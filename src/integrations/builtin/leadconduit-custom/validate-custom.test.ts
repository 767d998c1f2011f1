import { describe, expect, it } from 'vitest';
import type { Vars } from '../../../model/vars.ts';
import { createCustomModules } from './create-custom-modules.ts';

function validate(path: string, vars: Vars, allowsPrivateHosts = (_hostname: string, _port: number) => false) {
  const modules = createCustomModules({ allowsPrivateHosts });
  return modules.find(({ id }) => id.endsWith(`.${path}`))?.validate(vars);
}

describe('the URL of a delivery', () => {
  const REQUIRED = 'URL is required';
  const VALID = 'URL must be valid';
  const PUBLIC = 'URL must be public';
  it.each([
    [undefined, REQUIRED],
    [null, REQUIRED],
    ['', REQUIRED],
    ['  ', REQUIRED],
    ['crm.example.com', VALID],
    ['ftp://example.com', VALID],
    ['https:example.com', VALID],
    ['https://', VALID],
    ['https://localhost/x', VALID],
    ['https://crm/x', VALID],
    ['https://my_crm.example.com', VALID],
    ['https://-a.example.com', VALID],
    ['https://a..example.com', VALID],
    ['https://example.com:99999', VALID],
    ['http://foo.zzz', PUBLIC],
    ['http://crm.test', PUBLIC],
    ['http://10.0.0.1', PUBLIC],
    ['http://127.1', PUBLIC],
    ['http://0x7f000001/', PUBLIC],
    ['http://2130706433/', PUBLIC],
    ['http://169.254.169.254/latest', PUBLIC],
    ['http://0.0.0.0', PUBLIC],
    ['http://[fe80::1]', PUBLIC],
    ['http://[fd00::1]:80', PUBLIC],
    ['http://[::ffff:127.0.0.1]', PUBLIC],
    ['http://8.8.8.8', undefined],
    ['http://[2606:4700::1111]/x', undefined],
    ['HTTPS://EXAMPLE.COM/x?y#z', undefined],
    ['https://user:pass@example.com/', undefined],
    ['https://münchen.example.de/', undefined],
    ['https://пример.рф/', undefined],
  ])('%s: %s', (url, problem) => {
    expect(validate('json', { url })).toBe(problem);
  });

  it('may be private where the operator says so, and then is asked for host and port', () => {
    const asked: [string, number][] = [];
    const allows = (hostname: string, port: number) => asked.push([hostname, port]) > 0;
    for (const url of ['http://localhost:8401/x', 'https://crm/', 'http://[::1]/']) {
      expect(validate('json', { url }, allows)).toBeUndefined();
    }
    expect(asked).toEqual([
      ['localhost', 8401],
      ['crm', 443],
      ['[::1]', 80],
    ]);
    expect(validate('json', { url: 'file://localhost/etc' }, allows)).toBe('URL must be valid');
  });
});

describe('after the URL', () => {
  const JSON_METHODS = 'Unsupported HTTP method - use POST, PUT, DELETE, PATCH';
  const ON_MATCH = "Outcome on match must be 'success', 'failure', or 'error'";
  const LENGTH = 'Content-Length header is not allowed';
  const ACCEPT = 'Accept header is not allowed';
  const TYPE = 'Invalid Content-Type header value';
  it.each([
    ['json', { method: 'delete' }, undefined],
    ['json', { method: 'GET' }, JSON_METHODS],
    ['json', { method: 'GET', outcome_on_match: 'x' }, JSON_METHODS],
    ['xml', { method: 'GET' }, 'Unsupported HTTP method - use POST, PUT, PATCH'],
    ['form', { method: 'GET' }, undefined],
    ['json', { outcome_on_match: 'Success' }, ON_MATCH],
    ['json', { outcome_on_match: ' success' }, ON_MATCH],
    ['json', { outcome_on_match: '', header: { Accept: 'x', 'content-length': '1' } }, LENGTH],
    ['json', { header: { ACCEPT: 'text/plain', 'Content-Type': 'x' } }, ACCEPT],
    ['json', { header: { 'content-type': 'text/plain' } }, TYPE],
    ['json', { header: { 'content-type': 'application/vnd.api+json' } }, undefined],
    ['json', { header: { 'Content-Type': '' } }, undefined],
    ['form', { header: { 'Content-Type': 'application/json' } }, TYPE],
    ['xml', { header: { 'Content-Type': 'application/soap+xml' } }, undefined],
    ['query', { header: { 'X-A': '1' } }, undefined],
  ])('%s refuses %j with: %s', (path, vars, problem) => {
    expect(validate(path, { url: 'https://example.com', ...vars })).toBe(problem);
  });

  it.each([
    [{ outcome_search_term: 'ok(?!t)' }, /^Pattern outcome_search_term cannot be used: Negative look-ahead/],
    [{ cookie_search_term: '/(a)\\1/' }, /^Pattern cookie_search_term cannot be used: A back-reference/],
    [{ capture: { id: 'x'.repeat(1001) } }, /^Pattern capture.id cannot be used: A pattern has at most 1000/],
    [{ outcome_search_term: 'a{2000}' }, /^Pattern outcome_search_term cannot be used/],
  ])('a pattern that cannot run in linear time is reported: %j', (vars, problem) => {
    expect(validate('json', { url: 'https://example.com', ...vars })).toMatch(problem);
  });

  it.each(['[', '(', '/[/', 'a|b', '\\u0041[^]'])('the pattern %s is fine or never matches', (outcome_search_term) => {
    expect(validate('json', { url: 'https://example.com', outcome_search_term })).toBeUndefined();
  });
});
