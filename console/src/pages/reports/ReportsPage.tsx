import { Anchor, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { nameGrouping } from '../../../../src/reports/page/column-words.ts';
import { type Report, reportsQuery } from '../../api/reports.ts';
import { useMay } from '../../api/use-session.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { describeFrame } from './report-words.ts';

/** Questions to the statistics: those that every account has, and its own. */
export function ReportsPage() {
  useTitle('Reports');
  const mayRead = useMay('reports.read');
  const mayWrite = useMay('flows.write');
  return (
    <>
      <PageHeader title="Reports" text="Counts and money by flow, source, recipient or anything else of a lead.">
        {mayRead && mayWrite && (
          <Button component={Link} to="/reports/new">
            New report
          </Button>
        )}
      </PageHeader>
      {mayRead ? <Reports /> : <NoPermission what="reports" permission="reports.read" />}
    </>
  );
}

const COLUMNS: readonly Column<Report>[] = [
  {
    key: 'name',
    header: 'Name',
    wraps: true,
    cell: ({ id, name }) => (
      <Anchor component={Link} to={`/reports/${id}`} inherit>
        <bdi>{name}</bdi>
      </Anchor>
    ),
  },
  {
    key: 'groups',
    header: 'Split by',
    wraps: true,
    cell: ({ group_by: groups }) => (groups.length === 0 ? '–' : groups.map(nameGrouping).join(', ')),
  },
  { key: 'time', header: 'Time', onLaptop: 'wraps', cell: ({ timeframe }) => describeFrame(timeframe) },
  {
    key: 'kind',
    header: 'Kind',
    cell: ({ read_only: isBuiltIn }) => (isBuiltIn ? 'Built in' : 'Saved'),
  },
  {
    key: 'share',
    header: 'Link',
    onLaptop: 'wraps',
    cell: ({ share_expires_at: at }) =>
      at === null ? (
        '–'
      ) : (
        <>
          until <Time at={at} />
        </>
      ),
  },
  {
    key: 'mail',
    header: 'Next mail',
    onLaptop: 'wraps',
    cell: ({ next_mail_at: at, mail_fault: fault }) =>
      fault === null ? at === null ? '–' : <Time at={at} /> : <OutcomeBadge status="error" word="Not mailed" />,
  },
];

const SKELETON_ROWS = 10;

function Reports() {
  const { data, error, refetch } = useQuery(reportsQuery);
  if (data === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  // One's own first: they were made for a reason.
  const rows = data.toSorted((one, other) => Number(one.read_only) - Number(other.read_only));
  return <DataTable caption="Reports" columns={COLUMNS} rows={rows} getKey={({ id }) => id} isList />;
}
