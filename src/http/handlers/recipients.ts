import type { Principal } from '../../access/principal.ts';
import type { RecipientHealthStore, ReportedHealth } from '../../integrations/recipient-limits/recipient-health.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { isoTime } from '../iso-time.ts';

export interface RecipientDeps {
  recipientHealth: Pick<RecipientHealthStore, 'list' | 'askToClose'>;
}

const NONE_IS_OPEN = apiError(
  'conflict',
  'This recipient has no open circuit; GET /recipients/health lists open circuits, at most two seconds late.',
);

/** `GET /recipients/health`: how each server process sees the recipients it sent to; circuits that are not closed first. */
export async function listRecipientHealth(
  { recipientHealth }: RecipientDeps,
  { principal }: { principal: Principal },
): Promise<ApiResult> {
  const reported = await recipientHealth.list(principal.accountId);
  return answer(200, reported.map(healthAnswer));
}

/**
 * `POST /recipients/{id}/close_circuit`: who repaired a recipient need not wait for the next attempt. Every process
 * closes its circuits within two seconds; the answer is those that were asked to.
 */
export async function closeCircuit(
  { recipientHealth }: RecipientDeps,
  { principal, params }: { principal: Principal; params: { id: string } },
): Promise<ApiResult> {
  const asked = await recipientHealth.askToClose({ accountId: principal.accountId, recipientId: params.id });
  return asked.length === 0 ? NONE_IS_OPEN : answer(202, asked.map(healthAnswer));
}

/** One recipient as one process sees it, as the API answers it. */
function healthAnswer(health: ReportedHealth): Record<string, unknown> {
  const { state, running, waiting, waited, requests, errors } = health;
  return {
    recipient_id: health.recipientId,
    origin: health.origin,
    state,
    ...{ running, waiting, waited, requests, errors },
    opened_at: isoTime(health.openedAt),
    next_probe_at: isoTime(health.nextProbeAt),
    process: { node_id: health.nodeId, host: health.host, pid: health.pid },
    reported_at: isoTime(health.reportedAt),
  };
}
