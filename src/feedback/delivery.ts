import type { EventRecord, LeadRecord } from '../events/event-store.ts';

/** The delivery that feedback is about. */
export interface Delivery {
  lead: LeadRecord;
  events: readonly EventRecord[];
  /** The event that was named: of the delivery or of a later attempt. */
  event: EventRecord & { stepId: string; recipientId: string };
}

/** By the id of one of its events. undefined: the lead has no such delivery, or the recipient did not accept it. */
export function findDelivery(
  { lead, events }: { lead: LeadRecord; events: readonly EventRecord[] },
  isMeant: (event: EventRecord) => boolean,
): Delivery | undefined {
  const event = events.find((each): each is Delivery['event'] => isOfDelivery(each) && isMeant(each));
  if (!event) return undefined;
  // An attempt that succeeded makes the delivery one, whichever of its ids the recipient kept.
  const isAccepted = events.some((each) => each.stepId === event.stepId && isSale(each));
  return isAccepted ? { lead, events, event } : undefined;
}

/** A delivery that its recipient accepted. */
export function isSale(event: EventRecord): boolean {
  return isOfDelivery(event) && event.outcome === 'success';
}

function isOfDelivery({ type, stepId, recipientId }: EventRecord): boolean {
  return (type === 'recipient' || type === 'retry') && stepId !== null && recipientId !== null;
}
