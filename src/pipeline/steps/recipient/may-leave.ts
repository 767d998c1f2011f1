import { writeIntent } from '../../interrupted.ts';
import { runKeyOf } from '../../lead-run.ts';
import { buildCapRequests, buildOwnPlaces } from '../../look-at-places.ts';
import { addSeen } from '../../places-known.ts';
import type { ClaimResult, PlacesAsked } from '../../run-store.ts';
import type { LeadOf, StepRunOf } from './stage-access.ts';
import { skipWhenFull } from './step-caps.ts';
import { end, STEP_AGAIN, type StageVerdict } from './step-run.ts';

const LEASE_LOST = 'this server process lost its lease';

/** Claims the places and commits the intent. undefined: a request of this step may leave; else how the step ends instead. */
export async function mayLeave(stepRun: StepRunOf<'http'>): Promise<StageVerdict | undefined> {
  const { run, deps } = stepRun;
  if (!deps.isLeaseHeld()) return notSent(run, LEASE_LOST);
  const asked = placesAsked(stepRun);
  const result = await claim(stepRun, asked);
  if (result.kind === 'unavailable') return notSent(run, result.reason);
  if (result.kind === 'changed') {
    run.known = addSeen(run.known, asked, result);
    // Before the first claim the whole decision is taken again. After it nothing is: the step is skipped.
    return run.hasRun ? skipWhenFull(stepRun) : STEP_AGAIN;
  }
  run.hasRun = true;
  const { held, intended } = run;
  run.held = { caps: [...held.caps, ...result.took.caps], lists: [...held.lists, ...result.took.lists] };
  run.intended = { count: intended.count + 1, steps: run.stepResults.length, findings: run.findings.length };
  // The commit may have taken long, and another process may have settled the lead since.
  if (!deps.isLeaseHeld()) return notSent(run, LEASE_LOST);
  run.hasSent = true;
  return undefined;
}

/** With the lead's first claim its own places; with each its step's. */
function placesAsked({ run, step, askedCaps, priceHeld }: StepRunOf<'http'>): PlacesAsked {
  const caps = buildCapRequests(run, { caps: askedCaps, stepId: step.id, price: priceHeld });
  if (run.hasRun) return { lists: [], caps };
  const own = buildOwnPlaces(run);
  return { lists: own.lists, caps: [...own.caps, ...caps] };
}

function claim(stepRun: StepRunOf<'http'>, asked: PlacesAsked): Promise<ClaimResult> {
  const { run, deps } = stepRun;
  const { hasRun, intended } = run;
  return deps.store.claim({ run: runKeyOf(run), hasRun, ...asked, seq: intended.count, state: writeIntent(stepRun) });
}

/** A lead of which nothing left the house is not taken at all; one that was sent somewhere goes on to its end. */
function notSent(run: LeadOf<'http'>, reason: string): StageVerdict {
  return run.hasSent ? end('error', `Not sent: ${reason}`) : { kind: 'unavailable', reason };
}
