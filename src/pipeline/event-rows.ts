import { showUnits } from '../caps/cap-units.ts';
import { dollars } from '../model/money.ts';
import {
  buildFilterFacts,
  buildRecipientFacts,
  buildSourceFacts,
  type StoredFacts,
  writeEventFacts,
} from '../stored/event-facts.ts';
import type { EventRow } from '../stored/intent-state.ts';
import type { CapRefusal } from '../stored/lead-document.ts';
import { storableText } from '../stored/storable.ts';
import type { Scrub } from '../variables/scrub-secrets.ts';
import { describeOuterLead } from './inner-flows.ts';
import { type DistributionResult, type FilterResult, type RecipientResult, type RunPart, routeOf } from './lead-run.ts';
import { pricingPing } from './named-ping.ts';

/* The events of a run as rows; the facts that have no column are built by `stored/event-facts.ts`. */

type StepsRun = RunPart<'stepResults' | 'ctx' | 'offered'>;

/** A row and the facts whose text it has: who counts them need not read them back. */
export interface BuiltEvent {
  row: EventRow;
  facts: StoredFacts;
}

/** The events of the steps so far, in order, from the step at a position on. */
export function buildStepEvents(run: StepsRun, { scrub, from = 0 }: { scrub: Scrub; from?: number }): BuiltEvent[] {
  return run.stepResults.slice(from).map((result, index) => {
    const place = { seq: from + index, scrub };
    return result.kind === 'filter' ? buildFilter(result, place) : buildRecipient(run, { result, ...place });
  });
}

/** The same as rows alone. */
export function stepEventRows(run: StepsRun, place: { scrub: Scrub; from?: number }): EventRow[] {
  return buildStepEvents(run, place).map(({ row }) => row);
}

/** The only free text of a row; a template may have put anything into it. */
function scrubReason(reason: string | null, scrub: Scrub): string | null {
  return reason === null ? null : storableText(scrub(reason));
}

/** Where a step's event goes in the order of the lead's events, and what its reason must not say. */
interface StepPlace {
  seq: number;
  scrub: Scrub;
}

function buildFilter(result: FilterResult, { seq, scrub }: StepPlace): BuiltEvent {
  const facts = buildFilterFacts(result);
  const row: EventRow = {
    id: result.eventId,
    seq,
    type: 'filter',
    outcome: result.outcome,
    reason: scrubReason(result.reason, scrub),
    stepId: result.stepId,
    recipientId: null,
    facts: writeEventFacts(facts),
  };
  return { row, facts };
}

function buildRecipient(run: StepsRun, { result, seq, scrub }: StepPlace & { result: RecipientResult }): BuiltEvent {
  const facts = buildRecipientFacts(result, { startedAt: run.ctx.now, offered: run.offered.amount });
  const row: EventRow = {
    id: result.eventId,
    seq,
    type: 'recipient',
    outcome: result.outcome,
    reason: scrubReason(result.reason, scrub),
    stepId: result.stepId,
    recipientId: result.recipientId,
    facts: writeEventFacts(facts),
  };
  return { row, facts };
}

/** What the source event says beside the run itself. */
export interface SourceEnd {
  eventId: string;
  endedAt: number;
  host: string;
  version: string;
  scrub: Scrub;
}

type EndedRun = StepsRun &
  RunPart<
    | 'submission'
    | 'route'
    | 'namedPing'
    | 'askedPrices'
    | 'capRefusal'
    | 'distributions'
    | 'warnings'
    | 'waitMs'
    | 'stepCount'
    | 'outcome'
    | 'reason'
    | 'stoppedIn'
    | 'price'
    | 'revenue'
  >;

/** The source event, last of the lead's events: what its sender is answered. */
export function buildSourceEvent(run: EndedRun, end: SourceEnd): BuiltEvent {
  const { source } = routeOf(run);
  const facts = buildSourceFacts({
    startedAt: run.ctx.now,
    endedAt: end.endedAt,
    waitMs: run.waitMs,
    host: end.host,
    version: end.version,
    moduleId: source.document.integration.module_id,
    packageVersion: source.module?.version ?? null,
    stepCount: run.stepCount,
    price: run.price,
    offered: run.offered.amount,
    askedPrices: run.askedPrices,
    revenue: run.revenue,
    isCapReached: run.capRefusal !== null,
    distributions: run.distributions.map(showDistribution),
    stoppedIn: run.stoppedIn,
    warnings: run.warnings,
    pingId: pricingPing(run),
    resubmittedFrom: run.submission.resubmission?.from,
    imported: run.submission.imported && { job_id: run.submission.imported.jobId, row: run.submission.imported.row },
    outerLead: run.submission.outer && describeOuterLead(run.submission.outer),
    router: run.submission.router && { id: run.submission.router.id, route_id: run.submission.router.routeId },
  });
  const row: EventRow = {
    id: end.eventId,
    seq: run.stepResults.length,
    type: 'source',
    outcome: run.outcome,
    reason: scrubReason(run.reason, end.scrub),
    stepId: null,
    recipientId: null,
    facts: writeEventFacts(facts),
  };
  return { row, facts };
}

/** With caps in the units of the API: leads, or dollars. */
export function showDistribution({ candidates, ...end }: DistributionResult) {
  return {
    ...end,
    candidates: candidates.map(({ cap, ...candidate }) => ({ ...candidate, cap: cap && showCap(cap) })),
  };
}

function showCap({ capId: id, amount, ...counted }: CapRefusal) {
  const type = amount === undefined ? 'volume' : 'revenue';
  return {
    id,
    amount: amount && dollars(amount),
    count: showUnits(type, counted.count),
    held: showUnits(type, counted.held),
    maximum: showUnits(type, counted.maximum),
  };
}
