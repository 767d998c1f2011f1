import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Clock } from '../lib/clock.ts';
import type { LeadRun } from '../pipeline/lead-run.ts';
import type { RunEnd } from '../pipeline/run-lead.ts';
import { listAttemptSpans, listLeadSpans, type SpanRecord } from './lead-spans.ts';
import type { Log } from './log.ts';
import { traceIdOf } from './trace-ids.ts';

/** Spans of leads for a collector of OpenTelemetry. Nothing here waits for the collector, and nothing fails for it. */
export interface Tracing {
  isSampled(traceId: string): boolean;
  /** @param ms from the first byte of the request to the answer */
  recordLead(run: LeadRun, end: { end: RunEnd; ms: number }): void;
  /** A later attempt of a failed delivery. */
  recordAttempt(run: LeadRun): void;
  /** Sends what still waits, for at most CLOSE_MS_MAX. */
  close(): Promise<void>;
}

export interface TracingOptions {
  /** Of the collector; spans are posted to its path /v1/traces. */
  endpoint: string;
  /** Of a hundred leads, how many are traced. */
  percent: number;
  version: string;
  nodeName: string;
  clock: Pick<Clock, 'now'>;
  startTimer(ms: number, onEnd: () => void): () => void;
  log: Pick<Log, 'warn' | 'info'>;
}

/** Spans that wait for the collector, about 400 leads; past it they are dropped. */
export const QUEUE_SPANS_MAX = 8_192;
const BATCH_SPANS_MAX = 512;
const SEND_EVERY_MS = 1_000;
/** Of a batch with its repetitions; shorter than CLOSE_MS_MAX, so that a server that stops still says what failed. */
const SEND_MS_MAX = 4_000;
const CLOSE_MS_MAX = 5_000;

/**
 * Loads the library and opens the way to the collector: a server without an endpoint loads nothing. The exporter reads
 * OTEL_EXPORTER_OTLP_HEADERS and the other variables of the standard by itself.
 */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const [{ OTLPTraceExporter }, { BatchSpanProcessor }, toReadable] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/sdk-trace-base'),
    loadConversion(options),
  ]);
  const url = `${options.endpoint.replace(/\/$/, '')}/v1/traces`;
  const exporter = reportFailures(new OTLPTraceExporter({ url, timeoutMillis: SEND_MS_MAX }), options.log);
  const processor = new BatchSpanProcessor(exporter, {
    maxQueueSize: QUEUE_SPANS_MAX,
    maxExportBatchSize: BATCH_SPANS_MAX,
    scheduledDelayMillis: SEND_EVERY_MS,
    exportTimeoutMillis: CLOSE_MS_MAX,
  });
  const isSampled = (traceId: string) => isInShare(traceId, options.percent);
  /** After the answer has gone: making spans costs a lead more than its own phases. */
  const later = (run: LeadRun, list: () => SpanRecord[]) => {
    if (!isSampled(traceIdOf(run))) return;
    setImmediate(() => {
      for (const span of list()) processor.onEnd(toReadable(span));
    });
  };
  return {
    isSampled,
    recordLead: (run, end) => {
      const endedAt = options.clock.now();
      later(run, () => listLeadSpans(run, { ...end, endedAt }));
    },
    recordAttempt: (run) => later(run, () => listAttemptSpans(run)),
    close: () => withinTime(processor.shutdown(), options.startTimer),
  };
}

/** Every server decides alike about a trace. */
function isInShare(traceId: string, percent: number): boolean {
  return Number.parseInt(traceId.slice(-8), 16) < (percent / 100) * 0x100000000;
}

/** One line when the collector cannot be reached and one when it can again, not one a second. */
function reportFailures(exporter: SpanExporter, log: TracingOptions['log']): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined || result.code !== 0;
        if (failed && !isFailing)
          log.warn({ spans: spans.length }, 'the collector of traces takes no spans; they are dropped');
        if (!failed && isFailing) log.info({}, 'the collector of traces takes spans again');
        isFailing = failed;
        done(result);
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

/** From our spans to those of the library. */
async function loadConversion({ version, nodeName }: TracingOptions) {
  const [{ resourceFromAttributes }, { SpanKind, SpanStatusCode, TraceFlags }] = await Promise.all([
    import('@opentelemetry/resources'),
    import('@opentelemetry/api'),
  ]);
  const resource = resourceFromAttributes({
    'service.name': 'sluice',
    'service.version': version,
    'service.instance.id': nodeName,
  });
  const kinds = { server: SpanKind.SERVER, internal: SpanKind.INTERNAL, client: SpanKind.CLIENT };
  const contextOf = (traceId: string, spanId: string) => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });
  return (span: SpanRecord) => ({
    name: span.name,
    kind: kinds[span.kind],
    spanContext: () => contextOf(span.traceId, span.spanId),
    ...(span.parentId !== null && { parentSpanContext: contextOf(span.traceId, span.parentId) }),
    startTime: hrTime(span.startedAt),
    endTime: hrTime(span.endedAt),
    duration: hrTime(span.endedAt - span.startedAt),
    status: { code: span.isError ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes: span.attributes,
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'sluice', version },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  });
}

/** Seconds and nanoseconds. */
function hrTime(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
}

function withinTime(ended: Promise<void>, startTimer: TracingOptions['startTimer']): Promise<void> {
  return new Promise((resolve) => {
    const callOff = startTimer(CLOSE_MS_MAX, resolve);
    void ended
      .catch(() => undefined) // Reported with its batch; a server that stops has no more to do about it.
      .then(() => {
        callOff();
        resolve();
      });
  });
}
