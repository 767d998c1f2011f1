import type { FileBody } from './call-options.ts';
import { type Problem, SluiceError } from './sluice-error.ts';

/** One HTTP request, complete. */
export interface Request {
  method: string;
  url: string;
  /** How errors name it, without query and body: `POST /flows`. */
  name: string;
  headers: Readonly<Record<string, string>>;
  body?: FileBody | undefined;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed JSON; a text where the caller asked for another type; undefined: there is no body. */
  body: unknown;
}

export interface ExchangeTools {
  fetch: typeof fetch;
  /** Epoch ms. */
  now(): number;
}

/**
 * Sends one request and returns its answer when that is 2xx. Throws a SluiceError for every other answer and when none
 * comes; when `signal` aborts, its reason.
 */
export async function exchange(request: Request, { tools, signal }: { tools: ExchangeTools; signal: AbortSignal }) {
  const { status, headers, text } = await send(request, { tools, signal });
  // A browser hides status and place of a redirect and says 0.
  if (status === 0 || (status >= 300 && status < 400)) {
    throw new SluiceError('The answer is a redirect, which is not followed.', {
      status: status || null,
      code: 'redirected',
      request: request.name,
    });
  }
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/.test(headers.get('content-type') ?? '');
  const body = isJson && text !== '' ? parse(text) : undefined;
  if (status < 200 || status > 299) throw errorOf(request.name, { status, headers, body, text, now: tools.now() });
  if (text === '' || body !== undefined) return { status, headers, body } satisfies Answer;
  if (!isJson && request.headers['Accept'] !== JSON_TYPE) return { status, headers, body: text } satisfies Answer;
  throw new SluiceError('The answer is not the JSON of a Sluice server: check the URL and what is before the server.', {
    status,
    code: 'unreadable_answer',
    request: request.name,
  });
}

export const JSON_TYPE = 'application/json';

async function send(request: Request, { tools, signal }: { tools: ExchangeTools; signal: AbortSignal }) {
  const { method, url, headers, body } = request;
  // A browser's fetch refuses to be called as a method of something else.
  const { fetch } = tools;
  try {
    // A redirect would take a changing request somewhere else, as a GET.
    const res = await fetch(url, {
      method,
      headers,
      signal,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
    return { status: res.status, headers: res.headers, text: await res.text() };
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    const doubt = method === 'GET' ? '' : ' It may have been carried out.';
    throw new SluiceError(`The request got no answer: the connection failed.${doubt}`, {
      status: null,
      code: 'connection_failed',
      request: request.name,
      cause,
    });
  }
}

/** undefined: it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of a text that is no error of the API, such as a proxy's page. */
const SENTENCE_CHARACTERS_MAX = 300;

interface Refusal {
  status: number;
  headers: Headers;
  body: unknown;
  text: string;
  now: number;
}

/** `{error, code, details}`; leads are refused with `{message}` or a plain text, too. */
function errorOf(name: string, { status, headers, body, text, now }: Refusal): SluiceError {
  const { error, message, code, details } = (body ?? {}) as Record<string, unknown>; // checked below
  const plain = (headers.get('content-type') ?? '').startsWith('text/plain') ? text.trim() : '';
  const sentence = [error, message, plain].find((each) => typeof each === 'string' && each !== '');
  return new SluiceError(String(sentence ?? `The server answered ${status}.`).slice(0, SENTENCE_CHARACTERS_MAX), {
    status,
    // The codes of a newer server are not known here; the type lists those of this one.
    code: typeof code === 'string' ? (code as SluiceError['code']) : status === 401 ? AUTHENTICATION : `http_${status}`,
    details: Array.isArray(details) ? (details as Problem[]) : [], // the shape of the server's errors
    request: name,
    retryAfterMs: readRetryAfter(headers.get('retry-after'), now),
    traceId: headers.get('x-trace-id'),
  });
}

/** The one error of the API that has no code on the wire. */
const AUTHENTICATION = 'authentication_failed';

/** `Retry-After` (RFC 9110, 10.2.3): seconds or a date, as ms from now; null: none, or unreadable. */
export function readRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
