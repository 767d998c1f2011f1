import type { CompiledFlow, CompiledRelay } from '../flow-compiler/compiled-flow.ts';
import type { Deliver } from '../integrations/contract.ts';
import { copyMembers } from '../lib/copy-members.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import { runTestStep, type TestedStep } from '../pipeline/test-step.ts';
import { buildFeedbackSentFacts, writeEventFacts } from '../stored/event-facts.ts';
import { storableText } from '../stored/storable.ts';
import { copyContainers } from '../variables/assign.ts';
import type { Feedback } from './feedback.ts';
import type { FeedbackDeps } from './feedback-deps.ts';
import type { FeedbackEvent } from './feedback-store.ts';
import { writeFeedbackDocument } from './settle-feedback.ts';

/** The whole exchange with a source: the recipient waits for it. */
export const RELAY_MS_MAX = 10_000;
/** So many times a source is asked. */
export const RELAY_ATTEMPTS_MAX = 5;
/** A relay whose result is not written is made again after this; longer than an exchange takes. */
export const RELAY_LEASE_MS = 60_000;
/** After each attempt but the last. */
const PAUSES_MS = [60_000, 300_000, 900_000, 3_600_000];

export function relayPauseMs(attempts: number): number {
  return PAUSES_MS[Math.min(attempts, PAUSES_MS.length) - 1] ?? RELAY_LEASE_MS;
}

export interface RelayedFeedback {
  feedback: Feedback;
  relay: CompiledRelay;
  flow: CompiledFlow;
  vars: Vars;
  ctx: EvaluationContext;
}

/**
 * Sends a feedback to its source, by the mappings and the module of `source.feedback`, under an `Idempotency-Key` that
 * stays the same. An `error` says that it may have arrived or not. Never throws.
 */
export async function sendToSource(deps: FeedbackDeps, relayed: RelayedFeedback): Promise<TestedStep> {
  const { relay, vars, ctx, flow, feedback } = relayed;
  const { step } = relay;
  if (!step.module) return { outcome: 'error', reason: 'The integration is not installed', transactions: [] };
  return runTestStep(
    { step, module: step.module, submission: mapValues(relay, vars, ctx), ctx, isSecret: flow.isSecretField },
    { ...deps, timeoutMs: RELAY_MS_MAX, deliver: withKey(deps.deliver, feedback) },
  );
}

function mapValues({ step }: CompiledRelay, vars: Vars, ctx: EvaluationContext): Vars {
  const mapped = copyMembers(vars);
  for (const root of step.mappedRoots) if (Object.hasOwn(mapped, root)) mapped[root] = copyContainers(mapped[root]);
  step.mappings.apply(vars, mapped, ctx);
  return mapped;
}

function withKey(deliver: Deliver, { id, accountId, sourceId }: Feedback): Deliver {
  return (request, bounds) =>
    deliver(
      { ...request, headers: { ...request.headers, 'Idempotency-Key': id } },
      { ...bounds, accountId, recipientId: sourceId },
    );
}

/** The feedback-sent event of an attempt, or of a relay whose rules did not pass. */
export function buildSentEvent(
  { ids }: Pick<FeedbackDeps, 'ids'>,
  at: {
    feedback: Feedback;
    relay: CompiledRelay;
    sent: TestedStep;
    startedAt: number;
    endedAt: number;
    isLast: boolean;
  },
): FeedbackEvent {
  const { feedback, relay, sent, startedAt, endedAt, isLast } = at;
  const { module } = relay.step;
  const facts = buildFeedbackSentFacts(feedback, {
    ...{ startedAt, endedAt: Math.max(startedAt, endedAt), attempt: Math.max(1, feedback.attempts), isLast },
    moduleId: relay.step.document.integration.module_id,
    packageVersion: module?.version ?? null,
  });
  return {
    ...{ id: ids.event(), type: 'feedback-sent', outcome: sent.outcome },
    reason: sent.reason === null ? null : storableText(sent.reason),
    facts: writeEventFacts(facts),
    document: writeFeedbackDocument(feedback, sent.transactions),
  };
}
