import type { Cap } from '../model/cap.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { RecipientStep, Step } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';

/** Caps with a maximum of 0, and those below what each delivery holds: nothing is ever taken. Those inside one add nothing, so the outer one is reported alone. */
export function capsTakeNone({ document }: LintContext): Problem[] {
  return [
    ...listProblems('caps', document.caps, LEAD),
    ...document.sources.flatMap((source, index) => listProblems(`sources.${index}.caps`, source.caps, LEAD)),
    ...listDeliverySteps(document).flatMap(({ path, step, index }) => [
      ...listProblems(`${path}.caps`, step.caps, STEP),
      ...listTooSmall(`${path}.caps`, {
        caps: step.caps,
        held: sellsToBids(document.steps[index]) ? 0 : heldByDelivery(step),
      }),
    ]),
  ];
}

const LEAD = 'refuses every lead its rules match';
const STEP = 'skips the step for every lead its rules match';

/** Depth is bounded by the parser of flows. */
function listProblems(path: string, caps: readonly Cap[] | null | undefined, effect: string): Problem[] {
  return (caps ?? []).flatMap((cap, index) => {
    const place = `${path}.${index}`;
    if (cap.maximum !== 0) return listProblems(`${place}.caps`, cap.caps, effect);
    const which = cap.type === 'revenue' ? `${effect} and that has a price` : effect;
    const message = `This cap has a maximum of 0 and ${which}: raise it, or disable what should not run.`;
    return [{ path: `${place}.maximum`, message }];
  });
}

/** A delivery of an auction holds the bid that it is sold at. */
function sellsToBids(step: Step | undefined): boolean {
  return step?.type === 'distribution' && step.method === 'highest_bid';
}

/** Dollars that each delivery of a step holds, whatever the recipient answers (decision page 0076); 0: that differs. */
function heldByDelivery({ pricing }: RecipientStep): number {
  return pricing?.override === true ? (pricing.maximum_price ?? 0) : 0;
}

/** Depth is bounded by the parser of flows. */
function listTooSmall(
  path: string,
  { caps, held }: { caps: readonly Cap[] | null | undefined; held: number },
): Problem[] {
  return (caps ?? []).flatMap((cap, index) => {
    const place = `${path}.${index}`;
    if (cap.type !== 'revenue' || cap.maximum === 0 || cap.maximum >= held)
      return listTooSmall(`${place}.caps`, { caps: cap.caps, held });
    const message = `This cap allows ${cap.maximum} dollars and each delivery holds the maximum_price of ${held}, so it ${STEP}: raise the cap, or lower the maximum_price.`;
    return [{ path: `${place}.maximum`, message }];
  });
}
