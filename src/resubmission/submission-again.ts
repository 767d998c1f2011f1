import type { LeadRecord } from '../events/event-store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Submission } from '../pipeline/lead-run.ts';

/** Where a lead is sent again instead of the source it came to. */
export interface Target {
  flowId: string;
  /** The entity's id or the source's own. */
  sourceRef: string;
}

/** The request of a lead as it is stored, as if it came now; credentials in its headers were never kept. */
export function submissionAgain(
  lead: LeadRecord,
  { target, clock, asLeadId }: { asLeadId: string; target: Target | null; clock: Clock },
): Submission {
  const { flowId, sourceRef } = target ?? { flowId: lead.flowId, sourceRef: lead.sourceId };
  const { method = 'POST', uri = '', version = '1.1', headers = {}, body } = lead.document?.request ?? {};
  const queryAt = uri.indexOf('?');
  const path = `/flows/${flowId}/sources/${sourceRef}/submit`;
  return {
    flowId,
    sourceRef,
    request: {
      method,
      uri: queryAt === -1 ? path : path + uri.slice(queryAt),
      version,
      headers,
      body: body ?? '',
      timestamp: clock.now(),
    },
    ip: lead.document?.vars?.submission.ip ?? '',
    authorization: undefined,
    arrivedAt: clock.monotonic(),
    resubmission: { leadId: asLeadId, from: lead.id },
  };
}
