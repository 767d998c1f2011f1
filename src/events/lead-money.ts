import { addMoney, dollars, type Money, moneyFrom, NO_MONEY } from '../model/money.ts';
import type { EventRecord, LeadFacts } from './event-store.ts';

/** What moved what a lead cost or earned, in the order it happened. */
export interface MoneyMove {
  kind: 'cost' | 'revenue';
  /** Less than 0 for what was taken back. */
  amount: Money;
  /** `lead`: the source is paid; `delivery`: a recipient pays; `return`: one of the two is taken back. */
  reason: 'lead' | 'delivery' | 'return';
  /** null: the lead has no such event any more. */
  eventId: string | null;
  recipientId: string | null;
  sourceId: string;
}

/** What deliveries earned, each attempt and resolution that succeeded being one. */
export function listEarnings(
  events: readonly EventRecord[],
): { eventId: string; recipientId: string; amount: Money }[] {
  return events.flatMap((event) => {
    const { type, outcome, recipientId, facts } = event;
    if ((type !== 'recipient' && type !== 'retry') || outcome !== 'success' || recipientId === null) return [];
    return [{ eventId: event.id, recipientId, amount: moneyFrom(facts.revenue ?? 0) ?? NO_MONEY }];
  });
}

/** All moves of a lead: what it cost and earned at first, then the corrections. */
export function listMoves(
  { lead, events }: { lead: LeadFacts; events: readonly EventRecord[] },
  corrections: readonly Pick<MoneyMove, 'kind' | 'amount' | 'eventId' | 'recipientId'>[],
): MoneyMove[] {
  const { sourceId } = lead;
  const sourceEvent = events.find(({ type }) => type === 'source');
  const cost: MoneyMove = {
    ...{ kind: 'cost', amount: lead.price, reason: 'lead' },
    ...{ eventId: sourceEvent?.id ?? null, recipientId: null, sourceId },
  };
  return [
    cost,
    ...listEarnings(events).map((earned): MoneyMove => ({ ...earned, kind: 'revenue', reason: 'delivery', sourceId })),
    ...corrections.map(
      ({ kind, amount, eventId, recipientId }): MoneyMove => ({
        ...{ kind, amount, eventId, recipientId, sourceId, reason: 'return' },
      }),
    ),
  ].filter(({ amount }) => amount !== NO_MONEY);
}

/** As the API answers it, in dollars: what the moves add up to, and the moves. */
export function buildLeadMoney(moves: readonly MoneyMove[]): Record<string, unknown> {
  const cost = sumOf(moves, 'cost');
  const revenue = sumOf(moves, 'revenue');
  return {
    cost: dollars(cost),
    revenue: dollars(revenue),
    profit: dollars(addMoney(revenue, negate(cost))),
    entries: moves.map(({ kind, amount, reason, eventId, recipientId, sourceId }) => ({
      ...{ kind, amount: dollars(amount), reason, event_id: eventId },
      ...{ source_id: sourceId, recipient_id: recipientId },
    })),
  };
}

function sumOf(moves: readonly MoneyMove[], wanted: MoneyMove['kind']): Money {
  return moves.filter(({ kind }) => kind === wanted).reduce((sum, { amount }) => addMoney(sum, amount), NO_MONEY);
}

/** The amount that takes another one back. */
export function negate(amount: Money): Money {
  return (amount === 0 ? 0 : -amount) as Money; // in the same unit
}
