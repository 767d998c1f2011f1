import type { Ids } from '../lib/ids.ts';
import type { RecordedRequest } from '../model/event.ts';
import type { Holds, NewRetry, NewUnknown } from '../store/store.ts';
import { createScrubber, type Scrub } from '../variables/scrub-secrets.ts';
import type { CompiledRecipient } from './compiled-flow.ts';
import type { LeadRun, RecipientResult, RetryPlan } from './lead-run.ts';
import { nextAttemptAt } from './retry-backoff.ts';

/*
 * What goes on after a lead's end: deliveries to try again (decision 25) and deliveries nobody knows the end of
 * (decision 24). Both are written in the lead's own settlement.
 */

/** Of a step that ended with an error. An unknown outcome is repeated only where the recipient knows the key. */
export function retryPlanOf(
  step: CompiledRecipient,
  ended: { isError: boolean; isUnknown: boolean; requests: readonly RecordedRequest[]; secrets: readonly string[] },
): RetryPlan {
  const { isError, isUnknown, requests, secrets } = ended;
  if (step.document.retry_enabled !== true || !isError) return 'none';
  if (isUnknown && step.document.idempotent !== true) return 'none';
  return carriesSecrets(requests, createScrubber(secrets)) ? 'masked' : 'queued';
}

function carriesSecrets(requests: readonly RecordedRequest[], scrub: Scrub): boolean {
  return requests.some(({ uri, headers, body }) => {
    const text = JSON.stringify([uri, headers, body]);
    return scrub(text) !== text;
  });
}

export function retriesOf(run: LeadRun, deps: { ids: Ids; now: number; scrub: Scrub }): NewRetry[] {
  return recipientResults(run).flatMap((result) =>
    result.retry === 'queued' ? [newRetry(result, { ...deps, reason: scrubbed(result.reason, deps.scrub) })] : [],
  );
}

/** The first attempt of a delivery that failed. */
export function newRetry(
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
    nextAttemptAt: nextAttemptAt(0, made.now),
  };
}

export function unknownsOf(run: LeadRun, scrub: Scrub): NewUnknown[] {
  return recipientResults(run)
    .filter((result) => result.isUnknown)
    .map(({ eventId, stepId, recipientId, reason, endedAt }) => ({
      eventId,
      stepId,
      recipientId,
      reason: scrubbed(reason, scrub),
      happenedAt: endedAt,
      holds: holdsOfStep(run.held, stepId),
      leadHolds: run.outcome === 'success' ? null : holdsOfLead(run.held),
    }));
}

export function holdsOfStep(held: Holds, stepId: string): Holds {
  return { caps: held.caps.filter((hold) => hold.stepId === stepId), lists: [] };
}

export function holdsOfLead(held: Holds): Holds {
  return { caps: held.caps.filter((hold) => hold.stepId === null), lists: held.lists };
}

function recipientResults(run: LeadRun): RecipientResult[] {
  return run.stepResults.filter((result) => result.kind === 'recipient');
}

function scrubbed(reason: string | null, scrub: Scrub): string | null {
  return reason === null ? null : scrub(reason);
}
