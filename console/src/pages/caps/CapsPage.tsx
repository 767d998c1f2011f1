import { Anchor, Button, Select, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { allCapsQuery, allPingLimitsQuery, capPlacesQuery } from '../../api/caps.ts';
import { flowNamesQuery } from '../../api/flows.ts';
import { useMay } from '../../api/use-session.ts';
import { formatCount } from '../../editor/caps/describe-cap.ts';
import { formatMinute, formatWindow } from '../../editor/sentence/format-window.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { formatMoney } from '../../parts/format-money.ts';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Toolbar } from '../../parts/Toolbar.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { CapPanel } from './CapPanel.tsx';
import { CapTabs } from './CapTabs.tsx';
import { buildCapRows, type CapRow, filterCaps, stateOf } from './cap-rows.ts';
import { CAP_STATES, type CapSearch, type CapState, readCapSearch } from './read-cap-search.ts';

const route = getRouteApi('/signed-in/caps');

/** All caps and ping limits that run, the fullest first. */
export function CapsPage() {
  useTitle('Caps');
  const mayRead = useMay('flows.read');
  return (
    <>
      <PageHeader
        title="Caps"
        text="What is used of every cap and ping limit of published flows, in the window that runs. The fullest are first."
      />
      <CapTabs />
      {mayRead ? <Caps /> : <NoPermission what="caps" permission="flows.read" />}
    </>
  );
}

const SKELETON_ROWS = 12;
/** Rows that a browser draws at once. */
const SHOWN_MAX = 200;
/** Flows whose parts are asked for by name; parts of others are called by their ids. */
const NAMED_FLOWS_MAX = 50;

function useRows() {
  const caps = useQuery(allCapsQuery);
  const pings = useQuery(allPingLimitsQuery);
  const { data: flows } = useQuery(flowNamesQuery);
  const counters = [...(caps.data ?? []), ...(pings.data ?? [])];
  const owned = counters.filter((each) => each.source_id !== null || ('step_id' in each && each.step_id !== null));
  const flowIds = [...new Set(owned.map(({ flow_id }) => flow_id))].slice(0, NAMED_FLOWS_MAX);
  const places = useQueries({ queries: flowIds.map(capPlacesQuery) });
  const placed = new Map(flowIds.flatMap((id, index) => (places[index]?.data ? [[id, places[index].data]] : [])));
  const error = caps.error ?? pings.error;
  const retry = () => void Promise.all([caps.refetch(), pings.refetch()]);
  if (caps.data === undefined || pings.data === undefined) return { rows: undefined, error, retry };
  const names = { flows: new Map((flows ?? []).map(({ id, name }) => [id, name])), places: placed };
  return { rows: buildCapRows({ caps: caps.data, pingLimits: pings.data }, names), error, retry };
}

function Caps() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { rows, error, retry } = useRows();
  const columns = useMemo(() => listColumns(search), [search]);
  if (rows === undefined)
    return error ? <ErrorState error={error} reset={retry} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  if (rows.length === 0) return <NoCaps />;
  const found = filterCaps(rows, search);
  const shown = found.slice(0, SHOWN_MAX);
  const { cap, ...filter } = search;
  const opened = rows.find(({ id }) => id === cap);
  return (
    <>
      <Filters search={search} />
      {found.length === 0 ? (
        <EmptyState
          title="No caps match"
          text={`None of ${rows.length} caps and ping limits is found by these filters.`}
        >
          <Button component={Link} to="/caps" variant="default">
            Show all caps
          </Button>
        </EmptyState>
      ) : (
        <DataTable caption="Caps and ping limits" isList columns={columns} rows={shown} getKey={({ id }) => id} />
      )}
      <Text c="dimmed" size="sm" mt="sm" role="status">
        {found.length > SHOWN_MAX
          ? `The first ${SHOWN_MAX} of ${found.length} are shown. Find others by a part of their name.`
          : `${found.length} of ${rows.length} caps and ping limits`}
      </Text>
      {cap !== undefined && opened === undefined && (
        <Text c="dimmed" mt="sm" role="status">
          No published flow has a cap with the id in the address.
        </Text>
      )}
      {opened && <CapPanel row={opened} close={() => void navigate({ search: filter, resetScroll: false })} />}
    </>
  );
}

const STATE_WORDS: Readonly<Record<CapState, string>> = {
  full: 'Full',
  near: 'From 80 %',
  used: 'Has room',
  unused: 'Not used',
};
/** A full cap is what somebody wanted, and may want to change. */
const STATE_LOOKS: Readonly<Record<CapState, string>> = {
  ...{ full: 'error', near: 'retry', used: 'success', unused: 'skip' },
};

function listColumns(search: CapSearch): readonly Column<CapRow>[] {
  const show = ({ counter }: CapRow) => (counter.type === 'revenue' ? formatMoney : formatCount);
  return [
    {
      key: 'name',
      header: 'Cap',
      wraps: 'wide',
      cell: ({ id, name, phrase }) => (
        <>
          <Anchor inherit renderRoot={(props) => <Link {...props} to="/caps" search={{ ...search, cap: id }} />}>
            <bdi>{name}</bdi>
          </Anchor>
          {name !== phrase && (
            <Text span size="sm" c="dimmed">
              {' '}
              {phrase}
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'of',
      header: 'Of',
      wraps: true,
      textOf: ({ flowName, ownerName }) => (ownerName === null ? flowName : `${flowName} · ${ownerName}`),
      cell: ({ flowName, ownerName, kind }) => (
        <>
          <bdi>{flowName}</bdi>
          {ownerName !== null && (
            <>
              {' · '}
              <bdi>{ownerName}</bdi>
            </>
          )}
          {kind === 'ping-limit' && ' · pings'}
        </>
      ),
    },
    {
      key: 'state',
      header: 'State',
      cell: (row) => <OutcomeBadge status={STATE_LOOKS[stateOf(row)]} word={STATE_WORDS[stateOf(row)]} />,
    },
    { key: 'used', header: 'Used', isNumber: true, cell: (row) => show(row)(row.counter.count) },
    {
      key: 'held',
      header: 'Held',
      onLaptop: 'leaves',
      isNumber: true,
      cell: (row) => (row.counter.held === undefined ? '–' : show(row)(row.counter.held)),
    },
    { key: 'left', header: 'Left', isNumber: true, cell: (row) => show(row)(row.left) },
    { key: 'refused', header: 'Refused', isNumber: true, cell: ({ counter }) => formatCount(counter.failed_count) },
    {
      key: 'window',
      header: 'Window',
      onLaptop: 'wraps',
      cell: ({ counter }) => <Window counter={counter} />,
    },
    { key: 'forecast', header: 'Full at', cell: describeFilling },
  ];
}

/** Each end in one line. */
function Window({ counter }: { counter: CapRow['counter'] }) {
  const window = formatWindow(new Date(counter.started_at), new Date(counter.expires_at), counter.time_zone);
  const [start = '', end = ''] = window.split(' – ');
  return (
    <>
      <Text span inherit style={WHOLE}>
        {start} –
      </Text>{' '}
      <Text span inherit style={WHOLE}>
        {end}
      </Text>
    </>
  );
}

const WHOLE = { whiteSpace: 'nowrap' } as const;

/** When it is expected to be full in this window. */
export function describeFilling({ counter, share }: CapRow): string {
  if (share >= 1) return 'now';
  const { forecast, time_zone: zone } = counter;
  if (forecast === undefined || forecast.basis === null) return '–';
  return forecast.fills_at === null ? 'not in this window' : formatMinute(new Date(forecast.fills_at), zone);
}

function Filters({ search }: { search: CapSearch }) {
  const navigate = route.useNavigate();
  return (
    <Toolbar>
      <TextInput
        label="Find"
        placeholder="A cap, a flow or a source"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search.q ?? ''}
        onChange={({ currentTarget: { value } }) =>
          void navigate({ search: readCapSearch({ ...search, q: value }), replace: true })
        }
        maxLength={200}
        w={260}
      />
      <Select
        label="State"
        data={[{ value: '', label: 'All' }, ...CAP_STATES.map((value) => ({ value, label: STATE_WORDS[value] }))]}
        value={search.state ?? ''}
        onChange={(state) => void navigate({ search: readCapSearch({ ...search, state }) })}
        allowDeselect={false}
        w={160}
      />
      <Select
        label="Kind"
        data={[
          { value: '', label: 'Caps and ping limits' },
          { value: 'cap', label: 'Caps' },
          { value: 'ping-limit', label: 'Ping limits' },
        ]}
        value={search.kind ?? ''}
        onChange={(kind) => void navigate({ search: readCapSearch({ ...search, kind }) })}
        allowDeselect={false}
        w={240}
      />
    </Toolbar>
  );
}

function NoCaps() {
  return (
    <EmptyState
      title="No caps yet"
      text="A cap bounds how many leads a flow, a source or a step takes in a window, or for how much money. Add one in the editor of a flow; it counts when it is published."
    >
      <Button component={Link} to="/flows">
        Choose a flow
      </Button>
    </EmptyState>
  );
}
