import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

export type ProblemList = Awaited<ReturnType<typeof api.listProblems>>;
export type Problem = ProblemList['problems'][number];
export type ProblemDetails = Awaited<ReturnType<typeof api.readProblem>>;
export type ProblemState = Problem['state'];
export type Retried = Awaited<ReturnType<typeof api.retryProblem>>;

const POLL_MS = 30_000;
/** Of one page; the API has the total. */
export const PROBLEMS_MAX = 100;

/** How many are open, for badges; a page in the background does not ask. */
export const problemCountQuery = queryOptions({
  queryKey: ['problems', 'count'],
  queryFn: async () => (await api.listProblems({ limit: 1 })).counts['open'] ?? 0,
  refetchInterval: POLL_MS,
});

export interface ProblemFilter {
  /** Absent: those that are open. */
  state?: ProblemState | 'all';
  flow_id?: string;
  recipient_id?: string;
}

export const problemsQuery = ({ state = 'open', flow_id, recipient_id }: ProblemFilter) =>
  queryOptions({
    queryKey: ['problems', 'list', { state, flow_id, recipient_id }],
    queryFn: () =>
      api.listProblems({
        limit: PROBLEMS_MAX,
        ...(state !== 'all' && { state: [state] }),
        ...(flow_id !== undefined && { flow_id: [flow_id] }),
        ...(recipient_id !== undefined && { recipient_id: [recipient_id] }),
      }),
    refetchInterval: POLL_MS,
    placeholderData: keepPreviousData,
  });

export const problemQuery = (id: string) =>
  queryOptions({ queryKey: ['problems', 'one', id], queryFn: () => api.readProblem(id), refetchInterval: POLL_MS });

/** What a retry of all its leads would do. It reads their failures: not asked again by itself. */
export const retriableQuery = (id: string) =>
  queryOptions({
    queryKey: ['problems', 'retriable', id],
    queryFn: () => api.retryProblem(id, { preview: true }),
    staleTime: POLL_MS,
  });
