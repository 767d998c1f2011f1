import { routeOf } from '../lead-run.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { PROCEED, type Verdict } from '../verdict.ts';
import { runRecipientStep } from './recipient-step.ts';

/**
 * The flow's destinations, one after the other, when no step failed to deliver the lead (spec api 3.9, decision 35).
 * One that fails keeps it from no other. Nothing that comes later sees what they answered: a source may send its sender
 * all that was appended, and where else the lead went is not the sender's business.
 */
export async function runDestinations(run: RunOf<'steps'>, deps: PhaseDeps): Promise<Verdict> {
  const { destinations } = routeOf(run).flow;
  if (destinations.length === 0 || hasFailed(run)) return PROCEED;
  const { vars, appended } = run;
  run.appended = { ...appended };
  for (const step of destinations) {
    const verdict = await runRecipientStep(run, { step, deps });
    if (verdict.kind !== 'proceed') return verdict;
  }
  run.vars = vars;
  run.appended = appended;
  return PROCEED;
}

/** A recipient that failed is no failure of the distribution that sold the lead to another one (decision page 0075). */
function hasFailed({ stepResults, distributions }: Pick<RunOf<'steps'>, 'stepResults' | 'distributions'>): boolean {
  const sold = distributions.filter(({ sales }) => sales > 0);
  const isReplaced = (stepId: string) =>
    sold.some(({ candidates }) => candidates.some((candidate) => candidate.stepId === stepId));
  return stepResults.some(
    (result) =>
      result.kind === 'recipient' && result.outcome === 'error' && (result.isUnknown || !isReplaced(result.stepId)),
  );
}
