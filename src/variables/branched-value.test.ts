import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseForm } from '../integrations/formats/parse-form.ts';
import { assignBeside, assignKeepingText } from './branched-value.ts';
import { cleanValues } from './clean-values.ts';
import { compileLookup } from './lookup.ts';
import { textOf } from './rich-value.ts';

function formOf(body: string): Record<string, unknown> {
  return cleanValues(parseForm(body)).values;
}

function read(values: Record<string, unknown>, path: string): string {
  return textOf(compileLookup(path)(values));
}

describe('a name that is a value and a branch keeps both', () => {
  it.each<[string, Record<string, unknown>, Record<string, string>]>([
    ['a form', formOf('company=Acme&company.name=Acme+Inc'), { company: 'Acme', 'company.name': 'Acme Inc' }],
    ['the other order', formOf('company.name=Acme+Inc&company=Acme'), { company: 'Acme', 'company.name': 'Acme Inc' }],
    ['in brackets', formOf('company=Acme&company[name]=Acme+Inc'), { company: 'Acme', 'company.name': 'Acme Inc' }],
    ['deep', formOf('a.b=1&a.b.c.d=2&a.b.c=3'), { 'a.b': '1', 'a.b.c.d': '2', 'a.b.c': '3' }],
    ['a list', formOf('a=1&a=2&a.b=3'), { a: '1,2', 'a.0': '1', 'a.1': '2', 'a.b': '3' }],
    ['a number below', formOf('a=Acme&a.0=x&a.length=y'), { a: 'Acme', 'a.0': 'x', 'a.length': 'y', 'a.1': '' }],
    [
      'names of boxed values',
      formOf('a=A&a.raw=r&a.valid=v&a.toString=t&a.valueOf=f'),
      { a: 'A', 'a.raw': 'r', 'a.valid': 'v', 'a.toString': 't', 'a.valueOf': 'f' },
    ],
    [
      'JSON',
      cleanValues({ a: 1, 'a.b': 2, c: { d: true, 'd.e': 'x' } }).values,
      { a: '1', 'a.b': '2', 'c.d': 'true', 'c.d.e': 'x' },
    ],
    [
      'the text of an XML element',
      cleanValues({ a: { _: ' 1 ', id: '7' }, p: [{ _: 'x', k: '1' }, { k: '2' }] }).values,
      { a: '1', 'a._': '1', 'a.id': '7', 'p.0': 'x', 'p.0.k': '1', 'p.1.k': '2' },
    ],
  ])('%s', (_name, values, found) => {
    expect(Object.fromEntries(Object.keys(found).map((path) => [path, read(values, path)]))).toEqual(found);
    expect(() => JSON.stringify(values)).not.toThrow();
  });

  it('in a form no pair is lost, whatever names meet', () => {
    const part = fc.constantFrom('a', 'b', '0', '1', '3', 'raw', 'length', 'constructor', 'prototype');
    const name = fc.tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.boolean());
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 8, selector: ([parts]) => parts.join('.') }), (names) => {
        const pairs = names.map(([parts, isBracketed], at) => ({
          path: parts.join('.'),
          written: isBracketed
            ? parts.slice(1).reduce((base, inner) => `${base}[${inner}]`, parts[0] ?? '')
            : parts.join('.'),
          value: `v${at}`,
        }));
        const values = formOf(pairs.map(({ written, value }) => `${encodeURIComponent(written)}=${value}`).join('&'));
        for (const { path, written, value } of pairs) {
          expect([path, read(values, path)]).toEqual([path, value]);
          expect([written, read(values, written)]).toEqual([written, value]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('positions stay', () => {
  it.each<[string, Record<string, unknown>, Record<string, string>]>([
    [
      'a null in JSON',
      cleanValues({ answers: [null, { text: 'Ana' }] }).values,
      { 'answers.1.text': 'Ana', 'answers.0.text': '' },
    ],
    ['numbered names', formOf('1.3=Ana&1.6=Ruiz'), { '1.3': 'Ana', '1.6': 'Ruiz', '1.0': '' }],
    ['numbered names and one more', formOf('1.2=Dr&1.3=Ana&1.6=Ruiz'), { '1.3': 'Ana', '1.2': 'Dr' }],
    ['a repeated name with a blank', formOf('x=&x=b&x=c'), { 'x.1': 'b', 'x.2': 'c', x: 'b,c' }],
    [
      'a list in brackets',
      formOf('x[]=roof&x[]=windows'),
      { x: 'roof,windows', 'x[]': 'roof,windows', 'x.1': 'windows' },
    ],
    ['rows in brackets', formOf('a[0][b]=1&a%5B1%5D%5Bb%5D=2'), { 'a.0.b': '1', 'a[1].b': '2', 'a[1][b]': '2' }],
  ])('%s', (_name, values, found) => {
    expect(Object.fromEntries(Object.keys(found).map((path) => [path, read(values, path)]))).toEqual(found);
  });
});

describe('writing beside', () => {
  it('keeps a field and the field nested under it, in either order', () => {
    const [one, other]: Record<string, unknown>[] = [{}, {}];
    if (!one || !other) throw new Error('two targets');
    assignBeside(one, ['company'], 'Acme');
    assignBeside(one, ['company', 'name'], 'Acme Inc');
    assignBeside(other, ['company', 'name'], 'Acme Inc');
    assignBeside(other, ['company'], 'Acme');
    for (const lead of [one, other])
      expect([read(lead, 'company'), read(lead, 'company.name')]).toEqual(['Acme', 'Acme Inc']);
  });

  it('a mapping of a nested name leaves the text, and replaces anything else as before', () => {
    const target: Record<string, unknown> = { company: 'Acme', tags: ['x', 'y'] };
    assignKeepingText(target, ['company', 'name'], 'Acme Inc');
    assignKeepingText(target, ['tags'], ['z']);
    expect([read(target, 'company'), read(target, 'company.name'), read(target, 'tags')]).toEqual([
      'Acme',
      'Acme Inc',
      'z',
    ]);
    expect(assignKeepingText(target, ['company', '__proto__'], 1)).toBe(false);
  });
});
