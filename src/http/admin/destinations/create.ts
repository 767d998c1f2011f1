import { parseDestination } from '../../../destinations/parse-destination.ts';
import { answer, type Handler } from '../../api.ts';
import { malformedDestination, newSecret } from './destination-refusals.ts';

/** `POST /destinations`: the answer alone carries the key that documents are signed with (decision 34). */
export const createDestination: Handler = async (deps, { principal, body }) => {
  const parsed = parseDestination(body, { ...deps, instanceId: deps.ids.next() });
  if (!parsed.ok) return malformedDestination(parsed.error);
  const secret = newSecret(deps.randomBytes);
  await deps.destinations.insert(principal.accountId, { destination: parsed.value, secret, now: deps.clock.now() });
  return answer(201, { ...parsed.value, secret });
};
