import { DEFAULT_FILTER_REASON } from '../../flow-compiler/compile-steps.ts';
import type { CompiledFilter } from '../../flow-compiler/compiled-flow.ts';
import { LEAD_OUTCOMES, type LeadOutcome } from '../../model/outcome.ts';
import { eventIdOf } from '../lead-run.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { collectFindings } from '../rule-findings.ts';
import { PROCEED, stop, type Verdict } from '../verdict.ts';

/** Stops the flow when its rules match, with its outcome and reason (decision 6); else an event says `continue`. */
export function runFilterStep(run: RunOf<'steps'>, at: { step: CompiledFilter; deps: PhaseDeps }): Verdict {
  const { step, deps } = at;
  const startedAt = deps.clock.now();
  const isMatched = step.rules.evaluate(run.vars, run.ctx, collectFindings(run.findings)).passed;
  // A reason that comes out empty for a lead says as little as none.
  const reason = isMatched ? step.reason.render(run.vars, run.ctx).trim() || DEFAULT_FILTER_REASON : null;
  run.stepResults.push({
    kind: 'filter',
    eventId: eventIdOf(run, step.id, deps.ids),
    stepId: step.id,
    outcome: isMatched ? 'stop' : 'continue',
    reason,
    startedAt,
    endedAt: deps.clock.now(),
  });
  return isMatched ? stop(outcomeOf(step.outcome.render(run.vars, run.ctx)), reason) : PROCEED;
}

/** A template may copy a step's outcome; what is no outcome of a lead (`skip`, a typing error) is a failure. */
function outcomeOf(text: string): LeadOutcome {
  return LEAD_OUTCOMES.find((outcome) => outcome === text.trim().toLowerCase()) ?? 'failure';
}
