import { queryOptions } from '@tanstack/react-query';
import type { LeadImport } from '../../../client/src/client.ts';
import { api } from './client.ts';
import { hasEnded, isUnderWay } from './jobs.ts';

/** While the server checks the file. */
const CHECK_POLL_MS = 1_000;

export const leadImportQuery = (id: string) =>
  queryOptions({
    queryKey: ['lead-imports', id],
    queryFn: () => api.readLeadImport(id),
    // A job that waits may not have its check yet, or begin another one by what was changed.
    refetchInterval: ({ state: { data } }) =>
      data && data.check === null && !hasEnded(data.job) ? CHECK_POLL_MS : false,
  });

/** Until its rows are submitted it has no check. */
export function isChecking({ job, check }: LeadImport): boolean {
  return isUnderWay(job) && check === null;
}

export interface ImportPlace {
  flowName: string;
  fields: string[];
}

/** The flow that leads are imported into: its fields are what columns can be. */
export const importFlowQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['flows', flowId, 'import'],
    queryFn: async (): Promise<ImportPlace> => {
      const { name = '', fields } = await api.readFlow(flowId, { include: ['name', 'fields'] });
      const known = Array.isArray(fields) ? fields.filter((each): each is string => typeof each === 'string') : [];
      return { flowName: String(name), fields: known.sort() };
    },
    staleTime: 60_000,
  });
