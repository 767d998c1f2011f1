import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Job } from '../../../client/src/client.ts';
import { api } from './client.ts';

const JOBS_MAX = 8;
/** Of a page of the list. */
export const JOBS_PAGE_MAX = 50;
/** While a job is under way, and while none is. */
const BUSY_POLL_MS = 3_000;
const IDLE_POLL_MS = 20_000;
const UNDER_WAY: ReadonlySet<Job['state']> = new Set(['queued', 'running']);

/** The newest jobs; a page in the background does not ask. */
export const latestJobsQuery = queryOptions({
  queryKey: ['jobs', 'latest'],
  queryFn: () => api.listJobs({ limit: JOBS_MAX }),
  refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? BUSY_POLL_MS : IDLE_POLL_MS),
});

export interface JobFilter {
  state?: Job['state'][];
  kind?: Job['kind'];
  /** The last job of the page before. */
  before_id?: string;
}

/** A page of jobs, newest first; asked again while one of them is under way. */
export const jobsPageQuery = (filter: JobFilter) =>
  queryOptions({
    queryKey: ['jobs', 'page', filter],
    queryFn: () => api.listJobs({ ...filter, limit: JOBS_PAGE_MAX }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? BUSY_POLL_MS : IDLE_POLL_MS),
  });

/** One job; its stream says what is new, and this asks when the stream does not (`useJobStream`). */
export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ['jobs', id],
    queryFn: () => api.readJob(id),
    refetchInterval: ({ state }) => (state.data === undefined || hasEnded(state.data) ? false : BUSY_POLL_MS),
  });

export function hasEnded({ ended_at: at }: Pick<Job, 'ended_at'>): boolean {
  return at !== null;
}

export function isUnderWay({ state }: Pick<Job, 'state'>): boolean {
  return UNDER_WAY.has(state);
}

/** What people call each kind of work. */
export const JOB_KINDS: Readonly<Record<Job['kind'], string>> = {
  resubmit: 'Send leads again',
  'import-list': 'Import of a list',
  'import-feedback': 'Import of feedback',
  export: 'Export',
  'import-leads': 'Import of leads',
  'find-held-leads': 'Find leads of a legal hold',
  'erase-person': 'Erasure of a person',
  'export-person': 'Export of a person',
};

export function nameJob({ kind }: Pick<Job, 'kind'>): string {
  return JOB_KINDS[kind] ?? kind;
}

/** `1,200 success, 3 failure`; while it runs, how far it is. */
export function describeJob({ state, progress, counters, reason }: Job): string {
  const count = new Intl.NumberFormat('en-US');
  const { done, total } = progress;
  if (isUnderWay({ state }))
    return total === null ? count.format(done) : `${count.format(done)} of ${count.format(total)}`;
  const counts = Object.entries(counters).filter(([, pieces]) => pieces > 0);
  if (counts.length === 0) return reason ?? 'nothing to do';
  return counts.map(([outcome, pieces]) => `${count.format(pieces)} ${outcome.replaceAll('_', ' ')}`).join(', ');
}
