/** Which trace a request belongs to (W3C Trace Context, https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** The caller's span, 16 hexadecimal digits; null: the trace begins here. */
  parentId: string | null;
}

const VERSION_ZERO_LENGTH = 55;
/** Later versions may add fields behind a dash; they are not read. A header of Node has at most 16 KiB. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/;

/**
 * Reads the header `traceparent`. undefined: there is none, or it is malformed and the standard says to ignore it
 * (section 3.2.2). The caller's flag `sampled` is not read: what is recorded here is for this server's operator to say.
 */
export function parseTraceparent(header: string | string[] | undefined): TraceContext | undefined {
  if (typeof header !== 'string') return undefined;
  const [, version, traceId, parentId] = TRACEPARENT.exec(header) ?? [];
  if (traceId === undefined || parentId === undefined) return undefined;
  if (version === '00' && header.length !== VERSION_ZERO_LENGTH) return undefined;
  return { traceId, parentId };
}

/** The header for a request that is the span `spanId` of the trace. */
export function writeTraceparent(span: { traceId: string; spanId: string; isSampled: boolean }): string {
  return `00-${span.traceId}-${span.spanId}-${span.isSampled ? '01' : '00'}`;
}
