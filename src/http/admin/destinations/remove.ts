import { answer, type Handler } from '../../api.ts';
import { idParam } from '../../request-values.ts';
import { destinationInUse, UNKNOWN_DESTINATION } from './destination-refusals.ts';

/** `DELETE /destinations/{id}`: refused while a flow names it, as saved or as it runs. */
export const removeDestination: Handler = async (deps, { principal, params }) => {
  const id = idParam(params, 'id');
  if (!id.ok) return id.error;
  const removed = await deps.destinations.remove({ accountId: principal.accountId, instanceId: id.value });
  if (removed.kind === 'missing') return UNKNOWN_DESTINATION;
  if (removed.kind === 'done') return answer(200, removed.destination);
  return destinationInUse('The destination', removed.flows);
};
