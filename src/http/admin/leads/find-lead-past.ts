import type { Principal } from '../../../access/principal.ts';
import type { EventRecord } from '../../../events/event-store.ts';
import type { LeadPast } from '../../../events/lead-past.ts';
import { fail, ok, type Result } from '../../../lib/result.ts';
import type { ApiDeps, ApiRequest } from '../../api.ts';
import { type ApiError, apiError } from '../../errors.ts';
import { idParam } from '../../request-values.ts';

const UNKNOWN_LEAD = apiError('not_found', 'There is no lead with this id; it may be past the retention period.');

/** The lead of the URL with its events in order, and the flow as it was when the lead ran. */
export async function findLeadPast(
  deps: Pick<ApiDeps, 'events' | 'findRevision'>,
  { principal, params }: Pick<ApiRequest, 'params'> & { principal: Principal },
): Promise<Result<{ past: LeadPast; events: EventRecord[] }, ApiError>> {
  const leadId = idParam(params, 'id');
  if (!leadId.ok) return leadId;
  const found = await deps.events.findLead({ accountId: principal.accountId, leadId: leadId.value });
  if (!found) return fail(UNKNOWN_LEAD);
  const { lead, events } = found;
  return ok({ past: { lead, flow: await deps.findRevision(lead) }, events });
}
