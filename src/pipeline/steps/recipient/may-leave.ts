import { writeIntent } from '../../interrupted.ts';
import { runKeyOf } from '../../lead-run.ts';
import { PLACES_LOST } from '../../reserve-places.ts';
import type { LeadOf, StepRunOf } from './stage-access.ts';
import { end, type StageVerdict } from './step-run.ts';

const LEASE_LOST = 'this server process lost its lease';

/** Commits the intent. undefined: a request of this step may leave; else how the step ends instead. */
export async function mayLeave(stepRun: StepRunOf<'http'>): Promise<StageVerdict | undefined> {
  const { run, deps } = stepRun;
  if (!deps.isLeaseHeld()) return notSent(run, LEASE_LOST);
  const refusal = await intend(stepRun);
  if (refusal) return notSent(run, refusal);
  // The commit may have taken long, and another process may have settled the lead since.
  if (!deps.isLeaseHeld()) return notSent(run, LEASE_LOST);
  run.hasSent = true;
  return undefined;
}

/** A lead of which nothing left the house is not taken at all; one that was sent somewhere goes on to its end. */
function notSent(run: LeadOf<'http'>, reason: string): StageVerdict {
  return run.hasSent ? end('error', `Not sent: ${reason}`) : { kind: 'unavailable', reason };
}

/** undefined: the request may leave; else why it may not. */
async function intend(stepRun: StepRunOf<'http'>): Promise<string | undefined> {
  const { run, deps } = stepRun;
  const { held, hasRun, intended } = run;
  const state = writeIntent(stepRun);
  const result = await deps.store.intend({ run: runKeyOf(run), held, hasRun, seq: intended.count, state });
  if (result.kind === 'unavailable') return result.reason;
  if (result.kind === 'lost') {
    run.held = result.held;
    return PLACES_LOST;
  }
  run.hasRun = true;
  run.intended = { count: intended.count + 1, steps: run.stepResults.length, findings: run.findings.length };
  return undefined;
}
