import { Button, Switch, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { memo, useEffect, useMemo, useRef } from 'react';
import { buildStreamPath, eventsPageQuery, type PickedEvent } from '../../api/lists.ts';
import { useMay } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { Money } from '../../parts/Money.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Stale } from '../../parts/Stale.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { ListHead, useAnnounced } from '../list/ListHead.tsx';
import styles from '../list/list.module.css';
import { NoRows } from '../list/NoRows.tsx';
import { OverTime } from '../list/OverTime.tsx';
import { ReasonsTable } from '../list/ReasonsTable.tsx';
import { PageLinks, RowLink, useRowFocus } from '../list/RowTools.tsx';
import { ShapeSwitch } from '../list/ShapeSwitch.tsx';
import { nameType } from '../list/type-names.ts';
import { type ListState, useList } from '../list/use-list.ts';
import { type EventRow, readEventRow } from './event-row.ts';
import { type Live, mergeNewest, useLiveEvents } from './use-live-events.ts';

const route = getRouteApi('/signed-in/events');
const SKELETON_ROWS = 20;

/** Everything that happened, by filters, over time, by reason, and as it happens. */
export function EventsPage() {
  useTitle('Events');
  const mayRead = useMay('leads.read');
  if (mayRead) return <Events />;
  return (
    <>
      <PageHeader title="Events" />
      <NoPermission what="events" permission="leads.read" />
    </>
  );
}

function Events() {
  const navigate = route.useNavigate();
  const list = useList('events', {
    search: route.useSearch(),
    go: (search, { replace }) => void navigate({ search, replace }),
  });
  const { search, change } = list;
  const isLive = search.live === '1' && search.view !== 'reasons' && search.q === undefined;
  return (
    <>
      <ListHead list={list} title="Events" columns={COLUMNS}>
        <Switch
          size="sm"
          label="Live"
          checked={isLive}
          // New events belong to the top of the first page, of time that ends now.
          onChange={() =>
            change(
              isLive
                ? { live: undefined }
                : { live: '1', sort: undefined, end: undefined, view: undefined, q: undefined },
            )
          }
        />
        <ShapeSwitch list={list} />
      </ListHead>
      <OverTime list={list} />
      {search.view === 'reasons' ? <ReasonsTable list={list} /> : <LiveTable list={list} isLive={isLive} />}
    </>
  );
}

/** By itself: what comes several times a second draws nothing else anew. */
function LiveTable({ list, isLive }: { list: ListState; isLive: boolean }) {
  const live = useLiveEvents(isLive ? buildStreamPath(list.question) : null);
  return (
    <>
      {isLive && <LiveLine live={live} />}
      <EventTable list={list} shownLive={live.shown} />
    </>
  );
}

const STATES = {
  off: '',
  connecting: 'Connecting…',
  on: 'New events show here as they come.',
  paused: 'Paused. What comes now follows when you go on, up to 500 events.',
  lost: 'The stream has ended: an account may have five at once. Switch Live off and on to try again.',
} as const;

const ANNOUNCE_MS = 5_000;

/** How many events wait, and what was left out. */
function LiveLine({ live }: { live: Live }) {
  const { state, waiting, leftOut, show, pause, goOn } = live;
  const count = waiting.length;
  const saidAt = useRef(0);
  useEffect(() => {
    const now = performance.now();
    if (count === 0 || now - saidAt.current < ANNOUNCE_MS) return;
    saidAt.current = now;
    announce(`${count} new events`);
  }, [count]);
  return (
    <div className={styles['bar']}>
      {count > 0 && (
        <Button size="xs" h={28} onClick={show}>
          Show {count === 500 ? 'the newest 500' : `${count} new`}
        </Button>
      )}
      {state === 'paused' ? (
        <Button
          size="xs"
          h={28}
          variant="default"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          onClick={goOn}
        >
          Go on
        </Button>
      ) : (
        <Button
          size="xs"
          h={28}
          variant="default"
          leftSection={<IconPlayerPause size={14} aria-hidden />}
          onClick={pause}
        >
          Pause
        </Button>
      )}
      <Text size="sm" c="dimmed">
        {STATES[state]}
      </Text>
      {leftOut > 0 && (
        <Text size="sm">
          {leftOut.toLocaleString('en-US')} events were left out, because more than 50 came in a second. Refresh has all
          of them.
        </Text>
      )}
    </div>
  );
}

const COLUMNS: readonly Column<EventRow>[] = [
  {
    ...{ key: 'type', header: 'Type' },
    cell: ({ type, detail }) => (detail === null ? nameType(type) : `${nameType(type)}: ${detail}`),
  },
  { key: 'outcome', header: 'Outcome', cell: ({ outcome }) => <OutcomeBadge status={outcome} /> },
  {
    key: 'reason',
    header: 'Reason',
    wraps: true,
    textOf: ({ reason }) => reason,
    cell: ({ reason }) => reason && <bdi>{reason}</bdi>,
  },
  { key: 'flow', header: 'Flow', wraps: true, textOf: ({ flow }) => flow, cell: ({ flow }) => <bdi>{flow}</bdi> },
  {
    key: 'source',
    header: 'Source',
    wraps: true,
    textOf: ({ source }) => source,
    cell: ({ source }) => <bdi>{source}</bdi>,
  },
  {
    key: 'recipient',
    header: 'Recipient',
    wraps: true,
    textOf: ({ recipient }) => recipient,
    cell: ({ recipient }) => recipient && <bdi>{recipient}</bdi>,
  },
  {
    key: 'price',
    header: 'Price, USD',
    isNumber: true,
    cell: ({ price }) => (price === null ? null : <Money dollars={price} isInColumn />),
  },
  {
    key: 'ms',
    header: 'ms',
    isNumber: true,
    cell: ({ ms }) => (ms === null ? null : Math.round(ms).toLocaleString('en-US')),
  },
];

const EventTable = memo(function EventTable(given: { list: ListState; shownLive: readonly PickedEvent[] }) {
  const { list, shownLive } = given;
  const { question, search, change, display } = list;
  const { data: page, error, refetch, isPlaceholderData } = useQuery(eventsPageQuery(question));
  const hasRows = (page?.rows.length ?? 0) + shownLive.length > 0;
  useRowFocus(hasRows);
  useAnnounced(page === undefined || isPlaceholderData ? undefined : `${page.rows.length} events on this page`);
  const shown = page?.rows;
  const rows = useMemo(() => listRows(shownLive, shown ?? []), [shownLive, shown]);
  const { hidden } = display;
  const columns = useMemo(() => buildColumns(rows, hidden), [rows, hidden]);
  if (page === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  if (!hasRows) return <NoRows list={list} />;
  const fresh = new Set(shownLive.map(({ id }) => id));
  return (
    <Stale isStale={isPlaceholderData}>
      {error && <ErrorState error={error} reset={() => void refetch()} />}
      <DataTable
        caption="Events"
        columns={columns}
        rows={rows}
        getKey={({ id }) => id}
        isList
        sorting={{ key: 'time', direction: search.sort === 'asc' ? 'asc' : 'desc' }}
        onSort={({ direction }) => change({ sort: direction === 'asc' ? 'asc' : undefined, live: undefined })}
        markOf={({ id }) => (fresh.has(id) ? 'new' : undefined)}
      />
      <PageLinks list={list} page={page} idOf={({ id }: { id?: string }) => id} />
    </Stale>
  );
});

function listRows(live: readonly PickedEvent[], rows: readonly PickedEvent[]): EventRow[] {
  return (live.length === 0 ? rows : mergeNewest(live, rows)).map(readEventRow);
}

function buildColumns(rows: readonly EventRow[], hidden: readonly string[]): Column<EventRow>[] {
  const leadIds = rows.map(({ leadId }) => leadId);
  return [
    {
      ...{ key: 'time', header: 'Time', isSorted: true },
      cell: ({ at, leadId }) => (
        <RowLink leadId={leadId} leadIds={leadIds}>
          <Time at={at} />
        </RowLink>
      ),
    },
    ...COLUMNS.filter(({ key }) => !hidden.includes(key)),
  ];
}
