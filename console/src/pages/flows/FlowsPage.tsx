import { Anchor, Button, Menu, Select, Text, TextInput } from '@mantine/core';
import { IconDots, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type FlowFacts, flowsQuery } from '../../api/flows.ts';
import { useMay } from '../../api/use-session.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { FlowBadge } from '../../parts/FlowBadge.tsx';
import { formatShare, shareOf } from '../../parts/format-number.ts';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { Toolbar } from '../../parts/Toolbar.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { type FlowTraffic, type ListedDraft, useDrafts, useFlowTraffic } from './flow-traffic.ts';
import { NewFlowPanel } from './NewFlowPanel.tsx';
import { type FlowFilter, filterFlows, readFlowFilter, readNewFlow } from './read-flow-filter.ts';

const route = getRouteApi('/signed-in/flows');

/** All flows, to find one, and to make one. */
export function FlowsPage() {
  useTitle('Flows');
  const mayRead = useMay('flows.read');
  const mayWrite = useMay('flows.write');
  return (
    <>
      <PageHeader title="Flows" text="What becomes of the leads of your sources.">
        {mayRead && mayWrite && (
          <>
            <MakeButton from="import" word="Import" isPlain />
            <MakeButton from="empty" word="New flow" />
          </>
        )}
      </PageHeader>
      {mayRead ? <Flows mayWrite={mayWrite} /> : <NoPermission what="flows" permission="flows.read" />}
    </>
  );
}

function MakeButton({ from, word, isPlain = false }: { from: 'empty' | 'import'; word: string; isPlain?: boolean }) {
  const search = route.useSearch();
  return (
    <Button
      variant={isPlain ? 'default' : 'filled'}
      renderRoot={(props) => <Link {...props} to="/flows" search={{ ...search, new: from }} />}
    >
      {word}
    </Button>
  );
}

/** A flow with what happens in it. */
interface FlowRow extends FlowFacts {
  draft: ListedDraft | undefined;
  /** undefined: not known. */
  traffic: FlowTraffic | undefined;
}

const NO_TRAFFIC: FlowTraffic = { submitted: 0, accepted: 0, p95: null };

const COLUMNS: readonly Column<FlowRow>[] = [
  {
    key: 'name',
    header: 'Name',
    wraps: 'wide',
    cell: ({ id, name }) => (
      <Anchor component={Link} to={`/flows/${id}`} inherit>
        <bdi>{name}</bdi>
      </Anchor>
    ),
  },
  { key: 'state', header: 'State', cell: ({ state }) => <FlowBadge state={state} /> },
  { key: 'sources', header: 'Sources', isNumber: true, onLaptop: 'leaves', cell: ({ sources }) => sources.length },
  {
    key: 'submitted',
    header: 'Leads in 24 h',
    isNumber: true,
    cell: ({ traffic }) => (traffic === undefined ? '–' : traffic.submitted.toLocaleString('en-US')),
  },
  { key: 'accepted', header: 'Accepted', isNumber: true, cell: ({ traffic }) => describeShare(traffic) },
  {
    key: 'p95',
    header: 'p95 ms',
    onLaptop: 'leaves',
    isNumber: true,
    cell: ({ traffic }) =>
      traffic === undefined || traffic.p95 === null ? '–' : Math.round(traffic.p95).toLocaleString('en-US'),
  },
  {
    key: 'draft',
    header: 'Draft',
    wraps: 'narrow',
    cell: ({ draft, id, name }) => draft && <DraftMark {...{ draft, id, name }} />,
  },
  { key: 'notes', header: 'To do', wraps: 'narrow', cell: listNotes },
  { key: 'updated_at', header: 'Last change', onLaptop: 'leaves', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
];

/** Of all leads that came; without one there is no share. */
function describeShare(traffic: FlowTraffic | undefined): string {
  if (traffic === undefined || traffic.submitted === 0) return '–';
  return formatShare(shareOf(traffic.accepted, traffic.submitted));
}

/** Somebody changes the flow, and nothing of it is live yet. */
function DraftMark({ draft, id, name }: { draft: ListedDraft; id: string; name: string }) {
  return (
    <Anchor
      inherit
      aria-label={`Draft of ${name} by ${draft.user.name}`}
      renderRoot={(props) => (
        <Link {...props} to="/flows/$flowId/edit/$part" params={{ flowId: id, part: 'sources' }} search={{}} />
      )}
    >
      by <bdi>{draft.user.name}</bdi>
    </Anchor>
  );
}

/** What somebody has to do before it runs as it is saved. */
function listNotes({ errors, isChanged }: FlowFacts): string {
  if (errors > 0) return errors === 1 ? '1 error' : `${errors} errors`;
  return isChanged ? 'Saved changes are not published' : '';
}

/** What can be done with a flow from the list. */
function RowMenu({ id, name, mayWrite }: { id: string; name: string; mayWrite: boolean }) {
  const navigate = route.useNavigate();
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button
          {...{ variant: 'default', size: 'compact-sm' }}
          rightSection={<IconDots size={16} aria-hidden />}
          aria-label={`More for ${name}`}
        >
          More
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to={`/flows/${id}/edit`}>
          {mayWrite ? 'Edit' : 'Look at its parts'}
        </Menu.Item>
        <Menu.Item component={Link} to={`/flows/${id}/history`}>
          History
        </Menu.Item>
        {mayWrite && (
          <Menu.Item onClick={() => void navigate({ search: (search) => ({ ...search, new: id }) })}>
            Duplicate
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

const SKELETON_ROWS = 12;
/** Rows that a browser draws at once. */
const SHOWN_MAX = 200;

function Flows({ mayWrite }: { mayWrite: boolean }) {
  const search = route.useSearch();
  const filter = readFlowFilter({ ...search });
  const navigate = route.useNavigate();
  const traffic = useFlowTraffic();
  const drafts = useDrafts();
  const { data: flows, error, refetch } = useQuery(flowsQuery);
  if (flows === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  const panel = (
    <NewFlowPanel
      kind={readNewFlow(search)}
      flows={flows}
      close={() => void navigate({ search: readFlowFilter({ ...search }) })}
    />
  );
  if (flows.length === 0)
    return (
      <>
        <NoFlows />
        {panel}
      </>
    );
  const found = filterFlows(flows, filter);
  const shown = found.slice(0, SHOWN_MAX).map((flow) => ({
    ...flow,
    draft: drafts.get(flow.id),
    traffic: traffic && (traffic.get(flow.id) ?? NO_TRAFFIC),
  }));
  const columns: readonly Column<FlowRow>[] = [
    ...COLUMNS,
    { key: 'more', header: 'More', cell: ({ id, name }) => <RowMenu {...{ id, name, mayWrite }} /> },
  ];
  return (
    <>
      {panel}
      <Filters filter={filter} />
      {found.length === 0 ? (
        <EmptyState title="No flows match" text={`None of ${flows.length} flows has ${describeFilter(filter)}.`}>
          <Button component={Link} to="/flows" variant="default">
            Show all flows
          </Button>
        </EmptyState>
      ) : (
        <DataTable caption="Flows" isList columns={columns} rows={shown} getKey={({ id }) => id} />
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
  { value: 'live', label: 'On' },
  { value: 'off', label: 'Off' },
  { value: 'test', label: 'Never published' },
];

/** Typing replaces the address; a choice can be undone with the back button. */
function Filters({ filter }: { filter: FlowFilter }) {
  const navigate = route.useNavigate();
  return (
    <Toolbar>
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
    </Toolbar>
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
      text="A flow takes leads of sources, checks them and delivers them to recipients. The setup adds a first one and sends a lead to it."
    >
      <Button component={Link} to="/setup">
        Go to the setup
      </Button>
    </EmptyState>
  );
}
