import { expect, it } from 'vitest';
import { keepNeighbours, noteOpened, readNeighbours, takeOpened } from './neighbours.ts';

function createStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    length: 0,
    key: () => null,
    clear: () => kept.clear(),
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

it('knows the list that a lead was opened from', () => {
  const storage = createStorage();
  expect(readNeighbours(storage)).toBeNull();
  keepNeighbours({ ids: ['a', 'b', 'a'], href: '/leads?outcome=error' }, storage);
  expect(readNeighbours(storage)).toEqual({ ids: ['a', 'b'], href: '/leads?outcome=error' });
});

it.each(['{', '{"ids":[1],"href":"/"}', '{"ids":["a"],"href":"https://example.com"}', 'null'])(
  'takes %s for none',
  (text) => {
    const storage = createStorage();
    storage.setItem('sluice-neighbours', text);
    expect(readNeighbours(storage)).toBeNull();
  },
);

it('gives the focus back once', () => {
  const storage = createStorage();
  noteOpened('a', storage);
  expect([takeOpened(storage), takeOpened(storage)]).toEqual(['a', null]);
});
