import { Anchor, Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { flowNamesQuery } from '../../api/flows.ts';
import { type LatestLead, type LeadFilter, latestLeadsQuery } from '../../api/leads.ts';
import { problemCountQuery } from '../../api/problems.ts';
import { useMay } from '../../api/use-session.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { LeadLink } from '../../parts/LeadLink.tsx';
import { Money } from '../../parts/Money.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { useTitle } from '../../parts/use-title.ts';

const route = getRouteApi('/signed-in/');

/** What came in last, and what became of it. */
export function HomePage() {
  useTitle('Home');
  const filter = route.useSearch();
  const mayRead = useMay('leads.read');
  return (
    <>
      <PageHeader title="Home" text="The latest leads. The table follows new ones by itself.">
        {mayRead && (
          <Anchor component={Link} to="/leads">
            All leads
          </Anchor>
        )}
      </PageHeader>
      {mayRead && <OpenProblems />}
      <Filters filter={filter} />
      {mayRead ? (
        <LatestLeads filter={filter} />
      ) : (
        <EmptyState
          title="You may not see leads"
          text="Your role lacks the permission leads.read. An owner can give you another role."
        />
      )}
    </>
  );
}

/** Shown when somebody must act, and not otherwise. */
function OpenProblems() {
  const { data: count = 0 } = useQuery(problemCountQuery);
  if (count === 0) return null;
  return (
    <Group gap="sm" mb="md">
      <OutcomeBadge status="error" word={`${count} open ${count === 1 ? 'problem' : 'problems'}`} />
      <Anchor component={Link} to="/problems">
        Show what fails
      </Anchor>
    </Group>
  );
}

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
  { key: 'reason', header: 'Reason', wraps: true, cell: ({ reason }) => reason },
  { key: 'flow', header: 'Flow', wraps: true, cell: ({ flow }) => flow?.name ?? flow?.id },
  { key: 'source', header: 'Source', wraps: true, cell: ({ source }) => source?.name ?? source?.id },
  { key: 'price', header: 'Price', isNumber: true, cell: ({ price }) => <Money dollars={price} /> },
];

const SKELETON_ROWS = 12;

function LatestLeads({ filter }: { filter: LeadFilter }) {
  const { data: leads, error, refetch } = useQuery(latestLeadsQuery(filter));
  if (leads === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  if (leads.length > 0)
    return <DataTable caption="Latest leads" columns={COLUMNS} rows={leads} getKey={({ id }) => id ?? ''} />;
  return Object.keys(filter).length > 0 ? (
    <EmptyState title="No leads match" text="Leads that match the filters above will show here as they come." />
  ) : (
    <EmptyState
      title="No leads yet"
      text="A lead is a person's answer that a source sends. The setup shows how to send the first one, and waits for it."
    >
      <Button component={Link} to="/setup">
        Send the first lead
      </Button>
    </EmptyState>
  );
}

/** What the URL asks for, in words. */
function Filters({ filter }: { filter: LeadFilter }) {
  const { data: flows = [] } = useQuery({ ...flowNamesQuery, enabled: useMay('flows.read') });
  if (Object.keys(filter).length === 0) return null;
  const flow = flows.find(({ id }) => id === filter.flow_id);
  const source = flow?.sources.find(({ id }) => id === filter.source_id);
  const parts = [
    filter.outcome && `outcome ${filter.outcome}`,
    filter.flow_id && `flow ${flow?.name ?? filter.flow_id}`,
    filter.source_id && `source ${source?.name ?? filter.source_id}`,
  ];
  return (
    <Group gap="sm" mb="md">
      <span>Only {parts.filter(Boolean).join(', ')}</span>
      <Anchor component={Link} to="/">
        Clear
      </Anchor>
    </Group>
  );
}
