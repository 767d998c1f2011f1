import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client.ts';
import { sourcesOfFlowQuery } from '../../api/partners.ts';
import { useMay } from '../../api/use-session.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import type { ResolvedFrame } from '../../parts/time-frames.ts';
import { useMinute } from '../../parts/use-minute.ts';
import { useEdit } from './use-edit.ts';

/** What came to a step, or from a source, in the last 24 hours. */
export interface Traffic {
  /** Leads; of a distribution its sales. */
  count: number;
  /** `12 went on`, `2 stopped (14 %)`. */
  parts: string[];
  /** Half of the deliveries took at most so many ms; null: it delivers nothing. */
  p50: number | null;
}

/** Of a flow as it ran. */
export interface FlowTraffic {
  /** Why there are no numbers; null: there are, or they are being read. */
  fault: string | null;
  /** By id of the step; a step that is only in the draft has none. */
  steps: ReadonlyMap<string, StepCounts>;
  /** By id of the entity of the source. */
  sources: ReadonlyMap<string, Traffic>;
  /** undefined: not read, or the role may not see reports. */
  submitted: number | undefined;
  isReading: boolean;
}

export interface StepCounts {
  reached: number;
  left: number;
  outcomes: Readonly<Record<string, number>>;
  p50: number | null;
}

const DAY_MS = 86_400_000;
/** The funnel is counted by quarters of an hour, and refuses others. */
const QUARTER_MS = 900_000;
const STALE_MS = 60_000;

const funnelQuery = (flowId: string, { start, end }: ResolvedFrame) =>
  queryOptions({
    queryKey: ['funnel', flowId, start],
    queryFn: () =>
      api.readFlowFunnel(flowId, { start: new Date(start).toISOString(), end: new Date(end - 1).toISOString() }),
    staleTime: STALE_MS,
    refetchInterval: STALE_MS,
    placeholderData: keepPreviousData,
  });

/** The 24 hours up to the end of the quarter that runs. */
function frameOf(now: number): ResolvedFrame {
  const end = Math.ceil(now / QUARTER_MS) * QUARTER_MS;
  return { start: end - DAY_MS, end, isOpen: true, label: 'Last 24 hours', against: 'previous_period' };
}

/** Empty for those who may not see reports. */
export function useTraffic(): FlowTraffic {
  const { flowId } = useEdit();
  const mayRead = useMay('reports.read');
  const frame = frameOf(useMinute());
  const funnel = useQuery({ ...funnelQuery(flowId, frame), enabled: mayRead });
  const senders = useQuery({ ...sourcesOfFlowQuery(flowId, frame), enabled: mayRead });
  const error = funnel.error ?? senders.error;
  const steps = useMemo(
    () =>
      new Map(
        (funnel.data?.steps ?? []).map(({ step_id, reached, left, outcomes, p50_ms: p50 }) => [
          step_id,
          { reached, left, outcomes, p50 },
        ]),
      ),
    [funnel.data],
  );
  const sources = useMemo(
    () =>
      new Map(
        (senders.data ?? []).map(({ id, submitted, success }) => [
          id,
          { count: submitted, parts: withoutZero([[success, 'accepted']], submitted), p50: null },
        ]),
      ),
    [senders.data],
  );
  return {
    fault: error ? describeError(error).text : null,
    ...{ steps, sources, submitted: funnel.data?.submitted },
    isReading: funnel.isLoading || senders.isLoading,
  };
}

/** undefined: the step never ran. A distribution has what its recipients did. */
export function describeTraffic(type: 'filter' | 'recipient', counts: StepCounts | undefined): Traffic | undefined {
  if (counts === undefined) return undefined;
  const { reached, left, outcomes, p50 } = counts;
  if (type === 'filter')
    return {
      count: reached,
      parts: withoutZero(
        [
          [reached - left, 'went on'],
          [left, 'stopped'],
        ],
        reached,
      ),
      p50: null,
    };
  const { success = 0, failure = 0, error = 0, skip = 0 } = outcomes;
  const parts: [number, string][] = [
    [success, 'accepted'],
    [failure, 'rejected'],
    [error, 'failed'],
    [skip, 'skipped'],
  ];
  return { count: reached, parts: withoutZero(parts, reached), p50 };
}

/** With its share where it is a part of several: `12 accepted (86 %)`. */
function withoutZero(parts: readonly (readonly [number, string])[], whole: number): string[] {
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => {
      const share = count === whole ? 'all' : `${Math.round((100 * count) / whole)} %`;
      return `${count.toLocaleString('en-US')} ${word} (${share})`;
    });
}
