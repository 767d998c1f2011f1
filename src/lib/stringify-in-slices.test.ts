import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish } from './slices.ts';
import { encodeInSlices, stringifyInSlices } from './stringify-in-slices.ts';

const write = (value: unknown) => finish(stringifyInSlices(value));

/** Large enough not to be written in one piece. */
const many = (member: unknown) => Array.from({ length: 2_500 }, () => member);

describe('stringifyInSlices', () => {
  it('writes what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const each of [value, many(value), { first: many(value), value, last: { many: many([value]) } }])
          expect(write(each)).toBe(JSON.stringify(each));
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['a property without a value', { a: undefined, list: many(1) }],
    ['a member without a value', [undefined, ...many(1), undefined]],
    ['a date', { at: new Date(0), list: many(new Date(1)) }],
    ['a long text', ['x'.repeat(200_000), ...many('y')]],
    ['names that are numbers', { 2: many(1), 1: 2, a: 3 }],
  ])('%s', (_name, value) => {
    expect(write(value)).toBe(JSON.stringify(value));
  });

  it.each(['', 'x', 'ä😀'.repeat(200_000), `${'😀'.repeat(131_072)}x`, `x${'😀'.repeat(300_000)}`])(
    'a text is encoded as a whole one is',
    (text) => {
      expect(Buffer.concat(finish(encodeInSlices(text))).equals(Buffer.from(text))).toBe(true);
    },
  );

  it('writes small values without a pause and large ones with many', () => {
    const pausesOf = (value: unknown) => {
      const work = stringifyInSlices(value);
      let pauses = 0;
      while (work.next().done !== true) pauses += 1;
      return pauses;
    };
    expect(pausesOf({ a: [1, 2, { b: 'c' }] })).toBe(0);
    expect(pausesOf({ steps: [{ rules: many({ lhv: 'lead.state', op: 'is blank' }) }] })).toBeGreaterThan(4);
  });
});
