import { expect, it } from 'vitest';
import { COLUMN_NAMES } from '../../../src/statistics/columns.ts';
import { COLUMN_GROUPS } from './statistics-columns.ts';

it('every column of the API is in a group, once', () => {
  expect(COLUMN_GROUPS.flatMap(({ columns }) => columns).toSorted()).toEqual([...COLUMN_NAMES].toSorted());
});
