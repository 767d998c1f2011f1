import { queryOptions } from '@tanstack/react-query';
import { type FlowDraft, SluiceError } from '../../../client/src/client.ts';
import { api } from './client.ts';

export type { FlowDraft };

/** The draft of a flow; null: there is none. */
export const draftQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['flows', flowId, 'draft'],
    queryFn: async (): Promise<FlowDraft | null> => {
      try {
        return await api.readDraft(flowId);
      } catch (error) {
        if (error instanceof SluiceError && error.status === 404) return null;
        throw error;
      }
    },
    // Others may change it at any time.
    staleTime: 0,
  });

/** The flow as it is saved, with all that it holds. */
export const savedFlowQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['flows', flowId, 'saved'],
    queryFn: () => api.readFlow(flowId),
  });

interface DraftPlace {
  flowId: string;
  /** The saved revision that the draft changes. */
  baseRevision: number;
  /** Of the draft that was read; null: there was none. */
  version: number | null;
}

/** Makes an old revision the draft. The server copies it, because what it shows of revisions has no secrets. */
export async function copyRevisionToDraft(
  { flowId, baseRevision, version }: DraftPlace,
  revision: number,
): Promise<void> {
  await api.replaceDraft(flowId, { revision, base_revision: baseRevision, version });
}
