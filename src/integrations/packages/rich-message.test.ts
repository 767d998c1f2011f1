import { describe, expect, it } from 'vitest';
import { richDate, richNumber, richText } from '../../field-types/rich-value.ts';
import { readValue, writeValue } from './rich-message.ts';

/** As it arrives in another thread. */
function crossed(value: unknown): unknown {
  return readValue(structuredClone(writeValue(value)));
}

describe('a value that crosses to a package’s thread', () => {
  it.each([
    ['text', 'é 😀 \ud800'],
    ['numbers', [0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY]],
    ['nothing', [undefined, null]],
    ['lists and objects', { a: [{ b: { c: [] } }] }],
    ['lists that look like messages', ['array', ['String', 'x']]],
  ])('keeps %s', (_what, value) => {
    expect(crossed(value)).toEqual(value);
  });

  it('keeps what boxed values own, and nested ones', () => {
    const area = Object.assign(new Number(512), { raw: '512' });
    const phone = crossed(richText('5127891111', { raw: '512-789-1111', valid: true, area })) as Record<
      string,
      unknown
    >;
    expect(phone).toBeInstanceOf(String);
    expect(String(phone)).toBe('5127891111');
    expect(phone['valid']).toBe(true);
    expect(phone['area']).toBeInstanceOf(Number);
    expect(phone['area']).toMatchObject({ raw: '512' });
    expect(Number(phone['area'])).toBe(512);
  });

  it('keeps false, NaN and dates that read as a day', () => {
    expect((crossed(new Boolean(false)) as boolean).valueOf()).toBe(false);
    expect((crossed(richNumber(Number.NaN, { raw: 'ten' })) as number).valueOf()).toBeNaN();
    const date = crossed(richDate(Date.UTC(2017, 5, 2), '2017-06-02', { raw: '6/2/17' })) as Date;
    expect(date.getTime()).toBe(Date.UTC(2017, 5, 2));
    expect(String(date)).toBe('2017-06-02');
    expect(Object.keys(date)).toEqual(['raw']);
  });

  it('leaves functions out and takes no name for more than a name', () => {
    const odd = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"run":1}');
    const read = crossed({ ...odd, run: () => 1 }) as Record<string, unknown>;
    expect(Object.hasOwn(read, 'run')).toBe(false);
    expect(read['constructor']).toEqual({ prototype: { polluted: 1 } });
    const proto = crossed(odd) as object;
    expect(Object.hasOwn(proto, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(proto)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('is cut where it is deeper than leads are', () => {
    let deep: unknown = 'end';
    for (let level = 0; level < 10_000; level += 1) deep = [deep];
    expect(JSON.stringify(crossed(deep)).length).toBeLessThan(200);
  });
});
