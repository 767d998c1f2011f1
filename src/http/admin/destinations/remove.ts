import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { idParam } from '../../request-values.ts';
import { UNKNOWN_DESTINATION } from './destination-refusals.ts';
import { flowUsagesOf } from './flow-usages.ts';

/** `DELETE /destinations/{id}`: refused while a flow names it. */
export const removeDestination: Handler = async (deps, { principal, params }) => {
  const id = idParam(params, 'id');
  if (!id.ok) return id.error;
  const key = { accountId: principal.accountId, instanceId: id.value };
  const found = await deps.destinations.find(key);
  if (!found) return UNKNOWN_DESTINATION;
  const usages = flowUsagesOf(await deps.flows.list(principal.accountId), id.value);
  if (usages.count > 0) {
    const names = usages.flows.map(({ name }) => `"${name}"`).join(', ');
    return apiError('conflict', `The destination is used by ${names}: take it out of the flow first.`);
  }
  return (await deps.destinations.remove(key)) ? answer(200, found) : UNKNOWN_DESTINATION;
};
