import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { SearchHit } from '../../../../client/src/client.ts';
import { type LeadFacts, leadsPageQuery, searchedLeadsQuery } from '../../api/lists.ts';
import { useMay } from '../../api/use-session.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { LeadLink } from '../../parts/LeadLink.tsx';
import { Money } from '../../parts/Money.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { RowCheckbox } from '../../parts/RowCheckbox.tsx';
import { Stale } from '../../parts/Stale.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { ListHead, useAnnounced } from '../list/ListHead.tsx';
import { listFilters } from '../list/list-search.ts';
import { NoRows } from '../list/NoRows.tsx';
import { OverTime } from '../list/OverTime.tsx';
import { ReasonsTable } from '../list/ReasonsTable.tsx';
import { ChosenLeads, PageLinks, RowLink, useRowFocus } from '../list/RowTools.tsx';
import { ShapeSwitch } from '../list/ShapeSwitch.tsx';
import { type ListState, useChosen, useList } from '../list/use-list.ts';

const route = getRouteApi('/signed-in/leads');
const SKELETON_ROWS = 20;

/** Every lead, by filters, over time and by reason. */
export function LeadsPage() {
  useTitle('Leads');
  const mayRead = useMay('leads.read');
  if (mayRead) return <Leads />;
  return (
    <>
      <PageHeader title="Leads" />
      <NoPermission what="leads" permission="leads.read" />
    </>
  );
}

function Leads() {
  const navigate = route.useNavigate();
  const list = useList('leads', {
    search: route.useSearch(),
    go: (search, { replace }) => void navigate({ search, replace }),
  });
  const { q, view } = list.search;
  return (
    <>
      <ListHead list={list} title="Leads" columns={COLUMNS}>
        <ShapeSwitch list={list} />
      </ListHead>
      {q === undefined && <OverTime list={list} />}
      {q !== undefined ? (
        <Found list={list} query={q} />
      ) : view === 'reasons' ? (
        <ReasonsTable list={list} />
      ) : (
        <LeadTable list={list} />
      )}
    </>
  );
}

/** Those that a person may hide; the time is always there. */
const COLUMNS: readonly Column<LeadFacts>[] = [
  { key: 'outcome', header: 'Outcome', cell: ({ outcome }) => outcome && <OutcomeBadge status={outcome} /> },
  {
    key: 'reason',
    header: 'Reason',
    wraps: true,
    textOf: ({ reason }) => reason,
    cell: ({ reason }) => reason && <bdi>{reason}</bdi>,
  },
  {
    key: 'flow',
    header: 'Flow',
    wraps: true,
    textOf: ({ flow }) => flow?.name,
    cell: ({ flow }) => <bdi>{flow?.name ?? flow?.id}</bdi>,
  },
  {
    key: 'source',
    header: 'Source',
    wraps: true,
    textOf: ({ source }) => source?.name,
    cell: ({ source }) => <bdi>{source?.name ?? source?.id}</bdi>,
  },
  { key: 'revision', header: 'Revision', isNumber: true, cell: ({ revision }) => revision },
  {
    ...{ key: 'resubmitted_as', header: 'Sent again as' },
    cell: ({ resubmitted_as: id }) => (id === undefined ? null : <LeadLink id={id}>{`…${id.slice(-8)}`}</LeadLink>),
  },
  {
    ...{ key: 'price', header: 'Price, USD', isNumber: true },
    cell: ({ price }) => <Money dollars={price} isInColumn />,
  },
];

function LeadTable({ list }: { list: ListState }) {
  const { question, search, change, display } = list;
  const { data: page, error, refetch, isPlaceholderData } = useQuery(leadsPageQuery(question));
  const [chosen, setChosen] = useChosen(question);
  const mayResubmit = useMay('leads.resubmit');
  const hasRows = page !== undefined && page.rows.length > 0;
  useRowFocus(hasRows);
  useAnnounced(page === undefined || isPlaceholderData ? undefined : `${page.rows.length} leads on this page`);
  const rows = page?.rows;
  const { hidden } = display;
  const columns = useMemo(
    () => buildColumns({ rows: rows ?? [], hidden, choice: mayResubmit ? { chosen, setChosen } : null }),
    [rows, hidden, mayResubmit, chosen, setChosen],
  );
  if (page === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  if (!hasRows) return <NoRows list={list} />;
  return (
    <Stale isStale={isPlaceholderData}>
      <ChosenLeads chosen={chosen} clear={() => setChosen(new Set())} />
      {error && <ErrorState error={error} reset={() => void refetch()} />}
      <DataTable
        caption="Leads"
        columns={columns}
        rows={page.rows}
        getKey={({ id = '' }) => id}
        isList
        sorting={{ key: 'submitted', direction: search.sort === 'asc' ? 'asc' : 'desc' }}
        onSort={({ direction }) => change({ sort: direction === 'asc' ? 'asc' : undefined })}
        markOf={({ id = '' }) => (chosen.has(id) ? 'chosen' : undefined)}
      />
      <PageLinks list={list} page={page} idOf={({ id }: LeadFacts) => id} />
    </Stale>
  );
}

interface Choice {
  chosen: ReadonlySet<string>;
  setChosen: (next: ReadonlySet<string>) => void;
}

function buildColumns(given: {
  rows: readonly LeadFacts[];
  hidden: readonly string[];
  /** null: nothing can be done with leads that are chosen. */
  choice: Choice | null;
}): Column<LeadFacts>[] {
  const { rows, hidden, choice } = given;
  const ids = rows.map(({ id = '' }) => id);
  return [
    {
      ...{ key: 'submitted', header: 'Submitted', isSorted: true },
      cell: ({ id = '', submitted_at = '' }) => (
        <RowLink leadId={id} leadIds={ids}>
          <Time at={submitted_at} />
        </RowLink>
      ),
    },
    ...COLUMNS.filter(({ key }) => !hidden.includes(key)),
    ...(choice === null ? [] : [buildChoice({ ids, ...choice })]),
  ];
}

function buildChoice({ ids, chosen, setChosen }: Choice & { ids: readonly string[] }): Column<LeadFacts> {
  const hasAll = ids.every((id) => chosen.has(id));
  const toggle = (id: string) =>
    setChosen(new Set(chosen.has(id) ? [...chosen].filter((each) => each !== id) : [...chosen, id]));
  return {
    ...{ key: 'choice', header: 'Select' },
    headerCell: (
      <RowCheckbox
        label="Select all leads on this page"
        isChecked={hasAll}
        isMixed={!hasAll && chosen.size > 0}
        toggle={() => setChosen(new Set(hasAll ? [] : ids))}
      />
    ),
    cell: ({ id = '' }) => (
      <RowCheckbox label={`Select lead ${id}`} isChecked={chosen.has(id)} toggle={() => toggle(id)} />
    ),
  };
}

/** What a search finds, the best first; it looks through all leads. */
function Found({ list, query }: { list: ListState; query: string }) {
  const { data, error, refetch, isPlaceholderData } = useQuery(searchedLeadsQuery(query));
  const hasRows = data !== undefined && data.hits.length > 0;
  useRowFocus(hasRows);
  useAnnounced(data === undefined || isPlaceholderData ? undefined : `${data.total} leads found`);
  if (data === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  if (!hasRows)
    return (
      <EmptyState
        title="No lead found"
        text="Searched: names, places, e-mail addresses, phones, references and ids of all leads that are kept. New leads follow within seconds."
      />
    );
  const ids = data.hits.map(({ lead_id }) => lead_id);
  const columns: Column<SearchHit>[] = [
    {
      ...{ key: 'submitted', header: 'Submitted' },
      cell: ({ lead_id, submission_timestamp }) => (
        <RowLink leadId={lead_id} leadIds={ids}>
          <Time at={submission_timestamp} />
        </RowLink>
      ),
    },
    {
      key: 'outcome',
      header: 'Latest event',
      cell: ({ latest_event: { outcome } }) => outcome && <OutcomeBadge status={outcome} />,
    },
    {
      key: 'person',
      header: 'Name',
      wraps: true,
      textOf: ({ first_name, last_name }) => [first_name, last_name].filter(Boolean).join(' '),
      cell: (hit) => <bdi>{[hit.first_name, hit.last_name].filter(Boolean).join(' ')}</bdi>,
    },
    {
      key: 'email',
      header: 'E-mail',
      wraps: true,
      textOf: ({ email }) => email,
      cell: ({ email }) => <bdi>{email}</bdi>,
    },
    { key: 'phone', header: 'Phone', cell: ({ phone_1 }) => <bdi>{phone_1}</bdi> },
    {
      key: 'flow',
      header: 'Flow',
      wraps: true,
      textOf: ({ flow_name }) => flow_name,
      cell: ({ flow_name }) => <bdi>{flow_name}</bdi>,
    },
    {
      key: 'source',
      header: 'Source',
      wraps: true,
      textOf: ({ source_name }) => source_name,
      cell: ({ source_name }) => <bdi>{source_name}</bdi>,
    },
  ];
  const waiting =
    listFilters(list.search).length > 0 || list.search.range !== undefined || list.search.start !== undefined;
  return (
    <Stale isStale={isPlaceholderData}>
      <Text size="sm" mb="sm">
        {data.truncated ? `The newest ${data.total} leads` : data.total === 1 ? '1 lead' : `${data.total} leads`} found
        {data.total > ids.length ? `, of which the first ${ids.length} are shown` : ''}.
        {waiting ? ' A search looks through all leads: time and filters count again once it is cleared.' : ''}
      </Text>
      <DataTable caption="Leads found" columns={columns} rows={data.hits} getKey={({ lead_id }) => lead_id} isList />
    </Stale>
  );
}
