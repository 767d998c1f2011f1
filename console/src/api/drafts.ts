import { queryOptions } from '@tanstack/react-query';
import { type Actor, type Flow, SluiceError } from '../../../client/src/client.ts';
import type { FlowDocument } from '../../../src/model/flow.ts';
import { api } from './client.ts';

/** What people change in a flow before they publish it. */
export interface FlowDraft {
  flow_id: string;
  /** Rises with every change. */
  version: number;
  /** The saved revision that the draft changes. */
  base_revision: number;
  saved_revision: number;
  deployed_revision: number | null;
  document: FlowDocument;
  /** What keeps it from being published, by path. */
  errors: Record<string, string>;
  warnings: Record<string, string>;
  since: number | null;
  changes: { sentences: string[]; changes: unknown[]; more_changes: number };
  updated_at: string;
  user: Actor;
}

/** The draft of a flow; null: there is none. */
export const draftQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['flows', flowId, 'draft'],
    queryFn: async (): Promise<FlowDraft | null> => {
      try {
        const { body } = await api.request('GET', `/flows/${flowId}/draft`);
        return body as FlowDraft; // the answer of the route, which the server checks in its tests
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
  await api.request('PUT', `/flows/${flowId}/draft`, { body: { revision, base_revision: baseRevision, version } });
}

export async function saveDraft({ flowId, baseRevision, version }: DraftPlace, document: unknown): Promise<void> {
  await api.request('PUT', `/flows/${flowId}/draft`, { body: { document, base_revision: baseRevision, version } });
}

/** Saves the draft as the next revision, and leads run on it. */
export async function publishDraft(flowId: string, given: { version: number; note?: string }): Promise<Flow> {
  const { body } = await api.request('POST', `/flows/${flowId}/draft/publish`, { body: given });
  return body as Flow; // the answer of the route, which the server checks in its tests
}
