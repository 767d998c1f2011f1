import { dollars } from '../model/money.ts';
import type { Scrub } from '../variables/scrub-secrets.ts';
import { type FilterResult, type LeadRun, type RecipientResult, routeOf } from './lead-run.ts';
import type { EventRow } from './run-store.ts';
import { storableText } from './storable.ts';

/*
 * Events as rows: what has a column, and the other decision facts as JSON with the names of the wire
 * (spec behaviour 4). What the flow's revision knows (rule sets, prices, caps as configured) is not stored again.
 */

/** The events of the steps so far, in order. */
export function stepEventRows(run: LeadRun, scrub: Scrub): EventRow[] {
  return run.stepResults.map((result, seq) => {
    const row = result.kind === 'filter' ? filterRow(result, seq) : recipientRow(run, { result, seq });
    return { ...row, reason: scrubReason(row.reason, scrub) };
  });
}

/** The only free text of a row; a template may have put anything into it. */
function scrubReason(reason: string | null, scrub: Scrub): string | null {
  return reason === null ? null : storableText(scrub(reason));
}

function filterRow(result: FilterResult, seq: number): EventRow {
  const { startedAt, endedAt } = result;
  return {
    id: result.eventId,
    seq,
    type: 'filter',
    outcome: result.outcome,
    reason: result.reason,
    stepId: result.stepId,
    recipientId: null,
    facts: JSON.stringify({ start_timestamp: startedAt, end_timestamp: endedAt, ms: endedAt - startedAt, wait_ms: 0 }),
  };
}

function recipientRow(run: LeadRun, at: { result: RecipientResult; seq: number }): EventRow {
  const { result, seq } = at;
  const { startedAt, endedAt } = result;
  const cost = dollars(run.offered.amount);
  const sale = result.outcome === 'success' ? dollars(result.salePrice) : 0;
  const facts = {
    start_timestamp: startedAt,
    end_timestamp: endedAt,
    ms: endedAt - startedAt,
    wait_ms: Math.round(result.waitMs),
    total_ms: endedAt - run.ctx.now,
    key: result.key,
    module_id: result.moduleId,
    package_version: result.packageVersion,
    cost,
    purchase_price: cost,
    sale_price: sale,
    revenue: sale,
    caps_reached: result.capRefusal !== null,
    unknown: result.isUnknown ? true : undefined,
    not_retried: result.retry === 'masked' ? NOT_RETRIED : undefined,
    warnings: result.warnings.length > 0 ? result.warnings : undefined,
  };
  return {
    id: result.eventId,
    seq,
    type: 'recipient',
    outcome: result.outcome,
    reason: result.reason,
    stepId: result.stepId,
    recipientId: result.recipientId,
    facts: JSON.stringify(facts),
  };
}

const NOT_RETRIED = 'The request carries masked values, which are not kept';

export interface SourceFacts {
  eventId: string;
  endedAt: number;
  host: string;
  version: string;
  scrub: Scrub;
}

/** The source event, last of the lead's events: what the sender was told. */
export function sourceEventRow(run: LeadRun, made: SourceFacts): EventRow {
  const { source } = routeOf(run);
  const price = dollars(run.price);
  const ms = made.endedAt - run.ctx.now;
  const waitMs = Math.round(run.waitMs);
  const facts = {
    start_timestamp: run.ctx.now,
    end_timestamp: made.endedAt,
    ms,
    wait_ms: waitMs,
    overhead_ms: Math.max(0, ms - waitMs),
    total_ms: ms,
    host: made.host,
    handler_version: made.version,
    module_id: source.document.integration.module_id,
    package_version: source.module?.version ?? null,
    step_count: run.stepCount,
    cost: price,
    purchase_price: price,
    offered_price: dollars(run.offered.amount),
    recipient_revenue: dollars(run.revenue),
    cap_reached: run.capRefusal !== null,
    stopped_in: run.stoppedIn ?? undefined,
    warnings: run.warnings.length > 0 ? run.warnings : undefined,
    resubmitted_from: run.submission.resubmission?.from,
  };
  return {
    id: made.eventId,
    seq: run.stepResults.length,
    type: 'source',
    outcome: run.outcome,
    reason: scrubReason(run.reason, made.scrub),
    stepId: null,
    recipientId: null,
    facts: JSON.stringify(facts),
  };
}
