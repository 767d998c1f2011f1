import type { IncomingHttpHeaders } from 'node:http';

/**
 * What browsers on other origins may do with the URLs of senders (Fetch standard, 3.2; decision 0038). Never with
 * credentials: a page sends what its visitor typed, not who its visitor is.
 */
export interface OriginPolicy {
  /** The origins the source takes; null: all. */
  allowedOrigins: ReadonlySet<string> | null;
}

export const ANY_ORIGIN: OriginPolicy = { allowedOrigins: null };

/** Is the request from a page the source does not take? A request without an Origin is from no page. */
export function isOriginRefused({ allowedOrigins }: OriginPolicy, origin: string | undefined): boolean {
  return allowedOrigins !== null && origin !== undefined && !allowedOrigins.has(origin.toLowerCase());
}

/** The headers that every answer to a page carries, refusals too; servers send no Origin and get none of them. */
export function buildOriginHeaders(policy: OriginPolicy, origin: string | undefined): Record<string, string> {
  if (policy.allowedOrigins === null) return origin === undefined ? {} : EVERY_ORIGIN;
  if (origin === undefined || isOriginRefused(policy, origin)) return { Vary: 'Origin' };
  return { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' };
}

const EVERY_ORIGIN = { 'Access-Control-Allow-Origin': '*' };

/** The answer to a preflight that may go on, beside the headers of every answer. */
export function buildPreflightHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return {
    'Access-Control-Allow-Methods': 'GET, HEAD, POST',
    'Access-Control-Allow-Headers': allowedHeaders(headers['access-control-request-headers']),
    'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
  };
}

/** How long a browser may keep what it was allowed. */
const PREFLIGHT_SECONDS = 3_600;

/** What pages ask for is allowed as it was asked; a list that is none, or endless, gets what leads need. */
function allowedHeaders(asked: string | undefined): string {
  return asked !== undefined && asked.length <= ASKED_CHARACTERS_MAX && HEADER_NAMES.test(asked)
    ? asked
    : USUAL_HEADERS;
}

const ASKED_CHARACTERS_MAX = 1_000;
const HEADER_NAMES = /^\s*[\w!#$%&'*+.^`|~-]+(?:\s*,\s*[\w!#$%&'*+.^`|~-]+)*\s*$/;
const USUAL_HEADERS = 'Accept, Content-Type, Content-Encoding, X-Ping-Id';

/** Is this a URL that senders' pages call? For answers that go before a route is found. */
export function isSenderUrl(url: string): boolean {
  return SENDER_URL.test(url);
}

const SENDER_URL = /^\/(?:flows\/[^/?#]*\/sources\/[^/?#]*\/(?:submit|ping)|feedback)\/?(?:[?#]|$)/;
