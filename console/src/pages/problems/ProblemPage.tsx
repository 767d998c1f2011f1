import { Anchor, Button, Group, Skeleton, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { SluiceError } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { type ProblemDetails, problemQuery, retriableQuery } from '../../api/problems.ts';
import { useMay } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { Delayed } from '../../parts/Delayed.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { describeError, ErrorState } from '../../parts/ErrorState.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { FlowLink } from '../../parts/FlowLink.tsx';
import { LeadLink } from '../../parts/LeadLink.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Time } from '../../parts/Time.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { HourChart } from './HourBars.tsx';
import { MuteProblem } from './MuteProblem.tsx';
import { ProblemTabs } from './ProblemTabs.tsx';
import { CAUSES, countProblem, countTried, nameOf, reasonOf, STATE_WORDS, titleOf } from './problem-words.ts';
import classes from './problems.module.css';
import { RetryAffected } from './RetryAffected.tsx';

const route = getRouteApi('/signed-in/problems/$problemId');

/** What fails, since when, how often, why, and what can be done about it. */
export function ProblemPage() {
  const { problemId } = route.useParams();
  const { data, error, refetch } = useQuery(problemQuery(problemId));
  useTitle(data ? titleOf(data) : 'Problem', 'Problems');
  if (error instanceof SluiceError && (error.status === 404 || error.status === 400)) return <NoProblem />;
  if (data) return <Loaded key={problemId} problem={data} />;
  if (error)
    return (
      <Stack>
        <Title order={1}>Problem</Title>
        <ErrorState error={error} reset={() => void refetch()} />
      </Stack>
    );
  return (
    <Stack gap="lg">
      <Title order={1}>Problem</Title>
      <Delayed>
        <Skeleton height={24} maw={480} />
        <Skeleton height={120} maw={720} />
        <Skeleton height={180} />
      </Delayed>
    </Stack>
  );
}

function NoProblem() {
  return (
    <>
      <Title order={1} mb="md">
        Problem
      </Title>
      <EmptyState
        title="There is no such problem"
        text="It has not occurred for 30 days, or the address is mistyped. Its note is kept for the case that it comes back."
      >
        <Button variant="default" component={Link} to="/problems">
          Show the problems
        </Button>
      </EmptyState>
    </>
  );
}

const number = new Intl.NumberFormat('en-US');

function Loaded({ problem }: { problem: ProblemDetails }) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      'Flow',
      <FlowLink key="flow" id={problem.flow.id}>
        {nameOf(problem.flow)}
      </FlowLink>,
    ],
    ...(problem.source ? [['Source', <bdi key="source">{nameOf(problem.source)}</bdi>] as const] : []),
    ...(problem.recipient ? [['Recipient', <bdi key="recipient">{nameOf(problem.recipient)}</bdi>] as const] : []),
    ...(problem.step_id ? [['Id of the step', <code key="step">{problem.step_id}</code>] as const] : []),
    ['First seen', <Time key="first" at={problem.first_seen} />],
    ['Last seen', <Time key="last" at={problem.last_seen} />],
    ['Failures in 30 days', number.format(problem.events)],
    ['Leads', number.format(problem.leads)],
  ];
  return (
    <Stack gap="lg">
      <div>
        <ProblemTabs />
        <div className={classes['title']}>
          <Title order={1}>
            <bdi>{titleOf(problem)}</bdi>
          </Title>
          <OutcomeBadge status={problem.state} />
          {problem.muted_until !== null && (
            <Text size="sm" c="dimmed">
              until <Time at={problem.muted_until} />
            </Text>
          )}
        </div>
        <p className={classes['reason']}>
          <bdi>{reasonOf(problem)}</bdi>
        </p>
      </div>
      <Actions problem={problem} />
      <section>
        <Title order={2}>Suspected cause</Title>
        {problem.cause ? (
          <Text maw="75ch">
            <strong>{CAUSES[problem.cause].word}.</strong> {CAUSES[problem.cause].advice}
          </Text>
        ) : (
          <Text c="dimmed">Nothing says what is wrong. Look at what was sent and answered of a lead below.</Text>
        )}
      </section>
      <Facts facts={facts} />
      <section>
        <Title order={2}>Last 24 hours</Title>
        <HourChart counts={problem.per_hour} />
      </section>
      <Samples problem={problem} />
      <Note problem={problem} />
    </Stack>
  );
}

/** Changes the state or the note, and has everything that shows it read again. */
export function useMark(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (mark: Parameters<typeof api.markProblem>[1]) => api.markProblem(id, mark),
    onSuccess: (problem) => {
      queries.setQueryData(problemQuery(id).queryKey, problem);
      announce(`The problem is ${STATE_WORDS[problem.state].toLowerCase()}`);
      return queries.invalidateQueries({ queryKey: ['problems'] });
    },
  });
}

function Actions({ problem }: { problem: ProblemDetails }) {
  const mark = useMark(problem.id);
  if (!useMay('leads.resubmit'))
    return (
      <Text size="sm" c="dimmed">
        To change its state or to retry its leads takes the permission leads.resubmit. An owner can give it to you.
      </Text>
    );
  const { state, kind } = problem;
  return (
    <Stack gap="sm">
      <Group gap="sm" role="group" aria-label="Actions">
        {kind !== 'feedback' && <RetryAffected problem={problem} />}
        {state !== 'acknowledged' && (
          <Button variant="default" onClick={() => mark.mutate({ state: 'acknowledged' })} disabled={mark.isPending}>
            Acknowledge
          </Button>
        )}
        <MuteProblem problem={problem} />
        {state !== 'resolved' && (
          <Button variant="default" onClick={() => mark.mutate({ state: 'resolved' })} disabled={mark.isPending}>
            Resolve
          </Button>
        )}
        {state !== 'open' && (
          <Button variant="default" onClick={() => mark.mutate({ state: 'open' })} disabled={mark.isPending}>
            Open again
          </Button>
        )}
      </Group>
      <Counted problem={problem} />
      {state === 'resolved' && (
        <Text size="sm" c="dimmed">
          When it happens again, it is open again.
        </Text>
      )}
      {mark.error && <FaultAlert>{describeError(mark.error).text}</FaultAlert>}
    </Stack>
  );
}

/** Three counts that differ, and what each is of. */
function Counted({ problem }: { problem: ProblemDetails }) {
  const { data } = useQuery({ ...retriableQuery(problem.id), enabled: problem.kind !== 'feedback' });
  const isCut = data?.scan_truncated_at !== undefined;
  return (
    <Text size="sm">
      {countProblem(problem)} in 30 days
      {data && `; ${number.format(countTried(data))}${isCut ? ' of the oldest' : ''} can be retried`}
    </Text>
  );
}

type Sample = ProblemDetails['samples'][number];

const SAMPLE_COLUMNS: readonly Column<Sample>[] = [
  { key: 'at', header: 'When', cell: ({ happened_at: at }) => <Time at={at} /> },
  { key: 'lead', header: 'Lead', cell: ({ lead_id: id }) => <LeadLink id={id} /> },
  { key: 'status', header: 'HTTP status', isNumber: true, cell: ({ status }) => status ?? '–' },
  { key: 'reason', header: 'Reason', wraps: true, cell: ({ reason }) => <bdi>{reason ?? '–'}</bdi> },
  {
    key: 'raw',
    header: 'Exchange',
    cell: ({ lead_id: id }) => (
      <Anchor component={Link} to={`/leads/${id}?tab=raw`} inherit>
        Sent and answered
      </Anchor>
    ),
  },
];

function Samples({ problem: { samples, recipient } }: { problem: ProblemDetails }) {
  return (
    <section>
      <Title order={2} mb="xs">
        Newest failures
      </Title>
      {samples.length === 0 ? (
        <Text c="dimmed">Its leads have been deleted, or are not read yet.</Text>
      ) : (
        <DataTable
          caption="Newest failures"
          columns={SAMPLE_COLUMNS}
          rows={samples}
          getKey={({ event_id: id }) => id}
        />
      )}
      {recipient && (
        <Group gap="md" mt="xs">
          <Anchor component={Link} to={`/retries?recipient_id=${recipient.id}`} size="sm">
            Retries to this recipient
          </Anchor>
          <Anchor component={Link} to={`/unknowns?recipient_id=${recipient.id}`} size="sm">
            Unknown results of this recipient
          </Anchor>
        </Group>
      )}
    </section>
  );
}

const NOTE_MAX = 1_000;

function Note({ problem }: { problem: ProblemDetails }) {
  const [text, setText] = useState(problem.note ?? '');
  const mark = useMark(problem.id);
  const mayChange = useMay('leads.resubmit');
  if (!mayChange)
    return problem.note === null ? null : (
      <section>
        <Title order={2}>Note</Title>
        <Text className={classes['reason'] ?? ''}>
          <bdi>{problem.note}</bdi>
        </Text>
      </section>
    );
  return (
    <section>
      <Title order={2} mb="xs">
        Note
      </Title>
      <Stack gap="sm" maw={720} align="flex-start">
        <Textarea
          w="100%"
          aria-label="Note"
          description="For the next person who looks at it. It stays when the problem comes back. No values of leads."
          autosize
          minRows={2}
          maxRows={8}
          maxLength={NOTE_MAX}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button
          variant="default"
          onClick={() => mark.mutate({ note: text.trim() === '' ? null : text.trim() })}
          disabled={text.trim() === (problem.note ?? '')}
          loading={mark.isPending}
        >
          Save note
        </Button>
        {mark.error && <FaultAlert>{describeError(mark.error).text}</FaultAlert>}
      </Stack>
    </section>
  );
}
