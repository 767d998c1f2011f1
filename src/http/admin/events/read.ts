import { buildEvent } from '../../../events/build-event.ts';
import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { idParam } from '../../request-values.ts';

const UNKNOWN_EVENT = apiError('not_found', 'There is no event with this id; it may be past the retention period.');

/** `GET /events/{id}` */
export const readEvent: Handler = async (deps, { principal, params }) => {
  const eventId = idParam(params, 'id');
  if (!eventId.ok) return eventId.error;
  const found = await deps.events.findEvent({ accountId: principal.accountId, eventId: eventId.value });
  if (!found) return UNKNOWN_EVENT;
  const { lead, event } = found;
  return answer(200, buildEvent({ lead, flow: await deps.findRevision(lead) }, event));
};
