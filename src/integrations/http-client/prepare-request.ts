import { fail, ok, type Result } from '../../lib/result.ts';
import type { OutboundRequest } from '../contract.ts';

/** A request ready for the wire. */
export interface PreparedRequest {
  url: URL;
  method: string;
  /** Name, value, name, value …: the form undici reads fastest. */
  headers: string[];
  body: string | Uint8Array | undefined;
  isGzipAccepted: boolean;
  isRedirectFollowed: boolean;
  /** In lower case: they do not go to another origin. */
  secretHeaders: ReadonlySet<string>;
}

/**
 * The connection's own headers: the client computes them (spec modules a2 for Content-Length), and a module that could
 * set them could smuggle a second request. `Host` is among them because it also chooses the certificate to expect.
 */
const CLIENT_HEADERS = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Credentials that must not travel to another origin after a redirect (Fetch standard, 4.4). */
const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);
const BODY_HEADERS = new Set(['content-type', 'content-encoding', 'content-language', 'content-location']);

/**
 * Makes a module's request ready for the wire, or says what is wrong with it. A user part of the URL becomes Basic
 * authentication. GET and HEAD follow redirects unless the module says `followAllRedirects: false`; other methods only
 * when it says true (spec modules a2).
 */
export function prepareRequest(request: OutboundRequest): Result<PreparedRequest, string> {
  const text = request.url.trim();
  if (text === '') return fail('request missing URL');
  if (request.method.trim() === '') return fail('request missing method');
  const url = readUrl(text);
  if (!url) return fail('The URL of the request cannot be read');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return fail('The URL of the request is not http or https');
  const method = request.method.trim();
  const headers = withoutHeaders(Object.entries(request.headers).flat(), CLIENT_HEADERS);
  if (url.username !== '' && findHeader(headers, 'authorization') === undefined) {
    headers.push('Authorization', basicAuthorization(url));
  }
  return ok({
    url,
    method,
    headers,
    body: request.body,
    isGzipAccepted: /gzip/i.test(findHeader(headers, 'accept-encoding') ?? ''),
    secretHeaders: request.secretHeaders
      ? new Set([...CREDENTIAL_HEADERS, ...request.secretHeaders.map((name) => name.toLowerCase())])
      : CREDENTIAL_HEADERS,
    isRedirectFollowed: request.followAllRedirects ?? (method === 'GET' || method === 'HEAD'),
  });
}

/** Parsed once; `URL.canParse` before it would be a second time. */
function readUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/**
 * The request that follows a redirect, after the Fetch standard: 303, and 301 and 302 after a POST, become GET without
 * a body; another origin gets no credentials. undefined: the answer is no redirect, or is not followed.
 */
export function redirectedRequest(
  request: PreparedRequest,
  answer: { status: number; location: string | undefined },
): Result<PreparedRequest, string> | undefined {
  const { status, location } = answer;
  if (!request.isRedirectFollowed || location === undefined || !REDIRECTS.has(status)) return undefined;
  if (!URL.canParse(location, request.url.href)) return fail('to a URL that cannot be read');
  const url = new URL(location, request.url);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return fail('to a URL that is not http or https');
  if (url.protocol === 'http:' && request.url.protocol === 'https:') return fail('from https to http');
  const isSameOrigin = url.origin === request.url.origin;
  const headers = isSameOrigin ? request.headers : withoutHeaders(request.headers, request.secretHeaders);
  if (!becomesGet(request.method, status)) return ok({ ...request, url, headers });
  return ok({ ...request, url, headers: withoutHeaders(headers, BODY_HEADERS), method: 'GET', body: undefined });
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

function becomesGet(method: string, status: number): boolean {
  if (status === 303) return method !== 'HEAD';
  return method === 'POST' && (status === 301 || status === 302);
}

function withoutHeaders(headers: readonly string[], dropped: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (!dropped.has(name.toLowerCase())) kept.push(name, headers[i + 1] ?? '');
  }
  return kept;
}

function findHeader(headers: readonly string[], lowerCaseName: string): string | undefined {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() === lowerCaseName) return headers[i + 1];
  }
  return undefined;
}

function basicAuthorization(url: URL): string {
  const user = `${decodePercents(url.username)}:${decodePercents(url.password)}`;
  return `Basic ${Buffer.from(user).toString('base64')}`;
}

function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign in a password stands for itself.
    return text;
  }
}
