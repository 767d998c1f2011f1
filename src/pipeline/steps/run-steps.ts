import { routeOf } from '../lead-run.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import type { Verdict } from '../verdict.ts';
import { runFilterStep } from './filter-step.ts';
import { runRecipientStep } from './recipient-step.ts';
import { runDestinations } from './run-destinations.ts';

/**
 * The flow's steps, one at a time, in order (spec behaviour 3.2). Only a filter ends the walk: a delivery that fails
 * does not. A disabled step is passed over without an event and still counted (decision 28). Then the destinations.
 */
export async function runSteps(run: RunOf<'steps'>, deps: PhaseDeps): Promise<Verdict> {
  for (const step of routeOf(run).flow.steps) {
    run.stepCount += 1;
    if (!step.isEnabled) continue;
    const verdict =
      step.kind === 'filter' ? runFilterStep(run, { step, deps }) : await runRecipientStep(run, { step, deps });
    if (verdict.kind !== 'proceed') return verdict;
  }
  return runDestinations(run, deps);
}
