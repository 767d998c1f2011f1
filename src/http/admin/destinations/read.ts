import { answer, type Handler } from '../../api.ts';
import { idParam } from '../../request-values.ts';
import { UNKNOWN_DESTINATION } from './destination-refusals.ts';

/** `GET /destinations/{id}`. */
export const readDestination: Handler = async (deps, { principal, params }) => {
  const id = idParam(params, 'id');
  if (!id.ok) return id.error;
  const found = await deps.destinations.find({ accountId: principal.accountId, instanceId: id.value });
  return found ? answer(200, found) : UNKNOWN_DESTINATION;
};
