import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import type { FlowFacts } from '../../editor/changes/find-risks.ts';

const DAY_MS = 86_400_000;

/** What came to a flow in the last 24 hours, and what is used of its caps. Each is left out for who may not read it. */
export const factsQuery = (flowId: string, may: { readReports: boolean }) =>
  queryOptions({
    queryKey: ['flows', flowId, 'facts', may.readReports],
    queryFn: async (): Promise<FlowFacts> => {
      const [leads, caps] = await Promise.all([
        may.readReports ? readLeads(flowId) : new Map<string, number>(),
        api.listCaps({ flow_id: flowId }),
      ]);
      return {
        leads,
        caps: new Map(caps.map(({ id, count, held, expires_at: opensAt }) => [id, { used: count + held, opensAt }])),
      };
    },
    staleTime: 60_000,
  });

async function readLeads(flowId: string): Promise<Map<string, number>> {
  const now = Date.now();
  const rows = await api.readStatistics({
    group_by: 'vars.source.id',
    column: 'source-submitted',
    rule: JSON.stringify({ lhv: 'vars.flow.id', op: 'is equal to', rhv: flowId }),
    start: new Date(now - DAY_MS).toISOString(),
    end: new Date(now).toISOString(),
  });
  return new Map(rows.map((row) => [String(row['vars.source.id']), Number(row['source-submitted'] ?? 0)]));
}
