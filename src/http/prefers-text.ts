/** A browser sends about eight ranges; what comes after a hundred is not read. */
const RANGES_MAX = 100;

/**
 * Does an Accept header ask for text/plain, or another type, rather than for JSON (RFC 9110, 12.5.1)? Each type has the quality of the
 * most specific range that names it; equal qualities, any type and no header mean JSON.
 */
export function prefersText(accept: string | undefined, type = 'text/plain'): boolean {
  const ranges = (accept ?? '').split(',', RANGES_MAX).map(parseRange);
  return qualityOf(type, ranges) > qualityOf('application/json', ranges);
}

interface MediaRange {
  name: string;
  quality: number;
}

function parseRange(text: string): MediaRange {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const written = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = written === undefined ? 1 : Number(written.slice(2));
  return { name, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** 0: the type is not wanted. */
function qualityOf(type: string, ranges: readonly MediaRange[]): number {
  const family = `${type.split('/')[0]}/*`;
  for (const name of [type, family, '*/*']) {
    const range = ranges.find((each) => each.name === name);
    if (range) return range.quality;
  }
  return 0;
}
