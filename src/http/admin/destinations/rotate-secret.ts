import { answer, type Handler } from '../../api.ts';
import { idParam } from '../../request-values.ts';
import { newSecret, UNKNOWN_DESTINATION } from './destination-refusals.ts';

/** `POST /destinations/{id}/rotate_secret`: a new key, told once; documents are signed with it from now on. */
export const rotateDestinationSecret: Handler = async (deps, { principal, params }) => {
  const id = idParam(params, 'id');
  if (!id.ok) return id.error;
  const key = { accountId: principal.accountId, instanceId: id.value };
  const secret = newSecret(deps.randomBytes);
  const isWritten = await deps.destinations.writeSecret(key, { secret, now: deps.clock.now() });
  const found = isWritten ? await deps.destinations.find(key) : null;
  return found ? answer(200, { ...found, secret }) : UNKNOWN_DESTINATION;
};
