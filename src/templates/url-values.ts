import { replaceMarkedValues } from './marked-values.ts';

/**
 * The URL of a template (decision 0041): what was inserted behind the `=` of a query parameter is percent-encoded, so that
 * `?e={{lead.email}}` keeps `+` and `&`. The template's own text, a value before the query, a whole query in one value
 * (`?{{query}}`), the fragment, and a value that is percent-encoded already stay as they are.
 */
export function encodeUrlValues(marked: string): string {
  return replaceMarkedValues(marked, (value, before) => (isInQueryValue(before) ? encode(value) : value));
}

function isInQueryValue(url: string): boolean {
  const query = url.indexOf('?');
  if (query === -1 || url.includes('#')) return false;
  return url.indexOf('=', Math.max(query, url.lastIndexOf('&'))) !== -1;
}

const ENCODED = /^(?:[\w.~!*'()-]|%[\dA-Fa-f]{2})*$/;
const LONE_SURROGATES = /\p{Surrogate}/gu;

function encode(value: string): string {
  return ENCODED.test(value) ? value : encodeURIComponent(value.replace(LONE_SURROGATES, '\ufffd'));
}
