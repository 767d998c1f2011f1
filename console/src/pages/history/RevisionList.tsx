import { Anchor, Button, Group, Radio, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { draftQuery } from '../../api/drafts.ts';
import type { FlowFacts } from '../../api/flows.ts';
import { nameActor, type Revision, revisionsQuery } from '../../api/revisions.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import styles from './history.module.css';
import { MakeDraft } from './MakeDraft.tsx';

const route = getRouteApi('/signed-in/flows/$flowId/history');

/** Sentences of a row; the comparison has all. */
const SENTENCES_MAX = 3;

interface Picked {
  from: number | null;
  to: number | null;
}

/** Every revision of a flow, newest first. */
export function RevisionList({ flow }: { flow: FlowFacts }) {
  const revisions = useInfiniteQuery(revisionsQuery(flow.id));
  const draft = useQuery(draftQuery(flow.id)).data ?? null;
  const navigate = route.useNavigate();
  const [picked, setPicked] = useState<Picked>({ from: null, to: null });
  const rows = revisions.data?.pages.flat() ?? [];
  const { from, to } = chooseEnds(picked, rows);
  const compare = () => {
    if (from !== null && to !== null) void navigate({ search: { from: Math.min(from, to), to: Math.max(from, to) } });
  };
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end" gap="md">
        <div>
          <Title order={1}>
            History of <bdi>{flow.name}</bdi>
          </Title>
          <Text c="dimmed" size="sm">
            Every saved revision. Leads run on the one that is published. To undo a change, make an earlier revision the
            draft and publish it.
            {draft && (
              <>
                {' '}
                <Anchor component={Link} to={`/flows/${flow.id}/publish`} inherit underline="always">
                  A draft on revision {draft.base_revision}
                </Anchor>{' '}
                was changed last by <bdi>{nameActor(draft.user)}</bdi>.
              </>
            )}
          </Text>
        </div>
        {rows.length > 1 && (
          <Button onClick={compare} disabled={from === null || to === null || from === to}>
            {from !== null && to !== null && from !== to
              ? `Compare ${Math.min(from, to)} with ${Math.max(from, to)}`
              : 'Compare'}
          </Button>
        )}
      </Group>
      {revisions.error && <ErrorState error={revisions.error} reset={() => void revisions.refetch()} />}
      {revisions.isPending && <TableSkeleton rows={8} />}
      {revisions.isSuccess && rows.length === 0 && (
        <EmptyState title="Nothing was saved" text="A revision appears here with each change that is published." />
      )}
      {rows.length > 0 && (
        <DataTable
          caption="Revisions of the flow"
          columns={columnsOf({ flow, isSingle: rows.length === 1, picked: { from, to }, pick: setPicked })}
          rows={rows}
          getKey={({ revision }) => String(revision)}
        />
      )}
      {revisions.hasNextPage && (
        <Button
          variant="default"
          className={styles['start'] ?? ''}
          onClick={() => void revisions.fetchNextPage()}
          loading={revisions.isFetchingNextPage}
        >
          Show older revisions
        </Button>
      )}
    </Stack>
  );
}

/** What was picked, else the last one against the one before it. */
function chooseEnds(picked: Picked, rows: readonly Revision[]): Picked {
  return { from: picked.from ?? rows[1]?.revision ?? null, to: picked.to ?? rows[0]?.revision ?? null };
}

function columnsOf(given: {
  flow: FlowFacts;
  isSingle: boolean;
  picked: Picked;
  pick: (picked: Picked) => void;
}): readonly Column<Revision>[] {
  const { flow, isSingle, picked, pick } = given;
  const columns: readonly Column<Revision>[] = [
    {
      key: 'revision',
      header: 'Revision',
      cell: (row) => (
        <div className={styles['told']}>
          <Anchor
            inherit
            renderRoot={(props) => (
              <Link {...props} to="/flows/$flowId/history" params={{ flowId: flow.id }} search={{ to: row.revision }} />
            )}
          >
            Revision {row.revision}
          </Anchor>
          <RevisionState revision={row} />
        </div>
      ),
    },
    {
      key: 'saved',
      header: 'Saved',
      cell: ({ saved_at: at, user }) => (
        <div className={styles['told']}>
          <Time at={at} />
          <bdi className={styles['by']} title={nameActor(user)}>
            {nameActor(user)}
          </bdi>
        </div>
      ),
    },
    { key: 'change', header: 'Note and changes', wraps: true, cell: (revision) => <Told revision={revision} /> },
    {
      key: 'compare',
      header: 'Compare',
      cell: ({ revision }) => (
        <span className={styles['ends']}>
          {(['from', 'to'] as const).map((end) => (
            <Radio
              key={end}
              name={`compare-${end}`}
              label={end === 'from' ? 'From' : 'To'}
              aria-label={`Compare ${end} revision ${revision}`}
              checked={picked[end] === revision}
              onChange={() => pick({ ...picked, [end]: revision })}
            />
          ))}
        </span>
      ),
    },
    {
      key: 'draft',
      header: 'Go back',
      cell: ({ revision, is_saved: isSaved }) =>
        isSaved ? null : <MakeDraft flow={flow} revision={revision} isCompact />,
    },
  ];
  return isSingle ? columns.slice(0, -2) : columns;
}

export function RevisionState({ revision }: { revision: Revision }) {
  const { is_deployed: isDeployed, is_saved: isSaved, deployed_at: deployedAt } = revision;
  if (isDeployed) return <OutcomeBadge status="success" word="Published" />;
  if (isSaved) return <OutcomeBadge status="skip" word="Saved, not published" />;
  return (
    <Text size="sm" c="dimmed">
      {deployedAt === null ? 'Never published' : 'Was published'}
    </Text>
  );
}

function Told({ revision: { note, sentences, revision } }: { revision: Revision }) {
  const shown = sentences.slice(0, SENTENCES_MAX);
  const more = sentences.length - shown.length;
  return (
    <div className={styles['told']}>
      {note && (
        <b>
          <bdi>{note}</bdi>
        </b>
      )}
      {shown.map((sentence) => (
        <bdi key={sentence}>{sentence}</bdi>
      ))}
      {more > 0 && <span className={styles['more']}>and {more} more</span>}
      {sentences.length === 0 && (
        <span className={styles['more']}>{revision === 1 ? 'The first one' : 'No change in the document'}</span>
      )}
    </div>
  );
}
