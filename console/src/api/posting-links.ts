import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

export type PostingLink = Awaited<ReturnType<typeof api.listPostingLinks>>[number];
export type PostingSettings = Pick<
  PostingLink,
  'contact' | 'shows_caps' | 'shows_prices' | 'hides_rules' | 'allows_live_tests'
>;

/** Where a source stands. */
export interface SourcePlace {
  flowId: string;
  sourceId: string;
}

/** The links to the posting page of a source, oldest first. Their URLs open it: they are forgotten with the panel. */
export const postingLinksQuery = ({ flowId, sourceId }: SourcePlace) =>
  queryOptions({
    queryKey: ['posting-links', flowId, sourceId],
    queryFn: () => api.listPostingLinks(flowId, sourceId),
    gcTime: 0,
  });
