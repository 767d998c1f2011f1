import { expect, it } from 'vitest';
import type { Query } from './build-path.ts';
import { iteratePages, type Page } from './iterate-pages.ts';

/** Entries `1` to `count`, newest first unless `sort` is asc, as the server pages them. */
function listOf(count: number) {
  const asked: Query[] = [];
  const readPage = async (query: Query): Promise<Page> => {
    asked.push(query);
    const ids = Array.from({ length: count }, (_, index) => String(index + 1).padStart(3, '0'));
    const { sort, before_id: before = '999', after_id: after = '', limit } = query;
    const wanted = ids.filter((id) => id < String(before) && id > String(after));
    const sorted = sort === 'asc' ? wanted : wanted.reverse();
    return { entries: sorted.slice(0, Number(limit)).map((id) => ({ id })), truncatedAt: null };
  };
  return { asked, readPage };
}

async function collect(query: Query, { readPage }: { readPage: (query: Query) => Promise<Page> }): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const entry of iteratePages('id', { query, readPage })) found.push(entry);
  return found;
}

it.each([
  ['fewer than a page', 3, { limit: 5 }, 1],
  ['exactly a page', 5, { limit: 5 }, 2],
  ['several pages', 12, { limit: 5 }, 3],
  ['nothing', 0, {}, 1],
])('yields every entry once, in order, of %s', async (_name, count, query, requests) => {
  for (const sort of ['asc', 'desc']) {
    const list = listOf(count);
    const ids = (await collect({ ...query, sort }, list)).map((entry) => (entry as { id: string }).id); // as `listOf` makes them
    expect(ids).toEqual(sort === 'asc' ? ids.toSorted() : ids.toSorted().reverse());
    expect([new Set(ids).size, ids.length]).toEqual([count, count]);
    expect(list.asked).toHaveLength(requests);
  }
});

it('asks for no page before it is needed', async () => {
  const list = listOf(100);
  for await (const _entry of iteratePages('id', { query: { limit: 10 }, readPage: list.readPage })) break;
  expect(list.asked).toEqual([{ limit: 10 }]);
});

it.each<[Query, Query]>([
  [{ include: ['outcome'] }, { include: ['outcome', 'id'], limit: 200 }],
  [{ include: 'outcome,id' }, { include: ['outcome', 'id'], limit: 200 }],
  [{ exclude: ['id', 'vars'] }, { exclude: ['vars'], limit: 200 }],
  [{ exclude: ['id'] }, { exclude: undefined, limit: 200 }],
  [{ flow_id: 'a' }, { flow_id: 'a', limit: 200 }],
])('always fetches what pages go on by: %j', async (query, asked) => {
  const list = listOf(1);
  await collect(query, list);
  expect(list.asked).toEqual([asked]);
});

it('goes on behind the bound of a search, though the page is short', async () => {
  const pages: Page[] = [
    { entries: [], truncatedAt: '050' },
    { entries: [{ id: '010' }], truncatedAt: null },
  ];
  const asked: Query[] = [];
  const readPage = async (query: Query) => {
    asked.push(query);
    return pages.shift() ?? { entries: [], truncatedAt: null };
  };
  expect(await collect({ limit: 10 }, { readPage })).toEqual([{ id: '010' }]);
  expect(asked).toEqual([{ limit: 10 }, { limit: 10, before_id: '050' }]);
});

it('ends with an error where a server does not go on', async () => {
  const readPage = async () => ({ entries: [{ id: '1' }], truncatedAt: null });
  await expect(collect({ limit: 1 }, { readPage })).rejects.toThrow('The list does not go on behind before_id 1.');
});
