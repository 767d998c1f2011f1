import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ListActivityQuery } from '../../../client/src/client.ts';
import { api } from './client.ts';

export type Activity = Awaited<ReturnType<typeof api.listActivity>>[number];
export type Changelog = Awaited<ReturnType<typeof api.readChangelog>>;

/** Of one page; the address says from where it goes on. */
export const ACTIVITY_MAX = 50;

export const activityQuery = (filter: ListActivityQuery) =>
  queryOptions({
    queryKey: ['activity', filter],
    queryFn: () => api.listActivity({ ...filter, limit: ACTIVITY_MAX }),
    placeholderData: keepPreviousData,
  });

/** One change in words and place by place. */
export const changeQuery = (id: string) =>
  queryOptions({ queryKey: ['activity', 'change', id], queryFn: () => api.readChangelog(id), staleTime: 60_000 });
