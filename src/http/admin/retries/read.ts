import { answer, type Handler } from '../../api.ts';
import { idParam } from '../../request-values.ts';
import { retryAnswer, UNKNOWN_RETRY } from './retry-answer.ts';

/** `GET /retries/{id}`. */
export const readRetry: Handler = async (deps, { principal, params }) => {
  const id = idParam(params, 'id');
  if (!id.ok) return id.error;
  const retry = await deps.retries.findRetry({ accountId: principal.accountId, id: id.value });
  return retry ? answer(200, retryAnswer(retry)) : UNKNOWN_RETRY;
};
