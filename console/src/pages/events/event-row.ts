import type { PickedEvent } from '../../api/lists.ts';

interface Named {
  id?: string;
  name?: string;
}

/** What a row of the list shows of an event whose values are hidden. */
export interface EventRow {
  id: string;
  leadId: string;
  at: number;
  type: string;
  /** Of feedback, which: a return or a conversion. */
  detail: string | null;
  outcome: string;
  reason: string | null;
  flow: string;
  source: string;
  recipient: string | null;
  price: number | null;
  ms: number | null;
}

/** The first eight digits of an id are its second. */
const SECOND_DIGITS = 8;

export function readEventRow(event: PickedEvent): EventRow {
  const { id = '', type = '', outcome = '', reason = null, vars } = event;
  const { flow, source, recipient, lead } = (vars ?? {}) as Record<string, Named | undefined>; // as `event-vars.ts` makes them
  const endedAt = Number(event['end_timestamp'] ?? Number.NaN);
  const price = [event['sale_price'], event['purchase_price']].find((each) => typeof each === 'number');
  const detail = event['feedback_type'];
  return {
    ...{ id, type, outcome, reason },
    leadId: lead?.id ?? '',
    at: Number.isNaN(endedAt) ? Number.parseInt(id.slice(0, SECOND_DIGITS), 16) * 1000 : endedAt,
    detail: typeof detail === 'string' ? detail : null,
    flow: flow?.name ?? flow?.id ?? '',
    source: source?.name ?? source?.id ?? '',
    recipient: recipient?.name ?? recipient?.id ?? null,
    price: typeof price === 'number' ? price : null,
    ms: typeof event.ms === 'number' ? event.ms : null,
  };
}
