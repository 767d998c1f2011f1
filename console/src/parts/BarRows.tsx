import type { ReactNode } from 'react';
import classes from './BarRows.module.css';
import { formatCount } from './format-number.ts';

export interface BarRow {
  key: string;
  /** What it is of; may be a link. */
  label: ReactNode;
  count: number;
  /** The number as it is shown; as a count unless given. */
  value?: string;
  /** Beside the number. */
  note?: ReactNode;
}

/** Counts as bars from 0 beside their names: a table, so that readers have the same. `most`: what a whole bar is of. */
export function BarRows(given: {
  caption: string;
  head: readonly [label: string, count: string, note?: string];
  rows: readonly BarRow[];
  most?: number;
}) {
  const { caption, head, rows, most = Math.max(1, ...rows.map(({ count }) => count)) } = given;
  const hasNotes = head[2] !== undefined;
  return (
    <table className={classes['rows']}>
      <caption className={classes['unseen']}>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{head[0]}</th>
          <th scope="col" data-bar>
            <span className={classes['unseen']}>Share</span>
          </th>
          <th scope="col" data-number>
            {head[1]}
          </th>
          {hasNotes && (
            <th scope="col" data-number>
              {head[2]}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, label, count, value, note }) => (
          <tr key={key}>
            <th scope="row">{label}</th>
            <td data-bar>
              <Bar share={count / Math.max(1, most)} />
            </td>
            <td data-number>{value ?? formatCount(count)}</td>
            {hasNotes && <td data-number>{note}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What is not 0 is seen. The number beside it says the same. */
export function Bar({ share, tone = 'plain' }: { share: number; tone?: 'plain' | 'success' | 'failure' | 'error' }) {
  const width = share <= 0 ? 0 : Math.max(1, Math.min(1, share) * 100);
  return (
    <svg className={classes['bar']} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden>
      <rect width="100" height="8" data-ground />
      <rect width={width} height="8" data-tone={tone} />
    </svg>
  );
}
