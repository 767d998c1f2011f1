import type { DistributionStep, FlowDocument, Source } from '../model/flow.ts';
import type { Pricing } from '../model/pricing.ts';
import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';

/** What of pings a flow sets up in vain: limits and bids where none is answered, sources whose pings can have no price. */
export function pingsWithoutEffect(context: LintContext): Problem[] {
  const { document } = context;
  return [...(document.ping_enabled === true ? findUnpriced(context) : findLimits(document)), ...findBids(document)];
}

interface PricingStep {
  step: DistributionStep;
  path: string;
}

/** Distributions whose bids are to price pings, and can: another method has a warning of its own. */
function listPricing({ steps }: FlowDocument): PricingStep[] {
  return steps.flatMap((step, index): PricingStep[] => {
    if (step.type !== 'distribution' || step.bids_price_pings !== true || step.method !== 'highest_bid') return [];
    return step.enabled === false ? [] : [{ step, path: `steps.${index}` }];
  });
}

function findBids(document: FlowDocument): Problem[] {
  return listPricing(document).flatMap(({ step, path }, place): Problem[] => {
    const at = `${path}.bids_price_pings`;
    if (document.ping_enabled !== true) return [{ path: at, message: BIDS_WITHOUT_PINGS }];
    if (place > 0) return [{ path: at, message: SECOND }];
    return canBid(step) ? [] : [{ path: at, message: NO_BIDDER }];
  });
}

function canBid({ recipients }: DistributionStep): boolean {
  return recipients.some(({ enabled, bid, pricing }) => enabled !== false && (bid || isPriced({ pricing })));
}

const BIDS_WITHOUT_PINGS =
  'The flow answers no pings, so no recipient is asked during one: set ping_enabled, or remove it.';
const SECOND = 'The bids of an earlier distribution price the pings of this flow: remove it here, or there.';
const NO_BIDDER =
  'None of its recipients has a "bid" or a price, so each ping is answered with "no bid": give one of them a bid.';

function findLimits({ ping_limits: limits, sources }: FlowDocument): Problem[] {
  const levels = [
    { path: 'ping_limits', limits },
    ...sources.map((source, index) => ({ path: `sources.${index}.ping_limits`, limits: source.ping_limits })),
  ];
  return levels.filter((level) => (level.limits ?? []).length > 0).map(({ path }) => ({ path, message: NO_PINGS }));
}

const NO_PINGS = 'The flow answers no pings, so nothing is limited: set ping_enabled, or leave the limits out.';

function findUnpriced({ document, surroundings }: LintContext): Problem[] {
  const isFlowPriced = isPriced(document) || listPricing(document).length > 0;
  return document.sources.flatMap((source, index): Problem[] => {
    const path = `sources.${index}`;
    const module = surroundings.moduleOf(source.integration.module_id);
    if (module && module.isPingable !== true) return [{ path: `${path}.integration.module_id`, message: NOT_PINGABLE }];
    return isFlowPriced || isPriced(source) ? [] : [{ path, message: NO_PRICE }];
  });
}

const NOT_PINGABLE =
  'The flow answers pings, and this integration cannot be pinged: pings of the source get 404. Use leadconduit-default.inbound.';
const NO_PRICE =
  'The flow answers pings, and neither it nor this source has a price: each ping is answered with "no bid". Give one of them a price or a pricing service, or a distribution bids_price_pings.';

interface Priced {
  pricing?: Pricing | null | undefined;
  pricing_service?: Source['pricing_service'] | undefined;
}

function isPriced({ pricing, pricing_service: service }: Priced): boolean {
  return Boolean(service) || pricing?.override === true || (pricing?.prices ?? []).length > 0;
}
