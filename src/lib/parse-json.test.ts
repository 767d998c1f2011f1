import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

describe('a number that JavaScript cannot hold is the text as it was written', () => {
  it.each([
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890',
    '0.1000000000000000055',
    '1234567890.123456789',
    '1000000000000000000000',
    '-119209289550781250000000',
    '1e400',
    '-1E+400',
    '1e-400',
    '0.10000000000000000000000000000000000001',
  ])('%s', (written) => {
    expect(parseJson(written)).toBe(written);
    expect(parseJson(`{"a":[${written}, {"b" :\n${written}}]}`)).toStrictEqual({ a: [written, { b: written }] });
  });
});

describe('a number that JavaScript holds is a number', () => {
  it.each<[string, number]>([
    ['0', 0],
    ['-0', -0],
    ['5127894321', 5127894321],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992],
    ['10.50', 10.5],
    ['1E5', 100000],
    ['1e21', 1e21],
    ['1.5e-7', 1.5e-7],
    ['0.10000000000000000000', 0.1],
    ['0e999', 0],
  ])('%s', (written, number) => {
    expect(parseJson(`[${written}]`)).toStrictEqual([number]);
  });
});

describe('everything else is as JSON.parse reads it', () => {
  it.each([
    '{"a":"9007199254740993","b":"\\" 1e400,","c 12345678901234567890":1e400}',
    '{"a":1e400,"a":2}',
    '{"big":9007199254740993,"text":"[1e400, 9007199254740993]\\\\"}',
    '{"id":"5b4a39281706f5e4d3c2b1a0","e":1.5}',
  ])('%s', (text) => {
    const asNumbers = JSON.stringify(JSON.parse(text, (_, value) => (value === 9007199254740992 ? 'x' : value)));
    const exact = JSON.stringify(parseJson(text), (_, value) =>
      value === '1e400' ? null : value === '9007199254740993' && text.includes('big') ? 'x' : value,
    );
    expect(exact).toBe(asNumbers);
  });

  it.each(['', '{', '9007199254740993,', '[1e400', '01e400', '1.e400', "{'a':9007199254740993}"])(
    'no JSON: %j',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );

  it('for any value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).toStrictEqual(JSON.parse(text));
      }),
    );
  });

  it('for any whole number, by its digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (number) => {
        const read = parseJson(`{"a":${number}}`);
        const { a } = read as { a: number | string };
        expect(
          typeof a === 'number' ? BigInt(a) === number || String(a) === String(number) : a === String(number),
        ).toBe(true);
      }),
    );
  });

  it('keeps an own property named __proto__ away from the prototype, as JSON.parse does', () => {
    const read = parseJson('{"__proto__":{"x":1e400}}');
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.keys(read as object)).toEqual(['__proto__']);
  });

  it('takes a text of a megabyte, in which nothing is tried twice', () => {
    const long = `{"a":"${'\\"1e400 '.repeat(100_000)}","b":${'9'.repeat(100_000)}}`;
    expect(parseJson(long)).toMatchObject({ b: '9'.repeat(100_000) });
  });
});
