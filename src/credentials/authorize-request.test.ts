import { describe, expect, it } from 'vitest';
import { authorizeRequest } from './authorize-request.ts';

const REQUEST = { url: 'https://crm.example.com/leads', method: 'POST', headers: { Accept: 'application/json' } };
const HEADER = { kind: 'header', name: 'X-Api-Key', value: 'secret' } as const;
const QUERY = { kind: 'query', name: 'api key', value: 'a&b' } as const;

describe('a header of a credential', () => {
  it('is added, and a redirect to another origin does not get it', () => {
    expect(authorizeRequest(REQUEST, HEADER)).toEqual({
      ...REQUEST,
      headers: { Accept: 'application/json', 'X-Api-Key': 'secret' },
      secretHeaders: ['X-Api-Key'],
    });
  });

  it('stays as it is mapped, in any case', () => {
    const mapped = { ...REQUEST, headers: { 'x-api-KEY': 'mapped' } };
    expect(authorizeRequest(mapped, HEADER)).toBe(mapped);
  });
});

describe('a parameter of a credential', () => {
  // biome-ignore format: a table reads better in rows
  it.each([
    ['begins a query', 'https://a.example.com/p', 'https://a.example.com/p?api%20key=a%26b'],
    ['goes behind a query', 'https://a.example.com/p?x=1', 'https://a.example.com/p?x=1&api%20key=a%26b'],
    ['goes behind an open query', 'https://a.example.com/p?x=1&', 'https://a.example.com/p?x=1&api%20key=a%26b'],
    ['goes before a fragment', 'https://a.example.com/p#top?x', 'https://a.example.com/p?api%20key=a%26b#top?x'],
    ['leaves what is written already', 'https://a.example.com/p?q=%7B%20%7D', 'https://a.example.com/p?q=%7B%20%7D&api%20key=a%26b'],
    ['stays as it is mapped', 'https://a.example.com/p?api+key=mapped', 'https://a.example.com/p?api+key=mapped'],
  ])('%s', (_, url, expected) => {
    expect(authorizeRequest({ ...REQUEST, url }, QUERY)).toEqual({ ...REQUEST, url: expected });
  });
});

it('without an authorization a request is as it was', () => {
  expect(authorizeRequest(REQUEST, null)).toBe(REQUEST);
});
