import { describe, expect, it } from 'vitest';
import { flatten } from './flatten.ts';
import { unflatten } from './unflatten.ts';

const rich = Object.assign(Object('512'), { raw: '512' });

describe('flatten', () => {
  const cases: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ['nested', { a: { b: 1, c: { d: null } } }, { 'a.b': 1, 'a.c.d': null }],
    ['arrays', { a: ['x', { b: 2 }] }, { 'a.0': 'x', 'a.1.b': 2 }],
    ['rich values are leaves', { a: rich }, { a: rich }],
    ['empty containers are leaves', { a: {}, b: [] }, { a: {}, b: [] }],
  ];
  it.each(cases)('%s', (_, nested, flat) => {
    expect(flatten(nested)).toEqual(flat);
  });

  it('ends at a depth, and keeps a hostile name as data', () => {
    const loop: Record<string, unknown> = {};
    loop.again = loop;
    expect(Object.keys(flatten(loop))).toHaveLength(1);
    const flat = flatten(JSON.parse('{"__proto__": 1}'));
    expect(Object.keys(flat)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(flat)).toBe(Object.prototype);
  });
});

describe('unflatten', () => {
  const cases: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ['nested', { 'a.b.c': 1, 'a.b.d': 2 }, { a: { b: { c: 1, d: 2 } } }],
    ['arrays', { 'a.0': 'x', 'a.1': 'y' }, { a: ['x', 'y'] }],
    ['a hole is null', { 'list.0': 'x', 'list.2': 'y' }, { list: ['x', null, 'y'] }],
    ['a place among names is a name', { 'a.0': 1, 'a.b': 2 }, { a: { '0': 1, b: 2 } }],
    ['a scalar before nested wins', { a: '1', 'a.b': '2' }, { a: '1' }],
    ['a scalar after nested wins', { 'a.b': '2', a: '1' }, { a: '1' }],
    ['a deep conflict', { 'home.owner.years.range': '5', home: 'yes', x: '1' }, { home: 'yes', x: '1' }],
    ['brackets are literal', { 'a[0]': 1, 'b[]': 2 }, { 'a[0]': 1, 'b[]': 2 }],
    ['quoted digits stay quoted', { "years.'1984'": 1 }, { years: { "'1984'": 1 } }],
    ['a large number is a key', { 'years.1984': 1 }, { years: { '1984': 1 } }],
    ['forbidden names are ignored', { 'a.__proto__.x': 1, constructor: 2, b: 3 }, { constructor: 2, b: 3 }],
    ['empty names', { 'a..b': 1, '': 2 }, { a: { '': { b: 1 } }, '': 2 }],
    ['too deep stays whole', { [new Array(40).fill('a').join('.')]: 1 }, { [new Array(40).fill('a').join('.')]: 1 }],
  ];
  it.each(cases)('%s', (_, flat, nested) => {
    expect(unflatten(flat)).toEqual(nested);
  });

  it('undoes flatten', () => {
    const nested = { a: { b: [1, { c: 2 }], d: 'x' }, e: rich };
    expect(unflatten(flatten(nested))).toEqual(nested);
  });
});
