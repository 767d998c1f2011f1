import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Actor, FlowRevision, WholeFlowRevision } from '../../../client/src/client.ts';
import { api } from './client.ts';

export type Revision = FlowRevision;

/** Rows of a page of the history. */
export const REVISIONS_A_PAGE = 20;

/** Newest first; further pages are older. */
export const revisionsQuery = (flowId: string) =>
  infiniteQueryOptions({
    queryKey: ['flows', flowId, 'revisions'],
    queryFn: ({ pageParam }): Promise<Revision[]> =>
      api.listRevisions(flowId, { limit: REVISIONS_A_PAGE, ...(pageParam !== null && { before: pageParam }) }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => {
      const last = page.at(-1)?.revision ?? 1;
      return page.length < REVISIONS_A_PAGE || last <= 1 ? undefined : last;
    },
  });

/** One revision with its document, which does not change; who runs it does. */
export const revisionQuery = (flowId: string, revision: number) =>
  queryOptions({
    queryKey: ['flows', flowId, 'revisions', revision],
    queryFn: (): Promise<WholeFlowRevision> => api.readRevision(flowId, String(revision)),
  });

/** `Olivia Ortega`, `API key Import`, `the command seed`. */
export function nameActor(actor: Actor | null): string {
  if (actor === null) return 'Unknown';
  if (actor.kind === 'key') return `API key ${actor.name}`;
  return actor.kind === 'machine' ? `the command ${actor.name}` : actor.name;
}
