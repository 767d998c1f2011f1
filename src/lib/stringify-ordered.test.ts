import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringifyOrdered } from './stringify-ordered.ts';

describe('stringifyOrdered', () => {
  it('writes equal values alike, in whatever order their members were made', () => {
    const text = '{"a":[{"b":null,"c":"x"}],"b":1}';
    expect(stringifyOrdered({ b: 1, a: [{ c: 'x', b: null }] })).toBe(text);
    expect(stringifyOrdered({ a: [{ b: null, c: 'x' }], gone: undefined, b: 1 })).toBe(text);
    expect(stringifyOrdered(JSON.parse('{"z":1,"__proto__":{"y":1,"x":2}}'))).toBe('{"__proto__":{"x":2,"y":1},"z":1}');
  });

  it('loses nothing of any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(stringifyOrdered(json))).toEqual(json);
      }),
    );
  });
});
