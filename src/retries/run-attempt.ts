import type { EventRecord, EventStore } from '../events/event-store.ts';
import type { LeadPast } from '../events/lead-past.ts';
import type { FindRevision } from '../events/revisions.ts';
import type { CompiledFlow, CompiledRecipient } from '../flow-compiler/compiled-flow.ts';
import { moneyFrom } from '../model/money.ts';
import type { StepOutcome } from '../model/outcome.ts';
import { holdsOfStep } from '../pipeline/follow-ups.ts';
import type { LeadRun, RecipientResult } from '../pipeline/lead-run.ts';
import { scrubberOf } from '../pipeline/lead-scrubber.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import { ATTEMPTS_MAX, nextAttemptAt } from '../pipeline/retry-backoff.ts';
import { addBelowDistribution, buildSaleVars } from '../pipeline/steps/distribution/distribution-vars.ts';
import type { AgreedSale } from '../pipeline/steps/recipient/step-run.ts';
import { runRecipientStep } from '../pipeline/steps/recipient-step.ts';
import { buildStepDocument } from '../pipeline/write-lead.ts';
import { type AttemptOf, buildAttemptFacts, buildUnsentAttemptFacts, writeEventFacts } from '../stored/event-facts.ts';
import { writeStepDocument } from '../stored/lead-document.ts';
import { storableText } from '../stored/storable.ts';
import type { Scrub } from '../variables/scrub-secrets.ts';
import { type Accepted, acceptedMeanwhile } from './accepted-meanwhile.ts';
import { findLateTurn, type LateTurn } from './late-turn.ts';
import type { Claim, Resolution, RetryStatus } from './retry.ts';
import type { AfterEvent, AttemptEnd } from './retry-store.ts';
import { appendedValues, reviveLead } from './revive-lead.ts';

export interface AttemptDeps {
  events: Pick<EventStore, 'findDeliveries'>;
  findRevision: FindRevision;
  phases: PhaseDeps;
  /** Counts and traces an attempt; absent: it is not counted. A fault of it is reported and costs the attempt nothing. */
  recordAttempt?(run: LeadRun): void;
}

/** How an attempt went. `postponed`: nothing was sent, and it does not count. */
export type AttemptResult =
  /** `turn`: what the sale takes of the turns of its distribution; null: nothing. */
  { kind: 'ended'; end: AttemptEnd; turn: LateTurn | null } | { kind: 'postponed'; until: number };

/** What may have arrived is sent again only under its key (decision 24). */
const NO_KEY = 'Not sent: it may have arrived, and the step is no longer "idempotent"';

const RETURNED = 'Not sent: the recipient has returned the lead';

const CLOSED = 'Not sent: the recipient is outside its hours of operation';

/** A server that cannot act for its runs now, or has not the latest configuration, looks again after this. */
const POSTPONED_MS = 5_000;

/**
 * Delivers a lead to one recipient once more, by the stages every delivery takes, on the step as it is deployed now:
 * an address or a password that was repaired meanwhile helps (decision 25). Its intent is committed before anything
 * leaves, its places are those of today's windows.
 */
export async function runAttempt(claim: Claim, deps: AttemptDeps): Promise<AttemptResult> {
  const { retry } = claim;
  const now = deps.phases.clock.now();
  const live = deps.phases.findFlow(retry.flowId);
  if (live.kind === 'stale') return { kind: 'postponed', until: now + POSTPONED_MS };
  if (live.kind === 'missing') return gone(claim, { reason: 'The flow was deleted or is not deployed', now });
  const step = findStep(live.flow, retry.stepId);
  if (!step) return gone(claim, { reason: 'The flow no longer has this step', now });
  if (!live.flow.isEnabled) return unsent(claim, { reason: 'The flow is disabled', now, outcome: 'skip' });
  if (!step.isEnabled) return unsent(claim, { reason: 'The step is disabled', now, outcome: 'skip' });
  if (step.candidacy?.hours.isOpenAt(now) === false) return unsent(claim, { reason: CLOSED, now, outcome: 'skip' });
  if (claim.hasPlaces && step.document.idempotent !== true)
    return unsent(claim, { reason: NO_KEY, now, status: 'unknown' });
  if (claim.isReturned)
    return unsent(claim, { reason: RETURNED, now, outcome: 'skip', status: claim.hasPlaces ? 'unknown' : 'cancelled' });
  const revived = await revive(claim, { flow: live.flow, deps });
  if (!revived) return unsent(claim, { reason: 'The lead’s values have been deleted', now });
  const { run, accepted, sale, firstEvent } = revived;
  if (accepted) return notNeeded(claim, { accepted, now });
  const verdict = await runRecipientStep(run, { step, deps: deps.phases, ...(sale ? { sale } : {}) });
  record(run, deps);
  if (verdict.kind !== 'proceed') return { kind: 'postponed', until: now + POSTPONED_MS };
  const end = buildEnd(claim, { run, step, deps });
  const isSold = end.event.outcome === 'success';
  return { kind: 'ended', end, turn: isSold ? findLateTurn(live.flow, { step, firstEvent }) : null };
}

function record(run: LeadRun, { recordAttempt, phases }: AttemptDeps): void {
  try {
    recordAttempt?.(run);
  } catch (error) {
    phases.report({ leadId: run.leadId, where: 'metrics of a retry', error });
  }
}

/** Other processes hear of a deploy within 5 s, or know that they have not. */
const HEARD_MS = 10_000;

/** What the lead ran on is not there: for good, unless this process has not heard yet of the deploy. */
function gone(claim: Claim, made: { reason: string; now: number }): AttemptResult {
  const { now } = made;
  if (now - claim.retry.createdAt < HEARD_MS) return { kind: 'postponed', until: now + POSTPONED_MS };
  return unsent(claim, made);
}

function findStep(flow: CompiledFlow, stepId: string): CompiledRecipient | undefined {
  const recipients = [...flow.steps.filter((step) => step.kind === 'recipient'), ...flow.destinations];
  return recipients.find((step) => step.id === stepId);
}

/** The lead as it was, and what has accepted it instead of this step. One retry of a lead runs at a time. */
async function revive(
  claim: Claim,
  { flow, deps }: { flow: CompiledFlow; deps: AttemptDeps },
): Promise<
  { run: LeadRun; accepted: Accepted | undefined; sale: AgreedSale | undefined; firstEvent: EventRecord } | undefined
> {
  const { accountId, leadId, eventId, id } = claim.retry;
  const found = await deps.events.findDeliveries({ accountId, leadId });
  const firstEvent = found?.events.find((event) => event.id === eventId);
  if (!found || !firstEvent) return undefined;
  const past = { lead: found.lead, flow: await deps.findRevision(found.lead) };
  const attempt = {
    retryId: id,
    eventId: claim.attemptId,
    firstEventId: eventId,
    at: deps.phases.clock.now(),
    hasPlaces: claim.hasPlaces,
  };
  const run = reviveLead(past, { flow, before: firstEvent.seq, attempt });
  if (!run) return undefined;
  const { events } = found;
  const sale = readSale(firstEvent);
  showSale(run, { past, event: firstEvent, sale });
  const varsBefore = (stepId: string) => {
    const ran = events.find((event) => event.stepId === stepId);
    return ran && { ...run.vars, ...appendedValues(past, ran.seq) };
  };
  const { stepId } = claim.retry;
  return {
    run,
    accepted: acceptedMeanwhile(past.flow, { stepId, events, varsBefore, ctx: run.ctx }),
    sale,
    firstEvent,
  };
}

/** The bid that the delivery was sold at; it is kept, whatever the step's prices are by now. undefined: it was no auction. */
function readSale(event: EventRecord): AgreedSale | undefined {
  if (event.type !== 'recipient') return undefined;
  const { bid, bid_id: bidId = null } = event.facts.distribution ?? {};
  const amount = bid === undefined ? undefined : moneyFrom(bid);
  return amount === undefined ? undefined : { amount, bidId };
}

/** The mappings of the step read the bid again. */
function showSale(
  run: LeadRun,
  { past, event, sale }: { past: LeadPast; event: EventRecord; sale: AgreedSale | undefined },
): void {
  const step = past.flow.steps.find(({ id }) => id === event.stepId);
  if (!sale || step?.kind !== 'recipient' || !step.candidacy) return;
  run.vars = addBelowDistribution(run.vars, { [step.candidacy.distribution.key]: buildSaleVars(sale) });
}

/**
 * Another step has the lead that this one is an alternative to, or the other way round (decision 47). One that may have
 * it is waited for. A first delivery that may have arrived stays to be resolved.
 */
function notNeeded(claim: Claim, { accepted, now }: { accepted: Accepted; now: number }): AttemptResult {
  const { name, isKnown } = accepted;
  const reason = isKnown ? `Not sent: ${name} has accepted the lead` : `Not sent: ${name} may have accepted the lead`;
  const status = claim.hasPlaces ? 'unknown' : 'cancelled';
  return unsent(claim, { reason, now, outcome: 'skip', ...(isKnown ? { status } : {}) });
}

/** The attempt's end from what the stages made of it. */
function buildEnd(
  claim: Claim,
  { run, step, deps }: { run: LeadRun; step: CompiledRecipient; deps: AttemptDeps },
): AttemptEnd {
  const result = run.stepResults.find((each): each is RecipientResult => each.kind === 'recipient');
  if (!result) throw new Error('invariant broken: a recipient step left no result');
  const now = deps.phases.clock.now();
  // What became of a lead of another flow here is found out first (decision page 0089).
  const isIdempotent = step.document.idempotent === true && result.lostLead === null;
  const after = afterAttempt(claim, { result, isIdempotent, now });
  // The credential of the step was opened for this attempt: what it sent and got may hold its secrets.
  const scrub = scrubberOf(run);
  return {
    claim,
    keepsPlaces: result.outcome === 'success' || result.isUnknown,
    sale: result.outcome === 'success' ? result.salePrice : undefined,
    refusals: run.refusals,
    event: buildAttemptEvent(result, { claim, status: after.status, submittedAt: run.ctx.now, scrub }),
    ...after,
    unknown: result.isUnknown
      ? {
          eventId: claim.attemptId,
          stepId: result.stepId,
          recipientId: result.recipientId,
          reason: reasonOf(result, scrub),
          happenedAt: now,
          ...(result.lostLead && { innerLead: result.lostLead }),
          holds: holdsOfStep(run.held, result.stepId),
        }
      : null,
  };
}

/** What follows from an attempt's outcome (decision 25). */
export function afterAttempt(
  { retry }: Claim,
  made: { result: { outcome: StepOutcome; isUnknown: boolean }; isIdempotent?: boolean; now: number },
): { status: RetryStatus; nextAttemptAt: number | null; resolves: Resolution | null } {
  const { outcome, isUnknown } = made.result;
  const over = (status: RetryStatus, resolves: Resolution | null) => ({ status, nextAttemptAt: null, resolves });
  if (outcome === 'success') return over('succeeded', 'delivered');
  if (outcome === 'failure') return over('failed', 'not_delivered');
  if (isUnknown && !made.isIdempotent) return over('unknown', null);
  const attempts = retry.attempts + 1;
  if (attempts >= ATTEMPTS_MAX) return over(isUnknown ? 'unknown' : 'exhausted', null);
  return { status: 'waiting', nextAttemptAt: nextAttemptAt(attempts, made.now), resolves: null };
}

/** What a recipient answered may hold secrets, and what no database takes. */
function reasonOf({ reason }: RecipientResult, scrub: Scrub): string | null {
  return reason === null ? null : storableText(scrub(reason));
}

function describeAttempt({ retry }: Claim, status: RetryStatus): AttemptOf {
  return {
    retryId: retry.id,
    isLast: status !== 'waiting',
    attempt: retry.attempts + 1,
    firstEventId: retry.eventId,
  };
}

function buildAttemptEvent(
  result: RecipientResult,
  made: { claim: Claim; status: RetryStatus; submittedAt: number; scrub: Scrub },
): AfterEvent {
  const { claim, status, submittedAt, scrub } = made;
  const of = describeAttempt(claim, status);
  return {
    id: result.eventId,
    outcome: result.outcome,
    reason: reasonOf(result, scrub),
    stepId: result.stepId,
    recipientId: result.recipientId,
    facts: writeEventFacts(buildAttemptFacts(result, { leadStartedAt: submittedAt, of })),
    document: writeStepDocument(buildStepDocument(result, scrub)),
  };
}

/** An attempt that sends nothing: a `skip` waits like one that failed unless `status` ends the retry; anything else does. */
function unsent(
  claim: Claim,
  made: { reason: string; now: number; outcome?: 'skip'; status?: RetryStatus },
): AttemptResult {
  const { retry, attemptId } = claim;
  const { reason, now, outcome = 'error' } = made;
  const isTriedAgain = outcome === 'skip' && made.status === undefined;
  const after = isTriedAgain ? afterAttempt(claim, { result: { outcome, isUnknown: false }, now }) : undefined;
  const status = after?.status ?? made.status ?? 'failed';
  const facts = writeEventFacts(buildUnsentAttemptFacts(describeAttempt(claim, status), now));
  const { stepId, recipientId } = retry;
  const event = { id: attemptId, outcome, reason, stepId, recipientId, facts, document: null };
  const nextAttemptAt = after?.nextAttemptAt ?? null;
  // Nothing was learnt of a first delivery that may have arrived: it stays to be resolved by hand.
  const end = { claim, keepsPlaces: false, event, status, nextAttemptAt, unknown: null, resolves: null };
  return { kind: 'ended', end, turn: null };
}
