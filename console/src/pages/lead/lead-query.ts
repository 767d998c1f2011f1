import { queryOptions } from '@tanstack/react-query';
import type { Lead, LeadExplanation } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';

export interface LeadToShow {
  lead: Lead;
  explanation: LeadExplanation;
}

/** A lead as it is opened: without its values, which the server leaves out (decision page 0104). */
export function leadQuery(leadId: string) {
  return queryOptions({
    queryKey: ['lead', leadId],
    queryFn: async (): Promise<LeadToShow> => {
      const [lead, explanation] = await Promise.all([
        api.readLead(leadId, { values: 'hidden' }),
        api.explainLead(leadId, { values: 'hidden' }),
      ]);
      return { lead, explanation };
    },
    // A lead changes when a delivery is tried again or feedback comes.
    staleTime: 15_000,
  });
}

/** Deliveries of the lead that are tried again. */
export function retriesQuery(leadId: string) {
  return queryOptions({
    queryKey: ['lead', leadId, 'retries'],
    queryFn: () => api.listRetries({ lead_id: [leadId] }),
  });
}
