import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { runSteps } from '../steps/run-steps.ts';
import type { Verdict } from '../verdict.ts';

/** Filter and recipient steps in order; details are in steps/run-steps.ts and steps/recipient/stages.ts. */
export function steps(run: RunOf<'steps'>, deps: PhaseDeps): Promise<Verdict> {
  return runSteps(run, deps);
}
