import type { CompiledCandidate, CompiledStep } from '../../flow-compiler/compiled-flow.ts';
import { assert } from '../../lib/assert.ts';
import { routeOf } from '../lead-run.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import type { Verdict } from '../verdict.ts';
import { runDistribution } from './distribution/distribution-step.ts';
import { runFilterStep } from './filter-step.ts';
import { runRecipientStep } from './recipient-step.ts';
import { runDestinations } from './run-destinations.ts';

/**
 * The flow's steps, one at a time, in order (spec behaviour 3.2). Only a filter ends the walk: a delivery that fails
 * does not. A disabled step is passed over without an event and still counted (decision 28). Then the destinations.
 */
export async function runSteps(run: RunOf<'steps'>, deps: PhaseDeps): Promise<Verdict> {
  const { steps } = routeOf(run).flow;
  for (let index = 0; index < steps.length; ) {
    const step = steps[index];
    assert(step, 'the loop stays inside the flow');
    run.stepCount += 1;
    const candidates = isCandidate(step) ? takeCandidates(steps, index) : NO_CANDIDATES;
    index += Math.max(1, candidates.length);
    if (!isStepEnabled(step)) continue;
    const running = runStep(run, { step, candidates, deps });
    // A filter decides at once.
    const verdict = running instanceof Promise ? await running : running;
    if (verdict.kind !== 'proceed') return verdict;
  }
  return runDestinations(run, deps);
}

const NO_CANDIDATES: readonly CompiledCandidate[] = [];

function runStep(
  run: RunOf<'steps'>,
  at: { step: CompiledStep; candidates: readonly CompiledCandidate[]; deps: PhaseDeps },
): Verdict | Promise<Verdict> {
  const { step, candidates, deps } = at;
  if (step.kind === 'filter') return runFilterStep(run, { step, deps });
  return candidates.length > 0 ? runDistribution(run, { candidates, deps }) : runRecipientStep(run, { step, deps });
}

function isStepEnabled(step: CompiledStep): boolean {
  return isCandidate(step) ? step.candidacy.distribution.isEnabled : step.isEnabled;
}

/** The recipients of the distribution whose first one is at a place. */
function takeCandidates(steps: readonly CompiledStep[], from: number): CompiledCandidate[] {
  const candidates: CompiledCandidate[] = [];
  const first = steps[from];
  for (const step of steps.slice(from)) {
    if (!isCandidate(step) || !first || !isCandidate(first)) break;
    if (step.candidacy.distribution !== first.candidacy.distribution) break;
    candidates.push(step);
  }
  return candidates;
}

function isCandidate(step: CompiledStep): step is CompiledCandidate {
  return step.kind === 'recipient' && step.candidacy !== null;
}
