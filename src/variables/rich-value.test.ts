import { describe, expect, it } from 'vitest';
import { isPlainObject, isTruthy, normalOf, textOf } from './rich-value.ts';

const typedDate = Object.assign(new Date(0), { toString: () => '1970-01-01', raw: '1/1/1970', valid: true });
const unreadNumber = Object.assign(Object(Number.NaN), { raw: 'abc', valid: false });

describe('normal value, text and truth of a value', () => {
  const cases: [string, { value: unknown; normal: unknown; text: string; truth: boolean }][] = [
    ['text', { value: 'a', normal: 'a', text: 'a', truth: true }],
    ['empty text', { value: '', normal: '', text: '', truth: false }],
    ['zero', { value: 0, normal: 0, text: '0', truth: false }],
    ['missing', { value: undefined, normal: undefined, text: '', truth: false }],
    ['null', { value: null, normal: null, text: '', truth: false }],
    ['a rich text', { value: Object('a'), normal: 'a', text: 'a', truth: true }],
    ['a rich empty text', { value: Object(''), normal: '', text: '', truth: false }],
    ['a rich false', { value: Object(false), normal: false, text: 'false', truth: false }],
    ['a rich zero', { value: Object(0), normal: 0, text: '0', truth: false }],
    ['a typed date', { value: typedDate, normal: '1970-01-01', text: '1970-01-01', truth: true }],
    [
      'a date',
      { value: new Date(0), normal: '1970-01-01T00:00:00.000Z', text: '1970-01-01T00:00:00.000Z', truth: true },
    ],
    ['an invalid date', { value: new Date(Number.NaN), normal: '', text: '', truth: false }],
    ['a number that was not one', { value: unreadNumber, normal: Number.NaN, text: 'abc', truth: false }],
    ['an array', { value: ['a', Object('b'), null], normal: ['a', Object('b'), null], text: 'a,b', truth: true }],
    ['an empty array', { value: [], normal: [], text: '', truth: false }],
    ['an object', { value: { a: 1 }, normal: { a: 1 }, text: '', truth: true }],
    [
      'an object with a method name',
      { value: { toString: 'x', valueOf: 'y' }, normal: { toString: 'x', valueOf: 'y' }, text: '', truth: true },
    ],
    ['a big integer', { value: 12n, normal: 12n, text: '12', truth: true }],
    ['an impostor', { value: Object.create(String.prototype), normal: undefined, text: '', truth: false }],
  ];
  it.each(cases)('%s', (_, { value, normal, text, truth }) => {
    expect(normalOf(value)).toEqual(normal);
    expect(textOf(value)).toBe(text);
    expect(isTruthy(value)).toBe(truth);
  });

  it('an array that holds itself has an end', () => {
    const loop: unknown[] = ['x'];
    loop.push(loop);
    expect(textOf(loop)).toBe('x,x,x,x,x,x,x,x,');
  });

  it('rich values and class instances are no plain objects', () => {
    expect([{}, Object.create(null), JSON.parse('{"__proto__":1}')].every(isPlainObject)).toBe(true);
    expect([[], Object('a'), new Date(0), new Map(), null, 'a'].some(isPlainObject)).toBe(false);
  });
});
