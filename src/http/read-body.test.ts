import { Type } from 'typebox';
import { expect, it } from 'vitest';
import { createBodyReader } from './read-body.ts';

const HINT = 'Unknown property; this object has hint. Did you mean "hint"?';
const CLOSED = { additionalProperties: false };
const read = createBodyReader(
  Type.Object(
    {
      name: Type.String({ pattern: '^[a-z]+$', says: 'Must be made of small letters.' }),
      count: Type.Optional(Type.Integer({ minimum: 0 })),
      price: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
      parts: Type.Optional(Type.Array(Type.Object({ id: Type.String(), note: Type.Optional(Type.String()) }, CLOSED))),
      ttl: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 60 }), Type.Null()])),
      size: Type.Optional(Type.Union([Type.Literal('small'), Type.Literal('large'), Type.Null()])),
      days: Type.Optional(Type.Union([Type.Array(Type.String({ maxLength: 3 }), { minItems: 1 }), Type.String()])),
      tags: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
      key: Type.Optional(
        Type.Union([Type.Object({ hint: Type.Optional(Type.String({ minLength: 1 })) }, CLOSED), Type.Null()]),
      ),
      time: Type.Optional(
        Type.Union([
          Type.Object(
            { type: Type.Literal('times'), at: Type.String({ pattern: '^\\d\\d$', says: 'Two digits.' }) },
            CLOSED,
          ),
          Type.Object({ type: Type.Literal('every'), minutes: Type.Integer({ minimum: 5 }) }, CLOSED),
        ]),
      ),
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
        message:
          'Unknown property; this object has name, count, price, parts, ttl, size, days, tags, key, time, extra. Did you mean "count"?',
      },
    ],
  ],
  ...(
    [
      ['a nullable number over its bound', { ttl: 61 }, 'ttl', 'Must be at most 60.'],
      ['a nullable number below its bound', { ttl: 0 }, 'ttl', 'Must be at least 1.'],
      ['a nullable number that is none', { ttl: 'x' }, 'ttl', 'Must be a whole number or null.'],
      ['a nullable value of a list', { size: 'huge' }, 'size', 'Must be one of small, large, or null.'],
      ['a member of a list beside a text', { days: ['long'] }, 'days.0', 'Must not be longer than 3 characters.'],
      ['a kind that no branch has', { days: 5 }, 'days', 'Must be a list or a text.'],
      ['an empty list that is optional', { tags: [] }, 'tags', 'Must have at least one entry, or be left out.'],
      ['an unknown name of a nullable object', { key: { hnt: 'x' } }, 'key.hnt', HINT],
      ['an unknown type', { time: { type: 'never' } }, 'time.type', 'Must be one of times, every.'],
      ['a sentence of a branch', { time: { type: 'times', at: 'x' } }, 'time.at', 'Two digits.'],
      ['a missing part of a branch', { time: { type: 'every' } }, 'time.minutes', 'Is required.'],
      ['a bound of a branch', { time: { type: 'every', minutes: 1 } }, 'time.minutes', 'Must be at least 5.'],
      ['an unknown name of a branch', { time: { type: 'every', minutes: 5, at: 1 } }, 'time.at', 'Unknown property.'],
    ] as const
  ).map(([what, given, path, message]): [string, object, object[]] => [
    what,
    { name: 'ann', ...given },
    [{ path, message }],
  ]),
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
