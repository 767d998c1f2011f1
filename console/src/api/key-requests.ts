import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

export type KeyRequest = Awaited<ReturnType<typeof api.listApiKeyRequests>>[number];
type Query = NonNullable<Parameters<typeof api.listApiKeyRequests>[1]>;
export type KeyRequestFilter = Pick<Query, 'status' | 'operation' | 'before_id'>;

/** Requests of a page; a full one may have others behind it. */
export const KEY_REQUESTS_SHOWN = 50;

export const keyRequestsQuery = (id: string, filter: KeyRequestFilter) =>
  queryOptions({
    queryKey: ['api-keys', id, 'requests', filter],
    queryFn: () => api.listApiKeyRequests(id, { ...filter, limit: KEY_REQUESTS_SHOWN }),
  });
