import type { StepRunOf } from './stage-access.ts';
import { end, NEXT, type StageVerdict } from './step-run.ts';

/** The module was found when the flow was compiled; here a missing one ends the step. */
export function integrationLookup({ step }: StepRunOf<'integration-lookup'>): StageVerdict {
  return step.module ? NEXT : end('error', `The integration ${step.document.integration.module_id} is not installed`);
}
