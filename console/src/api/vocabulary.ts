import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** They change with the server alone, and with the packages that are installed on it. */
const STALE_MS = 300_000;

/** Data types with their parts and operators. */
export const typesQuery = queryOptions({
  queryKey: ['types'],
  queryFn: () => api.listTypes(),
  staleTime: STALE_MS,
});

/** Every module that flows can use, with the properties it takes and what it appends. */
export const modulesQuery = queryOptions({
  queryKey: ['modules'],
  queryFn: () => api.listModules(),
  staleTime: STALE_MS,
});
