import { DEFAULT_CAP_REASON } from '../../../caps/compile-caps.ts';
import { reservePlaces } from '../../reserve-places.ts';
import { collectFindings } from '../../rule-findings.ts';
import type { StepRunOf } from './stage-access.ts';
import { end, NEXT, type StageVerdict } from './step-run.ts';

/** A full cap of the step skips it and leaves the lead's outcome alone (decision 11). */
export function stepCaps(stepRun: StepRunOf<'step-caps'>): StageVerdict | Promise<StageVerdict> {
  const { run, step, deps } = stepRun;
  if (run.attempt?.hasPlaces) return NEXT;
  const matching = step.caps.matching(run.vars, run.ctx, collectFindings(run.findings));
  if (matching.length === 0) return NEXT;
  const asked = { lists: [], caps: matching, stepId: step.id };
  return reservePlaces(run, { asked, deps }).then((answer): StageVerdict => {
    if (answer.kind === 'unavailable') return run.hasSent ? end('error', `Not sent: ${answer.reason}`) : answer;
    stepRun.capRefusal = answer.capRefusal;
    if (!answer.capRefusal) return NEXT;
    const { capId } = answer.capRefusal;
    const full = matching.find((cap) => cap.id === capId);
    return end('skip', full ? full.reason(run.vars, run.ctx) : DEFAULT_CAP_REASON);
  });
}
