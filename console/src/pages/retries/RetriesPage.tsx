import { Anchor, Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { RETRY_STATES, type Retry, type RetryFilter, retriesQuery } from '../../api/deliveries.ts';
import { useMay } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { describeError, ErrorState } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { LeadLink } from '../../parts/LeadLink.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { Toolbar } from '../../parts/Toolbar.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { columnsOfNames, Pages, useDeliveryNames } from '../problems/DeliveryNames.tsx';
import { ProblemTabs } from '../problems/ProblemTabs.tsx';
import { readRetrySearch } from '../problems/read-delivery-search.ts';

const route = getRouteApi('/signed-in/retries');

/** Deliveries that are tried again: why, when next, and what can be done. */
export function RetriesPage() {
  useTitle('Retries', 'Problems');
  const mayRead = useMay('leads.read');
  return (
    <>
      <PageHeader title="Retries" text="Deliveries that failed and are tried again by themselves." />
      <ProblemTabs />
      {mayRead ? <Retries /> : <NoPermission what="retries" permission="leads.read" />}
    </>
  );
}

const WORDS: Readonly<Record<Retry['status'], string>> = {
  waiting: 'Waiting',
  running: 'Running',
  succeeded: 'Delivered',
  failed: 'Ended: refused',
  exhausted: 'Ended: too many attempts',
  cancelled: 'Cancelled',
  unknown: 'Unknown result',
};
/** A retry that waits is not one that waits for a person. */
const LOOKS: Readonly<Partial<Record<Retry['status'], string>>> = {
  ...{ waiting: 'retry', succeeded: 'success', exhausted: 'error' },
};

function Retries() {
  const filter = readRetrySearch(route.useSearch());
  const navigate = route.useNavigate();
  return (
    <>
      <Toolbar>
        <Select
          aria-label="Status"
          data={[
            { value: '', label: 'Waiting and running' },
            ...RETRY_STATES.map((value) => ({ value, label: WORDS[value] })),
            { value: 'all', label: 'All' },
          ]}
          value={filter.status ?? ''}
          onChange={(value) => navigate({ search: changed(filter, value as RetryFilter['status'] | '') })}
          allowDeselect={false}
          w={240}
        />
        {filter.recipient_id !== undefined && (
          <Anchor component={Link} to="/retries" size="sm">
            Show those to all recipients
          </Anchor>
        )}
      </Toolbar>
      <Page filter={filter} />
    </>
  );
}

function changed({ recipient_id: recipientId }: RetryFilter, status: RetryFilter['status'] | '' | null): RetryFilter {
  return { ...(recipientId !== undefined && { recipient_id: recipientId }), ...(status && { status }) };
}

const SKELETON_ROWS = 8;

function Page({ filter }: { filter: RetryFilter }) {
  const { data, error, refetch } = useQuery(retriesQuery(filter));
  const columns = useColumns();
  if (data === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  return (
    <>
      {data.length > 0 ? (
        <DataTable caption="Retries" columns={columns} rows={data} getKey={({ id }) => id} isList />
      ) : (
        <NoRetries isFiltered={Object.keys(filter).length > 0} />
      )}
      <Pages to="/retries" search={{ ...filter }} lastId={data.at(-1)?.id} rows={data.length} />
    </>
  );
}

function NoRetries({ isFiltered }: { isFiltered: boolean }) {
  return (
    <EmptyState
      title={isFiltered ? 'No retries match' : 'Nothing waits'}
      text={
        isFiltered
          ? 'Other statuses and recipients may have some.'
          : 'When a step with retries switched on fails, its delivery waits here for the next attempt.'
      }
    >
      <Button variant="default" component={Link} to="/retries?status=all">
        Show all retries
      </Button>
    </EmptyState>
  );
}

function useColumns(): readonly Column<Retry>[] {
  const names = useDeliveryNames();
  const mayChange = useMay('leads.resubmit');
  return [
    // What tells one retry of a recipient from another is its lead.
    ...columnsOfNames(names, { flow: 'leaves' }),
    {
      key: 'status',
      header: 'Status',
      cell: ({ status }) => <OutcomeBadge status={LOOKS[status] ?? status} word={WORDS[status]} />,
    },
    {
      key: 'why',
      header: 'Last reason',
      wraps: true,
      cell: ({ last_reason: reason }) => <bdi>{reason ?? '–'}</bdi>,
    },
    { key: 'attempts', header: 'Attempts', isNumber: true, onLaptop: 'leaves', cell: ({ attempts }) => attempts },
    {
      key: 'next',
      header: 'Next attempt',
      onLaptop: 'wraps',
      cell: ({ next_attempt_at: at, status }) =>
        at === null || status !== 'waiting' ? '–' : <Time at={at} isRelative />,
    },
    ...(mayChange
      ? [{ key: 'actions', header: 'Actions', cell: (retry: Retry) => <RetryActions retry={retry} /> }]
      : []),
    { key: 'lead', header: 'Lead', cell: ({ lead_id: id }) => <LeadLink id={id}>{`…${id.slice(-8)}`}</LeadLink> },
    { key: 'since', header: 'Since', onLaptop: 'leaves', cell: ({ created_at: at }) => <Time at={at} /> },
  ];
}

const MAY_RUN: ReadonlySet<Retry['status']> = new Set(['waiting', 'failed', 'exhausted', 'cancelled']);

function RetryActions({ retry: { id, status } }: { retry: Retry }) {
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const change = useMutation({
    mutationFn: (what: 'run' | 'cancel') => (what === 'run' ? api.runRetry(id) : api.cancelRetry(id)),
    onSuccess: (_retry, what) => {
      announce(what === 'run' ? 'The next attempt is due now' : 'The retry is cancelled');
      setAsked(false);
      return queries.invalidateQueries({ queryKey: ['retries'] });
    },
  });
  if (status === 'unknown')
    return (
      <Anchor component={Link} to="/unknowns" inherit>
        Resolve it first
      </Anchor>
    );
  if (!MAY_RUN.has(status)) return '–';
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => change.mutate('run')}
        loading={change.isPending && change.variables === 'run'}
      >
        Retry now
      </Button>
      {status === 'waiting' && (
        <Button size="compact-sm" variant="default" onClick={() => setAsked(true)}>
          Cancel…
        </Button>
      )}
      {change.error && !isAsked && <FaultAlert>{describeError(change.error).text}</FaultAlert>}
      <Modal opened={isAsked} onClose={() => setAsked(false)} title="Cancel the retry" centered>
        <Stack>
          <Text>No further attempt is made, and the lead gives back its places in caps and lists.</Text>
          {change.error && <FaultAlert>{describeError(change.error).text}</FaultAlert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsked(false)}>
              Keep it
            </Button>
            <Button onClick={() => change.mutate('cancel')} loading={change.isPending}>
              Cancel the retry
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Group>
  );
}
