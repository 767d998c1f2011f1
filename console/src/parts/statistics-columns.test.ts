import { expect, it } from 'vitest';
import * as ofPages from '../../../src/reports/page/column-words.ts';
import { COLUMN_NAMES } from '../../../src/statistics/columns.ts';
import {
  COLUMN_GROUPS,
  formatColumn,
  GROUPINGS,
  isMean,
  nameColumn,
  nameGrouping,
  unitOf,
} from './statistics-columns.ts';

it('every column of the API is in a group, once', () => {
  expect(COLUMN_GROUPS.flatMap(({ columns }) => columns).toSorted()).toEqual([...COLUMN_NAMES].toSorted());
});

it('columns and groupings have the words and numbers that the page of a shared report has', () => {
  for (const column of COLUMN_NAMES) {
    expect([unitOf(column), nameColumn(column)]).toEqual([ofPages.unitOf(column), ofPages.nameColumn(column)]);
    // Shares of pings are means of their own unit; both say so.
    expect([column, isMean(column)]).toEqual([column, ofPages.isMean(column)]);
    for (const value of [null, 0, 0.0001, 0.5, 0.1234, 1, 1234.5, -3])
      expect([column, formatColumn(column, value)]).toEqual([column, ofPages.formatColumn(column, value)]);
  }
  for (const property of [...Object.keys(GROUPINGS), 'vars.lead.state'])
    expect(nameGrouping(property)).toBe(ofPages.nameGrouping(property));
});
