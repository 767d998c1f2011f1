import { BATCH_MODULE_ID } from '../model/batch.ts';
import type { RecordedRequest } from '../model/event.ts';
import { dollars, type Money, moneyFrom, NO_MONEY } from '../model/money.ts';
import { buildDocumentWords } from '../search/lead-words.ts';
import { listFields } from '../statistics/list-fields.ts';
import {
  buildInterruptedRecipientFacts,
  buildInterruptedSourceFacts,
  type OuterLeadFacts,
  parseEventFacts,
  type RecipientFacts,
  writeEventFacts,
} from '../stored/event-facts.ts';
import {
  type EventRow,
  type Intent,
  type IntentState,
  parseIntents,
  writeFirstIntent,
  writeFurtherIntent,
} from '../stored/intent-state.ts';
import { buildInterruptedStep, EMPTY_LEAD_DOCUMENT, writeAgain, writeWithStep } from '../stored/lead-document.ts';
import { stepEventRows } from './event-rows.ts';
import { buildRetries, buildUnknowns, listFailedDeliveries, listLostDeliveries, planRetry } from './follow-ups.ts';
import { describeOuterLead } from './inner-flows.ts';
import { scrubberOf } from './lead-scrubber.ts';
import type { PhaseDeps } from './phase.ts';
import type { OrphanedRun, SettleRequest, UsedPlaces } from './run-store.ts';
import type { StepRunOf } from './steps/recipient/stage-access.ts';
import { versionOf } from './steps/recipient/transaction-of.ts';
import { buildFindings, buildStepDocuments, scrubRecorded, writeLead } from './write-lead.ts';

/** JSON text, without secrets: the request, and what the intents before it do not say. */
export function writeIntent(stepRun: StepRunOf<'http'>): string {
  const { run, step, deps, request } = stepRun;
  const scrub = scrubberOf(run);
  const shown = request?.recorded ?? request;
  const recorded: RecordedRequest = {
    method: request?.method ?? '',
    uri: shown?.url ?? '',
    version: versionOf(request),
    headers: shown?.headers ?? {},
    body: shown?.body ?? null,
    timestamp: deps.clock.now(),
  };
  const intent: Intent = {
    eventId: stepRun.eventId,
    seq: run.stepResults.length,
    stepId: step.id,
    recipientId: step.entityId,
    key: step.key,
    moduleId: step.document.integration.module_id,
    at: deps.clock.now(),
    request: scrubRecorded(recorded, scrub),
    retry: planRetry(step, {
      isError: true,
      isUnknown: true,
      isInner: stepRun.innerLead !== null,
      requests: [recorded],
      scrub,
    }),
    ...(stepRun.innerLead && { innerLead: stepRun.innerLead }),
    offer: stepRun.offer ?? undefined,
    expectedPrice: dollars(stepRun.expectedPrice),
  };
  const { count, steps, findings } = run.intended;
  const addition = {
    events: stepEventRows(run, { scrub, from: steps }),
    failed: listFailedDeliveries(run, { scrub, from: steps }),
    lost: listLostDeliveries(run, { scrub, from: steps }),
    intent,
  };
  if (count === 0) return writeFirstIntent({ ...addition, ...outerOf(run), document: writeLead(run, null) });
  return writeFurtherIntent({
    ...addition,
    findings: buildFindings(run, { scrub, from: findings }),
    steps: buildStepDocuments(run, { scrub, from: steps }),
  });
}

/** The same before bids are asked for: the lead claims its places, and nothing of it is delivered yet. */
export function writeBidsIntent(run: StepRunOf<'http'>['run']): string {
  const scrub = scrubberOf(run);
  return writeFirstIntent({
    events: stepEventRows(run, { scrub }),
    failed: [],
    lost: [],
    intent: null,
    ...outerOf(run),
    document: writeLead(run, null),
  });
}

function outerOf({ submission }: StepRunOf<'http'>['run']): { outer?: OuterLeadFacts } {
  return submission.outer ? { outer: describeOuterLead(submission.outer) } : {};
}

const NOTHING_SENT = 'Interrupted before the lead was sent anywhere';
const ONLY_BIDS = 'Interrupted while bids were asked for: the lead was delivered to no recipient';
const NO_ANSWER = 'Unknown outcome: the server stopped before the answer came';
const ONLY_STORED = 'Interrupted: the server stopped after the lead was stored for a batch';
const MAY_HAVE_SENT = 'Interrupted: the server stopped while a delivery was under way; whether it arrived is unknown';

/**
 * The end of a lead whose server process is gone: an `error` for the lead, and an `unknown` delivery where a request
 * may have left. A place that may have been used is kept until somebody resolves it; all others go back.
 */
export function settleInterrupted(
  orphan: OrphanedRun,
  deps: Pick<PhaseDeps, 'ids' | 'clock' | 'host' | 'version' | 'hashSearchValue'>,
): SettleRequest {
  const state = orphan.isUnsent ? null : parseIntents(orphan.intents);
  const earlier = state?.events ?? [];
  const intent = state?.intent ?? null;
  // The row of a batch step is stored with its intent: the delivery has succeeded, whatever became of the lead.
  const isStored = intent !== null && isOfBatch(intent);
  const events = intent ? [...earlier, interruptedRow(intent, deps)] : earlier;
  const reason = reasonOf(state);
  return {
    run: orphan.run,
    hasRun: true,
    held: orphan.held,
    intentCount: orphan.intents.length,
    used: state && intent ? findPlacesThatMayBeUsed(state, intent) : { lead: false, steps: [] },
    // One that was sold before keeps its places for good, however the others ended.
    waits: intent !== null && !isStored && !earlier.some(isSold) ? 'counted' : null,
    outcome: 'error',
    reason,
    price: NO_MONEY,
    events: [...events, interruptedSourceRow(orphan, { reason, seq: events.length, outerLead: state?.outer, deps })],
    document: state ? documentOf(state) : EMPTY_LEAD_DOCUMENT,
    words: buildDocumentWords(state?.document ?? null, {
      accountId: orphan.run.accountId,
      hash: deps.hashSearchValue,
    }),
    fields: listFields(state?.document.vars?.lead ?? {}),
    ...(state && intent ? buildFollowUps(state, { intent, orphan, deps }) : {}),
  };
}

/** Did a batch get its row with this intent? */
export function isOfBatch({ moduleId }: Pick<Intent, 'moduleId'>): boolean {
  return moduleId === BATCH_MODULE_ID;
}

function reasonOf(state: IntentState | null): string {
  if (!state) return NOTHING_SENT;
  if (state.intent === null) return ONLY_BIDS;
  return isOfBatch(state.intent) ? ONLY_STORED : MAY_HAVE_SENT;
}

function buildFollowUps(
  { failed, lost }: IntentState,
  at: { intent: Intent; orphan: OrphanedRun; deps: Pick<PhaseDeps, 'ids' | 'clock'> },
): Pick<SettleRequest, 'retries' | 'unknowns'> {
  const now = at.deps.clock.now();
  const { intent } = at;
  const { eventId, stepId, recipientId, innerLead } = intent;
  const last = { eventId, stepId, recipientId, reason: NO_ANSWER, ...(innerLead && { innerLead }) };
  const isStored = isOfBatch(intent);
  const isRepeated = !isStored && intent.retry === 'queued';
  return {
    retries: buildRetries([...failed, ...(isRepeated ? [{ ...last, outcome: 'error' }] : [])], {
      ids: at.deps.ids,
      now,
    }),
    unknowns: buildUnknowns([...lost, ...(isStored ? [] : [{ ...last, happenedAt: now }])], at.orphan.held),
  };
}

function isSold({ type, outcome }: EventRow): boolean {
  return type === 'recipient' && outcome === 'success';
}

function findPlacesThatMayBeUsed({ events, lost }: IntentState, intent: Intent): UsedPlaces {
  const sales = new Map(events.filter(isSold).flatMap(readSale));
  return { lead: true, steps: [intent.stepId, ...lost.map(({ stepId }) => stepId), ...sales.keys()], sales };
}

function readSale({ stepId, facts }: EventRow): [string, Money][] {
  if (stepId === null) return [];
  const { sale_price: sale } = parseEventFacts(JSON.parse(facts)) as Partial<RecipientFacts>; // of a recipient event
  return [[stepId, moneyFrom(sale) ?? NO_MONEY]];
}

function interruptedRow(intent: Intent, deps: Pick<PhaseDeps, 'clock'>): EventRow {
  const { key, moduleId, offer, expectedPrice } = intent;
  const isStored = isOfBatch(intent);
  const end = { startedAt: intent.at, endedAt: deps.clock.now(), key, moduleId, offer, expectedPrice };
  const facts = buildInterruptedRecipientFacts({ ...end, isUnknown: !isStored });
  return {
    id: intent.eventId,
    seq: intent.seq,
    type: 'recipient',
    outcome: isStored ? 'success' : 'error',
    reason: isStored ? null : NO_ANSWER,
    stepId: intent.stepId,
    recipientId: intent.recipientId,
    facts: writeEventFacts(facts),
  };
}

function interruptedSourceRow(
  orphan: OrphanedRun,
  made: {
    reason: string;
    seq: number;
    outerLead: OuterLeadFacts | undefined;
    deps: Pick<PhaseDeps, 'ids' | 'clock' | 'host' | 'version'>;
  },
): EventRow {
  const { reason, seq, outerLead, deps } = made;
  const { host, version } = deps;
  const facts = buildInterruptedSourceFacts({
    startedAt: orphan.run.submittedAt,
    endedAt: deps.clock.now(),
    host,
    version,
    outerLead,
  });
  return {
    id: deps.ids.event(),
    seq,
    type: 'source',
    outcome: 'error',
    reason,
    stepId: null,
    recipientId: null,
    facts: writeEventFacts(facts),
  };
}

/** The document as stored, with the request that may have left as a transaction without an answer. */
function documentOf({ document, intent }: IntentState): string {
  if (intent === null) return writeAgain(document);
  return writeWithStep(document, { seq: intent.seq, step: buildInterruptedStep(intent) });
}
