import type { OutboundRequest } from '../../contract.ts';

/** Deeper values of `form` and `qs` are left out, as in the client library. */
const NESTING_MAX = 16;

/**
 * What `request(vars)` of a published module answered, as our client takes it. Beside the documented keys those of the
 * old `request` library count, because the hosted engine hands the object to it (spec modules a2): `uri`, `json`,
 * `form`, `qs`, `auth`, `followRedirect`. Throws for what is no request.
 */
export function outboundRequest(answered: unknown): OutboundRequest {
  if (typeof answered !== 'object' || answered === null) throw new Error('request() returned no request');
  const given = answered as Record<string, unknown>; // every key is looked at below
  const headers = readHeaders(given['headers']);
  const body = readBody(given, headers);
  authorize(given['auth'], headers);
  const timeoutSeconds = readSeconds(given['timeout']);
  return {
    url: withQuery(readUrl(given['url'] ?? given['uri']), given['qs']),
    method: readText(given['method']),
    headers,
    ...(body === undefined ? {} : { body }),
    ...(typeof given['followAllRedirects'] === 'boolean' ? { followAllRedirects: given['followAllRedirects'] } : {}),
    ...(given['followRedirect'] === false ? { followAllRedirects: false } : {}),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  };
}

const SECONDS_MAX = 360;

/** Seconds, 1…360; what is no number is 360 (spec modules a2). */
function readSeconds(timeout: unknown): number | undefined {
  if (timeout === undefined || timeout === null) return undefined;
  const seconds = Number(timeout);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), SECONDS_MAX) : SECONDS_MAX;
}

/** A text, a rich value, or what `url.parse` answers. */
function readUrl(url: unknown): string {
  if (typeof url === 'object' && url !== null && 'href' in url) return readText(url.href);
  return readText(url);
}

function readHeaders(given: unknown): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  if (typeof given !== 'object' || given === null) return headers;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    headers[name] = Array.isArray(value) ? value.map(readText).join(', ') : readText(value);
  }
  return headers;
}

function readBody(given: Record<string, unknown>, headers: Record<string, string>): string | undefined {
  const { body, json, form } = given;
  if (form !== undefined && form !== null) {
    setDefault(headers, 'Content-Type', 'application/x-www-form-urlencoded');
    return typeof form === 'object' ? encodePairs(form) : readText(form);
  }
  if (json === undefined || json === null || json === false)
    return body === undefined || body === null ? undefined : readText(body);
  setDefault(headers, 'Accept', 'application/json');
  const document = json === true ? body : json;
  if (document === undefined) return undefined;
  setDefault(headers, 'Content-Type', 'application/json');
  return typeof document === 'string' && json === true ? document : JSON.stringify(document);
}

function authorize(auth: unknown, headers: Record<string, string>): void {
  if (typeof auth !== 'object' || auth === null) return;
  const { user, username, pass, password, bearer } = auth as Record<string, unknown>; // the library's documented keys
  const credentials = `${readText(user ?? username)}:${readText(pass ?? password)}`;
  const basic = `Basic ${Buffer.from(credentials).toString('base64')}`;
  setDefault(headers, 'Authorization', bearer === undefined ? basic : `Bearer ${readText(bearer)}`);
}

function setDefault(headers: Record<string, string>, name: string, value: string): void {
  const isSet = Object.keys(headers).some((known) => known.toLowerCase() === name.toLowerCase());
  if (!isSet) headers[name] = value;
}

function withQuery(url: string, qs: unknown): string {
  if (typeof qs !== 'object' || qs === null) return url;
  const pairs = encodePairs(qs);
  if (pairs === '') return url;
  return `${url}${url.includes('?') ? '&' : '?'}${pairs}`;
}

/** `a[b]=1&list[0]=2`, as the library writes nested values. */
function encodePairs(values: object): string {
  const pairs: string[] = [];
  const write = (name: string, value: unknown, depth: number): void => {
    if (value === undefined || typeof value === 'function' || depth > NESTING_MAX) return;
    if (typeof value === 'object' && value !== null && !isValue(value)) {
      for (const [key, member] of Object.entries(value)) write(`${name}[${key}]`, member, depth + 1);
      return;
    }
    pairs.push(`${encode(name)}=${encode(value === null ? '' : readText(value))}`);
  };
  for (const [name, value] of Object.entries(values)) write(name, value, 0);
  return pairs.join('&');
}

/** RFC 3986: the library encodes these too. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function isValue(value: object): boolean {
  return value instanceof String || value instanceof Number || value instanceof Boolean || value instanceof Date;
}

function readText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return String(value instanceof Date ? value : (value as object).valueOf()); // not null: checked above
}
