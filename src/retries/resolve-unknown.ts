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
  /** What it was sold for; null: what it was to be sold for, or it was not delivered. */
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
 * The price that is named, else the expected one, is booked and counted. `again`: somebody was faster. `busy`: it is being delivered again.
 */
export async function resolveUnknown(
  { retries, clock, ids }: { retries: RetryStore; clock: Clock; ids: Ids },
  { unknown, finding }: { unknown: Unknown; finding: Finding },
): Promise<'resolved' | 'again' | 'busy'> {
  const { accountId, eventId, stepId, recipientId } = unknown;
  const { resolution, note, isRetried } = finding;
  const now = clock.now();
  const sale = findSale(unknown, finding);
  const event = buildResolutionEvent(unknown, { finding, sale: sale ?? NO_MONEY, id: ids.event(), now });
  const retry = isRetried
    ? {
        ...buildRetry({ eventId, stepId, recipientId, outcome: 'error' }, { ids, now, reason: unknown.reason }),
        nextAttemptAt: now,
      }
    : null;
  return retries.resolve({ accountId, eventId, resolution, note, sale, event, retry });
}

/**
 * What it was sold for: the event of the resolution and the revenue caps have the same amount. undefined: that is not
 * known, because an older program wrote the delivery; then nothing is booked and all that its caps hold is used.
 */
function findSale({ expectedPrice, heldPrice }: Unknown, { resolution, price }: Finding): Money | undefined {
  if (resolution === 'not_delivered') return NO_MONEY;
  const sale = price ?? expectedPrice ?? undefined;
  return sale !== undefined && heldPrice !== null && sale > heldPrice ? heldPrice : sale;
}

const SAID: Readonly<Record<Resolution, { outcome: string; reason: string | null }>> = {
  delivered: { outcome: 'success', reason: null },
  not_delivered: { outcome: 'failure', reason: 'Resolved: not delivered' },
};

function buildResolutionEvent(
  unknown: Unknown,
  { finding, sale, id, now }: { finding: Finding; sale: Money; id: string; now: number },
): AfterEvent {
  const { resolution, isRetried, innerLead } = finding;
  const { eventId, stepId, recipientId } = unknown;
  const facts = writeEventFacts(buildResolutionFacts({ resolution, sale, isRetried, eventId, innerLead, now }));
  return { id, ...SAID[resolution], stepId, recipientId, facts, document: null };
}
