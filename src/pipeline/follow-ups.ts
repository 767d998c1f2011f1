import type { CompiledRecipient } from '../flow-compiler/compiled-flow.ts';
import type { Ids } from '../lib/ids.ts';
import type { RecordedRequest } from '../model/event.ts';
import type { Holds } from '../stored/holds.ts';
import type { FailedDelivery, LostDelivery, RetryPlan } from '../stored/intent-state.ts';
import { storableText } from '../stored/storable.ts';
import { NOTHING_TO_SCRUB, type Scrub } from '../variables/scrub-secrets.ts';
import type { LeadRun, RecipientResult, RunPart } from './lead-run.ts';
import { nextAttemptAt } from './retry-backoff.ts';
import type { LeadPlacesWait, NewRetry, NewUnknown } from './run-store.ts';

/*
 * What goes on after a lead's end: deliveries to try again (decision 25) and deliveries that may have
 * arrived (decision 24). Both are written in the lead's own settlement.
 */

/** Of a step that ended with an error. An unknown outcome is repeated only where the recipient knows the key. */
export function planRetry(
  step: CompiledRecipient,
  ended: { isError: boolean; isUnknown: boolean; isInner: boolean; requests: readonly RecordedRequest[]; scrub: Scrub },
): RetryPlan {
  const { isError, isUnknown, isInner, requests, scrub } = ended;
  if (step.document.retry_enabled !== true || !isError) return 'none';
  // What became of a lead of another flow here is found out first (decision page 0089).
  if (isUnknown && (isInner || step.document.idempotent !== true)) return 'none';
  return carriesSecrets(requests, scrub) ? 'masked' : 'queued';
}

function carriesSecrets(requests: readonly RecordedRequest[], scrub: Scrub): boolean {
  if (scrub === NOTHING_TO_SCRUB) return false;
  return requests.some(({ uri, headers, body }) => {
    const text = JSON.stringify([uri, headers, body]);
    return scrub(text) !== text;
  });
}

/** Which steps of a run are asked about, and what their reasons must not say. */
interface StepsAsked {
  scrub: Scrub;
  /** The position of the first; absent: all. */
  from?: number;
}

/** Deliveries of a run so far that are to be tried again. */
export function listFailedDeliveries(run: RunPart<'stepResults'>, { scrub, from = 0 }: StepsAsked): FailedDelivery[] {
  return listRecipientResults(run, from)
    .filter((result) => result.retry === 'queued')
    .map(({ eventId, stepId, recipientId, outcome, reason }) => ({
      eventId,
      stepId,
      recipientId,
      outcome,
      reason: scrubbed(reason, scrub),
    }));
}

export function buildRetries(failed: readonly FailedDelivery[], made: { ids: Ids; now: number }): NewRetry[] {
  return failed.map((each) => buildRetry(each, { ...made, reason: each.reason }));
}

/** The first attempt of a delivery that failed. */
export function buildRetry(
  failed: { eventId: string; stepId: string; recipientId: string; outcome: string },
  made: { ids: Ids; now: number; reason: string | null },
): NewRetry {
  const { eventId, stepId, recipientId, outcome } = failed;
  return {
    id: made.ids.next(),
    eventId,
    stepId,
    recipientId,
    outcome,
    reason: made.reason,
    createdAt: made.now,
    nextAttemptAt: nextAttemptAt(0, made.now),
  };
}

/** Deliveries of a run so far that may have arrived. */
export function listLostDeliveries(run: RunPart<'stepResults'>, { scrub, from = 0 }: StepsAsked): LostDelivery[] {
  return listRecipientResults(run, from)
    .filter((result) => result.isUnknown)
    .map(({ eventId, stepId, recipientId, reason, endedAt, lostLead }) => ({
      eventId,
      stepId,
      recipientId,
      reason: scrubbed(reason, scrub),
      happenedAt: endedAt,
      ...(lostLead && { innerLead: lostLead }),
    }));
}

/** With the places that are kept because of each. */
export function buildUnknowns(lost: readonly LostDelivery[], held: Holds): NewUnknown[] {
  return lost.map((each) => ({ ...each, holds: holdsOfStep(held, each.stepId) }));
}

/**
 * Is what the lead itself holds settled with its end? A success uses it for good. Otherwise it waits for the deliveries
 * that have not ended, whatever its sender was answered (decision 48): sent again meanwhile, the lead could be sold twice.
 */
export function leadPlacesWait(
  outcome: LeadRun['outcome'],
  { retries, unknowns }: { retries: readonly unknown[]; unknowns: readonly unknown[] },
): LeadPlacesWait | null {
  if (outcome === 'success') return null;
  if (unknowns.length > 0) return 'counted';
  return retries.length > 0 ? 'held' : null;
}

export function holdsOfStep(held: Holds, stepId: string): Holds {
  return { caps: held.caps.filter((hold) => hold.stepId === stepId), lists: [] };
}

function listRecipientResults(run: RunPart<'stepResults'>, from: number): RecipientResult[] {
  return run.stepResults.slice(from).filter((result) => result.kind === 'recipient');
}

function scrubbed(reason: string | null, scrub: Scrub): string | null {
  return reason === null ? null : storableText(scrub(reason));
}
