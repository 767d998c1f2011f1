import { buildLead } from '../../../events/build-lead.ts';
import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { idParam } from '../../request-values.ts';

const UNKNOWN_LEAD = apiError('not_found', 'There is no lead with this id; it may be past the retention period.');

/** `GET /leads/{id}`: the lead, its events in order, and why each phase and step decided as it did. */
export const readLead: Handler = async (deps, { principal, params }) => {
  const leadId = idParam(params, 'id');
  if (!leadId.ok) return leadId.error;
  const found = await deps.events.findLead({ accountId: principal.accountId, leadId: leadId.value });
  if (!found) return UNKNOWN_LEAD;
  const { lead, events } = found;
  return answer(200, buildLead({ lead, flow: await deps.findRevision(lead) }, events));
};
