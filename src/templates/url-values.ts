/** Around each inserted value while a URL is written; private use, and taken out of the values themselves. */
const OPENS = '\ue000';
const CLOSES = '\ue001';
const MARKS = /[\ue000\ue001]/g;

/** A value as it stands in the text of a URL template until `encodeUrlValues`. */
export function markUrlValue(text: string): string {
  return `${OPENS}${text.replace(MARKS, '')}${CLOSES}`;
}

/**
 * The URL of a template (decision 0041): what was inserted behind the `=` of a query parameter is percent-encoded, so that
 * `?e={{lead.email}}` keeps `+` and `&`. The template's own text, a value before the query, a whole query in one value
 * (`?{{query}}`), the fragment, and a value that is percent-encoded already stay as they are.
 */
export function encodeUrlValues(marked: string): string {
  let url = '';
  for (const [at, piece] of marked.split(OPENS).entries()) {
    const end = at === 0 ? 0 : piece.indexOf(CLOSES);
    const value = piece.slice(0, end);
    url += isInQueryValue(url) ? encode(value) : value;
    url += piece.slice(at === 0 ? 0 : end + 1);
  }
  return url;
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
