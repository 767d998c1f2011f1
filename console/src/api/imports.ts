import { queryOptions } from '@tanstack/react-query';
import type { LeadImport } from '../../../client/src/client.ts';
import { api } from './client.ts';
import { isUnderWay } from './jobs.ts';

/** While the server checks the file. */
const CHECK_POLL_MS = 1_000;

export const leadImportQuery = (id: string) =>
  queryOptions({
    queryKey: ['lead-imports', id],
    queryFn: () => api.readLeadImport(id),
    refetchInterval: ({ state: { data } }) => (data && isChecking(data) ? CHECK_POLL_MS : false),
  });

/** Whether the check goes on. It is written before its job waits, so a job under way may have it already. */
export function isChecking({ job, started, check }: LeadImport): boolean {
  return !started && (isUnderWay(job) || (job.state === 'waiting' && check === null));
}

/** Why rows of an import of feedback have failed. Its key is below that of the job, whose stream has it read again. */
export const feedbackImportQuery = (id: string) =>
  queryOptions({ queryKey: ['jobs', id, 'feedback'], queryFn: () => api.readFeedbackImport(id) });

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
