import type { Cap } from '../model/cap.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';

/** Caps with a maximum of 0: nothing is ever taken. Those inside one add nothing, so the outer one is reported alone. */
export function capsTakeNone({ document }: LintContext): Problem[] {
  return [
    ...listProblems('caps', document.caps, LEAD),
    ...document.sources.flatMap((source, index) => listProblems(`sources.${index}.caps`, source.caps, LEAD)),
    ...listDeliverySteps(document).flatMap(({ path, step }) => listProblems(`${path}.caps`, step.caps, STEP)),
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
