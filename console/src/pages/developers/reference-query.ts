import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { readReference } from './read-reference.ts';

/**
 * The API as this server describes it, read once: it stays the same for the life of the server. Two answers are not compared part
 * by part, which would take longer than reading one.
 */
export const referenceQuery = queryOptions({
  queryKey: ['reference'],
  queryFn: async () => readReference(await api.readOpenApi()),
  staleTime: Number.POSITIVE_INFINITY,
  structuralSharing: false,
});
