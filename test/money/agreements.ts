import type { Cap } from '../../src/model/cap.ts';
import type {
  Candidate,
  FlowDocument,
  RecipientFeedback,
  RecipientStep,
  Source,
  SourceFeedback,
  Step,
} from '../../src/model/flow.ts';
import type { Pricing } from '../../src/model/pricing.ts';
import { deliveryTo, flowOf, sourceNamed, when } from '../system/flows.ts';
import type { History } from './history.ts';

/*
 * What buyers and sources have agreed on: the flows that are deployed, and the same amounts as the peers count them, in
 * ten-thousandths of a dollar.
 */

const BY_STATE = { TX: 70_001, CA: 33_333 } as const;
const SOURCE_BY_STATE = { TX: 20_009, CA: 10_001 } as const;
const FIXED = 54_321;
const AGAIN = 25_000;
const MOST = 400_000;
const FALLBACK = 11_111;

/** The auction; its buyers pay what they bid. */
export const AUCTION = 4;
/** Steps one behind the other; the fourth is another step of the first recipient. */
const STEPS = 0;

/** The name of a buyer in the addresses of its deliveries; `again`: the other step of the first one. */
export interface Buying {
  flow: number;
  buyer: number;
  isAgain: boolean;
}

/** What the lead costs if it is a success. `quoted`: what the service answered; absent: it was not asked, or had no price. */
export function agreeCost({ source, state, submitted }: History, quoted: number | null | undefined): number {
  if (source === 0) return SOURCE_BY_STATE[state];
  return source === 1 ? submitted : (quoted ?? FALLBACK);
}

/** What the buyer pays. */
export function agreePrice({ flow, state, prices }: History, { buyer, isAgain }: Buying): number {
  const named = prices[buyer] ?? 0;
  if (isAgain) return AGAIN;
  if (flow === AUCTION) return named;
  if (buyer === 0) return Math.min(named, MOST);
  return buyer === 1 ? BY_STATE[state] : FIXED;
}

/** What a delivery is booked at without a named price: the agreed price, of the first buyer its maximum. */
export function agreeUnnamed(history: History, buying: Buying): number {
  const isFirst = buying.buyer === 0 && !buying.isAgain && history.flow !== AUCTION;
  return isFirst ? MOST : agreePrice(history, buying);
}

/** Does an accepted return of this buyer take back the cost, where the source is not asked? */
export function refundsCost({ buyer }: Pick<Buying, 'buyer'>): boolean {
  return buyer === 0;
}

/** The source that is asked about feedback. */
export const ASKED_SOURCE = 1;

const dollars = (units: number) => units / 10_000;
/** More than any run spends. */
const budget = (): Cap => ({ type: 'revenue', maximum: 100_000_000, duration: 1, duration_units: 'day' });

export function buildFlows({ url, serviceId }: { url: string; serviceId: string }): FlowDocument[] {
  return Array.from({ length: AUCTION + 1 }, (_, flow) => ({
    ...flowOf(buildSteps({ url, flow }), {
      name: `Money ${flow}`,
      sources: buildSources({ url, serviceId }),
      caps: [budget()],
      list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'Money people' } },
      acceptance_criteria: { rule_set: when('suppressionlist.is_duplicate', 'is not true'), reason: 'duplicate' },
    }),
  }));
}

function buildSources({ url, serviceId }: { url: string; serviceId: string }): Source[] {
  const rules = Object.entries(SOURCE_BY_STATE).map(([state, amount]) => ({
    amount: dollars(amount),
    rule_set: when('lead.state', 'is equal to', state),
  }));
  return [
    sourceNamed('By state', { pricing: { prices: rules } }),
    sourceNamed('Its own price', { pricing: { override: true }, feedback: relay(url) }),
    sourceNamed('By service', { pricing_service: { service_id: serviceId, fallback_price: dollars(FALLBACK) } }),
  ];
}

function relay(url: string): SourceFeedback {
  const properties = {
    url: `${url}source`,
    'json_property.lead': '{{lead.first_name}}',
    'json_property.type': '{{feedback.type}}',
    outcome_search_path: 'outcome',
    outcome_search_term: 'success',
  };
  const mappings = Object.entries(properties).map(([property, value]) => ({ property, value }));
  return { integration: { module_id: 'leadconduit-custom.outbound.json', mappings } };
}

const UNSOLD: Step = {
  type: 'filter',
  outcome: 'failure',
  reason: 'unsold',
  rule_set: when('distribution.main.sold', 'is false'),
};

function buildSteps({ url, flow }: { url: string; flow: number }): Step[] {
  const buyers = [0, 1, 2].map((buyer) => buildBuyer({ url, flow, buyer }));
  if (flow === STEPS) return [...buyers, buildBuyer({ url, flow, buyer: 0, isAgain: true })];
  const shares = [50, 30, 20];
  const recipients = buyers.map(({ type: _, ...buyer }, index): Candidate => {
    if (flow === AUCTION) return { ...buyer, bid: bidding(`${url}bid/${flow}/${index}`) };
    return flow === 3 ? { ...buyer, percentage: shares[index] ?? 0 } : buyer;
  });
  const methods = ['waterfall', 'waterfall', 'send_all', 'percentage', 'highest_bid'] as const;
  const step: Step = { type: 'distribution', method: methods[flow] ?? 'waterfall', recipients };
  return [step, UNSOLD];
}

function bidding(url: string) {
  const properties = {
    url,
    'json_property.lead': '{{lead.first_name}}',
    outcome_search_path: 'outcome',
    outcome_search_term: 'success',
    price_path: 'price',
  };
  const mappings = Object.entries(properties).map(([property, value]) => ({ property, value }));
  return { module_id: 'leadconduit-custom.outbound.json', mappings };
}

function buildBuyer(of: { url: string; flow: number; buyer: number; isAgain?: boolean }): RecipientStep {
  const { url, flow, buyer, isAgain = false } = of;
  return deliveryTo(
    `${url}${isAgain ? 'again' : 'buy'}/${flow}/${buyer}`,
    {
      entity: { id: `5fd4371e940df5a34a388b0${buyer}`, name: `Buyer ${buyer}` },
      key: `buyer_${buyer}${isAgain ? '_again' : ''}`,
      retry_enabled: true,
      ...(buyer === 1 ? { idempotent: true } : {}),
      caps: [budget()],
      feedback: buildFeedback(buyer),
      ...(flow === AUCTION ? {} : { pricing: buildPricing({ buyer, isAgain }) }),
    },
    {
      'json_property.lead': '{{lead.first_name}}',
      'json_property.id': '{{lead.id}}',
      'json_property.event': '{{event_id}}',
      price_path: 'price',
    },
  );
}

function buildPricing({ buyer, isAgain }: Pick<Buying, 'buyer' | 'isAgain'>): Pricing {
  if (isAgain) return { prices: [{ amount: dollars(AGAIN) }] };
  if (buyer === 0) return { override: true, maximum_price: dollars(MOST) };
  if (buyer === 2) return { prices: [{ amount: dollars(FIXED) }] };
  const prices = Object.entries(BY_STATE).map(([state, amount]) => ({
    amount: dollars(amount),
    rule_set: when('lead.state', 'is equal to', state),
  }));
  return { prices };
}

function buildFeedback(buyer: number): RecipientFeedback {
  const approval = { deadline: { value: 7, interval: 'day' }, default: 'accept' } as const;
  const returns = buyer === 1 ? { enabled: true, approval } : { enabled: true, refund_cost: refundsCost({ buyer }) };
  return { returns, conversions: { enabled: true } };
}
