import type { RecordedRequest } from '../model/event.ts';
import { isAssignableKey } from '../variables/assign.ts';
import { besideOf } from '../variables/branched-value.ts';
import { flatten } from '../variables/flatten.ts';
import { isPlainObject, textOf } from '../variables/rich-value.ts';
import type { Scrub } from '../variables/scrub-secrets.ts';
import { type RunPart, routeOf } from './lead-run.ts';
import { scrubValues } from './scrub-values.ts';

/** What of a run says how it was sent, and what of that is secret. */
export type RequestRun = RunPart<'submission' | 'route' | 'parsed' | 'secrets' | 'opened'>;

/**
 * The request of a lead that may carry masked values, as it is stored (decision 0036): not as it was sent, where a value
 * hides in any spelling, but written again from what was read of it. Parameters the flow asks for keep their values,
 * secret ones become asterisks, all others keep their name alone; of the headers those remain that say how it was sent.
 */
export function rebuildRequest(run: RequestRun, scrub: Scrub): RecordedRequest {
  const { method, uri, version, headers, timestamp } = run.submission.request;
  const path = uri.split(/[?#]/)[0] ?? '';
  const kept = (record: Record<string, unknown>) => keptMembers({ run, scrub }, { record, name: '', depth: 0 });
  // Beside a value of the same name stand dotted names, as forms write them.
  const values = isPlainObject(run.parsed) ? { ...kept(flatten(besideOf(run.parsed))), ...kept(run.parsed) } : {};
  const isInUrl = method.toUpperCase() === 'GET';
  const isForm = (headers['Content-Type'] ?? '').toLowerCase().includes('form-urlencoded');
  const body = isInUrl ? null : isForm ? formOf(values) : JSON.stringify(values);
  const query = isInUrl ? formOf(values) : '';
  return {
    method,
    uri: query === '' ? path : `${path}?${query}`,
    version,
    headers: keptHeaders(headers, { scrub, body, isForm }),
    body: body === '' ? null : body,
    timestamp,
  };
}

interface Keeping {
  run: RequestRun;
  scrub: Scrub;
}

/** As in `normalizeValue`: what is deeper is left out. */
const DEPTH_MAX = 64;
/** Other names may be values: `219-09-9999=ssn`. */
const NAME = /^[\p{L}\p{N} _.[\]-]{1,100}$/u;
const MANY_DIGITS = /(?:\d\D*){7}/;
/** Its value may be anything, and without one it would be refused when the lead is sent again. */
const REDIRECT = 'redir_url';

function keptMembers(
  keeping: Keeping,
  at: { record: Record<string, unknown>; name: string; depth: number },
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(at.record)) {
    if (!isAssignableKey(key) || !NAME.test(key) || MANY_DIGITS.test(key) || key === REDIRECT) continue;
    const name = at.name === '' ? key : `${at.name}.${key}`;
    kept[keeping.scrub(key)] = keptValue(keeping, { value, name, depth: at.depth + 1 });
  }
  return kept;
}

function keptValue(keeping: Keeping, at: { value: unknown; name: string; depth: number }): unknown {
  const { value, name, depth } = at;
  const { flow, source } = routeOf(keeping.run);
  if (depth > DEPTH_MAX) return null;
  if (source.isSecretName(name) || flow.isSecretField(name)) return starred(value);
  if (Array.isArray(value)) return value.map((member) => keptValue(keeping, { value: member, name, depth: depth + 1 }));
  if (isPlainObject(value)) return keptMembers(keeping, { record: value, name, depth });
  return source.isKnownName(name) ? scrubValues(value, { scrub: keeping.scrub, areNamesForeign: false }) : null;
}

/** As long as the value, and never less than what is known as asterisks again. */
const STARS_MIN = 3;

function starred(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(starred);
  return '*'.repeat(Math.max(STARS_MIN, textOf(value).length));
}

/** A list as its name repeated; a value that is not kept as a blank. */
function formOf(values: Record<string, unknown>): string {
  return Object.entries(flatten(values))
    .map(([name, value]) => `${encode(name)}=${encode(textOf(value))}`)
    .join('&');
}

/** Asterisks stand as they are, so that they can be seen. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll('%20', '+');
}

/** Any other header may quote the address of a page, with what was typed there. */
const HEADERS_KEPT: ReadonlySet<string> = new Set(
  'accept accept-charset accept-encoding accept-language connection content-encoding content-type host transfer-encoding user-agent via'.split(
    ' ',
  ),
);
const ORIGINS: ReadonlySet<string> = new Set(['origin', 'referer']);
const ASTERISKS_FOR: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization']);

function keptHeaders(
  headers: Readonly<Record<string, string>>,
  as: { scrub: Scrub; body: string | null; isForm: boolean },
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, text] of Object.entries(headers)) {
    const lowered = name.toLowerCase();
    if (HEADERS_KEPT.has(lowered)) kept[name] = as.scrub(text);
    else if (ORIGINS.has(lowered)) kept[name] = as.scrub(originOf(text));
    else if (ASTERISKS_FOR.has(lowered)) kept[name] = '*'.repeat(text.length);
  }
  if (as.body === null) return kept;
  if (!as.isForm) kept['Content-Type'] = 'application/json';
  kept['Content-Length'] = String(new TextEncoder().encode(as.body).length);
  return kept;
}

function originOf(url: string): string {
  return /^https?:\/\/[^/?#@\s]{1,253}/i.exec(url)?.[0] ?? '';
}
