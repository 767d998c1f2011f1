import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

export type LatestLead = Awaited<ReturnType<typeof api.listLeads>>[number];

const LEADS_MAX = 10;
const POLL_MS = 4_000;

/** The newest leads; a page in the background does not ask. */
export const latestLeadsQuery = queryOptions({
  queryKey: ['leads', 'latest'],
  queryFn: () => api.listLeads({ limit: LEADS_MAX }),
  refetchInterval: POLL_MS,
});

const HITS_MAX = 8;

/** Leads by whatever is known of one: words, an id, an address, a phone. What was typed is kept nowhere. */
export const foundLeadsQuery = (query: string) =>
  queryOptions({
    queryKey: ['leads', 'found', query],
    queryFn: () => api.searchLeads({ query, limit: HITS_MAX }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
