import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type UnknownDelivery, type UnknownFilter, unknownsQuery } from '../../api/deliveries.ts';
import { useMay } from '../../api/use-session.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { LeadLink } from '../../parts/LeadLink.tsx';
import { Money } from '../../parts/Money.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { Toolbar } from '../../parts/Toolbar.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { columnsOfNames, Pages, useDeliveryNames } from '../problems/DeliveryNames.tsx';
import { ProblemTabs } from '../problems/ProblemTabs.tsx';
import classes from '../problems/problems.module.css';
import { readUnknownSearch } from '../problems/read-delivery-search.ts';
import { ResolveUnknown } from './ResolveUnknown.tsx';

const route = getRouteApi('/signed-in/unknowns');

/** Deliveries that may have arrived and were never answered: somebody has to ask the recipient. */
export function UnknownsPage() {
  useTitle('Unknown results', 'Problems');
  const mayRead = useMay('leads.read');
  return (
    <>
      <PageHeader
        title="Unknown results"
        text="Deliveries that may have arrived and were never answered. Each keeps its places in caps and lists until you say what became of it."
      />
      <ProblemTabs />
      {mayRead ? <Unknowns /> : <NoPermission what="deliveries" permission="leads.read" />}
    </>
  );
}

function Unknowns() {
  const filter = readUnknownSearch(route.useSearch());
  return (
    <>
      <Toolbar>
        <nav aria-label="Which" className={classes['states']}>
          <WhichLink filter={filter} isResolved={false} />
          <WhichLink filter={filter} isResolved />
        </nav>
        {filter.recipient_id !== undefined && (
          <Anchor component={Link} to="/unknowns" size="sm">
            Show those of all recipients
          </Anchor>
        )}
        {!filter.resolved && (
          <Text size="sm">Ask the recipient before you resolve: what you call not delivered may be sold twice.</Text>
        )}
      </Toolbar>
      <Page filter={filter} />
    </>
  );
}

const EXACTLY = { exact: true, includeSearch: true };

function WhichLink({ filter, isResolved }: { filter: UnknownFilter; isResolved: boolean }) {
  const { recipient_id: recipientId } = filter;
  const search: UnknownFilter = {
    ...(recipientId !== undefined && { recipient_id: recipientId }),
    ...(isResolved && { resolved: true }),
  };
  return (
    <Link to="/unknowns" search={search} className={classes['state'] ?? ''} activeOptions={EXACTLY}>
      {isResolved ? 'Resolved' : 'Unresolved'}
    </Link>
  );
}

const SKELETON_ROWS = 8;

function Page({ filter }: { filter: UnknownFilter }) {
  const { data, error, refetch } = useQuery(unknownsQuery(filter));
  const columns = useColumns(filter);
  if (data === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  return (
    <>
      {data.length === 0 ? (
        <EmptyState
          title={filter.resolved ? 'Nobody has resolved any' : 'Every delivery has a known result'}
          text="When a connection ends after a lead was sent and before it was answered, the delivery waits here for a person."
        />
      ) : (
        <DataTable caption="Unknown results" columns={columns} rows={data} getKey={({ event_id: id }) => id} isList />
      )}
      <Pages to="/unknowns" search={{ ...filter }} lastId={data.at(-1)?.event_id} rows={data.length} />
    </>
  );
}

function useColumns({ resolved }: UnknownFilter): readonly Column<UnknownDelivery>[] {
  const names = useDeliveryNames();
  const mayResolve = useMay('leads.resubmit');
  return [
    ...columnsOfNames(names),
    { key: 'at', header: 'Sent', onLaptop: 'wraps', cell: ({ happened_at: at }) => <Time at={at} /> },
    {
      key: 'why',
      header: 'Why unknown',
      wraps: true,
      cell: ({ reason }) => <bdi>{reason === null ? '–' : reason.replace(/^Unknown outcome: /, '')}</bdi>,
    },
    {
      key: 'price',
      header: 'Expected, USD',
      isNumber: true,
      cell: ({ expected_price: price }) => <Money dollars={price} isInColumn />,
    },
    ...(resolved
      ? [
          { key: 'resolution', header: 'Resolved as', cell: showResolution },
          {
            key: 'note',
            header: 'Note',
            wraps: 'narrow' as const,
            cell: ({ note }: UnknownDelivery) => <bdi>{note ?? '–'}</bdi>,
          },
        ]
      : []),
    ...(!resolved && mayResolve
      ? [
          {
            key: 'actions',
            header: 'Actions',
            cell: (unknown: UnknownDelivery) => (
              <ResolveUnknown unknown={unknown} recipient={names.entity(unknown.recipient_id)} />
            ),
          },
        ]
      : []),
    {
      key: 'raw',
      header: 'Request',
      onLaptop: 'leaves',
      cell: ({ lead_id: id }) => (
        <Anchor component={Link} to={`/leads/${id}?tab=raw`} inherit>
          What was sent
        </Anchor>
      ),
    },
    { key: 'lead', header: 'Lead', cell: ({ lead_id: id }) => <LeadLink id={id}>{`…${id.slice(-8)}`}</LeadLink> },
  ];
}

function showResolution({ resolution }: UnknownDelivery) {
  if (resolution === null) return '–';
  return resolution === 'delivered' ? (
    <OutcomeBadge status="success" word="Delivered" />
  ) : (
    <OutcomeBadge status="failure" word="Not delivered" />
  );
}
