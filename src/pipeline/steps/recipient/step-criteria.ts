import { collectFindings } from '../../rule-findings.ts';
import type { StepRunOf } from './stage-access.ts';
import { end, NEXT, type StageVerdict } from './step-run.ts';

/** Not met, the step is a `skip`; the lead's outcome is untouched (decision 11). */
export function stepCriteria({ run, step }: StepRunOf<'step-criteria'>): StageVerdict {
  const verdict = step.rules.evaluate(run.vars, run.ctx, collectFindings(run.findings));
  return verdict.passed ? NEXT : end('skip', verdict.reason);
}
