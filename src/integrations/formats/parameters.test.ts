import { describe, expect, it } from 'vitest';
import { parseQuery } from './parameters.ts';

describe('parseQuery', () => {
  it.each<[string, unknown]>([
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
    ['a=&a=2', { a: '2' }],
    ['a=&a=&a=', { a: '' }],
    ['a=1&a=&a=2', { a: ['1', '', '2'] }],
    ['&&a=1&&', { a: '1' }],
    ['a', { a: '' }],
    ['a=b=c', { a: 'b=c' }],
    ['=x', { '': 'x' }],
    ['a[]=1&a[0]=2', { 'a[]': '1', 'a[0]': '2' }],
    ['addr.city=X', { 'addr.city': 'X' }],
    ['First+Name=a+b&First%20Name=c', { 'First Name': ['a b', 'c'] }],
    ['a=1;b=2', { a: '1;b=2' }],
    ['a=100%&b=%zz&c=%E9t%C3%A9', { a: '100%', b: '%zz', c: '\ufffdt\u00e9' }],
    ['a=%25+%2B+50%', { a: '% + 50%' }],
    ['toString=z&valueOf=y', { toString: 'z', valueOf: 'y' }],
    ['__proto__=1&constructor=2&prototype=3&a=1', { constructor: '2', prototype: '3', a: '1' }],
  ])('%s', (text, parameters) => {
    expect(parseQuery(text)).toEqual(parameters);
  });

  it('takes a thousand parameters and refuses one more', () => {
    expect(Object.keys(parseQuery(query(1_000)) ?? {})).toHaveLength(1_000);
    expect(parseQuery(query(1_001))).toBeUndefined();
  });
});

function query(count: number): string {
  return Array.from({ length: count }, (_, at) => `p${at}=1`).join('&');
}
