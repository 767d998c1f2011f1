import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanValues } from './clean-values.ts';

const DEEP_NAME = Array.from({ length: 40 }, (_, at) => `n${at}`).join('.');

describe('cleanValues', () => {
  it.each<[string, unknown, unknown]>([
    [
      'nothing to clean',
      { a: 'x', b: 1, c: false, d: ['y', { e: 'z' }] },
      { a: 'x', b: 1, c: false, d: ['y', { e: 'z' }] },
    ],
    ['white space around texts', { a: '  x y\n', b: '\u00a0', c: ['\t', ' z '] }, { a: 'x y', c: [null, 'z'] }],
    ['null and empty', { a: null, b: '', c: [], d: {}, e: [null, '', {}], f: { g: { h: '' } }, i: undefined }, {}],
    ['0 and false are values', { a: 0, b: false }, { a: 0, b: false }],
    [
      'control characters',
      { a: 'x\u0000\u0007y\u009f', b: 'one\r\ntwo\tthree', c: '\u0000 x \u0000' },
      { a: 'xy', b: 'one\ntwo\tthree', c: 'x' },
    ],
    ['surrogates', { a: 'x\ud800', b: '\udc00\ud83d\ude00' }, { a: 'x\ufffd', b: '\ufffd\u{1f600}' }],
    [
      'names',
      { 'First Name': 1, FIRST_NAME: 2, ' a ': 3, 'b\u0000': 4, 'c\ud800': 5, '': 6, '\u0000': 7 },
      { 'First Name': 1, FIRST_NAME: 2, ' a ': 3, b: 4, 'c\ufffd': 5 },
    ],
    ['dotted names', { 'a.b': '1', c: { 'd.0': ' 2 ' } }, { a: { b: '1' }, c: { d: ['2'] } }],
    [
      'a dotted query name over a nested body',
      { addr: { city: 'X', zip: '1' }, 'addr.city': 'Y' },
      { addr: { city: 'Y', zip: '1' } },
    ],
    ['a blank scalar does not stand in the way', { a: ' ', 'a.b': '1' }, { a: { b: '1' } }],
    [
      'blank places of lists stay',
      { a: ['x', null, 'y', ''], b: [null, { t: 'z' }] },
      { a: ['x', null, 'y'], b: [null, { t: 'z' }] },
    ],
    ['numbered names with a gap', { '1.3': 'Ana', '1.6': 'Ruiz' }, { 1: { 3: 'Ana', 6: 'Ruiz' } }],
    ['numbered names without a gap', { 'a.1': 'y', 'a.0': 'x' }, { a: ['x', 'y'] }],
    [
      'bracket names',
      { 'f[name]': 'Ana', 'f[a][b]': '1', 'x[]': ['p', 'q'], 'y[z][]': 'r' },
      { f: { name: 'Ana', a: { b: '1' } }, x: ['p', 'q'], y: { z: ['r'] } },
    ],
    ['bracket names below', { a: { 'b[c]': 1 } }, { a: { b: { c: 1 } } }],
    [
      'brackets that are not closed',
      { 'a[b': 1, 'c]': 2, '[d]': 3, 'e[f[g]]': 4, 'h[i]j': 5 },
      { 'a[b': 1, 'c]': 2, '[d]': 3, 'e[f[g]]': 4, 'h[i]j': 5 },
    ],
    ['what no lead can hold', { a: () => 1, b: Symbol.iterator, c: 10n, d: new Date(0) }, {}],
    [
      'names of JavaScript',
      JSON.parse('{"__proto__":{"x":1},"a":{"constructor":{"x":1}},"toString":"t"}'),
      { toString: 't', a: { constructor: { x: 1 } } },
    ],
    ['a name deeper than any field', { [DEEP_NAME]: 1, a: { [DEEP_NAME]: 1 }, b: 1 }, { b: 1 }],
    ['a list', [{ a: 1 }], {}],
    ['a scalar', 'x', {}],
    ['null', null, {}],
    ['nothing', undefined, {}],
  ])('%s', (_name, parsed, values) => {
    expect(cleanValues(parsed)).toEqual({ values });
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  it('keeps 32 levels and drops what is deeper', () => {
    expect(measureDepth(cleanValues(nested(31)).values)).toBe(32);
    expect(cleanValues(nested(32)).values).toStrictEqual({});
    expect(cleanValues(nested(50_000)).values).toStrictEqual({});
  });

  it('leaves nothing PostgreSQL refuses, does not change its input, and is finished after one pass', () => {
    const text = fc.string({ unit: 'binary' });
    const name = fc.oneof(text, fc.constantFrom('a', 'a.b', 'a.0', 'a.2', 'a..b', '.', 'a.b.c', '__proto__'));
    const value = fc.oneof(text, fc.constantFrom(null, '', ' x ', 1), fc.array(text), fc.dictionary(name, text));
    fc.assert(
      fc.property(fc.dictionary(name, value), (parsed) => {
        const before = JSON.stringify(parsed);
        const { values } = cleanValues(parsed);
        const written = JSON.stringify(values);
        expect(JSON.stringify(parsed)).toBe(before);
        expect(/\\u0000|\\ud[89a-f]/.test(written)).toBe(false);
        expect(JSON.stringify(cleanValues(values).values)).toBe(written);
      }),
    );
  });
});

function nested(levels: number): unknown {
  let value: unknown = { leaf: 1 };
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}

function measureDepth(value: unknown): number {
  return typeof value === 'object' && value !== null ? 1 + Math.max(...Object.values(value).map(measureDepth)) : 0;
}
