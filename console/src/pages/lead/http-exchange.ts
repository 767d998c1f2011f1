import type { Event } from '../../../../client/src/client.ts';
import { recipientOf } from './field-rows.ts';

export interface Exchange {
  key: string;
  title: string;
  request: string | null;
  response: string | null;
  error: string | null;
  ms: number | null;
}

/** Every request and answer of a lead as HTTP, the source's first; secrets are masked when they are stored. */
export function listExchanges(events: readonly Event[]): Exchange[] {
  return [...events].sort((a, b) => Number(b.type === 'source') - Number(a.type === 'source')).flatMap(exchangesOf);
}

function exchangesOf(event: Event): Exchange[] {
  if (event.type === 'source') {
    const { request, response } = event;
    const texts = { request: writeRequest(request), response: writeResponse(response) };
    return request ? [{ key: event.id, title: 'The lead came in', ...texts, error: null, ms: event.total_ms }] : [];
  }
  const attempt = event.type === 'retry' ? `, attempt ${Number(event.attempt ?? 1) + 1}` : '';
  return (event.transactions ?? []).map(({ request, response, error, ms }, index) => ({
    key: `${event.id}.${index}`,
    title: `${recipientOf(event)}${attempt}`,
    request: writeRequest(request),
    response: writeResponse(response),
    error: typeof error === 'string' ? error : null,
    ms: typeof ms === 'number' ? ms : null,
  }));
}

type Recorded = Record<string, unknown>;

function writeRequest(request: unknown): string | null {
  if (typeof request !== 'object' || request === null) return null;
  const { method, uri, version } = request as Recorded;
  return write(`${String(method)} ${String(uri)} HTTP/${String(version ?? '1.1')}`, request as Recorded);
}

function writeResponse(response: unknown): string | null {
  if (typeof response !== 'object' || response === null) return null;
  const { status, status_text: text, version, truncated } = response as Recorded;
  const line = `HTTP/${String(version ?? '1.1')} ${String(status)}${text ? ` ${String(text)}` : ''}`;
  return `${write(line, response as Recorded)}${truncated === true ? '\n… (cut)' : ''}`;
}

function write(line: string, { headers, body }: Recorded): string {
  const pairs = typeof headers === 'object' && headers !== null ? Object.entries(headers) : [];
  const lines = pairs.flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${String(each)}`));
  return [line, ...lines, ...(typeof body === 'string' && body !== '' ? ['', body] : [])].join('\n');
}
