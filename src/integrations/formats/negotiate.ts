/**
 * The media types the module reads and writes. Among equals a later one wins, so a client that takes any application
 * type gets application/xml (assumed; measured are the plain types, any text type and a browser's header, which yields
 * application/xml).
 */
const SUPPORTED_TYPES = [
  'application/x-www-form-urlencoded',
  'application/json',
  'application/xml',
  'text/xml',
] as const;

export type MediaType = (typeof SUPPORTED_TYPES)[number];

/**
 * Finds the supported media type a header asks for; it serves Accept and Content-Type alike (spec modules b).
 *
 * No header, an empty one, and one that takes anything at all mean JSON. Otherwise each supported type has the quality
 * of the most specific range that names it; the most specific match wins, then the highest quality; `q=0` is no match.
 * Names are compared without case (RFC 9110, 8.3.1; the hosted module refuses `APPLICATION/JSON`). Parameters such as
 * a charset are ignored. undefined: no supported type.
 */
export function negotiate(header: string | undefined): MediaType | undefined {
  if (header === undefined || header === '' || header === '*/*') return 'application/json';
  const exact = SUPPORTED_TYPES.find((type) => type === header);
  if (exact !== undefined) return exact;
  const ranges = header.toLowerCase().split(',', RANGES_MAX).map(parseRange);
  let best: Match | undefined;
  for (const type of SUPPORTED_TYPES) {
    const match = findMatch(type, ranges);
    if (match !== undefined && (best === undefined || !isBetter(best, match))) best = match;
  }
  return best?.type;
}

/** A browser sends about eight; what comes after a hundred cannot matter to a sender of leads. */
const RANGES_MAX = 100;

interface Range {
  type: string;
  subtype: string;
  quality: number;
}

interface Match {
  type: MediaType;
  /** 2: the type itself, 1: its family, 0: anything. */
  specificity: number;
  quality: number;
}

function parseRange(text: string): Range {
  const [name = '', ...parameters] = text.split(';');
  // A lone star is written by Java's own HTTP client and means any type.
  const [type = '', subtype = ''] = name.trim() === '*' ? ['*', '*'] : name.trim().split('/', 2);
  return { type: type.trim(), subtype: subtype.trim(), quality: readQuality(parameters) };
}

function readQuality(parameters: readonly string[]): number {
  const written = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('q='));
  const quality = Number.parseFloat(written?.slice(2) ?? '');
  return quality >= 0 && quality <= 1 ? quality : 1;
}

function findMatch(type: MediaType, ranges: readonly Range[]): Match | undefined {
  let best: Match | undefined;
  for (const range of ranges) {
    const specificity = measureSpecificity(type, range);
    if (specificity === undefined || (best !== undefined && best.specificity >= specificity)) continue;
    best = { type, specificity, quality: range.quality };
  }
  return best !== undefined && best.quality > 0 ? best : undefined;
}

function measureSpecificity(mediaType: MediaType, range: Range): number | undefined {
  const [type, subtype] = mediaType.split('/', 2);
  if (range.type === '*' && range.subtype === '*') return 0;
  if (range.type !== type) return undefined;
  if (range.subtype === subtype) return 2;
  return range.subtype === '*' ? 1 : undefined;
}

function isBetter(one: Match, other: Match): boolean {
  if (one.specificity !== other.specificity) return one.specificity > other.specificity;
  return one.quality > other.quality;
}
