import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Retry, UnknownDelivery } from '../../../client/src/client.ts';
import { api } from './client.ts';

export type { Retry, UnknownDelivery };

/** Of one page; the address says from where it goes on. */
export const DELIVERIES_MAX = 50;
const POLL_MS = 10_000;

export const RETRY_STATES = ['waiting', 'running', 'unknown', 'exhausted', 'failed', 'cancelled', 'succeeded'] as const;
export type RetryState = (typeof RETRY_STATES)[number];

interface PageFilter {
  recipient_id?: string;
  before_id?: string;
}

export interface RetryFilter extends PageFilter {
  /** Absent: what waits or is under way. */
  status?: RetryState | 'all';
}

export interface UnknownFilter extends PageFilter {
  resolved?: true;
}

export const retriesQuery = ({ status, ...filter }: RetryFilter) =>
  queryOptions({
    queryKey: ['retries', status, filter],
    queryFn: async () => {
      const states = status === undefined ? (['waiting', 'running'] as const) : status === 'all' ? undefined : [status];
      const page = await api.listRetries({ ...askedOf(filter), ...(states && { status: [...states] }) });
      return page as Retry[]; // whole: nothing is left out
    },
    refetchInterval: POLL_MS,
    placeholderData: keepPreviousData,
  });

export const unknownsQuery = ({ resolved, ...filter }: UnknownFilter) =>
  queryOptions({
    queryKey: ['unknowns', resolved, filter],
    queryFn: async () => {
      const page = await api.listUnknowns({ ...askedOf(filter), ...(resolved && { resolved: 'true' }) });
      return page as UnknownDelivery[]; // whole: nothing is left out
    },
    refetchInterval: POLL_MS,
    placeholderData: keepPreviousData,
  });

function askedOf({ recipient_id, before_id }: PageFilter) {
  return {
    limit: DELIVERIES_MAX,
    ...(recipient_id !== undefined && { recipient_id: [recipient_id] }),
    ...(before_id !== undefined && { before_id }),
  };
}

/** Names of sources and recipients by their ids. */
export const entityNamesQuery = queryOptions({
  queryKey: ['entity-names'],
  queryFn: async () => new Map((await api.listEntities()).map(({ id, name }) => [id, name])),
  staleTime: 60_000,
});
