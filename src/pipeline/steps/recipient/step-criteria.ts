import { collectFindings } from '../../rule-findings.ts';
import { end, NEXT, type StageVerdict, type StepRun } from './step-run.ts';

/** Not met, the step is a `skip`; the lead's outcome is untouched (decision 11). */
export function stepCriteria({ run, step }: StepRun): StageVerdict {
  const verdict = step.rules.evaluate(run.vars, run.ctx, collectFindings(run.findings));
  return verdict.passed ? NEXT : end('skip', verdict.reason);
}
