import { end, NEXT, type StageVerdict, type StepRun } from './step-run.ts';

/** A text from the module skips the step; a module that throws is an error (decision 21). */
export function validate(stepRun: StepRun): StageVerdict {
  const { run, step, deps, moduleVars } = stepRun;
  try {
    const message = step.module?.validate(moduleVars);
    return message ? end('skip', message) : NEXT;
  } catch (error) {
    deps.report({ leadId: run.leadId, where: `validate of step ${step.id}`, error });
    return end('error', 'The integration failed while it checked the lead');
  }
}
