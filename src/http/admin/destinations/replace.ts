import { parseDestination } from '../../../destinations/parse-destination.ts';
import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { recheckFlows } from '../../../flows/recheck-flows.ts';
import { answer, type Handler } from '../../api.ts';
import { idParam } from '../../request-values.ts';
import { destinationInUse, malformedDestination, UNKNOWN_DESTINATION } from './destination-refusals.ts';

/**
 * `PUT /destinations/{id}`: flows that use it send to the new URLs from now on, without a deploy. The key stays; so
 * must every action that a flow names.
 */
export const replaceDestination: Handler = async (deps, { principal, params, body }) => {
  const id = idParam(params, 'id');
  if (!id.ok) return id.error;
  const parsed = parseDestination(body, { ...deps, instanceId: id.value });
  if (!parsed.ok) return malformedDestination(parsed.error);
  const now = deps.clock.now();
  const replaced = await deps.destinations.replace(principal.accountId, { destination: parsed.value, now });
  if (replaced.kind === 'missing') return UNKNOWN_DESTINATION;
  if (replaced.kind === 'used') return destinationInUse('An action that is left out', replaced.flows);
  // A flow may have named an action before there was one.
  await recheckFlows(deps, { surroundings: await surroundingsOf(deps, principal.accountId), named: id.value });
  return answer(200, replaced.destination);
};
