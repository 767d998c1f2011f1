import type { IncomingMessage } from 'node:http';
import type { InboundRequest } from '../../integrations/contract.ts';

/** Spellings of header names met so far; senders use a handful, the bound keeps a hostile one from filling memory. */
const TITLES = new Map<string, string>();
const TITLES_MAX = 500;

/** A request as modules see it: Title-Case header names, and the body as the text it was read as. */
export function inboundRequestOf(raw: IncomingMessage, read: { body: string; timestamp: number }): InboundRequest {
  const headers: Record<string, string> = {};
  const sent = raw.headers;
  for (const name of Object.keys(sent)) {
    const value = sent[name];
    if (value !== undefined) headers[titleOf(name)] = typeof value === 'string' ? value : value.join(', ');
  }
  return {
    method: raw.method ?? 'GET',
    uri: raw.url ?? '/',
    version: raw.httpVersion,
    headers,
    body: read.body,
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
