import { decodeLayers } from './decode-layers.ts';
import { listSpellings } from './secret-spellings.ts';

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

/** The scrubber of a lead without secrets; a structure need not be walked for this one. */
export const NOTHING_TO_SCRUB: Scrub = (text) => text;

/**
 * A function that replaces every occurrence of each secret by as many asterisks as it takes there (decision 31): first
 * in any spelling of `listSpellings`, the longest first, then with other marks between its characters or in other letter
 * case. A text that holds a secret still when common encodings are undone (`decodeLayers`) becomes asterisks as a whole.
 * Without secrets it is the identity and costs nothing. With more secrets than a lead can reasonably have it blanks
 * whole texts rather than let one through.
 */
export function createScrubber(secrets: readonly string[]): Scrub {
  const sought = secrets.filter((secret) => secret.trim().length >= SECRET_CHARACTERS_MIN);
  if (sought.length === 0) return NOTHING_TO_SCRUB;
  const characters = sought.reduce((total, secret) => total + secret.length, 0);
  if (sought.length > SECRETS_MAX || characters > SECRET_CHARACTERS_TOTAL_MAX) return asterisksFor;
  const written = [...new Set(sought.flatMap((secret) => [secret, ...decodeLayers(secret).split('\n')]))];
  const spellings = written.filter((secret) => secret.trim().length >= SECRET_CHARACTERS_MIN).flatMap(listSpellings);
  const longestFirst = [...new Set(spellings)].sort((one, other) => other.length - one.length);
  const cores = [...new Set(written.flatMap(listCores))];
  const loose = cores.filter((core) => core.length <= LOOSE_CHARACTERS_MAX).map(loosePattern);
  return (text) => {
    const exact = longestFirst.reduce(withoutSpelling, text);
    const scrubbed = loose.reduce((left, pattern) => left.replace(pattern, asterisksFor), exact);
    return cores.length > 0 && holdsOne(scrubbed, cores) ? asterisksFor(text) : scrubbed;
  };
}

/** Shorter ones turn up in ordinary texts once marks and case do not count. */
const CORE_CHARACTERS_MIN = 7;
/** Longer ones are only looked for in what was decoded. */
const LOOSE_CHARACTERS_MAX = 64;

/** The letters and digits of a secret, without case; of one that begins with zeros also the number that it is. */
function listCores(secret: string): string[] {
  const core = findCore(secret);
  const digits = secret.replace(/\D/g, '');
  const cores = [core, digits, digits.replace(/^0+/, '')];
  return cores.filter((each) => each.length >= CORE_CHARACTERS_MIN);
}

function findCore(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** The characters with up to three marks between two of them. */
function loosePattern(core: string): RegExp {
  return new RegExp([...core].join('[^\\p{L}\\p{N}*]{0,3}'), 'giu');
}

/** As three parts of JSON stand beside each other, their digits do: `"a":"219","b":"09"` is looked at without letters. */
function holdsOne(text: string, cores: readonly string[]): boolean {
  const decoded = decodeLayers(text);
  const core = findCore(decoded);
  const digits = decoded.replace(/\D/g, '');
  return cores.some((each) => core.includes(each) || (IS_NUMBER.test(each) && digits.includes(each)));
}

const IS_NUMBER = /^\d+$/;

/** The headers of a request as they may be stored: what proves who the sender is becomes asterisks. */
export function scrubHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const scrubbed: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    scrubbed[name] = SECRET_HEADERS.has(name.toLowerCase()) ? asterisksFor(value) : value;
  }
  return scrubbed;
}

const SECRET_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'cpl-token']);

function asterisksFor(text: string): string {
  return '*'.repeat(text.length);
}

function withoutSpelling(text: string, spelling: string): string {
  return text.includes(spelling) ? text.replaceAll(spelling, asterisksFor(spelling)) : text;
}
