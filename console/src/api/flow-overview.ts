import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ResolvedFrame } from '../parts/time-frames.ts';
import { api } from './client.ts';
import { askedAgain } from './overview.ts';

/** Counted by quarters of an hour. */
const QUARTER_MS = 900_000;

/** How many leads reached each phase and step. Days begin at a quarter in every zone; one that is under way is asked whole. */
export const funnelQuery = (flowId: string, frame: ResolvedFrame) =>
  queryOptions({
    queryKey: ['flows', flowId, 'funnel', askedAgain(frame).key],
    queryFn: () => {
      const end = Math.ceil(frame.end / QUARTER_MS) * QUARTER_MS;
      return api.readFlowFunnel(flowId, {
        start: new Date(frame.start).toISOString(),
        end: new Date(end - 1).toISOString(),
      });
    },
    ...askedAgain(frame).options,
  });

interface SavedStep {
  id?: string;
  type?: string;
  name?: string;
  reason?: string;
  description?: string;
  entity?: { name?: string; id?: string };
}

/** Names of the steps of a flow as it is saved, by their ids. */
export const flowStepsQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['flows', flowId, 'steps'],
    queryFn: async () => {
      const { steps } = await api.readFlow(flowId, { include: ['steps'] });
      return new Map(((steps ?? []) as SavedStep[]).map((step, place) => [step.id ?? '', nameOf(step, place)]));
    },
    placeholderData: keepPreviousData,
  });

function nameOf({ type, name, reason, description, entity }: SavedStep, place: number): string {
  if (type === 'recipient') return entity?.name ?? entity?.id ?? `Step ${place + 1}`;
  return `Filter: ${name ?? description ?? reason ?? `step ${place + 1}`}`;
}
