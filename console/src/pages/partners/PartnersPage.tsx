import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { formatColumn } from '../../../../src/reports/page/column-words.ts';
import {
  entitiesQuery,
  healthQuery,
  latenciesQuery,
  partnersQuery,
  type RecipientHealth,
  type Side,
  volumesQuery,
} from '../../api/partners.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { FramePicker } from '../../parts/FramePicker.tsx';
import { formatCount, formatDuration, formatShare } from '../../parts/format-number.ts';
import { nameZone } from '../../parts/format-time.ts';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { PanelButton } from '../../parts/PanelButton.tsx';
import { Sparkline } from '../../parts/Sparkline.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { type ResolvedFrame, resolveFrame } from '../../parts/time-frames.ts';
import { usePanel } from '../../parts/use-address.ts';
import { useMinute } from '../../parts/use-minute.ts';
import { useTitle } from '../../parts/use-title.ts';
import { EntityForm } from '../entities/EntityForm.tsx';
import { PartnerTabs } from './PartnerTabs.tsx';
import {
  buildRows,
  CIRCUITS,
  circuitOf,
  NEW_PANEL,
  type PartnerRow,
  type PartnerSearch,
  readPartnerSearch,
  type SortKey,
  sortPartners,
} from './partner-rows.ts';

/** Who leads go to: do they answer, how fast, and what they buy. */
export function RecipientsPage() {
  return (
    <PartnersPage
      side="recipient"
      title="Recipients"
      text="Who leads go to: whether they answer, how fast, and what they buy."
    />
  );
}

/** Who leads come from: how many, how good, and what they bring. */
export function SourcesPage() {
  return (
    <PartnersPage
      side="source"
      title="Sources"
      text="Who leads come from: how many, how good, and what they bring. Money is net of returns."
    />
  );
}

function PartnersPage({ side, title, text }: { side: Side; title: string; text: string }) {
  useTitle(title);
  // The router leaves what its check refused in the search.
  const search = readPartnerSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const now = useMinute();
  const { account } = useSession();
  const mayRead = useMay('reports.read');
  const mayAdd = useMay('flows.write');
  const { panel, close } = usePanel();
  const frame = resolveFrame(search, { now, zone: account.time_zone, fallback: 'this_7_days' });
  const change = (next: PartnerSearch) => void navigate({ to: '.', search: next as never });
  const { sort, dir } = search;
  return (
    <>
      <PageHeader title={title} text={text}>
        <Text size="xs" c="dimmed">
          {nameZone(account.time_zone, new Date(now))}
        </Text>
        <FramePicker
          search={search}
          fallback="this_7_days"
          change={(chosen) => change({ ...chosen, ...(sort && { sort }), ...(dir && { dir }) })}
        />
        {mayAdd && <PanelButton panel={NEW_PANEL}>Add a {side}</PanelButton>}
      </PageHeader>
      <PartnerTabs />
      {mayRead ? (
        <Partners side={side} frame={frame} search={search} change={change} />
      ) : (
        <NoPermission what={title.toLowerCase()} permission="reports.read" />
      )}
      {mayAdd && panel === NEW_PANEL && (
        <EntityForm
          before={null}
          side={side}
          close={close}
          done={({ id }) => void navigate({ to: `/${side}s/${id}` })}
        />
      )}
    </>
  );
}

const SKELETON_ROWS = 12;
const ROWS_MAX = 300;

function Partners(given: {
  side: Side;
  frame: ResolvedFrame;
  search: PartnerSearch;
  change: (next: PartnerSearch) => void;
}) {
  const { side, frame, search, change } = given;
  const { account } = useSession();
  const mayReadFlows = useMay('flows.read');
  const mayReadLeads = useMay('leads.read');
  const { data: numbers, error, refetch } = useQuery(partnersQuery(side, frame));
  const { data: entities = [] } = useQuery({ ...entitiesQuery, enabled: mayReadFlows });
  const { data: latencies } = useQuery(latenciesQuery(side, frame));
  const { data: volumes } = useQuery(volumesQuery(side, frame, account.time_zone));
  const { data: health } = useQuery({ ...healthQuery, enabled: side === 'recipient' && mayReadLeads });
  if (numbers === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  const rows = sortPartners(buildRows(side, { entities, numbers, latencies, volumes }), search);
  if (rows.length === 0)
    return (
      <EmptyState
        title={side === 'recipient' ? 'No recipients yet' : 'No sources yet'}
        text={
          side === 'recipient'
            ? 'They are here once they are added, or once a flow with a recipient is saved.'
            : 'They are here once they are added, or once a flow with a source is saved.'
        }
      >
        <Anchor component={Link} to="/flows">
          Show the flows
        </Anchor>
      </EmptyState>
    );
  return (
    <>
      <DataTable
        caption={side === 'recipient' ? 'Recipients' : 'Sources'}
        columns={side === 'recipient' ? listRecipientColumns(health) : SOURCE_COLUMNS}
        rows={rows.slice(0, ROWS_MAX)}
        getKey={({ id }) => id}
        isList
        sorting={{ key: search.sort ?? 'submitted', direction: search.dir ?? 'desc' }}
        onSort={({ key, direction }) => {
          const { sort: _sort, dir: _dir, ...kept } = search;
          change({ ...kept, sort: key as SortKey, ...(direction === 'asc' && { dir: 'asc' }) }); // sorted columns are the keys
        }}
      />
      {rows.length > ROWS_MAX && (
        <Text size="sm" c="dimmed" mt="sm">
          These are {ROWS_MAX} of {formatCount(rows.length)}. Choose a shorter time to see fewer.
        </Text>
      )}
    </>
  );
}

type Columns = readonly Column<PartnerRow>[];

const nameColumn = (side: Side): Column<PartnerRow> => ({
  ...{ key: 'name', header: side === 'recipient' ? 'Recipient' : 'Source', wraps: 'wide', isSorted: true },
  cell: ({ id, name }) => (
    <Anchor component={Link} to={`/${side}s/${id}`} inherit>
      <bdi>{name}</bdi>
    </Anchor>
  ),
});
const number = (key: SortKey, header: string, cell: Column<PartnerRow>['cell']): Column<PartnerRow> => ({
  ...{ key, header, cell, isNumber: true, isSorted: true },
});
const VOLUME: Column<PartnerRow> = {
  ...{ key: 'volume', header: 'Over time', onLaptop: 'leaves' as const },
  cell: ({ volumes, submitted }) => (
    <Sparkline counts={volumes} name={`${formatCount(submitted)} in this time, over its parts`} />
  ),
};

function listRecipientColumns(health: readonly RecipientHealth[] | undefined): Columns {
  return [
    nameColumn('recipient'),
    {
      ...{ key: 'circuit', header: 'Circuit' },
      cell: ({ id }) => {
        const { status, word } = CIRCUITS[circuitOf(health ?? [], id)];
        return health === undefined ? '–' : <OutcomeBadge status={status} word={word} />;
      },
    },
    number('submitted', 'Deliveries', ({ submitted }) => formatCount(submitted)),
    VOLUME,
    number('accepted', 'Accepted', ({ accepted }) => formatShare(accepted)),
    number('error', 'Errors', ({ error }) => formatCount(error)),
    { ...number('p50', 'p50', ({ p50 }) => formatDuration(p50)), onLaptop: 'leaves' },
    { ...number('p95', 'p95', ({ p95 }) => formatDuration(p95)), onLaptop: 'leaves' },
    number('returned', 'Returned', ({ returned }) => formatShare(returned)),
    number('revenue', 'Revenue, USD', ({ revenue }) => formatColumn('revenue', revenue)),
  ];
}

const SOURCE_COLUMNS: Columns = [
  nameColumn('source'),
  number('submitted', 'Leads', ({ submitted }) => formatCount(submitted)),
  VOLUME,
  number('accepted', 'Accepted', ({ accepted }) => formatShare(accepted)),
  number('error', 'Errors', ({ error }) => formatCount(error)),
  number('returned', 'Returned', ({ returned }) => formatShare(returned)),
  number('cost', 'Cost, USD', ({ cost }) => formatColumn('cost', cost)),
  number('revenue', 'Revenue, USD', ({ revenue }) => formatColumn('revenue', revenue)),
  number('profit', 'Profit, USD', ({ profit }) => formatColumn('profit', profit)),
];
