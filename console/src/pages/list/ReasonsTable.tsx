import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReasonGroupRow, reasonsQuery } from '../../api/lists.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { formatShare, shareOf } from '../../parts/format-number.ts';
import { LeadLink } from '../../parts/LeadLink.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import type { ListState } from './use-list.ts';

const COUNT = new Intl.NumberFormat('en-US');
/** Reasons that were too many to be told apart; the list cannot be asked for them. */
const OTHERS = '(other)';
const SKELETON_ROWS = 12;

/** Entries in groups by what their reasons have in common, the most frequent first. */
export function ReasonsTable({ list }: { list: ListState }) {
  const { section, question, change } = list;
  const { data, error, refetch } = useQuery(reasonsQuery(question));
  if (data === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  const { groups, total, counted_until } = data;
  if (groups.length === 0)
    return <EmptyState title="No reasons" text={`No ${section} of this time and these filters ended with a reason.`} />;
  const all = groups.reduce((sum, { count }) => sum + count, 0);
  const noun = section === 'leads' ? 'Leads' : 'Events';
  const columns: Column<ReasonGroupRow>[] = [
    {
      ...{ key: 'reason', header: 'Reason', wraps: 'wide' as const },
      cell: ({ reason_class }) =>
        reason_class === OTHERS ? (
          reason_class
        ) : (
          <Anchor
            component="button"
            size="sm"
            ta="start"
            mih={24}
            onClick={() => change({ view: undefined, reason_class })}
          >
            <bdi>{reason_class}</bdi>
          </Anchor>
        ),
    },
    { key: 'count', header: noun, isNumber: true, cell: ({ count }) => COUNT.format(count) },
    { key: 'share', header: 'Share', isNumber: true, cell: ({ count }) => formatShare(shareOf(count, all)) },
    { key: 'first', header: 'First seen', onLaptop: 'leaves', cell: ({ first_seen }) => <Time at={first_seen} /> },
    { key: 'last', header: 'Last seen', cell: ({ last_seen }) => <Time at={last_seen} /> },
    {
      ...{ key: 'samples', header: section === 'leads' ? 'Samples' : 'Samples, by event' },
      cell: ({ sample_ids }) => <Samples ids={sample_ids} isLead={section === 'leads'} />,
    },
  ];
  return (
    <>
      <DataTable
        caption={`${noun} by reason`}
        columns={columns}
        rows={groups}
        getKey={({ reason_class }) => reason_class}
        isList
      />
      <Text size="xs" c="dimmed" mt="xs">
        {total > groups.length ? `The ${groups.length} most frequent of ${COUNT.format(total)} reasons. ` : ''}
        Counted by whole quarters of an hour, from <Time at={data.start} /> to <Time at={data.end} />.
        {counted_until !== null && (
          <>
            {' '}
            Not counted yet: what came after <Time at={counted_until} />.
          </>
        )}
      </Text>
    </>
  );
}

/** The events of its lead. */
function EventSample({ id }: { id: string }) {
  return (
    <Anchor inherit ff="monospace" renderRoot={(props) => <Link {...props} to="/events" search={{ q: id }} />}>
      {`…${id.slice(-8)}`}
    </Anchor>
  );
}

const SAMPLES_MAX = 2;

function Samples({ ids, isLead }: { ids: readonly string[]; isLead: boolean }) {
  return (
    <>
      {ids.slice(0, SAMPLES_MAX).map((id, place) => (
        <span key={id}>
          {place > 0 && ', '}
          {isLead ? <LeadLink id={id}>{`…${id.slice(-8)}`}</LeadLink> : <EventSample id={id} />}
        </span>
      ))}
    </>
  );
}
