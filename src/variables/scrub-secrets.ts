import { spellingsOf } from './secret-spellings.ts';

/** Replaces the secrets in a text that is about to be stored or logged by asterisks. */
export type Scrub = (text: string) => string;

/**
 * Shorter secrets are not looked for: blanking every `1` or `TX` would destroy the record around it, and a text of two
 * characters keeps nothing secret.
 */
const SECRET_CHARACTERS_MIN = 3;
/** A lead has a handful of secret values. Past these bounds whole texts are blanked, which costs nothing to search. */
const SECRETS_MAX = 100;
const SECRET_CHARACTERS_TOTAL_MAX = 65_536;

/** The scrubber of a lead without secrets; whoever walks a structure need not, when it is this one. */
export const NOTHING_TO_SCRUB: Scrub = (text) => text;

/**
 * A function that replaces every occurrence of each secret, in any spelling of `spellingsOf`, by as many asterisks as
 * it takes there; the longest spelling first (decision 31). Without secrets it is the identity and costs nothing.
 * With more secrets than a lead can reasonably have it blanks whole texts rather than let one through.
 */
export function createScrubber(secrets: readonly string[]): Scrub {
  const sought = secrets.filter((secret) => secret.trim().length >= SECRET_CHARACTERS_MIN);
  if (sought.length === 0) return NOTHING_TO_SCRUB;
  const characters = sought.reduce((total, secret) => total + secret.length, 0);
  if (sought.length > SECRETS_MAX || characters > SECRET_CHARACTERS_TOTAL_MAX) return asterisksFor;
  const longestFirst = [...new Set(sought.flatMap(spellingsOf))].sort((one, other) => other.length - one.length);
  return (text) => longestFirst.reduce(withoutSpelling, text);
}

/** The headers of a request as they may be stored: what proves who the sender is becomes asterisks. */
export function scrubHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const scrubbed: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    scrubbed[name] = SECRET_HEADERS.has(name.toLowerCase()) ? asterisksFor(value) : value;
  }
  return scrubbed;
}

const SECRET_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie']);

function asterisksFor(text: string): string {
  return '*'.repeat(text.length);
}

function withoutSpelling(text: string, spelling: string): string {
  return text.includes(spelling) ? text.replaceAll(spelling, asterisksFor(spelling)) : text;
}
