import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP has it in JSON, with its attributes as a record. */
export interface CollectedSpan {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  startedAt: number;
  endedAt: number;
  attributes: Record<string, unknown>;
  status: number | undefined;
}

/** A collector of OpenTelemetry that keeps what it gets. */
export interface OtlpCollector {
  url: string;
  spans(): CollectedSpan[];
  /** Everything it got, as it came. */
  text(): string;
  paths(): string[];
  close(): Promise<void>;
}

export async function openOtlpCollector(): Promise<OtlpCollector> {
  const requests: { path: string; headers: unknown; body: string }[] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req.setEncoding('utf8')) body += chunk;
    requests.push({ path: req.url ?? '', headers: req.headers, body });
    res.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => requests.flatMap(({ body }) => readSpans(body)),
    text: () => JSON.stringify(requests),
    paths: () => requests.map(({ path }) => path),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the JSON of another program
type Json = any;

function readSpans(body: string): CollectedSpan[] {
  const { resourceSpans }: Json = JSON.parse(body);
  const spans = resourceSpans.flatMap((each: Json) => each.scopeSpans.flatMap((scope: Json) => scope.spans));
  return spans.map((span: Json) => ({
    name: span.name,
    kind: span.kind,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    startedAt: Number(span.startTimeUnixNano) / 1e6,
    endedAt: Number(span.endTimeUnixNano) / 1e6,
    attributes: Object.fromEntries(span.attributes.map(({ key, value }: Json) => [key, Object.values(value)[0]])),
    status: span.status?.code,
  }));
}
