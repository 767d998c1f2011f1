import { createHash, randomUUID } from 'node:crypto';
import { writeTraceparent } from '../lib/trace-context.ts';
import type { TracedRun } from '../pipeline/lead-run.ts';

/** A new trace id. What a UUID fixes of its bits are not the last 56, which the standard wants random. */
export function createTraceId(): string {
  return randomUUID().replaceAll('-', '');
}

/**
 * The trace of a lead or of an attempt. One that no request began, such as a retry, has a trace of its own, derived so
 * that each of its deliveries has the same without anything stored.
 */
export function traceIdOf(run: TracedRun): string {
  return run.submission.trace?.traceId ?? digest(`trace ${run.attempt?.eventId ?? run.leadId}`, TRACE_DIGITS);
}

/**
 * The span of a request to a recipient: the header names it before it is sent, the exported span after the answer. Both
 * derive it, so that nothing is kept in between.
 * @param index of the request within its delivery
 */
export function requestSpanId(delivery: { traceId: string; eventId: string; index: number }): string {
  return digest(`request ${delivery.traceId} ${delivery.eventId} ${delivery.index}`, SPAN_DIGITS);
}

/** The header of that request, for a server that passes traces on. */
export function createTraceRequest(
  isSampled: (traceId: string) => boolean,
): (run: TracedRun, request: { eventId: string; index: number }) => string {
  return (run, request) => {
    const traceId = traceIdOf(run);
    const spanId = requestSpanId({ traceId, ...request });
    return writeTraceparent({ traceId, spanId, isSampled: isSampled(traceId) });
  };
}

/** Any other span, by what it is. */
export function spanIdOf(traceId: string, name: string): string {
  return digest(`span ${traceId} ${name}`, SPAN_DIGITS);
}

const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;

function digest(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}
