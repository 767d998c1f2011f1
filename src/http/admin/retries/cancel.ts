import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { idParam } from '../../request-values.ts';
import { retryAnswer, UNKNOWN_RETRY } from './retry-answer.ts';

/** `POST /retries/{id}/cancel`: no further attempt is made. */
export const cancelRetry: Handler = async (deps, { principal, params }) => {
  const id = idParam(params, 'id');
  if (!id.ok) return id.error;
  const change = await deps.retries.cancel({ accountId: principal.accountId, id: id.value });
  if (change.kind === 'missing') return UNKNOWN_RETRY;
  if (change.kind === 'changed') return answer(200, retryAnswer(change.retry));
  const { status } = change.retry;
  if (status === 'running')
    return apiError('conflict', 'An attempt is under way and can no longer be stopped: cancel after it has ended.');
  return apiError('conflict', `The retry has ended (${status}); there is nothing to cancel.`);
};
