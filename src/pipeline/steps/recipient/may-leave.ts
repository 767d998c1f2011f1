import { BATCH_MODULE_ID, findBatchOfUrl } from '../../../model/batch.ts';
import { writeBidsIntent, writeIntent } from '../../interrupted.ts';
import { guardOf, runKeyOf } from '../../lead-run.ts';
import { buildCapRequests, buildOwnPlaces } from '../../look-at-places.ts';
import type { PhaseDeps } from '../../phase.ts';
import { addSeen } from '../../places-known.ts';
import type { NewBatchRow, PlacesAsked } from '../../run-store.ts';
import type { LeadOf, StepRunOf } from './stage-access.ts';
import { skipWhenFull } from './step-caps.ts';
import { end, STEP_AGAIN, type StageVerdict } from './step-run.ts';

const LEASE_LOST = 'this server process lost its lease';

/** Claims the places and commits the intent. undefined: a request of this step may leave; else how the step ends instead. */
export async function mayLeave(stepRun: StepRunOf<'http'>): Promise<StageVerdict | undefined> {
  const { run } = stepRun;
  const row = buildRow(stepRun);
  const claimed = await claimPlaces(stepRun, { asked: placesAsked(stepRun), state: writeIntent, row });
  switch (claimed.kind) {
    case 'claimed':
      run.hasSent = true;
      return undefined;
    case 'unavailable':
      return notSent(run, claimed.reason);
    case 'changed':
      // Before the first claim the whole decision is taken again. After it nothing is: the step is skipped.
      return run.hasRun ? skipWhenFull(stepRun) : STEP_AGAIN;
  }
}

/**
 * Claims the lead's own places before bids are asked for, so that none is asked about a lead that cannot be sold. One that
 * has claimed has them. undefined: the questions may leave.
 */
export async function mayAskForBids(
  run: LeadOf<'http'>,
  deps: PhaseDeps,
): Promise<{ kind: 'again' } | { kind: 'unavailable'; reason: string } | undefined> {
  if (run.hasRun) return undefined;
  const asked = buildOwnPlaces(run);
  const claimed = await claimPlaces({ run, deps }, { asked, state: () => writeBidsIntent(run) });
  if (claimed.kind === 'changed') return { kind: 'again' };
  return claimed.kind === 'unavailable' ? claimed : undefined;
}

interface Claimer {
  run: LeadOf<'http'>;
  deps: PhaseDeps;
}

type Claimed = { kind: 'claimed' } | { kind: 'changed' } | { kind: 'unavailable'; reason: string };

/** `state`: writes what a recovery needs. */
async function claimPlaces<From extends Claimer>(
  from: From,
  { asked, state, row }: { asked: PlacesAsked; state: (from: From) => string; row?: NewBatchRow | undefined },
): Promise<Claimed> {
  const { run, deps } = from;
  if (!deps.isLeaseHeld()) return { kind: 'unavailable', reason: LEASE_LOST };
  const { hasRun, held, intended } = run;
  const guard = guardOf(run);
  const added = row === undefined ? {} : { row };
  const claim = { run: runKeyOf(run), hasRun, ...asked, seq: intended.count, state: state(from), guard, ...added };
  const result = await deps.store.claim(claim);
  if (result.kind === 'unavailable') return result;
  if (result.kind === 'changed') {
    run.known = addSeen(run.known, asked, result);
    return { kind: 'changed' };
  }
  run.hasRun = true;
  run.held = { caps: [...held.caps, ...result.took.caps], lists: [...held.lists, ...result.took.lists] };
  run.intended = { count: intended.count + 1, steps: run.stepResults.length, findings: run.findings.length };
  // The commit may have taken long, and another process may have settled the lead since.
  return deps.isLeaseHeld() ? { kind: 'claimed' } : { kind: 'unavailable', reason: LEASE_LOST };
}

/** What a batch step delivers; undefined: it is another step. */
function buildRow({ run, deps, eventId, step, request }: StepRunOf<'http'>): NewBatchRow | undefined {
  const batchId = step.module?.id === BATCH_MODULE_ID ? findBatchOfUrl(request?.url ?? '') : undefined;
  if (batchId === undefined) return undefined;
  const { leadId } = run;
  return { batchId, eventId, leadId, content: request?.body ?? '{}', createdAt: deps.clock.now() };
}

/** With the lead's first claim its own places; with each its step's. */
function placesAsked({ run, step, askedCaps, expectedPrice }: StepRunOf<'http'>): PlacesAsked {
  const caps = buildCapRequests(run, { caps: askedCaps, stepId: step.id, price: expectedPrice });
  if (run.hasRun) return { lists: [], caps };
  const own = buildOwnPlaces(run);
  return { lists: own.lists, caps: [...own.caps, ...caps] };
}

/** A lead of which nothing left the house is not taken at all; one that was sent somewhere goes on to its end. */
function notSent(run: LeadOf<'http'>, reason: string): StageVerdict {
  return run.hasSent ? end('error', `Not sent: ${reason}`) : { kind: 'unavailable', reason };
}
