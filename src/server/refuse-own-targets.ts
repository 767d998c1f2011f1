import { OWN_FLOWS } from '../integrations/builtin/sluice/flow.ts';
import type { Deliver } from '../integrations/contract.ts';
import type { Clock } from '../lib/clock.ts';
import { findBatchOfUrl } from '../model/batch.ts';

const NO_ROW = 'Not sent: a test adds no row to a batch, because rows belong to leads';
const NO_LEAD = 'Not sent: a test gives no lead to a flow; POST /flows/{id}/evaluate simulates one';

/**
 * Refuses what a step of this installation takes over without a network: there is no lead whose row or whose other lead it
 * would be. Everything else goes to `deliver`.
 */
export function refuseOwnTargets(deliver: Deliver, { now }: Pick<Clock, 'now'>): Deliver {
  return async (request, bounds) => {
    const reason = findReason(request.url);
    if (reason === null) return deliver(request, bounds);
    return { kind: 'unsent', reason, sentAt: now(), receivedAt: now() };
  };
}

function findReason(url: string): string | null {
  if (findBatchOfUrl(url) !== undefined) return NO_ROW;
  return url.startsWith(OWN_FLOWS) ? NO_LEAD : null;
}
