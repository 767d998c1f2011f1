import { maySeeValues, type Principal } from '../../access/principal.ts';
import { buildEvent, type LeadEvent } from '../../events/build-event.ts';
import type { EventRecord } from '../../events/event-store.ts';
import { hideReasons, hideValuesOfEvent } from '../../events/hide-values.ts';
import { type Decision, decideReturn } from '../../feedback/decide-return.ts';
import type { Feedback } from '../../feedback/feedback.ts';
import type { FeedbackDeps } from '../../feedback/feedback-deps.ts';
import type { FeedbackStore } from '../../feedback/feedback-store.ts';
import { describeLead } from '../../feedback/feedback-vars.ts';
import { isDeliveryTo, takeFeedback } from '../../feedback/take-feedback.ts';
import type { ReturnDecision } from '../../model/flow.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { FULL } from '../ingest/feedback.ts';
import { isoTime } from '../iso-time.ts';
import { type GivenPage, pagingOf } from '../paging.ts';

/** `feedback` is the store, whose changes are recorded; the rest is what feedback is taken with. */
export interface FeedbackApiDeps {
  feedback: FeedbackStore;
  feedbackWork: Omit<FeedbackDeps, 'feedback'>;
}

/** What `GET /returns` is asked with. */
export interface ReturnQuery extends GivenPage {
  status: string[] | undefined;
  recipient_id: string[] | undefined;
  lead_id: string[] | undefined;
}

const NO_RETURN = apiError('not_found', 'There is no return with this id.');
const NO_DELIVERY = apiError('not_found', 'There is no lead with this id that this recipient accepted.');
const FORBIDDEN = apiError('conflict', 'The step of this recipient does not take feedback of this type.');
const STALE = apiError('unavailable', 'This server has not the latest flows: try again in a moment.');

/** `GET /returns`: a page of returns, newest first unless asked otherwise. */
export async function listReturns(
  { feedback }: Pick<FeedbackApiDeps, 'feedback'>,
  { principal, query }: { principal: Principal; query: ReturnQuery },
): Promise<ApiResult> {
  const paging = pagingOf(query);
  if (!paging.ok) return paging.error;
  const { status, flow_id, source_id, recipient_id, lead_id } = query;
  const { select, ...page } = paging.value;
  const ids = { flowIds: flow_id, sourceIds: source_id, recipientIds: recipient_id, leadIds: lead_id };
  const filter = { types: ['return'], statuses: status, ...ids };
  const found = await feedback.page({ accountId: principal.accountId, ...page, filter });
  return answer(
    200,
    found.map((each) => select(feedbackAnswer(each, principal))),
  );
}

interface ReturnRequest {
  principal: Principal;
  params: { id: string };
}

/** `GET /returns/{id}`: with what was delivered and answered, so that somebody can decide. */
export async function readReturn(deps: FeedbackApiDeps, { principal, params }: ReturnRequest): Promise<ApiResult> {
  const found = await findReturn(deps, { principal, params });
  if (!found) return NO_RETURN;
  const evidence = await findEvidence(deps, found);
  const shown = maySeeValues(principal) ? evidence : evidence.map(hideValuesOfEvent);
  return answer(200, { ...feedbackAnswer(found, principal), evidence: shown });
}

async function findReturn(
  { feedback }: Pick<FeedbackApiDeps, 'feedback'>,
  { principal, params }: ReturnRequest,
): Promise<Feedback | null> {
  const found = await feedback.find({ accountId: principal.accountId, id: params.id });
  return found?.type === 'return' ? found : null;
}

/** The events of the delivery with all attempts, and of this feedback. */
async function findEvidence({ feedbackWork }: FeedbackApiDeps, feedback: Feedback): Promise<LeadEvent[]> {
  const { accountId, leadId, id: feedbackId } = feedback;
  const found = await feedbackWork.events.findLead({ accountId, leadId, feedbackId });
  if (!found) return [];
  const past = { lead: found.lead, flow: await feedbackWork.findRevision(found.lead) };
  const isMeant = ({ type, stepId }: EventRecord) =>
    type === 'feedback-received' || type === 'feedback-sent' || stepId === feedback.stepId;
  return found.events.filter(isMeant).map((event) => buildEvent(past, event));
}

interface DecisionRequest extends ReturnRequest {
  body: { note?: string } | undefined;
}

/** `POST /returns/{id}/accept`. */
export function acceptReturn(deps: FeedbackApiDeps, request: DecisionRequest): Promise<ApiResult> {
  return decide(deps, request, 'accept');
}

/** `POST /returns/{id}/decline`. */
export function declineReturn(deps: FeedbackApiDeps, request: DecisionRequest): Promise<ApiResult> {
  return decide(deps, request, 'decline');
}

async function decide(
  deps: FeedbackApiDeps,
  { principal, params, body }: DecisionRequest,
  decision: ReturnDecision,
): Promise<ApiResult> {
  const feedback = await findReturn(deps, { principal, params });
  if (!feedback) return NO_RETURN;
  const made: Decision = { decision, by: 'person', note: body?.note ?? null };
  const decided = await decideReturn({ ...deps.feedbackWork, feedback: deps.feedback }, { feedback, ...made });
  if (decided.kind === 'unavailable') return STALE;
  if (decided.kind === 'decided') return answer(200, feedbackAnswer(decided.feedback, principal));
  return apiError('conflict', `The return does not wait for a decision: it is ${decided.feedback.status}.`);
}

/** `POST /leads/{id}/feedback`: the same as `/feedback` with a key, by lead and recipient. */
export async function sendFeedback(
  deps: FeedbackApiDeps,
  {
    principal,
    params,
    body,
  }: { principal: Principal; params: { id: string }; body: { type: string; reason?: string; recipient_id: string } },
): Promise<ApiResult> {
  const taken = await takeFeedback(
    { ...deps.feedbackWork, feedback: deps.feedback },
    {
      meant: {
        accountId: principal.accountId,
        leadId: params.id,
        isMeant: isDeliveryTo(body.recipient_id.toLowerCase()),
      },
      given: { type: body.type, reason: body.reason },
    },
  );
  if (taken.kind === 'missing') return NO_DELIVERY;
  if (taken.kind === 'full') return FULL;
  if (taken.kind === 'unavailable') return STALE;
  if (!taken.feedback) return FORBIDDEN;
  const { outcome, reason, delivery, feedback } = taken;
  const { lead, price } = describeLead(delivery);
  const shown = maySeeValues(principal) ? lead : { id: lead['id'] };
  return answer(201, { outcome, reason, lead: shown, price, feedback: feedbackAnswer(feedback, principal) });
}

/** A feedback of either type as the API answers it to this caller. */
function feedbackAnswer(feedback: Feedback, principal: Principal): Record<string, unknown> {
  const whole = {
    id: feedback.id,
    type: feedback.type,
    reason: feedback.reason,
    status: feedback.status,
    outcome: feedback.outcome,
    outcome_reason: feedback.outcomeReason,
    decided_by: feedback.decidedBy,
    note: feedback.note,
    lead_id: feedback.leadId,
    flow_id: feedback.flowId,
    source_id: feedback.sourceId,
    step_id: feedback.stepId,
    recipient_id: feedback.recipientId,
    delivery_event_id: feedback.deliveryEventId,
    event_id: feedback.eventId,
    attempts: feedback.attempts,
    next_attempt_at: isoTime(feedback.nextAttemptAt),
    deadline_at: isoTime(feedback.deadlineAt),
    default_decision: feedback.defaultDecision,
    received_at: isoTime(feedback.receivedAt),
    decided_at: isoTime(feedback.decidedAt),
  };
  return maySeeValues(principal) ? whole : hideReasons(whole, ['reason', 'outcome_reason', 'note']);
}
