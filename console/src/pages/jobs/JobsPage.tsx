import { Anchor, Button, Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Job } from '../../../../client/src/client.ts';
import { describeJob, JOB_KINDS, JOBS_PAGE_MAX, type JobFilter, jobsPageQuery, nameJob } from '../../api/jobs.ts';
import { useMay } from '../../api/use-session.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { findLook } from '../../parts/statuses.ts';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { Toolbar } from '../../parts/Toolbar.tsx';
import { type Search, useAddress } from '../../parts/use-address.ts';
import { useTitle } from '../../parts/use-title.ts';
import { JobTabs } from './JobTabs.tsx';
import { describeEta, describeProgress, describeRate } from './job-words.ts';
import { ResultBar } from './ResultBar.tsx';

const SKELETON_ROWS = 10;

/** What is chosen together: people ask for what runs, what waits for them, and what failed. */
const STATES: readonly { value: string; label: string; states: readonly Job['state'][] }[] = [
  { value: 'open', label: 'Under way', states: ['queued', 'running', 'waiting', 'paused'] },
  { value: 'unwell', label: 'With failures', states: ['failed', 'done_with_failures'] },
  ...(['waiting', 'paused', 'done', 'done_with_failures', 'failed', 'cancelled'] as const).map((state) => ({
    ...{ value: state, label: findLook(state).word, states: [state] },
  })),
];

/** Work in the background: how far it is and what came of it. */
export function JobsPage() {
  useTitle('Jobs');
  const mayRead = useMay('jobs.read');
  return (
    <>
      <PageHeader
        title="Jobs"
        text="Work in the background: imports, exports, leads that are sent again. It goes on without an open page, and is kept for 30 days after its end."
      />
      <JobTabs />
      {mayRead ? <Jobs /> : <NoPermission what="jobs" permission="jobs.read" />}
    </>
  );
}

function readFilter(search: Search): JobFilter {
  const chosen = STATES.find(({ value }) => value === search['state']);
  const kind = Object.keys(JOB_KINDS).find((each) => each === search['kind']) as Job['kind'] | undefined;
  return {
    ...(chosen && { state: [...chosen.states] }),
    ...(kind && { kind }),
    ...(search['before'] !== undefined && { before_id: search['before'] }),
  };
}

function Jobs() {
  const { search, change } = useAddress();
  const filter = readFilter(search);
  const { data: jobs, error, refetch } = useQuery(jobsPageQuery(filter));
  if (jobs === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  const isFiltered = filter.state !== undefined || filter.kind !== undefined;
  if (jobs.length === 0 && !isFiltered && filter.before_id === undefined)
    return (
      <EmptyState
        title="No jobs yet"
        text="Imports, exports and leads that are sent again in large numbers show here how far they are and what came of them."
      />
    );
  const lastId = jobs.at(-1)?.id;
  return (
    <>
      <Toolbar>
        <Select
          label="State"
          data={[{ value: '', label: 'All' }, ...STATES.map(({ value, label }) => ({ value, label }))]}
          value={STATES.some(({ value }) => value === search['state']) ? (search['state'] ?? '') : ''}
          onChange={(state) => change({ state: state ?? undefined, before: undefined })}
          allowDeselect={false}
          w={180}
        />
        <Select
          label="Kind"
          data={[{ value: '', label: 'All' }, ...Object.entries(JOB_KINDS).map(([value, label]) => ({ value, label }))]}
          value={filter.kind ?? ''}
          onChange={(kind) => change({ kind: kind ?? undefined, before: undefined })}
          allowDeselect={false}
          w={240}
        />
      </Toolbar>
      {jobs.length === 0 ? (
        <EmptyState title="No jobs match" text="No job has this state and kind; jobs go 30 days after their end.">
          <Button variant="default" onClick={() => change({ state: undefined, kind: undefined, before: undefined })}>
            Show all jobs
          </Button>
        </EmptyState>
      ) : (
        <DataTable caption="Jobs" columns={COLUMNS} rows={jobs} getKey={({ id }) => id} isList />
      )}
      <Group gap="sm" mt="sm">
        {filter.before_id !== undefined && (
          <Button variant="default" size="compact-sm" onClick={() => change({ before: undefined })}>
            Back to the newest
          </Button>
        )}
        {jobs.length === JOBS_PAGE_MAX && (
          <Button variant="default" size="compact-sm" onClick={() => change({ before: lastId })}>
            Show older ones
          </Button>
        )}
      </Group>
    </>
  );
}

const COLUMNS: readonly Column<Job>[] = [
  {
    key: 'kind',
    header: 'Job',
    wraps: true,
    cell: (job) => (
      <Anchor component={Link} to={`/jobs/${job.id}`} inherit>
        {nameJob(job)}
      </Anchor>
    ),
  },
  { key: 'state', header: 'State', cell: ({ state }) => <OutcomeBadge status={state} /> },
  { key: 'done', header: 'Done', isNumber: true, cell: describeProgress },
  { key: 'bar', header: 'Results', onLaptop: 'leaves', cell: (job) => <ResultBar job={job} /> },
  { key: 'counts', header: 'What came of it', wraps: true, cell: (job) => describeResult(job) },
  {
    key: 'rate',
    header: 'Rate',
    isNumber: true,
    onLaptop: 'leaves',
    cell: ({ progress }) => describeRate(progress.rate_per_second),
  },
  {
    key: 'left',
    header: 'Left',
    isNumber: true,
    onLaptop: 'leaves',
    cell: ({ progress }) => describeEta(progress.eta_seconds),
  },
  { key: 'who', header: 'Asked by', wraps: 'narrow', cell: ({ asked_by: { name } }) => <bdi>{name}</bdi> },
  { key: 'created', header: 'Asked', cell: ({ created_at: at }) => <Time at={at} isRelative /> },
];

/** While it runs the counts so far; how far it is has a column of its own. */
function describeResult(job: Job): string {
  return Object.values(job.counters).some((pieces) => pieces > 0)
    ? describeJob({ ...job, state: 'done' })
    : (job.reason ?? '–');
}
