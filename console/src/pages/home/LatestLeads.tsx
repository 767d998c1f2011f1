import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type LatestLead, latestLeadsQuery } from '../../api/leads.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { LeadLink } from '../../parts/LeadLink.tsx';
import { Money } from '../../parts/Money.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Time } from '../../parts/Time.tsx';
import { Widget, WidgetBody } from '../../parts/Widget.tsx';

const COLUMNS: readonly Column<LatestLead>[] = [
  {
    key: 'submitted_at',
    header: 'Submitted',
    cell: ({ id, submitted_at }) =>
      id !== undefined && submitted_at !== undefined ? (
        <LeadLink id={id}>
          <Time at={submitted_at} />
        </LeadLink>
      ) : null,
  },
  { key: 'outcome', header: 'Outcome', cell: ({ outcome }) => outcome && <OutcomeBadge status={outcome} /> },
  { key: 'reason', header: 'Reason', wraps: true, cell: ({ reason }) => reason, textOf: ({ reason }) => reason },
  {
    key: 'flow',
    header: 'Flow',
    wraps: true,
    cell: ({ flow }) => <bdi>{flow?.name ?? flow?.id}</bdi>,
    textOf: ({ flow }) => flow?.name,
  },
  {
    key: 'source',
    header: 'Source',
    wraps: true,
    cell: ({ source }) => <bdi>{source?.name ?? source?.id}</bdi>,
    textOf: ({ source }) => source?.name,
  },
  {
    ...{ key: 'price', header: 'Price, USD', isNumber: true },
    cell: ({ price }) => <Money dollars={price} isInColumn />,
  },
];

const HEIGHT = 356;

/** What came in last; the table follows new leads by itself. */
export function LatestLeads() {
  const query = useQuery(latestLeadsQuery);
  return (
    <Widget
      title="Latest leads"
      aside={
        <Anchor component={Link} to="/leads" size="sm">
          All leads
        </Anchor>
      }
    >
      <WidgetBody query={query} height={HEIGHT}>
        {(leads) => (
          <DataTable caption="Latest leads" columns={COLUMNS} rows={leads} getKey={({ id }) => id ?? ''} isList />
        )}
      </WidgetBody>
    </Widget>
  );
}
