import { describe, expect, it } from 'vitest';
import { isList, splitValues } from './split-values.ts';

describe('pasted values', () => {
  it.each([
    ['one a line', '73301\n73344\r\n78701', ['73301', '73344', '78701'], 0],
    ['a row of a spreadsheet', 'TX\tOK\tNM', ['TX', 'OK', 'NM'], 0],
    ['commas and spaces', 'TX, OK ,NM,', ['TX', 'OK', 'NM'], 0],
    ['a comma inside quotes', '"Doe, Ann"\nRay', ['Doe, Ann', 'Ray'], 0],
    ['the same in another case', 'TX, tx, Tx', ['TX'], 2],
    ['of those there are', 'TX, OK', ['OK'], 1, ['tx']],
    ['nothing', ' \n ', [], 0],
  ])('%s', (_, text, added, repeated, before: string[] = []) => {
    expect(splitValues(text, before)).toEqual({ added, repeated });
  });

  it('of five hundred ZIP codes are five hundred', () => {
    const codes = Array.from({ length: 500 }, (_, index) => String(70_000 + index));
    expect(splitValues([...codes, ...codes.slice(0, 12)].join('\n'))).toEqual({ added: codes, repeated: 12 });
  });

  it('are a list when something separates them', () => {
    expect(['TX', 'a b', 'TX,OK', 'TX\n', 'TX\nOK', 'a\tb'].map(isList)).toEqual([
      false,
      false,
      true,
      false,
      true,
      true,
    ]);
  });
});
