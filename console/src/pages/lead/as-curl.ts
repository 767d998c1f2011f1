import { quoteForShell } from '../../parts/quote-for-shell.ts';

/** What a source sent, as far as it is needed to send it again. */
export interface SentRequest {
  method: string;
  uri: string;
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

/** What the client of the lead set itself, and what says how to read the body. */
const KEPT = /^(?:content-type|accept)$/i;

/** One command for a shell that sends the same lead again; each text is quoted for it. */
export function writeCurl(origin: string, { method, uri, headers, body }: SentRequest): string {
  const url = /^https?:/.test(uri) ? uri : `${origin}${uri}`;
  const parts = [
    `curl -X ${method} ${quoteForShell(url)}`,
    ...Object.entries(headers)
      .filter(([name]) => KEPT.test(name))
      .map(([name, value]) => `-H ${quoteForShell(`${name}: ${value}`)}`),
    ...(body === null || body === '' ? [] : [`--data-binary ${quoteForShell(body)}`]),
  ];
  return parts.join(' \\\n  ');
}

/** Of the source's event, once it is revealed; undefined: it is not, or the values are deleted. */
export function readSentRequest(request: unknown): SentRequest | undefined {
  if (typeof request !== 'object' || request === null) return undefined;
  const { method, uri, headers, body } = request as Record<string, unknown>; // checked below
  if (typeof method !== 'string' || typeof uri !== 'string') return undefined;
  const pairs = typeof headers === 'object' && headers !== null ? Object.entries(headers) : [];
  return {
    method,
    uri,
    headers: Object.fromEntries(pairs.map(([name, value]) => [name, String(value)])),
    body: typeof body === 'string' ? body : null,
  };
}
