import { expect, it } from 'vitest';
import { findOtherColumns, readRemembered, remember } from './remembered-columns.ts';

function openStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  } as Storage;
}

it('columns are read as in the last import of the same source', () => {
  const storage = openStorage();
  remember(
    'flow source',
    [
      { name: 'Notes', field: 'comments' },
      { name: 'Tel', field: null },
      { name: null, field: 'email' },
    ],
    storage,
  );
  const columns = [
    { column: 1, name: 'Tel', field: 'phone_1' },
    { column: 2, name: 'Notes', field: null },
    { column: 3, name: 'E-Mail', field: 'email' },
  ];
  const remembered = readRemembered('flow source', storage);
  expect(findOtherColumns(columns, { remembered, fields: ['comments', 'phone_1'] })).toEqual({
    '1': null,
    '2': 'comments',
  });
  expect(findOtherColumns(columns, { remembered, fields: ['phone_1'] })).toEqual({ '1': null });
  expect(readRemembered('another', storage)).toEqual({});
});

it('of sources the last 50 are remembered, and nothing that is broken', () => {
  const storage = openStorage();
  for (let place = 0; place < 60; place++) remember(String(place), [{ name: 'a', field: 'b' }], storage);
  expect(readRemembered('9', storage)).toEqual({});
  expect(readRemembered('10', storage)).toEqual({ a: 'b' });
  storage.setItem('sluice-import-columns', '{');
  expect(readRemembered('10', storage)).toEqual({});
});
