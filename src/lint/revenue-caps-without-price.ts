import type { Cap } from '../model/cap.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { Pricing } from '../model/pricing.ts';
import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';

/** Caps that count dollars where nothing has a price: they never fill. */
export function revenueCapsWithoutPrice({ document }: LintContext): Problem[] {
  const { sources } = document;
  const isFlowPriced = isPriced(document);
  return [
    ...(isFlowPriced || sources.some(isPriced) ? [] : listProblems('caps', document.caps, NO_COST)),
    ...sources.flatMap((source, index) =>
      isFlowPriced || isPriced(source) ? [] : listProblems(`sources.${index}.caps`, source.caps, NO_COST),
    ),
    ...listDeliverySteps(document).flatMap(({ path, step }) =>
      isPriced(step) ? [] : listProblems(`${path}.caps`, step.caps, NO_SALE),
    ),
  ];
}

const NO_COST =
  'This cap counts what leads cost, and neither the flow nor a source has a price: add pricing, or use the type "volume".';
const NO_SALE =
  'This cap counts what the recipient pays, and the step has no price: add pricing, or use the type "volume".';

function isPriced({ pricing, pricing_service }: { pricing?: Pricing | null; pricing_service?: unknown }): boolean {
  if (pricing_service !== undefined && pricing_service !== null) return true;
  return pricing?.override === true || (pricing?.prices ?? []).length > 0;
}

/** Depth is bounded by the parser of flows. */
function listProblems(path: string, caps: readonly Cap[] | null | undefined, message: string): Problem[] {
  return (caps ?? []).flatMap((cap, index) => {
    const place = `${path}.${index}`;
    const own = cap.type === 'revenue' ? [{ path: `${place}.type`, message }] : [];
    return [...own, ...listProblems(`${place}.caps`, cap.caps, message)];
  });
}
