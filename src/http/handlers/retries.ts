import { maySeeValues, type Principal } from '../../access/principal.ts';
import { hideReason } from '../../events/hide-values.ts';
import type { PhaseDeps } from '../../pipeline/phase.ts';
import type { ResubmissionStore } from '../../resubmission/resubmission.ts';
import type { Retry } from '../../retries/retry.ts';
import type { MaximumOf, RetryStore, TakenBy } from '../../retries/retry-store.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { isoTime } from '../iso-time.ts';
import { type GivenPage, pagingOf } from '../paging.ts';

export interface RetryDeps {
  retries: RetryStore;
  /** Flows as deployed. */
  findFlow: PhaseDeps['findFlow'];
  resubmissions: Pick<ResubmissionStore, 'standingOf'>;
}

interface RetryRequest {
  principal: Principal;
  params: { id: string };
}

/** What `GET /retries` is asked with. */
export interface RetryQuery extends GivenPage {
  status: string[] | undefined;
  recipient_id: string[] | undefined;
  lead_id: string[] | undefined;
}

const UNKNOWN_RETRY = apiError('not_found', 'There is no retry with this id.');

/** `GET /retries`: a page of deliveries that are retried or were, newest first unless asked otherwise. */
export async function listRetries(
  { retries }: Pick<RetryDeps, 'retries'>,
  { principal, query }: { principal: Principal; query: RetryQuery },
): Promise<ApiResult> {
  const paging = pagingOf(query);
  if (!paging.ok) return paging.error;
  const { status, flow_id, source_id, recipient_id, lead_id } = query;
  const { select, ...page } = paging.value;
  const ids = { flowIds: flow_id, sourceIds: source_id, recipientIds: recipient_id, leadIds: lead_id };
  const filter = { statuses: status, ...ids };
  const found = await retries.pageOfRetries({ accountId: principal.accountId, ...page, filter });
  return answer(
    200,
    found.map((retry) => select(retryAnswer(retry, principal))),
  );
}

/** `GET /retries/{id}`. */
export async function readRetry(
  { retries }: Pick<RetryDeps, 'retries'>,
  { principal, params }: RetryRequest,
): Promise<ApiResult> {
  const retry = await retries.findRetry({ accountId: principal.accountId, id: params.id });
  return retry ? answer(200, retryAnswer(retry, principal)) : UNKNOWN_RETRY;
}

/** `POST /retries/{id}/run`: its next attempt is due now; one that had ended goes on. */
export async function runRetry(deps: RetryDeps, { principal, params }: RetryRequest): Promise<ApiResult> {
  const key = { accountId: principal.accountId, id: params.id };
  const found = await deps.retries.findRetry(key);
  if (!found) return UNKNOWN_RETRY;
  const change = await deps.retries.runNow({ ...key, maximumOf: maximumsOf(deps.findFlow(found.flowId)) });
  if (change.kind === 'missing') return UNKNOWN_RETRY;
  if (change.kind === 'changed') return answer(202, retryAnswer(change.retry, principal));
  if (change.kind === 'taken') return TAKEN[change.by];
  const { leadId, status } = change.retry;
  const { last } = await deps.resubmissions.standingOf({ accountId: principal.accountId, leadId, callId: null });
  if (last) return SENT_AGAIN;
  return apiError('conflict', REFUSALS[status] ?? 'The retry changed during this request: try again.');
}

/** `POST /retries/{id}/cancel`: no further attempt is made. */
export async function cancelRetry(
  { retries }: Pick<RetryDeps, 'retries'>,
  { principal, params }: RetryRequest,
): Promise<ApiResult> {
  const change = await retries.cancel({ accountId: principal.accountId, id: params.id });
  if (change.kind === 'missing') return UNKNOWN_RETRY;
  if (change.kind === 'changed') return answer(200, retryAnswer(change.retry, principal));
  const { status } = change.retry;
  if (status === 'running')
    return apiError('conflict', 'An attempt is running and cannot be stopped: cancel the retry after it has ended.');
  return apiError('conflict', `The retry has ended (${status}) and cannot be cancelled.`);
}

/** What each cap of the flow and its sources allows now; nothing for one that is no longer there. */
export function maximumsOf(found: ReturnType<RetryDeps['findFlow']>): MaximumOf {
  if (found.kind !== 'found') return () => undefined;
  const { caps, sources } = found.flow;
  const all = [caps, ...[...sources.values()].map((source) => source.caps)].flatMap((program) => program.caps);
  const maximums = new Map(all.map(({ id, isMoney, maximum }) => [id, { isMoney, maximum }]));
  return ({ capId, amount }) => {
    const cap = maximums.get(capId);
    return cap?.isMoney === (amount !== undefined) ? cap.maximum : undefined;
  };
}

const TAKEN: Readonly<Record<TakenBy, ApiError>> = {
  list: apiError(
    'conflict',
    'The lead released its list entry when this retry ended, and another lead with the same value holds it now: this delivery could sell the same person twice.',
  ),
  cap: apiError(
    'conflict',
    'The lead released its place in the cap when this retry ended, and that cap is full now: raise its maximum, or send the lead again with POST /leads/resubmit.',
  ),
};

const SENT_AGAIN = apiError(
  'conflict',
  'The lead has been sent again as a new lead (see resubmitted_as): this delivery would send it twice.',
);

const REFUSALS: Readonly<Record<string, string>> = {
  running: 'An attempt is already running; GET /retries/{id} returns its outcome.',
  succeeded: 'The lead has been delivered and is not sent again.',
  unknown: 'An attempt may have arrived: resolve it first with POST /unknowns/{event_id}/resolve.',
};

/** A retry as the API answers it to this caller. */
function retryAnswer(retry: Retry, principal: Principal): Record<string, unknown> {
  return {
    id: retry.id,
    status: retry.status,
    attempts: retry.attempts,
    next_attempt_at: isoTime(retry.nextAttemptAt),
    last_outcome: retry.lastOutcome,
    last_reason: maySeeValues(principal) ? retry.lastReason : hideReason(retry.lastReason),
    lead_id: retry.leadId,
    event_id: retry.eventId,
    flow_id: retry.flowId,
    source_id: retry.sourceId,
    step_id: retry.stepId,
    recipient_id: retry.recipientId,
    created_at: isoTime(retry.createdAt),
    updated_at: isoTime(retry.updatedAt),
  };
}
