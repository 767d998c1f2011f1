import { Type } from 'typebox';
import { expect, it } from 'vitest';
import { createBodyReader } from './read-body.ts';

const CLOSED = { additionalProperties: false };
const read = createBodyReader(
  Type.Object(
    {
      name: Type.String({ pattern: '^[a-z]+$', says: 'Must be made of small letters.' }),
      count: Type.Optional(Type.Integer({ minimum: 0 })),
      price: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
      parts: Type.Optional(Type.Array(Type.Object({ id: Type.String(), note: Type.Optional(Type.String()) }, CLOSED))),
      extra: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    },
    CLOSED,
  ),
);

it('a body of the shape is read, nulls that mean absence left out at any depth', () => {
  const body = { name: 'ann', count: null, price: null, parts: [{ id: 'x', note: null }], extra: { any: null } };
  const value = { name: 'ann', price: null, parts: [{ id: 'x' }], extra: { any: null } };
  expect(read(body)).toEqual({ ok: true, value });
});

it.each([
  ['no body', undefined, [{ path: '', message: 'Must be an object.' }]],
  ['null', null, [{ path: '', message: 'Must be an object.' }]],
  ['a list', [], [{ path: '', message: 'Must be an object.' }]],
  ['a missing property', {}, [{ path: 'name', message: 'Is required.' }]],
  ['null for a required property', { name: null }, [{ path: 'name', message: 'Is required.' }]],
  ['a wrong type', { name: 'ann', count: 'x' }, [{ path: 'count', message: 'Must be a whole number.' }]],
  ['a wrong bound', { name: 'ann', count: -1 }, [{ path: 'count', message: 'Must be at least 0.' }]],
  ['a value with a sentence of its own', { name: 'A' }, [{ path: 'name', message: 'Must be made of small letters.' }]],
  [
    'an unknown name that is near a known one',
    { name: 'ann', cuont: null },
    [
      {
        path: 'cuont',
        message: 'Unknown property; this object has name, count, price, parts, extra. Did you mean "count"?',
      },
    ],
  ],
  [
    'an unknown name inside a list',
    { name: 'ann', parts: [{ id: 'x', colour: 1 }] },
    [{ path: 'parts.0.colour', message: 'Unknown property; this object has id, note.' }],
  ],
])('%s is 422 with its place', (_name, body, details) => {
  expect(read(body)).toMatchObject({ ok: false, error: { code: 'invalid_document', details } });
});

it('an endless list of faults is cut', () => {
  const parts = Array.from({ length: 500 }, () => ({ colour: 1 }));
  const result = read({ name: 'ann', parts });
  expect(result.ok ? [] : result.error.details).toHaveLength(100);
});
