import { assert } from '../lib/assert.ts';
import { isOfBatch } from '../pipeline/interrupted.ts';
import { ATTEMPTS_MAX, nextAttemptAt } from '../pipeline/retry-backoff.ts';
import type { OrphanedRun } from '../pipeline/run-store.ts';
import { buildInterruptedAttemptFacts, writeEventFacts } from '../stored/event-facts.ts';
import { parseIntents } from '../stored/intent-state.ts';
import { buildInterruptedStep, writeStepDocument } from '../stored/lead-document.ts';
import type { Claim } from './retry.ts';
import type { AttemptEnd } from './retry-store.ts';

const NO_ANSWER = 'Unknown outcome: the server stopped before the answer came';

/**
 * The end of an attempt whose server process is gone after its intent: it may have arrived. It is made again only where
 * the recipient knows the key (decision 24). Attempts that had not got so far are given back instead.
 */
export function settleInterruptedAttempt(
  orphan: OrphanedRun,
  { claim, clock }: { claim: Claim; clock: { now(): number } },
): AttemptEnd {
  const state = parseIntents(orphan.intents);
  const intent = state?.intent;
  assert(intent, 'an attempt that may have arrived has an intent');
  const { retry, attemptId } = claim;
  const now = clock.now();
  const attempt = retry.attempts + 1;
  // The row of a batch step is stored with its intent.
  const isStored = isOfBatch(intent);
  const isRepeated = !isStored && intent.retry === 'queued' && attempt < ATTEMPTS_MAX;
  const { stepId, recipientId, key, moduleId, expectedPrice } = intent;
  const facts = buildInterruptedAttemptFacts(
    { startedAt: intent.at, endedAt: now, key, moduleId, expectedPrice, isUnknown: !isStored },
    { retryId: retry.id, isLast: !isRepeated, attempt, firstEventId: retry.eventId },
  );
  return {
    claim,
    keepsPlaces: true,
    event: {
      id: attemptId,
      outcome: isStored ? 'success' : 'error',
      reason: isStored ? null : NO_ANSWER,
      stepId,
      recipientId,
      facts: writeEventFacts(facts),
      document: writeStepDocument(buildInterruptedStep(intent)),
    },
    status: isStored ? 'succeeded' : isRepeated ? 'waiting' : 'unknown',
    nextAttemptAt: isRepeated ? nextAttemptAt(attempt, now) : null,
    unknown: isStored
      ? null
      : {
          eventId: attemptId,
          stepId,
          recipientId,
          reason: NO_ANSWER,
          happenedAt: now,
          holds: orphan.held,
          ...(intent.innerLead && { innerLead: intent.innerLead }),
        },
    resolves: isStored ? 'delivered' : null,
  };
}
