import { type LeadRun, routeOf } from '../lead-run.ts';
import type { PhaseDeps } from '../phase.ts';
import { PROCEED, type Verdict } from '../verdict.ts';
import { runFilterStep } from './filter-step.ts';
import { runRecipientStep } from './recipient-step.ts';

/**
 * The flow's steps, one at a time, in order (spec behaviour 3.2). Only a filter ends the walk: a delivery that fails
 * does not. A disabled step is passed over without an event and still counted (decision 28).
 */
export async function runSteps(run: LeadRun, deps: PhaseDeps): Promise<Verdict> {
  for (const step of routeOf(run).flow.steps) {
    run.stepCount += 1;
    if (!step.isEnabled) continue;
    const verdict =
      step.kind === 'filter' ? runFilterStep(run, { step, deps }) : await runRecipientStep(run, { step, deps });
    if (verdict.kind !== 'proceed') return verdict;
  }
  return runDestinations(run, deps);
}

/** Destinations get the lead when no step failed to deliver it (spec api 3.9, decision 35). */
async function runDestinations(run: LeadRun, deps: PhaseDeps): Promise<Verdict> {
  const hasFailed = run.stepResults.some((result) => result.kind === 'recipient' && result.outcome === 'error');
  if (hasFailed) return PROCEED;
  // A source may tell its sender all that steps appended; where else the lead went is not the sender's business.
  const told = { ...run.appended };
  for (const step of routeOf(run).flow.destinations) {
    const verdict = await runRecipientStep(run, { step, deps });
    if (verdict.kind !== 'proceed') return verdict;
  }
  run.appended = told;
  return PROCEED;
}
