import type { TestLeadResults } from '../../../../client/src/client.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { formatMoney } from '../../parts/format-money.ts';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import styles from './test-leads.module.css';

type Result = TestLeadResults['results'][number];

/** What each test lead should come to, and what it came to; those that fail first. */
export function TestResults({ results }: { results: readonly Result[] }) {
  const rows = results.toSorted((one, other) => Number(one.passed) - Number(other.passed));
  return <DataTable caption="Results of the test leads" columns={COLUMNS} rows={rows} getKey={({ id }) => id} />;
}

const COLUMNS: readonly Column<Result>[] = [
  { key: 'name', header: 'Test lead', wraps: true, cell: ({ name }) => <bdi>{name}</bdi> },
  {
    key: 'result',
    header: 'Result',
    cell: ({ passed }) => <OutcomeBadge status={passed ? 'success' : 'error'} word={passed ? 'Passed' : 'Failed'} />,
  },
  { key: 'expected', header: 'Expected', wraps: true, cell: ({ expected }) => <End end={expected} /> },
  {
    key: 'got',
    header: 'Came to',
    wraps: true,
    cell: ({ got, problem }) => (got === null ? <bdi>{problem ?? 'It could not be run.'}</bdi> : <End end={got} />),
  },
];

interface Ending {
  outcome: string;
  reason?: string | null;
  price?: number;
}

/** An outcome with price and reason. */
export function End({ end }: { end: Ending | null }) {
  if (end === null) return 'Hidden';
  return (
    <span className={styles['end']}>
      <OutcomeBadge status={end.outcome} />
      {end.price !== undefined && <span>{formatMoney(end.price)}</span>}
      {end.reason && <bdi>{end.reason}</bdi>}
    </span>
  );
}
