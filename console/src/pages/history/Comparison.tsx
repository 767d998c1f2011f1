import { Anchor, Button, Group, NumberInput, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { SluiceError } from '../../../../client/src/client.ts';
import type { FlowFacts } from '../../api/flows.ts';
import { nameActor, type Revision, revisionQuery } from '../../api/revisions.ts';
import { ChangesView } from '../../editor/changes/ChangesView.tsx';
import { countChanges, listChangeRows } from '../../editor/changes/list-change-rows.ts';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { MakeDraft } from './MakeDraft.tsx';
import { RevisionState } from './RevisionList.tsx';

const route = getRouteApi('/signed-in/flows/$flowId/history');

/** Two revisions of a flow and what differs between them. `from` 0: there is none before. */
export function Comparison({ flow, from, to }: { flow: FlowFacts; from: number; to: number }) {
  const newer = useQuery(revisionQuery(flow.id, to));
  const older = useQuery({ ...revisionQuery(flow.id, from), enabled: from >= 1 });
  const error = newer.error ?? (from >= 1 ? older.error : null);
  const isNext = from === to - 1;
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4}>
          <Anchor component={Link} to={`/flows/${flow.id}/history`} size="sm">
            All revisions
          </Anchor>
          <Title order={1}>{isNext ? `What revision ${to} changed` : `From revision ${from} to ${to}`}</Title>
        </Stack>
        <Group gap="sm">
          <CopyButton label="Copy link to this comparison" word="Copy link" text={window.location.href} />
          {newer.data && !newer.data.is_saved && (
            <MakeDraft flow={flow} revision={to} word={`Make revision ${to} the draft`} />
          )}
          {from >= 1 && from !== flow.revision && (
            <MakeDraft flow={flow} revision={from} word={`Make revision ${from} the draft`} variant="filled" />
          )}
        </Group>
      </Group>
      <Ends from={from} to={to} last={flow.revision} />
      {error ? (
        error instanceof SluiceError && error.status === 404 ? (
          <EmptyState title="There is no such revision" text={`The flow has revisions 1 to ${flow.revision}.`} />
        ) : (
          <ErrorState error={error} reset={() => void Promise.all([newer.refetch(), older.refetch()])} />
        )
      ) : newer.data === undefined || (from >= 1 && older.data === undefined) ? (
        <TableSkeleton rows={6} />
      ) : (
        <>
          <About revision={newer.data} />
          {from < 1 ? (
            <Text c="dimmed">It is the first revision: there is none to compare it with.</Text>
          ) : (
            <>
              <div>
                <Title order={2}>{countChanges(listChangeRows(older.data?.document, newer.data.document))}</Title>
                <Text c="dimmed" size="sm">
                  What changes do to leads is shown where a draft is published: it is told by the leads and caps of that
                  time.
                </Text>
              </div>
              <ChangesView
                before={older.data?.document}
                after={newer.data.document}
                names={{ before: `Revision ${from}`, after: `Revision ${to}` }}
              />
            </>
          )}
        </>
      )}
    </Stack>
  );
}

function About({ revision }: { revision: Revision }) {
  return (
    <Facts
      facts={[
        ...(revision.note ? [['Note', <bdi key="note">{revision.note}</bdi>] as const] : []),
        ['Saved by', <bdi key="by">{nameActor(revision.user)}</bdi>],
        ['Saved', <Time key="saved" at={revision.saved_at} />],
        ['Last published', revision.deployed_at === null ? 'Never' : <Time key="deployed" at={revision.deployed_at} />],
        ['State', <RevisionState key="state" revision={revision} />],
      ]}
    />
  );
}

/** Both ends as numbers, and the steps to their neighbours. */
function Ends({ from, to, last }: { from: number; to: number; last: number }) {
  const navigate = route.useNavigate();
  const go = (search: { from: number; to: number }) => void navigate({ search });
  const pick = (end: 'from' | 'to') => (value: number | string) => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= 1 && number <= last) go({ ...{ from, to }, [end]: number });
  };
  return (
    <Group gap="sm" align="flex-end">
      <NumberInput
        label="From revision"
        w={128}
        hideControls
        min={1}
        max={last}
        value={Math.max(from, 1)}
        onChange={pick('from')}
      />
      <NumberInput label="To revision" w={128} hideControls min={1} max={last} value={to} onChange={pick('to')} />
      <Button variant="default" disabled={to <= 2} onClick={() => go({ from: to - 2, to: to - 1 })}>
        Change before
      </Button>
      <Button variant="default" disabled={to >= last} onClick={() => go({ from: to, to: to + 1 })}>
        Change after
      </Button>
    </Group>
  );
}
