import { expect, it } from 'vitest';
import { findNewSources } from './find-new-sources.ts';

const source = (id: string, name?: string) => ({ id, ...(name !== undefined && { entity: { name } }) }) as never;

it.each([
  ['all where nothing was live', null, ['Acme', 'b']],
  ['those that are not live', { sources: [{ id: 'a' }] }, ['b']],
  ['none where all are live', { sources: [{ id: 'a' }, { id: 'b' }] }, []],
])('new sources are %s', (_, live, names) => {
  const draft = { sources: [source('a', 'Acme'), source('b')] };
  expect(findNewSources(live, draft).map(({ name }) => name)).toEqual(names);
});
