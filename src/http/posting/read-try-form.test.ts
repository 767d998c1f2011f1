import { describe, expect, it } from 'vitest';
import { readTryForm } from './read-try-form.ts';

describe('the form of a dry run', () => {
  it.each([
    ['format=json&value.email=a%40b.c', 'json', [['email', 'a@b.c']]],
    ['value.a.b=1+2&value.empty=', 'form', [['a.b', '1 2']]],
    ['format=xml&value.format=json', 'xml', [['format', 'json']]],
    [
      'format=query&value.a=1&value.a=2',
      'query',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['', 'form', []],
  ])('%s', (body, format, values) => {
    const read = readTryForm(body);
    expect(read).toEqual({
      ok: true,
      value: { format, values: values.map(([name, value]) => ({ name, value })) },
    });
  });

  it.each([
    ['a lead that was meant for the submit URL', 'email=a%40b.c', 'malformed_body'],
    ['a format that is none', 'format=yaml&value.a=1', 'malformed_body'],
    [
      'more values than are looked at',
      Array.from({ length: 1_002 }, (_, at) => `value.a${at}=1`).join('&'),
      'malformed_body',
    ],
  ])('refuses %s', (_what, body, code) => {
    expect(readTryForm(body)).toMatchObject({ ok: false, error: { code } });
  });
});
