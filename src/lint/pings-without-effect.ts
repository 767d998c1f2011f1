import type { FlowDocument, Source } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';

/** What of pings a flow sets up in vain: limits where none is answered, sources whose pings can have no price. */
export function pingsWithoutEffect(context: LintContext): Problem[] {
  const { document } = context;
  return document.ping_enabled === true ? findUnpriced(context) : findLimits(document);
}

function findLimits({ ping_limits: limits, sources }: FlowDocument): Problem[] {
  const levels = [
    { path: 'ping_limits', limits },
    ...sources.map((source, index) => ({ path: `sources.${index}.ping_limits`, limits: source.ping_limits })),
  ];
  return levels.filter((level) => (level.limits ?? []).length > 0).map(({ path }) => ({ path, message: NO_PINGS }));
}

const NO_PINGS = 'The flow answers no pings, so nothing is limited: set ping_enabled, or leave the limits out.';

function findUnpriced({ document, surroundings }: LintContext): Problem[] {
  const isFlowPriced = isPriced(document);
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
  'The flow answers pings, and neither it nor this source has a price: each ping is answered with "no bid". Give one of them a price or a pricing service.';

function isPriced({ pricing, pricing_service: service }: Pick<Source, 'pricing' | 'pricing_service'>): boolean {
  return Boolean(service) || pricing?.override === true || (pricing?.prices ?? []).length > 0;
}
