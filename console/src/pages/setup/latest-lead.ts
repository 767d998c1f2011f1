import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.ts';

/** The newest lead of a source; null: none has come. */
export function latestLeadQuery(flowId: string, sourceId: string) {
  return queryOptions({
    queryKey: ['setup', 'latest-lead', flowId, sourceId],
    queryFn: async () => (await api.listLeads({ flow_id: flowId, source_id: sourceId, limit: 1 }))[0] ?? null,
  });
}
