import { DEFAULT_CAP_REASON } from '../../../caps/compile-caps.ts';
import { runKeyOf } from '../../lead-run.ts';
import { capRequests } from '../../phases/caps.ts';
import { collectFindings } from '../../rule-findings.ts';
import { end, NEXT, type StageVerdict, type StepRun } from './step-run.ts';

/** A full cap of the step skips it and leaves the lead's outcome alone (decision 11). */
export function stepCaps(stepRun: StepRun): StageVerdict | Promise<StageVerdict> {
  const { run, step, deps } = stepRun;
  const matching = step.caps.matching(run.vars, run.ctx, collectFindings(run.findings));
  if (matching.length === 0) return NEXT;
  const caps = capRequests(run, { matching, stepId: step.id });
  return deps.store
    .reserve({ run: runKeyOf(run), held: run.held, hasRun: run.hasRun, lists: [], caps })
    .then((result): StageVerdict => {
      if (result.kind === 'unavailable') return run.hasSent ? end('error', `Not sent: ${result.reason}`) : result;
      run.held = result.held;
      run.hasRun = result.hasRun;
      stepRun.capRefusal = result.capRefusal;
      if (!result.capRefusal) return NEXT;
      const { capId } = result.capRefusal;
      const full = matching.find((cap) => cap.id === capId);
      return end('skip', full ? full.reason(run.vars, run.ctx) : DEFAULT_CAP_REASON);
    });
}
