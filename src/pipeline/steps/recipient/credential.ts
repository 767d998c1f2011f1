import { describeMissing, type Opening, openMasked } from '../../../credentials/open-credential.ts';
import { routeOf } from '../../lead-run.ts';
import type { StepRunOf } from './stage-access.ts';
import { end, NEXT, type StageVerdict } from './step-run.ts';
import { timeLeftMs } from './time-left.ts';

/**
 * Opens the stored credential of the step. It waits only where a token must be fetched first. Nothing is sent without a
 * credential that the step names: the recipient would refuse it, and perhaps keep it.
 */
export function credential(stepRun: StepRunOf<'credential'>): StageVerdict | Promise<StageVerdict> {
  const { run, step, deps } = stepRun;
  if (step.credential === null) return NEXT;
  const { id, known } = step.credential;
  if (!deps.credentials) {
    // A flow that only shows what it would send.
    if (!known) return end('error', describeMissing(id));
    stepRun.credential = openMasked(known);
    return NEXT;
  }
  const key = { accountId: routeOf(run).flow.account.id, credentialId: id };
  const opening = deps.credentials.open(key, { timeoutMs: timeLeftMs(stepRun, undefined) });
  return opening instanceof Promise ? opening.then((each) => accept(stepRun, each)) : accept(stepRun, opening);
}

function accept(stepRun: StepRunOf<'credential'>, opening: Opening): StageVerdict {
  if (opening.kind === 'failed') return end('error', opening.reason);
  stepRun.credential = opening.credential;
  stepRun.run.opened.push(...opening.credential.secrets);
  return NEXT;
}
