import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { memo, type PointerEvent, type ReactNode } from 'react';
import classes from './DataTable.module.css';
import { noteOverflow } from './note-overflow.ts';

export interface Column<Row> {
  key: string;
  header: string;
  /** In the place of the header, which screen readers still say. */
  headerCell?: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Numbers are at the right, so that they compare. */
  isNumber?: boolean;
  /** Can rows be sorted by it? */
  isSorted?: boolean;
  /** Of a column whose texts may be long: they wrap instead of making the table wide, and are cut off in lists. `wide`: with half of the width; `narrow`: few have it. */
  wraps?: boolean | 'wide' | 'narrow';
  /** In lists on screens of less than 1280 px, so that what tells rows apart has the room: it wraps, or it leaves for the page of the row. */
  onLaptop?: 'wraps' | 'leaves';
  /** In lists, what is shown whole to a pointer that rests, when it is more than the cell says. */
  textOf?: (row: Row) => string | null | undefined;
}

export interface Sorting {
  key: string;
  direction: 'asc' | 'desc';
}

interface DataTableProps<Row> {
  /** Said by screen readers: what the rows are. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  getKey: (row: Row) => string;
  sorting?: Sorting | undefined;
  onSort?: (sorting: Sorting) => void;
  /** Rows of one line, as many on a page as the person chose (`use-density.ts`). Absent: long texts wrap. */
  isList?: boolean;
  /** Rows stand out: chosen ones, and those that came just now. */
  markOf?: (row: Row) => 'chosen' | 'new' | undefined;
  /** Of all rows; it stays at the end while the others scroll. */
  total?: Row;
}

/**
 * A table that fills the page and scrolls sideways by itself when it must; its head and first column stay. On a phone each row
 * is a paragraph of names and values, but for tables with a total: their numbers compare in columns alone. It shows rows in the order
 * in which they are given: sorting is a question to the server.
 */
export function DataTable<Row>({ caption, columns, rows, getKey, ...more }: DataTableProps<Row>) {
  const { sorting, onSort, isList, markOf, total } = more;
  return (
    <section
      ref={noteOverflow}
      className={classes['frame']}
      data-pinned={total !== undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard (WCAG 2.1.1)
      tabIndex={0}
      aria-label={caption}
    >
      <table className={classes['table']} data-list={isList} onPointerOver={isList ? tellWhole : undefined}>
        <caption className={classes['caption']}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.key} {...{ column, sorting, onSort }} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row
              key={getKey(row)}
              row={row}
              columns={columns as readonly Column<unknown>[]}
              mark={markOf?.(row)}
              isList={isList}
            />
          ))}
        </tbody>
        {total !== undefined && (
          <tfoot>
            <tr>
              {columns.map(({ key, cell, isNumber, wraps }) => (
                <td key={key} data-number={isNumber} data-wraps={wraps}>
                  {cell(total)}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </section>
  );
}

/** What is cut off is said whole to a pointer that rests; the focus in the row shows it. */
function tellWhole({ target }: PointerEvent<HTMLElement>) {
  const cell = (target as Element).closest('td');
  const text = cell?.querySelector(`:scope > .${classes['cut']}`);
  if (!cell || !text || cell.title !== '') return;
  if (text.scrollWidth > text.clientWidth || text.scrollHeight > text.clientHeight) cell.title = text.textContent ?? '';
}

/** Drawn anew only when the row, its mark or the columns are others: pages keep their columns from one drawing to the next. */
const Row = memo(function Row(given: {
  row: unknown;
  columns: readonly Column<unknown>[];
  mark: string | undefined;
  isList: boolean | undefined;
}) {
  const { row, columns, mark, isList } = given;
  return (
    <tr data-mark={mark}>
      {columns.map(({ key, header, cell, isNumber, wraps, onLaptop, textOf }) => (
        <td
          key={key}
          data-label={header}
          data-number={isNumber}
          data-wraps={wraps}
          data-laptop={onLaptop}
          title={textOf?.(row) ?? undefined}
        >
          {isList && wraps ? <div className={classes['cut']}>{cell(row)}</div> : cell(row)}
        </td>
      ))}
    </tr>
  );
});

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const;

function HeaderCell<Row>(given: {
  column: Column<Row>;
  sorting: Sorting | undefined;
  onSort: ((sorting: Sorting) => void) | undefined;
}) {
  const { column, sorting, onSort } = given;
  const { key, header, headerCell, isNumber, isSorted, onLaptop } = column;
  if (!isSorted || onSort === undefined)
    return (
      <th scope="col" data-number={isNumber} data-laptop={onLaptop}>
        {headerCell ?? header}
      </th>
    );
  const direction = sorting?.key === key ? sorting.direction : undefined;
  const Icon = direction === undefined ? IconArrowsSort : direction === 'asc' ? IconArrowUp : IconArrowDown;
  return (
    <th
      scope="col"
      data-number={isNumber}
      data-laptop={onLaptop}
      aria-sort={direction === undefined ? 'none' : ARIA_SORT[direction]}
    >
      <button
        type="button"
        className={classes['sort']}
        onClick={() => onSort({ key, direction: direction === 'desc' ? 'asc' : 'desc' })}
      >
        {header}
        <Icon size={14} aria-hidden />
      </button>
    </th>
  );
}
