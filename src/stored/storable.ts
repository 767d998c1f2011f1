/*
 * What PostgreSQL refuses: a NUL in a text, and NUL or half a surrogate pair where a query reads inside a JSON text.
 * Hygiene keeps them out of what is submitted; recipients and templates (a digest as latin1) bring them back.
 */

/** A text for a column. Half a surrogate pair becomes U+FFFD when it is encoded. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '');
}

/** JSON text as `JSON.stringify` writes it, whose values a query may read. */
export function storableJson(json: string): string {
  return UNSTORABLE.test(json) ? json.replace(ESCAPE, storableEscape) : json;
}

const UNSTORABLE = /\\u(?:0000|d[89a-f])/;
/** Each escape as a whole, so that a backslash that is itself escaped is not taken for the start of one. */
const ESCAPE = /\\(?:u[0-9a-f]{4}|.)/g;

function storableEscape(written: string): string {
  if (written === '\\u0000') return '';
  // Whole pairs are written as they are.
  return written.startsWith('\\ud') ? '\\ufffd' : written;
}
