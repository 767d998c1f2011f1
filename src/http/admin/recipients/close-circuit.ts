import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { idParam } from '../../request-values.ts';
import { healthAnswer } from './health-answer.ts';

const NONE_IS_OPEN = apiError(
  'conflict',
  'No circuit to this recipient is open; GET /recipients/health lists those that are, two seconds late at most.',
);

/**
 * `POST /recipients/{id}/close_circuit`: whoever repaired a recipient need not wait for the next try. Every process
 * closes its circuits within two seconds; the answer is those that were asked to.
 */
export const closeCircuit: Handler = async (deps, { principal, params }) => {
  const id = idParam(params, 'id');
  if (!id.ok) return id.error;
  const asked = await deps.recipientHealth.askToClose({ accountId: principal.accountId, recipientId: id.value });
  return asked.length === 0 ? NONE_IS_OPEN : answer(202, asked.map(healthAnswer));
};
