import { Anchor, Button, Group, Select, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type FlowFacts, flowsQuery } from '../../api/flows.ts';
import { useMay } from '../../api/use-session.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { FlowBadge } from '../../parts/FlowBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { type FlowFilter, filterFlows, readFlowFilter } from './read-flow-filter.ts';

const route = getRouteApi('/signed-in/flows');

/** All flows, to find one. */
export function FlowsPage() {
  useTitle('Flows');
  const mayRead = useMay('flows.read');
  return (
    <>
      <PageHeader title="Flows" text="What becomes of the leads of your sources. Open one to see its sources." />
      {mayRead ? (
        <Flows />
      ) : (
        <EmptyState
          title="You may not see flows"
          text="Your role lacks the permission flows.read. An owner can give you another role."
        />
      )}
    </>
  );
}

const COLUMNS: readonly Column<FlowFacts>[] = [
  {
    key: 'name',
    header: 'Name',
    wraps: true,
    cell: ({ id, name }) => (
      <Anchor component={Link} to={`/flows/${id}`} inherit>
        <bdi>{name}</bdi>
      </Anchor>
    ),
  },
  { key: 'state', header: 'State', cell: ({ state }) => <FlowBadge state={state} /> },
  { key: 'sources', header: 'Sources', isNumber: true, cell: ({ sources }) => sources.length },
  { key: 'notes', header: 'To do', wraps: true, cell: listNotes },
  { key: 'updated_at', header: 'Last change', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
];

/** What somebody has to do before it runs as it is saved. */
function listNotes({ errors, isChanged }: FlowFacts): string {
  if (errors > 0) return errors === 1 ? '1 error' : `${errors} errors`;
  return isChanged ? 'Saved changes are not deployed' : '';
}

const SKELETON_ROWS = 12;
/** Rows that a browser draws at once. */
const SHOWN_MAX = 200;

function Flows() {
  const filter = route.useSearch();
  const { data: flows, error, refetch } = useQuery(flowsQuery);
  if (flows === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  if (flows.length === 0) return <NoFlows />;
  const found = filterFlows(flows, filter);
  const shown = found.slice(0, SHOWN_MAX);
  return (
    <>
      <Filters filter={filter} />
      {found.length === 0 ? (
        <EmptyState title="No flows match" text={`None of ${flows.length} flows has ${describeFilter(filter)}.`}>
          <Button component={Link} to="/flows" variant="default">
            Show all flows
          </Button>
        </EmptyState>
      ) : (
        <DataTable caption="Flows" columns={COLUMNS} rows={shown} getKey={({ id }) => id} />
      )}
      <Text c="dimmed" size="sm" mt="sm" role="status">
        {found.length > SHOWN_MAX
          ? `The first ${SHOWN_MAX} of ${found.length} flows are shown. Find others by a part of their name.`
          : `${found.length} of ${flows.length} flows`}
      </Text>
    </>
  );
}

const STATES = [
  { value: 'live', label: 'Live' },
  { value: 'off', label: 'Off' },
  { value: 'test', label: 'Never deployed' },
];

/** Typing replaces the address; a choice can be undone with the back button. */
function Filters({ filter }: { filter: FlowFilter }) {
  const navigate = route.useNavigate();
  return (
    <Group gap="sm" mb="md" align="flex-end">
      <TextInput
        label="Find"
        placeholder="A flow or a source"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={filter.q ?? ''}
        onChange={({ currentTarget: { value } }) =>
          void navigate({ search: readFlowFilter({ ...filter, q: value }), replace: true })
        }
        maxLength={200}
        w={260}
      />
      <Select
        label="State"
        data={[{ value: '', label: 'All' }, ...STATES]}
        value={filter.state ?? ''}
        onChange={(state) => void navigate({ search: readFlowFilter({ ...filter, state }) })}
        allowDeselect={false}
        w={180}
      />
    </Group>
  );
}

function describeFilter({ q, state }: FlowFilter): string {
  const word = STATES.find(({ value }) => value === state)?.label.toLowerCase();
  return [q && `"${q}" in its name or sources`, word && `the state ${word}`].filter(Boolean).join(' and ');
}

function NoFlows() {
  return (
    <EmptyState
      title="No flows yet"
      text="A flow takes leads of sources, checks them and delivers them to recipients. The setup adds a first one."
    >
      <Button component={Link} to="/setup">
        Add a flow
      </Button>
    </EmptyState>
  );
}
