import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { idParam } from '../../request-values.ts';
import { retryAnswer, UNKNOWN_RETRY } from './retry-answer.ts';

/** `POST /retries/{id}/run`: its next attempt is due now; one that had ended goes on. */
export const runRetry: Handler = async (deps, { principal, params }) => {
  const id = idParam(params, 'id');
  if (!id.ok) return id.error;
  const change = await deps.retries.runNow({ accountId: principal.accountId, id: id.value });
  if (change.kind === 'missing') return UNKNOWN_RETRY;
  if (change.kind === 'changed') return answer(202, retryAnswer(change.retry));
  const { leadId, status } = change.retry;
  const { last } = await deps.resubmissions.standingOf({ accountId: principal.accountId, leadId, callId: null });
  if (last) return SENT_AGAIN;
  return apiError('conflict', REFUSALS[status] ?? 'The retry changed meanwhile: ask again.');
};

const SENT_AGAIN = apiError(
  'conflict',
  'The lead was sent again as a new one since, see its resubmitted_as: this delivery would double it.',
);

const REFUSALS: Readonly<Record<string, string>> = {
  running: 'An attempt is under way; its outcome will be in the retry.',
  succeeded: 'The lead was delivered; it is not sent again.',
  unknown: 'An attempt may have arrived. Say what became of it with POST /unknowns/{event_id}/resolve first.',
};
