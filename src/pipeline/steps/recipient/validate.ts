import { faultReason } from './fault-reason.ts';
import { inTime } from './in-time.ts';
import type { StepRunOf } from './stage-access.ts';
import { end, NEXT, type StageVerdict } from './step-run.ts';

/** A text from the module skips the step; a module that throws is an error (decision 21). */
export function validate(stepRun: StepRunOf<'validate'>): StageVerdict | Promise<StageVerdict> {
  const { step, moduleVars } = stepRun;
  try {
    const message = step.module?.validate(moduleVars);
    if (!(message instanceof Promise)) return judge(message);
    return inTime(stepRun, message).then(judge, (error) => failed(stepRun, error));
  } catch (error) {
    return failed(stepRun, error);
  }
}

function judge(message: string | undefined): StageVerdict {
  return message ? end('skip', message) : NEXT;
}

function failed({ run, step, deps }: StepRunOf<'validate'>, error: unknown): StageVerdict {
  deps.report({ leadId: run.leadId, where: `validate of step ${step.id}`, error });
  return end('error', faultReason(error, 'The integration failed while it checked the lead'));
}
