import { describe, expect, it } from 'vitest';
import { parseForm } from './parse-form.ts';

describe('parseForm', () => {
  it.each<[string, unknown]>([
    [
      'first_name=Joe&callcenter.additional_services=script+writing',
      { first_name: 'Joe', callcenter: { additional_services: 'script writing' } },
    ],
    ['a.b=1&a.c=2', { a: { b: '1', c: '2' } }],
    ['a.b=1&a.b=2', { a: { b: ['1', '2'] } }],
    ['a=&a=2', { a: ['', '2'] }],
    ['list.0=x&list.1=y', { list: ['x', 'y'] }],
    ['list.2=x', { list: { 2: 'x' } }],
    ['list.0.a=1&list.1.a=2', { list: [{ a: '1' }, { a: '2' }] }],
    ['list.5000=x', { list: { '5000': 'x' } }],
    ['a.0=1&a.b=2', { a: { 0: '1', b: '2' } }],
    ['a=1&a.b=2', { a: '1' }],
    ['a.b=2&a=1', { a: '1' }],
    ['a.b=1&a.b.c=2', { a: { b: '1' } }],
    ['a.b.c=2&a.b=1', { a: { b: '1' } }],
    ['a=1&a=2&a.1=3', { a: ['1', '2'] }],
    ['=x', { 0: 'x' }],
    ['a..b=1', { a: [{ b: '1' }] }],
    ['a.=1', { a: ['1'] }],
    ['a[b]=1&a[]=2', { 'a[b]': '1', 'a[]': '2' }],
    ['__proto__.x=1&a.__proto__.x=1&constructor.prototype.x=1&b=1', { b: '1', constructor: { prototype: { x: '1' } } }],
    ['toString.x=1', { toString: { x: '1' } }],
  ])('%s', (body, values) => {
    expect(parseForm(body)).toEqual(values);
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });
});
