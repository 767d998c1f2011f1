import { useMemo } from 'react';
import { formatColumn, nameColumn } from '../../../../src/reports/page/column-words.ts';
import { type Column, DataTable, type Sorting } from '../../parts/DataTable.tsx';
import { formatChange } from '../../parts/format-number.ts';
import { RowAnchor } from '../../parts/RowAnchor.tsx';
import type { ShownRow } from './report-rows.ts';
import classes from './reports.module.css';

/** The rows of a report with its totals, which stay at the end. A number is a link to the events behind it. */
export function ReportTable(given: {
  caption: string;
  groups: readonly string[];
  /** A part of the time by where it begins, ISO 8601; null: the time is not split. */
  namePart: ((at: string) => string) | null;
  columns: readonly string[];
  rows: readonly ShownRow[];
  total: ShownRow | null;
  /** Absent: rows are in the order of the server. */
  sorting?: Sorting | undefined;
  sort?: (sorting: Sorting) => void;
}) {
  const { caption, groups, namePart, columns, rows, total, sorting, sort } = given;
  const shown = useMemo(() => listColumns({ groups, namePart, columns }), [groups, namePart, columns]);
  return (
    <DataTable
      caption={caption}
      columns={shown}
      rows={rows}
      getKey={({ key }) => key}
      sorting={sorting}
      {...(sort !== undefined && { onSort: sort })}
      {...(total !== null && { total })}
    />
  );
}

function listColumns(given: {
  groups: readonly string[];
  namePart: ((at: string) => string) | null;
  columns: readonly string[];
}): Column<ShownRow>[] {
  const { groups, namePart, columns } = given;
  const isFirst = (place: number) => place === 0;
  const heads = groups.map(
    (header, place): Column<ShownRow> => ({
      ...{ key: `group:${place}`, header, wraps: true, isSorted: true },
      cell: (row) => (row.key === 'total' ? isFirst(place) && 'Total' : <bdi>{row.groups[place]}</bdi>),
    }),
  );
  const time: Column<ShownRow>[] = namePart
    ? [
        {
          ...{ key: 'at', header: 'From', isSorted: true },
          cell: (row) =>
            row.at === null ? groups.length === 0 && 'Total' : <time dateTime={row.at}>{namePart(row.at)}</time>,
        },
      ]
    : [];
  const whole: Column<ShownRow>[] =
    groups.length === 0 && namePart === null
      ? [{ key: 'all', header: 'Of', cell: (row) => (row.key === 'total' ? 'Total' : 'All') }]
      : [];
  return [
    ...whole,
    ...heads,
    ...time,
    ...columns.map(
      (column): Column<ShownRow> => ({
        ...{ key: column, header: nameColumn(column), isNumber: true, isSorted: true },
        cell: (row) => <Value row={row} column={column} />,
      }),
    ),
  ];
}

function Value({ row, column }: { row: ShownRow; column: string }) {
  const value = row.values[column] ?? null;
  const path = row.links[column];
  const text = formatColumn(column, value);
  const before = row.before[column];
  return (
    <>
      {path === undefined ? (
        <span className={classes['plain']}>{text}</span>
      ) : (
        <RowAnchor to={path} isTall>
          {text}
        </RowAnchor>
      )}
      {before !== undefined && (
        <span className={classes['before']}>
          {value === null || before === null
            ? `${formatColumn(column, before)} before`
            : (formatChange(value, before) ?? (value === 0 ? 'no change' : 'none before'))}
        </span>
      )}
    </>
  );
}
