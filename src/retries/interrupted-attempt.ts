import { ATTEMPTS_MAX, nextAttemptAt } from '../pipeline/retry-backoff.ts';
import type { OrphanedRun } from '../pipeline/run-store.ts';
import type { Claim } from './retry.ts';
import type { AttemptEnd } from './retry-store.ts';

const NO_ANSWER = 'Unknown outcome: the server stopped before the answer came';

/** Of what an intent leaves, see `pipeline/interrupted.ts`. */
interface AttemptState {
  intent: {
    stepId: string;
    recipientId: string;
    key: string;
    moduleId: string;
    at: number;
    request: unknown;
    retry: string;
  };
}

/**
 * The end of an attempt whose server process is gone after its intent: it may have arrived. It is made again only where
 * the recipient knows the key (decision 24). Attempts that had not got so far are given back instead.
 */
export function tellInterruptedAttempt(
  orphan: OrphanedRun,
  at: { claim: Claim; clock: { now(): number } },
): AttemptEnd {
  const { claim, clock } = at;
  const { intent } = orphan.state as AttemptState; // written by interruptedState alone
  const { retry, attemptId } = claim;
  const now = clock.now();
  const attempts = retry.attempts + 1;
  const isRepeated = intent.retry === 'queued' && attempts < ATTEMPTS_MAX;
  const facts = {
    start_timestamp: intent.at,
    end_timestamp: now,
    ms: now - intent.at,
    wait_ms: now - intent.at,
    retry_id: retry.id,
    retry_status: isRepeated ? 'started' : 'completed',
    attempt: attempts,
    recipient_event_id: retry.eventId,
    key: intent.key,
    module_id: intent.moduleId,
    caps_reached: false,
    unknown: true,
  };
  const { stepId, recipientId } = intent;
  const transaction = { request: intent.request, response: null, ms: 0, error: 'interrupted' };
  return {
    claim,
    keepsPlaces: true,
    event: {
      id: attemptId,
      outcome: 'error',
      reason: NO_ANSWER,
      stepId,
      recipientId,
      facts: JSON.stringify(facts),
      document: JSON.stringify({
        key: intent.key,
        appended: null,
        mappings: [],
        cap: null,
        transactions: [transaction],
      }),
    },
    status: isRepeated ? 'waiting' : 'unknown',
    nextAttemptAt: isRepeated ? nextAttemptAt(attempts, now) : null,
    unknown: {
      eventId: attemptId,
      stepId,
      recipientId,
      reason: NO_ANSWER,
      happenedAt: now,
      holds: orphan.held,
    },
    resolves: null,
  };
}
