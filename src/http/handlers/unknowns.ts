import { maySeeValues, type Principal } from '../../access/principal.ts';
import { hideReason } from '../../events/hide-values.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import { dollars, moneyFrom } from '../../model/money.ts';
import { type Finding, resolveUnknown } from '../../retries/resolve-unknown.ts';
import type { Resolution, Unknown } from '../../retries/retry.ts';
import type { RetryStore } from '../../retries/retry-store.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { isoTime } from '../iso-time.ts';
import { type GivenPage, pagingOf } from '../paging.ts';
import { invalidDocument } from '../read-body.ts';

export interface UnknownDeps {
  retries: RetryStore;
  clock: Clock;
  ids: Ids;
}

/** What `GET /unknowns` is asked with. */
export interface UnknownQuery extends GivenPage {
  resolved: 'true' | 'false' | undefined;
  recipient_id: string[] | undefined;
  lead_id: string[] | undefined;
}

/** What somebody found out; its shape has been checked. */
export interface GivenFinding {
  resolution: Resolution;
  price?: number;
  note?: string;
  retry?: boolean;
}

const NO_UNKNOWN = apiError('not_found', 'There is no unknown delivery with this event id.');
const RESOLVED = apiError('conflict', 'This delivery has already been resolved.');
const BUSY = apiError(
  'conflict',
  'This delivery is being retried, and the retry may resolve it: try again in a moment.',
);

/** `GET /unknowns`: unresolved deliveries that may have arrived, newest first; `resolved=true`: the others. */
export async function listUnknowns(
  { retries }: Pick<UnknownDeps, 'retries'>,
  { principal, query }: { principal: Principal; query: UnknownQuery },
): Promise<ApiResult> {
  const paging = pagingOf(query);
  if (!paging.ok) return paging.error;
  const { resolved, flow_id, source_id, recipient_id, lead_id } = query;
  const { select, ...page } = paging.value;
  const ids = { flowIds: flow_id, sourceIds: source_id, recipientIds: recipient_id, leadIds: lead_id };
  const filter = { isResolved: resolved === 'true', ...ids };
  const unknowns = await retries.pageOfUnknowns({ accountId: principal.accountId, ...page, filter });
  return answer(
    200,
    unknowns.map((unknown) => select(unknownAnswer(unknown, principal))),
  );
}

/** `POST /unknowns/{event_id}/resolve`: somebody says what became of a delivery (decision 24). */
export async function resolveUnknownDelivery(
  deps: UnknownDeps,
  { principal, params, body }: { principal: Principal; params: { event_id: string }; body: GivenFinding },
): Promise<ApiResult> {
  const finding = completeFinding(body);
  if (!finding.ok) return finding.error;
  const key = { accountId: principal.accountId, eventId: params.event_id };
  const unknown = await deps.retries.findUnknown(key);
  if (!unknown) return NO_UNKNOWN;
  const tooHigh = judgePrice(unknown, finding.value);
  if (tooHigh) return tooHigh;
  const resolved = await resolveUnknown(deps, { unknown, finding: finding.value });
  if (resolved === 'again') return RESOLVED;
  if (resolved === 'busy') return BUSY;
  return answer(200, unknownAnswer((await deps.retries.findUnknown(key)) ?? unknown, principal));
}

/** Booked above what its revenue caps hold for it, the revenue would pass them. */
function judgePrice({ heldPrice }: Unknown, { price }: Finding): ApiError | undefined {
  if (price === null || heldPrice === null || price <= heldPrice) return undefined;
  const message = `Must be at most ${dollars(heldPrice)}, which the revenue caps of the step hold for the delivery.`;
  return invalidResolution([{ path: 'price', message }]);
}

/** What does not go together is an error. */
function completeFinding({ resolution, price, note, retry }: GivenFinding): Result<Finding, ApiError> {
  const amount = price === undefined ? null : moneyFrom(price);
  const isDelivered = resolution === 'delivered';
  const problems = [
    ...(amount === undefined ? [{ path: 'price', message: 'Must be a number of dollars, 0 or more.' }] : []),
    ...(amount && !isDelivered ? [{ path: 'price', message: 'A price needs the resolution "delivered".' }] : []),
    ...(retry && isDelivered
      ? [{ path: 'retry', message: 'A delivered lead is not sent again: leave retry out.' }]
      : []),
  ];
  if (problems.length > 0) return fail(invalidResolution(problems));
  return ok({ resolution, price: amount ?? null, note: note ?? null, isRetried: retry === true });
}

function invalidResolution(problems: { path: string; message: string }[]): ApiError {
  return invalidDocument(problems, 'The resolution is not valid; details says where.');
}

/** An unknown delivery as the API answers it to this caller. */
function unknownAnswer(unknown: Unknown, principal: Principal): Record<string, unknown> {
  return {
    event_id: unknown.eventId,
    lead_id: unknown.leadId,
    flow_id: unknown.flowId,
    source_id: unknown.sourceId,
    step_id: unknown.stepId,
    recipient_id: unknown.recipientId,
    reason: maySeeValues(principal) ? unknown.reason : hideReason(unknown.reason),
    expected_price: unknown.expectedPrice === null ? null : dollars(unknown.expectedPrice),
    happened_at: isoTime(unknown.happenedAt),
    resolved_at: isoTime(unknown.resolvedAt),
    resolution: unknown.resolution,
    note: unknown.note,
  };
}
