import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { FeedbackImport, Job } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { feedbackImportQuery } from '../../api/imports.ts';
import { hasEnded, isUnderWay, jobQuery, nameJob } from '../../api/jobs.ts';
import { useMay } from '../../api/use-session.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { BarRows } from '../../parts/BarRows.tsx';
import { capitalize } from '../../parts/capitalize.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { DetailFrame } from '../../parts/DetailFrame.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { FormFault } from '../../parts/FormPanel.tsx';
import { formatCount, formatShare, shareOf } from '../../parts/format-number.ts';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Section } from '../../parts/Section.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { Time } from '../../parts/Time.tsx';
import { useChange } from '../../parts/use-change.ts';
import {
  describeEta,
  describeProgress,
  describeRate,
  describeSize,
  listCounts,
  nameOutcome,
} from '../jobs/job-words.ts';
import classes from '../jobs/jobs.module.css';
import { ResultBar } from '../jobs/ResultBar.tsx';
import { useJobStream } from './use-job-stream.ts';

const route = getRouteApi('/signed-in/jobs/$jobId');
const KEYS = [['jobs']];

/** One job: how far it is, what came of it, and its files. */
export function JobPage() {
  const { jobId } = route.useParams();
  return (
    <DetailFrame
      parent={{ to: '/jobs', title: 'Jobs' }}
      noun="job"
      permission="jobs.read"
      query={jobQuery(jobId)}
      nameOf={nameJob}
      badge={({ state }) => <OutcomeBadge status={state} />}
      actions={(job) => <Turn job={job} />}
    >
      {(job) => <Details job={job} />}
    </DetailFrame>
  );
}

function Details({ job }: { job: Job }) {
  useJobStream(job.id, { isOpen: !hasEnded(job) });
  return (
    <>
      {job.reason !== null && <Reason job={job} />}
      {job.kind === 'import-leads' && <GoOn job={job} />}
      <Stack gap="xs">
        <Text role="status">{sayProgress(job)}</Text>
        <ResultBar job={job} />
      </Stack>
      <Facts facts={listFacts(job)} />
      <Results job={job} />
      {job.kind === 'import-feedback' && <Failures job={job} />}
      <Files job={job} />
      <Log job={job} />
      <Cancel job={job} />
    </>
  );
}

function Reason({ job: { state, reason } }: { job: Job }) {
  if (state === 'failed') return <FaultAlert title="It failed">{reason}</FaultAlert>;
  return <Text>{reason !== null && <Sentence text={reason} />}</Text>;
}

/** To the page of an import: to the columns and the check, or to another file. */
function GoOn({ job: { id, state } }: { job: Job }) {
  const mayImport = useMay('leads.submit');
  if (!mayImport || (state !== 'waiting' && state !== 'done_with_failures' && state !== 'failed')) return null;
  return (
    <Group>
      {state === 'waiting' ? (
        <Button component={Link} to={`/import/leads?job=${id}`}>
          Look at the check
        </Button>
      ) : (
        <Button component={Link} to="/import/leads" variant="default">
          Import another file
        </Button>
      )}
    </Group>
  );
}

/** `1,200 of 5,000 done, about 36 s left`; `Ended: 0 of 6 succeeded`. */
function sayProgress(job: Job): string {
  const counts = listCounts(job);
  if (!hasEnded(job)) {
    const { eta_seconds: eta } = job.progress;
    const left = isUnderWay(job) && eta !== null ? `, ${describeEta(eta)} left` : '';
    return `${describeProgress(job)} done${left}${job.cancel_asked ? '; it is being cancelled' : ''}`;
  }
  const all = counts.reduce((sum, { pieces }) => sum + pieces, 0);
  if (all === 0) return `Ended: ${describeProgress(job)} done`;
  const good = counts.filter(({ tone }) => tone === 'success').reduce((sum, { pieces }) => sum + pieces, 0);
  return `Ended: ${formatCount(good)} of ${formatCount(all)} succeeded`;
}

function listFacts(job: Job): Parameters<typeof Facts>[0]['facts'] {
  const { asked_by: who, progress, attempt, created_at: made, started_at: begun, ended_at: ended } = job;
  return [
    ...(isUnderWay(job)
      ? ([
          ['Rate', describeRate(progress.rate_per_second)],
          ['Left', describeEta(progress.eta_seconds)],
        ] as const)
      : []),
    ['Asked by', <bdi key="who">{who.name}</bdi>],
    ['Asked at', <Time key="made" at={made} />],
    ['Begun', begun === null ? 'Not yet' : <Time key="begun" at={begun} />],
    ['Ended', ended === null ? 'Not yet' : <Time key="ended" at={ended} />],
    ...(attempt > 1 ? ([['Times begun', formatCount(attempt)]] as const) : []),
  ];
}

function Results({ job }: { job: Job }) {
  const counts = listCounts(job);
  if (counts.length === 0) return null;
  const all = counts.reduce((sum, { pieces }) => sum + pieces, 0);
  return (
    <Section title="Results">
      <Stack maw={640}>
        <BarRows
          caption="What is done, by outcome"
          head={['Outcome', 'Done', 'Share']}
          most={all}
          rows={counts.map(({ outcome, pieces, tone }) => ({
            ...{ key: outcome, count: pieces, note: formatShare(shareOf(pieces, all)) },
            label: <OutcomeBadge status={tone} word={capitalize(nameOutcome(outcome))} />,
          }))}
        />
      </Stack>
    </Section>
  );
}

type Failure = FeedbackImport['failures'][number];

const FAILURE_COLUMNS: readonly Column<Failure>[] = [
  { key: 'reason', header: 'Reason', wraps: true, cell: ({ reason }) => <bdi>{reason || 'No reason was given'}</bdi> },
  {
    key: 'outcome',
    header: 'Outcome',
    cell: ({ outcome }) => <OutcomeBadge status="failure" word={capitalize(nameOutcome(outcome))} />,
  },
  { key: 'rows', header: 'Rows', isNumber: true, cell: ({ rows }) => formatCount(rows) },
  { key: 'sample', header: 'Such as row', isNumber: true, cell: ({ sample }) => formatCount(sample) },
];

/** Why rows failed, the most first; the file has the reason of each. */
function Failures({ job }: { job: Job }) {
  const failed = listCounts(job).some(({ tone }) => tone !== 'success');
  const { data, error } = useQuery({ ...feedbackImportQuery(job.id), enabled: failed });
  if (!failed || (data !== undefined && data.failures.length === 0)) return null;
  return (
    <Section title="Why rows failed" text="Rows are counted from 1, without the row of names.">
      {error && <FormFault error={error} />}
      {data && (
        <DataTable
          caption="Why rows failed"
          columns={FAILURE_COLUMNS}
          rows={data.failures}
          getKey={({ outcome, reason }) => `${outcome} ${reason}`}
        />
      )}
    </Section>
  );
}

type Artefact = Job['artefacts'][number];

const FILE_COLUMNS: readonly Column<Artefact>[] = [
  {
    key: 'name',
    header: 'File',
    wraps: true,
    cell: ({ name, url }) => (
      <Anchor href={url} download inherit aria-label={`Download ${name}`}>
        {name}
      </Anchor>
    ),
  },
  { key: 'what', header: 'What it has', wraps: true, cell: ({ name }) => FILE_TEXTS[name] ?? '–' },
  { key: 'size', header: 'Size', isNumber: true, cell: ({ size }) => describeSize(size) },
  { key: 'until', header: 'Kept until', cell: ({ expires_at: at }) => <Time at={at} /> },
];

const FILE_TEXTS: Readonly<Record<string, string>> = {
  'result.csv': 'Each row with what became of it',
  'results.csv': 'Each lead with what became of it',
  'rejected.csv': 'The rows that were not taken, with the reason of each: repair them and import the file again',
};

function Files({ job: { artefacts } }: { job: Job }) {
  const mayDownload = useMay('leads.read');
  if (artefacts.length === 0) return null;
  return (
    <Section title="Files">
      {mayDownload ? (
        <DataTable caption="Files" columns={FILE_COLUMNS} rows={artefacts} getKey={({ name }) => name} />
      ) : (
        <Text size="sm" c="dimmed">
          It has left {artefacts.length === 1 ? 'a file' : `${artefacts.length} files`}. Downloading takes the
          permission leads.read. An owner can give you another role.
        </Text>
      )}
    </Section>
  );
}

function Log({ job: { log } }: { job: Job }) {
  if (log.length === 0) return null;
  return (
    <Section title="Log" text="The last 100 lines, newest first.">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard (WCAG 2.1.1) */}
      <ol className={classes['log']} tabIndex={0} aria-label="Log">
        {log.toReversed().map((line) => (
          <li key={`${line.at} ${line.text}`}>
            <Time at={line.at} />
            <span>
              <Sentence text={line.text} />
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** Pause, or go on. */
function Turn({ job }: { job: Job }) {
  const mayManage = useMay('jobs.manage');
  const pause = useChange({ run: () => api.pauseJob(job.id), keys: KEYS, said: 'The job pauses' });
  const resume = useChange({ run: () => api.resumeJob(job.id), keys: KEYS, said: 'The job goes on' });
  if (!mayManage) return null;
  return (
    <>
      {isUnderWay(job) && !job.cancel_asked && (
        <Button variant="default" onClick={() => pause.mutate()} loading={pause.isPending}>
          Pause
        </Button>
      )}
      {job.state === 'paused' && (
        <Button onClick={() => resume.mutate()} loading={resume.isPending}>
          Resume
        </Button>
      )}
      {pause.error && <FormFault error={pause.error} />}
      {resume.error && <FormFault error={resume.error} />}
    </>
  );
}

function Cancel({ job }: { job: Job }) {
  const mayManage = useMay('jobs.manage');
  const cancel = useChange({ run: () => api.cancelJob(job.id), keys: KEYS, said: 'The job is cancelled' });
  if (hasEnded(job) || job.cancel_asked) return null;
  if (!mayManage)
    return (
      <Text size="sm" c="dimmed">
        Pausing and cancelling take the permission jobs.manage. An owner can give you another role.
      </Text>
    );
  return (
    <Group>
      <AskFirst
        button="Cancel job…"
        title="Cancel this job?"
        verb="Cancel job"
        keep="Let it go on"
        run={() => cancel.mutate()}
        isRunning={cancel.isPending}
        error={cancel.error}
      >
        What it has done stays done. The rest is left, and it cannot be begun again.
      </AskFirst>
    </Group>
  );
}
