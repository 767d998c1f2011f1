import type { DecodeBytes } from '../../lib/charset.ts';
import { isAssignableKey } from '../../variables/assign.ts';
import { PARAMETERS_MAX } from './bounds.ts';

/** Submitted parameters by their names as written; a name sent more than once has a list. */
export type Parameters = Record<string, string | string[]>;

/**
 * Reads a query string: WHATWG rules, so `+` is a space, `;` parts nothing and broken percent signs stay. A repeated
 * name makes a list, except that an empty first value is overwritten (measured, spec modules b). Dots stay literal.
 * undefined: more than PARAMETERS_MAX.
 */
export function parseQuery(text: string): Parameters | undefined {
  const parameters: Parameters = {};
  if (text === '') return parameters;
  const isWhole = eachParameter(text, (name, value) => {
    if (Object.hasOwn(parameters, name) && parameters[name] === '') parameters[name] = value;
    else addParameter(parameters, name, value);
  });
  return isWhole ? parameters : undefined;
}

/** Adds a value, turning a repeated name into a list; names that reach into JavaScript's machinery are dropped. */
export function addParameter(parameters: Parameters, name: string, value: string): void {
  if (!isAssignableKey(name)) return;
  const earlier = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (earlier === undefined) parameters[name] = value;
  else if (typeof earlier === 'string') parameters[name] = [earlier, value];
  else earlier.push(value);
}

/** Hands over each decoded pair in order. Answers false when it stopped because there were more than PARAMETERS_MAX. */
export function eachParameter(
  text: string,
  take: (name: string, value: string) => void,
  decodeBytes?: DecodeBytes,
): boolean {
  const decode = decodeBytes ? buildDecoder(decodeBytes) : decodeUtf8;
  let count = 0;
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('&', from);
    const pair = text.slice(from, end === -1 ? text.length : end);
    from += pair.length + 1;
    if (pair === '') continue;
    count += 1;
    if (count > PARAMETERS_MAX) return false;
    const equals = pair.indexOf('=');
    if (equals === -1) take(decode(pair), '');
    else take(decode(pair.slice(0, equals)), decode(pair.slice(equals + 1)));
  }
  return true;
}

const ENCODED = /[%+]/;

function decodeUtf8(text: string): string {
  if (!ENCODED.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // Broken percent signs or broken UTF-8: the platform's lenient reader, three times slower, knows what to keep.
    return new URLSearchParams(`v=${text}`).get('v') ?? '';
  }
}

/** Runs of ASCII are bytes of the encoding, percent-encoded or not; other characters were decoded with the body. */
function buildDecoder(decodeBytes: DecodeBytes): (text: string) => string {
  return (text) =>
    ENCODED.test(text)
      ? text.replace(ASCII_RUN, (run) => (ENCODED.test(run) ? decodeBytes(decodePercents(run)) : run))
      : text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ASCII_RUN = /[\x00-\x7f]+/g;

function decodePercents(run: string): Uint8Array {
  const plain = run.replaceAll('+', ' ').replace(/%([\da-fA-F]{2})/g, (_whole, digits: string) => {
    return String.fromCharCode(Number.parseInt(digits, 16));
  });
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}
