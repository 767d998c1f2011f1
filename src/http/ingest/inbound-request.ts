import type { IncomingMessage } from 'node:http';
import type { InboundRequest } from '../../integrations/contract.ts';

/** Spellings of header names met so far; senders use a handful, the bound keeps a hostile one from filling memory. */
const TITLES = new Map<string, string>();
const TITLES_MAX = 500;

/** A request as modules see it: Title-Case header names, the body as text; broken UTF-8 becomes U+FFFD (decision 38). */
export function inboundRequestOf(raw: IncomingMessage, read: { body: unknown; timestamp: number }): InboundRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw.headers)) {
    if (value !== undefined) headers[titleOf(name)] = typeof value === 'string' ? value : value.join(', ');
  }
  return {
    method: raw.method ?? 'GET',
    uri: raw.url ?? '/',
    version: raw.httpVersion,
    headers,
    body: Buffer.isBuffer(read.body) ? read.body.toString('utf8') : '',
    timestamp: read.timestamp,
  };
}

function titleOf(name: string): string {
  const known = TITLES.get(name);
  if (known !== undefined) return known;
  const title = name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
  if (TITLES.size < TITLES_MAX) TITLES.set(name, title);
  return title;
}
