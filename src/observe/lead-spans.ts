import type { Transaction } from '../model/event.ts';
import type { LeadRun, RecipientResult } from '../pipeline/lead-run.ts';
import { PHASES } from '../pipeline/phases.ts';
import type { RunEnd } from '../pipeline/run-lead.ts';
import { requestSpanId, spanIdOf, traceIdOf } from './trace-ids.ts';

/** One span of a trace, without anything of the library that exports it. */
export interface SpanRecord {
  name: string;
  /** `server`: a caller waited for it; `client`: it waited for another server. */
  kind: 'server' | 'internal' | 'client';
  traceId: string;
  spanId: string;
  /** null: the trace begins with it. */
  parentId: string | null;
  /** Epoch ms, with fractions. */
  startedAt: number;
  endedAt: number;
  /** Ids of the configuration, words of tables and numbers: no id of a lead, no value, no address, no reason. */
  attributes: Readonly<Record<string, string | number | boolean>>;
  isError: boolean;
}

/**
 * A lead as spans: one for the lead, one for each phase it passed, one for each delivery below `steps` and one for each
 * request below its delivery. Made after its end from what the run recorded, so that a lead that is not traced pays nothing.
 * @param ms from the first byte of the request to the answer
 * @param endedAt epoch ms
 */
export function listLeadSpans(run: LeadRun, ended: { end: RunEnd; ms: number; endedAt: number }): SpanRecord[] {
  const { end, ms, endedAt } = ended;
  const traceId = traceIdOf(run);
  // Two leads may come under one trace.
  const spanId = spanIdOf(traceId, `lead ${run.leadId}`);
  const status = end.kind === 'answered' ? end.answer.status : 503;
  const lead: SpanRecord = {
    name: 'lead',
    kind: 'server',
    traceId,
    spanId,
    parentId: run.submission.trace?.parentId ?? null,
    startedAt: endedAt - ms,
    endedAt,
    attributes: {
      ...(run.route && {
        'sluice.flow_id': run.route.flow.id,
        'sluice.flow_revision': run.route.flow.revision,
        'sluice.source_id': run.route.source.entityId,
      }),
      ...(run.answer && { 'sluice.outcome': run.outcome }),
      'http.response.status_code': status,
    },
    isError: status >= 500,
  };
  const phases = listPhaseSpans(run, lead);
  const steps = phases.find(({ name }) => name === 'steps') ?? lead;
  return [lead, ...phases, ...listDeliverySpans(run, { traceId, parent: steps })];
}

/** A later attempt of a failed delivery, a trace of its own. */
export function listAttemptSpans(run: LeadRun): SpanRecord[] {
  return listDeliverySpans(run, { traceId: traceIdOf(run), parent: null });
}

/** Phases follow each other at once, so their starts are counted back from the end of the last. */
function listPhaseSpans(run: LeadRun, lead: SpanRecord): SpanRecord[] {
  const passed = PHASES.flatMap(({ name }, index) => {
    const ms = run.phaseMs[index];
    return ms === undefined ? [] : [{ name, ms }];
  });
  let startedAt = lead.endedAt - passed.reduce((sum, { ms }) => sum + ms, 0);
  return passed.map(({ name, ms }) => {
    const phase: SpanRecord = {
      name,
      kind: 'internal',
      traceId: lead.traceId,
      spanId: spanIdOf(lead.traceId, `${lead.spanId} ${name}`),
      parentId: lead.spanId,
      startedAt,
      endedAt: startedAt + ms,
      attributes: run.stoppedIn === name ? { 'sluice.stopped_lead': true } : {},
      isError: false,
    };
    startedAt += ms;
    return phase;
  });
}

function listDeliverySpans(run: LeadRun, at: { traceId: string; parent: SpanRecord | null }): SpanRecord[] {
  const results = run.stepResults.filter((each): each is RecipientResult => each.kind === 'recipient');
  return results.flatMap((result) => {
    const delivery: SpanRecord = {
      name: 'delivery',
      kind: 'internal',
      traceId: at.traceId,
      spanId: spanIdOf(at.traceId, `delivery ${result.eventId}`),
      parentId: at.parent?.spanId ?? null,
      startedAt: result.startedAt,
      endedAt: Math.max(result.startedAt, result.endedAt),
      attributes: {
        'sluice.module': result.moduleId,
        'sluice.step_id': result.stepId,
        'sluice.recipient_id': result.recipientId,
        'sluice.outcome': result.outcome,
        ...(result.isUnknown && { 'sluice.unknown': true }),
        ...(run.attempt && { 'sluice.is_retry': true }),
      },
      isError: result.outcome === 'error',
    };
    const requests = result.transactions.map((each, index) => requestSpan(each, { delivery, result, index }));
    return [delivery, ...requests];
  });
}

function requestSpan(
  transaction: Transaction,
  { delivery, result, index }: { delivery: SpanRecord; result: RecipientResult; index: number },
): SpanRecord {
  const { request, response, ms } = transaction;
  const { traceId } = delivery;
  return {
    name: `request ${request.method}`,
    kind: 'client',
    traceId,
    spanId: requestSpanId({ traceId, eventId: result.eventId, index }),
    parentId: delivery.spanId,
    startedAt: request.timestamp,
    endedAt: request.timestamp + ms,
    attributes: {
      'http.request.method': request.method,
      ...(response && { 'http.response.status_code': response.status }),
    },
    isError: response === null || response.status >= 400,
  };
}
