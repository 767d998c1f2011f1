import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';

/** What a flow did in the last 24 hours. */
export interface FlowTraffic {
  submitted: number;
  accepted: number;
  /** Ms within which 95 of 100 leads were answered; null: none was. */
  p95: number | null;
}

const DAY_MS = 86_400_000;
const POLL_MS = 60_000;

const trafficQuery = queryOptions({
  queryKey: ['flows', 'traffic'],
  queryFn: async (): Promise<ReadonlyMap<string, FlowTraffic>> => {
    const start = new Date(Date.now() - DAY_MS).toISOString();
    const [rows, { latencies }] = await Promise.all([
      api.readStatistics({ start, group_by: ['vars.flow.id'], column: ['source-submitted', 'source-success'] }),
      api.readLatencies({ by: 'flow', start }),
    ]);
    const times = new Map(latencies.map(({ id, p95_ms: p95 }) => [id, p95]));
    return new Map(rows.map((row) => [readFlowId(row), readTraffic(row, times)]));
  },
  refetchInterval: POLL_MS,
});

type Row = Awaited<ReturnType<typeof api.readStatistics>>[number];

/** As `group_by` names it, beside the name of the flow. */
function readFlowId(row: Row): string {
  return String(row['vars.flow.id'] ?? '');
}

function readTraffic(row: Row, times: ReadonlyMap<string, number | null>): FlowTraffic {
  return {
    submitted: Number(row['source-submitted'] ?? 0),
    accepted: Number(row['source-success'] ?? 0),
    p95: times.get(readFlowId(row)) ?? null,
  };
}

/** By the id of the flow; a flow without leads is not in it. undefined: not read yet, or not for this person. */
export function useFlowTraffic(): ReadonlyMap<string, FlowTraffic> | undefined {
  const mayRead = useMay('reports.read');
  return useQuery({ ...trafficQuery, enabled: mayRead }).data;
}

const draftsQuery = queryOptions({ queryKey: ['drafts'], queryFn: () => api.listDrafts(), refetchInterval: POLL_MS });

export type ListedDraft = Awaited<ReturnType<typeof api.listDrafts>>[number];

/** By the id of the flow. */
export function useDrafts(): ReadonlyMap<string, ListedDraft> {
  const { data } = useQuery(draftsQuery);
  return useMemo(() => new Map((data ?? []).map((draft) => [draft.flow_id, draft])), [data]);
}
