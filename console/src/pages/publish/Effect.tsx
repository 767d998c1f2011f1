import { Button, Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Replay, SluiceError } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';
import type { UsedDraft } from '../../editor/draft/use-draft.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { describeError } from '../../parts/ErrorState.tsx';
import { formatMoney } from '../../parts/format-money.ts';
import { LeadLink } from '../../parts/LeadLink.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import styles from './publish.module.css';

type ReplaySide = Replay['before'];
type ReplaySample = Replay['samples'][number];
type ReplayEnd = ReplaySample['before'];

const LEADS = 200;

/** What would have become of the last leads: how many flip, and what that is in money. Nothing is sent. */
export function Effect({ flowId, draft }: { flowId: string; draft: UsedDraft }) {
  const mayRead = useMay('leads.read');
  const { version, savedRevision, state } = draft;
  const replay = useQuery({
    queryKey: ['flows', flowId, 'replay', version, savedRevision],
    queryFn: ({ signal }) =>
      api.replayFlow(flowId, { last: LEADS, revision: version === null ? 'saved' : 'draft' }, { signal }),
    enabled: mayRead && state !== 'saving',
    // A minute of work of the server: not again because somebody looked at another window.
    staleTime: Number.POSITIVE_INFINITY,
    retry: (count, error) => error instanceof SluiceError && error.status === 429 && count < 3,
  });
  return (
    <section aria-labelledby="effect">
      <Group justify="space-between" mb="sm">
        <Title order={2} id="effect">
          {replay.data ? describeEffect(replay.data) : `Effect on the last ${LEADS} leads`}
        </Title>
        {replay.data && (
          <Button variant="default" size="compact-sm" onClick={() => void replay.refetch()} loading={replay.isFetching}>
            Replay again
          </Button>
        )}
      </Group>
      {!mayRead && <Text c="dimmed">Your role lacks the permission leads.read, which a replay of leads takes.</Text>}
      {replay.isLoading && <TableSkeleton rows={4} />}
      {replay.error && (
        <Group gap="sm">
          <Text>
            <Sentence text={describeError(replay.error).text} />
          </Text>
          <Button variant="default" onClick={() => void replay.refetch()} loading={replay.isFetching}>
            Try again
          </Button>
        </Group>
      )}
      {replay.data && <Sides replay={replay.data} />}
    </section>
  );
}

function describeEffect({ leads, flipped }: Replay): string {
  if (leads === 0) return 'No lead came yet that could be replayed';
  const of = leads === 1 ? 'the last lead' : `the last ${leads.toLocaleString('en-US')} leads`;
  return flipped === 0 ? `None of ${of} would end otherwise` : `${flipped} of ${of} would end otherwise`;
}

const ROWS = [
  ['success', 'Accepted'],
  ['failure', 'Rejected'],
  ['error', 'Errors'],
  ['not_taken', 'Not taken'],
  ['cost', 'Cost'],
  ['revenue', 'Revenue'],
  ['profit', 'Profit'],
] as const;
const MONEY: ReadonlySet<string> = new Set(['cost', 'revenue', 'profit']);

interface EffectRow {
  key: keyof ReplaySide;
  name: string;
  before: number;
  after: number;
}

function Sides({ replay }: { replay: Replay }) {
  if (replay.leads === 0) return <Text c="dimmed">Send one, or wait for the first.</Text>;
  const rows = ROWS.map(
    ([key, name]): EffectRow => ({ key, name, before: replay.before[key], after: replay.after[key] }),
  );
  const shown = rows.filter(({ key, before, after }) => key !== 'not_taken' || before + after > 0);
  return (
    <div className={styles['effect']}>
      <DataTable
        caption="Outcomes and money of the replayed leads"
        columns={EFFECT_COLUMNS}
        rows={shown}
        getKey={({ key }) => key}
        isList
      />
      <Text size="sm" c="dimmed">
        Recipients answer as they did then
        {replay.assumed > 0 &&
          `; ${replay.assumed} leads came to one that had not answered them, which was taken to accept`}
        .
        {replay.not_replayed > 0 &&
          ` ${replay.not_replayed} leads could not be replayed, because their request is not kept any more.`}
        {replay.stopped_early && ' The time was up before all were replayed.'}
      </Text>
      {replay.samples.length > 0 && (
        <DataTable
          caption="Leads that would end otherwise"
          columns={SAMPLE_COLUMNS}
          rows={replay.samples}
          getKey={({ lead_id: id }) => id}
        />
      )}
    </div>
  );
}

const show = (key: string, value: number) => (MONEY.has(key) ? formatMoney(value) : value.toLocaleString('en-US'));

function showDifference({ key, before, after }: EffectRow): string {
  const difference = after - before;
  if (difference === 0) return '0';
  return `${difference > 0 ? '+' : '−'}${show(key, Math.abs(difference))}`;
}

const EFFECT_COLUMNS: readonly Column<EffectRow>[] = [
  { key: 'name', header: 'Of these leads', cell: ({ name }) => name },
  { key: 'before', header: 'Published now', isNumber: true, cell: ({ key, before }) => show(key, before) },
  { key: 'after', header: 'Draft', isNumber: true, cell: ({ key, after }) => show(key, after) },
  { key: 'difference', header: 'Difference', isNumber: true, cell: showDifference },
];

const SAMPLE_COLUMNS: readonly Column<ReplaySample>[] = [
  { key: 'lead', header: 'Lead', cell: ({ lead_id: id }) => <LeadLink id={id}>{id.slice(-8)}</LeadLink> },
  { key: 'submitted', header: 'Submitted', cell: ({ submitted_at: at }) => <Time at={at} /> },
  { key: 'source', header: 'Source', wraps: true, cell: ({ source }) => <bdi>{source.name ?? source.id}</bdi> },
  { key: 'before', header: 'Published now', wraps: true, cell: ({ before }) => <End end={before} /> },
  { key: 'after', header: 'Draft', wraps: true, cell: ({ after }) => <End end={after} /> },
];

function End({ end: { outcome, reason } }: { end: ReplayEnd }) {
  return (
    <span className={styles['end']}>
      <OutcomeBadge
        status={outcome === 'not_taken' ? 'skip' : outcome}
        {...(outcome === 'not_taken' && { word: 'Not taken' })}
      />
      {reason && <bdi>{reason}</bdi>}
    </span>
  );
}
