import type { TakenBy } from '../../../retries/retry-store.ts';
import { type ApiDeps, answer, type Handler } from '../../api.ts';
import { type ApiError, apiError } from '../../errors.ts';
import { idParam } from '../../request-values.ts';
import { retryAnswer, UNKNOWN_RETRY } from './retry-answer.ts';

/** `POST /retries/{id}/run`: its next attempt is due now; one that had ended goes on. */
export const runRetry: Handler = async (deps, { principal, params }) => {
  const id = idParam(params, 'id');
  if (!id.ok) return id.error;
  const key = { accountId: principal.accountId, id: id.value };
  const found = await deps.retries.findRetry(key);
  if (!found) return UNKNOWN_RETRY;
  const change = await deps.retries.runNow({ ...key, maximumOf: maximumsOf(deps.findFlow(found.flowId)) });
  if (change.kind === 'missing') return UNKNOWN_RETRY;
  if (change.kind === 'changed') return answer(202, retryAnswer(change.retry));
  if (change.kind === 'taken') return TAKEN[change.by];
  const { leadId, status } = change.retry;
  const { last } = await deps.resubmissions.standingOf({ accountId: principal.accountId, leadId, callId: null });
  if (last) return SENT_AGAIN;
  return apiError('conflict', REFUSALS[status] ?? 'The retry changed meanwhile: ask again.');
};

/** What each cap of the flow and its sources allows now; nothing for one that is no longer there. */
function maximumsOf(found: ReturnType<ApiDeps['findFlow']>): (capId: string) => number | undefined {
  if (found.kind !== 'found') return () => undefined;
  const { caps, sources } = found.flow;
  const all = [caps, ...[...sources.values()].map((source) => source.caps)].flatMap((program) => program.caps);
  const maximums = new Map(all.map(({ id, maximum }) => [id, maximum]));
  return (capId) => maximums.get(capId);
}

const TAKEN: Readonly<Record<TakenBy, ApiError>> = {
  list: apiError(
    'conflict',
    'The lead gave its entry in the list back when this retry ended, and another lead with the same value has it now: this delivery could sell the person twice.',
  ),
  cap: apiError(
    'conflict',
    'The lead gave its place in the cap back when this retry ended, and the cap of that time is full now: raise its maximum, or send the lead again with POST /leads/resubmit.',
  ),
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
