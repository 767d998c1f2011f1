import { queryOptions } from '@tanstack/react-query';
import type { Lead, LeadExplanation } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';

type ListedRetry = Awaited<ReturnType<typeof api.listRetries>>[number];

export interface LeadToShow {
  lead: Lead;
  explanation: LeadExplanation;
  /** Deliveries that are or were tried again. */
  retries: readonly ListedRetry[];
}

/** A lead as it is opened: without its values, which the server leaves out (decision page 0104). */
export function leadQuery(leadId: string) {
  return queryOptions({
    queryKey: ['lead', leadId],
    queryFn: async (): Promise<LeadToShow> => {
      const [lead, explanation, retries] = await Promise.all([
        api.readLead(leadId, { values: 'hidden' }),
        api.explainLead(leadId, { values: 'hidden' }),
        api.listRetries({ lead_id: [leadId] }),
      ]);
      return { lead, explanation, retries };
    },
    // A lead changes when a delivery is tried again or feedback comes.
    staleTime: 15_000,
  });
}
