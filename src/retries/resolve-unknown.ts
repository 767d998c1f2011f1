import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { type Money, NO_MONEY } from '../model/money.ts';
import { buildRetry } from '../pipeline/follow-ups.ts';
import { buildResolutionFacts, type InnerLeadFacts, writeEventFacts } from '../stored/event-facts.ts';
import type { Resolution, Unknown } from './retry.ts';
import type { AfterEvent, RetryStore } from './retry-store.ts';

/** What somebody found out about a delivery that may have arrived. */
export interface Finding {
  resolution: Resolution;
  /** What it was sold for; null: nothing, or not delivered. */
  price: Money | null;
  note: string | null;
  /** Deliver it again, as a retry that is due at once. */
  isRetried: boolean;
  /** The lead of another flow that was found; absent: none was looked for, or there is none. */
  innerLead?: InnerLeadFacts;
}

/**
 * Says what became of an unknown delivery (decision 24). Delivered: its places stay used, and a `retry` event carries
 * the revenue of the day. Not delivered: its places go back, and those the lead kept because of it alone.
 * `again`: somebody was faster. `busy`: it is being delivered again.
 */
export async function resolveUnknown(
  { retries, clock, ids }: { retries: RetryStore; clock: Clock; ids: Ids },
  { unknown, finding }: { unknown: Unknown; finding: Finding },
): Promise<'resolved' | 'again' | 'busy'> {
  const { accountId, eventId, stepId, recipientId } = unknown;
  const { resolution, note, isRetried } = finding;
  const now = clock.now();
  const event = buildResolutionEvent(unknown, { finding, id: ids.event(), now });
  const retry = isRetried
    ? {
        ...buildRetry({ eventId, stepId, recipientId, outcome: 'error' }, { ids, now, reason: unknown.reason }),
        nextAttemptAt: now,
      }
    : null;
  // Sold for a price that is not known: what its revenue caps held for it is used, so that they are never passed.
  const sale = resolution === 'delivered' && finding.price === null ? undefined : saleOf(finding);
  return retries.resolve({ accountId, eventId, resolution, note, sale, event, retry });
}

/** What the event of the resolution has as revenue. */
function saleOf({ resolution, price }: Finding): Money {
  return resolution === 'delivered' ? (price ?? NO_MONEY) : NO_MONEY;
}

const SAID: Readonly<Record<Resolution, { outcome: string; reason: string | null }>> = {
  delivered: { outcome: 'success', reason: null },
  not_delivered: { outcome: 'failure', reason: 'Resolved: not delivered' },
};

function buildResolutionEvent(
  unknown: Unknown,
  { finding, id, now }: { finding: Finding; id: string; now: number },
): AfterEvent {
  const { resolution, isRetried, innerLead } = finding;
  const { eventId, stepId, recipientId } = unknown;
  const sale = saleOf(finding);
  const facts = writeEventFacts(buildResolutionFacts({ resolution, sale, isRetried, eventId, innerLead, now }));
  return { id, ...SAID[resolution], stepId, recipientId, facts, document: null };
}
