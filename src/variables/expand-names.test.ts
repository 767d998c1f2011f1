import { describe, expect, it } from 'vitest';
import { expandNames } from './expand-names.ts';

describe('expandNames', () => {
  it('gives back what has no dotted name', () => {
    const values = { a: { 'b.c': 1 } };
    expect(expandNames(values)).toBe(values);
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ['a dotted name', { 'a.b': 1, c: 2 }, { a: { b: 1 }, c: 2 }],
    ['a list', { 'a.1.b': 1 }, { a: { 1: { b: 1 } } }],
    ['a blank part', { 'a..b': 1, '.': 2 }, { a: [{ b: 1 }], 0: [2] }],
    ['beside what is nested', { a: { b: 1, c: 2 }, 'a.c': 3, 'a.d.e': 4 }, { a: { b: 1, c: 3, d: { e: 4 } } }],
    [
      'places of a list in a row of objects',
      { 'a[][b]': ['1', '2'], 'a[][c]': ['3'] },
      { a: [{ b: '1', c: '3' }, { b: '2' }] },
    ],
    ['one path in two spellings', { 'a.b': '1', 'a[b]': '2' }, { a: { b: ['1', '2'] } }],
    ['null in the way', { a: null, 'a.b': 2 }, { a: { b: 2 } }],
    ['a list over a list', { a: [1, 2, { b: 3 }], 'a.1': 8, 'a.2.c': 9 }, { a: [1, 8, { b: 3, c: 9 }] }],
    ['an object and a place', { c: { d: 1 }, 'c.0': 2 }, { c: { d: 1, 0: 2 } }],
    ['a list of objects and a name', { a: [{ x: 1 }], 'a.b': 2 }, { a: { 0: { x: 1 }, b: 2 } }],
    [
      'names of JavaScript',
      { 'a.__proto__.x': 1, 'constructor.prototype.x': 1, 'toString.x': 1 },
      { toString: { x: 1 }, constructor: { prototype: { x: 1 } } },
    ],
  ])('%s', (_name, values, expanded) => {
    expect(expandNames(values)).toEqual(expanded);
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });
});
