import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import type { EditorNames } from '../part-props.ts';
import { plainVars, readSample, type SampleVars, writeSample } from './read-sample.ts';

/** The lead that rules and mappings of a flow are tried with. */
export interface Sample {
  /** Of its values, as lines `name=value`. */
  text: string;
  /** What else the lead had when the part ran: answers of recipients, `submission`. */
  others: Record<string, unknown>;
  /** The lead that it was taken from. */
  leadId?: string;
}

const NOTHING: Sample = { text: '', others: {} };

/** It stays while one goes from part to part. It is in the memory of the page alone, since it may be somebody's values. */
export function useSample(flowId: string): [Sample, (next: Sample) => void] {
  const queries = useQueryClient();
  const queryKey = ['sample-lead', flowId];
  const { data = NOTHING } = useQuery<Sample>({
    queryKey,
    queryFn: () => NOTHING,
    enabled: false,
    staleTime: Infinity,
  });
  return [data, (next) => queries.setQueryData(queryKey, next)];
}

/** What rules and templates are given; `message`: the text cannot be read. */
export function varsOf({ text, others }: Sample): { vars: SampleVars; message?: undefined } | { message: string } {
  const read = readSample(text);
  if (!read.ok) return { message: read.message };
  return { vars: { ...others, ...read.vars } };
}

const LEADS_MAX = 20;

/** The latest leads of a flow, to take one. */
export const lastLeadsQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['leads', 'last', flowId],
    queryFn: () => api.listLeads({ flow_id: flowId, limit: LEADS_MAX }),
    staleTime: 15_000,
  });

/** A lead with its values, as the part at the path saw it; the activity log has who looked. */
export async function takeLead(
  leadId: string,
  { path, document }: { path: string } & Pick<EditorNames, 'document'>,
): Promise<Sample> {
  const { lead } = await api.revealLead(leadId);
  const [, index] = /^steps\.(\d+)/.exec(path) ?? [];
  const stepId = index === undefined ? undefined : document.steps[Number(index)]?.id;
  const event = lead.events.find((each) => stepId !== undefined && each.step_id === stepId) ?? lead.events[0];
  const { lead: values, ...others } = plainVars(event?.vars ?? {});
  return { text: writeSample(values), others, leadId };
}
