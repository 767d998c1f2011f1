import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';
import { useEdit } from './use-edit.ts';

/** What went through a step in the last 24 hours. */
export interface StepTraffic {
  reached: number;
  /** Of those: leads that a filter let pass, or that a recipient took. */
  went: number;
  word: 'passed' | 'accepted';
}

const DAY_MS = 86_400_000;
const STALE_MS = 60_000;

const funnelQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['funnel', flowId],
    queryFn: () => api.readFlowFunnel(flowId, { start: new Date(Date.now() - DAY_MS).toISOString() }),
    staleTime: STALE_MS,
  });

/** Ms of deliveries, by the id of the recipient. */
const latencyQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['step-latency', flowId],
    queryFn: async (): Promise<ReadonlyMap<string, number>> => {
      const start = new Date(Date.now() - DAY_MS).toISOString();
      const { latencies } = await api.readLatencies({ by: 'recipient', flow_id: [flowId], start });
      return new Map(latencies.flatMap(({ id, p50_ms: p50 }) => (p50 === null ? [] : [[id, Math.round(p50)]])));
    },
    staleTime: STALE_MS,
  });

const NOTHING: ReadonlyMap<string, StepTraffic> = new Map();

/** By the id of the step; empty for those who may not see reports. */
export function useStepTraffic(): ReadonlyMap<string, StepTraffic> {
  const { flowId } = useEdit();
  const mayRead = useMay('reports.read');
  const { data: funnel } = useQuery({ ...funnelQuery(flowId), enabled: mayRead });
  return useMemo(() => {
    if (funnel === undefined) return NOTHING;
    return new Map(
      funnel.steps.map(({ step_id, type, reached, left, outcomes }) => [
        step_id,
        {
          reached,
          went: type === 'filter' ? reached - left : (outcomes['success'] ?? 0),
          word: type === 'filter' ? 'passed' : 'accepted',
        },
      ]),
    );
  }, [funnel]);
}

/** Half of the deliveries to a recipient took at most so many ms; by its id. */
export function useDeliveryTimes(): ReadonlyMap<string, number> {
  const { flowId } = useEdit();
  const mayRead = useMay('reports.read');
  return useQuery({ ...latencyQuery(flowId), enabled: mayRead }).data ?? NO_TIMES;
}

const NO_TIMES: ReadonlyMap<string, number> = new Map();
