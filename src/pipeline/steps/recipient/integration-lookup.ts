import { end, NEXT, type StageVerdict, type StepRun } from './step-run.ts';

/** The module was found when the flow was compiled; here a missing one ends the step. */
export function integrationLookup({ step }: StepRun): StageVerdict {
  return step.module ? NEXT : end('error', `The integration ${step.document.integration.module_id} is not installed`);
}
