/**
 * What a pattern costs to compile, in points of 10 µs, read off its text: 10 for each pattern, and half a point for each
 * character it stands for, repeats counted as often as they repeat (`[a-z]{2,40}` is 40). Classes cost by their length.
 * A Unicode property counts as 100 characters each time, because RE2JS keeps its hundreds of ranges for each of them:
 * 22 kB, so that the patterns of one flow take some 100 MB at most. Measured: about what it says, or less.
 */
export function patternPoints(pattern: string): number {
  const sizes = [0];
  let last = 0;
  let classes = 0;
  const add = (size: number) => {
    last = Math.min(size, SIZE_MAX);
    sizes.push(Math.min((sizes.pop() ?? 0) + last, SIZE_MAX));
  };
  for (const [sign, from, to] of pattern.matchAll(SIGN)) {
    if (sign.startsWith('(')) sizes.push(0);
    else if (sign === ')' && sizes.length > 1) add((sizes.pop() ?? 0) + 1);
    else if (from !== undefined) {
      const copies = Math.max(Number(from), to === undefined ? 1 : Number(to) || Number(from) + 1);
      const repeated = last * copies;
      add(Math.max(0, repeated - last));
      last = Math.min(repeated, SIZE_MAX);
    } else {
      const properties = sign.match(PROPERTY)?.length ?? 0;
      classes += properties * PROPERTY_SIZE + (sign.startsWith('[') ? sign.length / 2 : 0);
      add(properties > 0 ? PROPERTY_COPY_SIZE : 1);
    }
  }
  const size = sizes.reduce((sum, each) => sum + each, classes);
  return PATTERN_POINTS + Math.ceil(Math.min(size, SIZE_MAX) / 2);
}

const PATTERN_POINTS = 10;
const PROPERTY_SIZE = 34;
const PROPERTY_COPY_SIZE = 100;
/** RE2 refuses what repeats more; it keeps the numbers finite. */
const SIZE_MAX = 1_000_000;

const PROPERTY = /\\[pP]/g;
/** A property, an escape, a class, the start of a group, a repeat with its ends, or any other character. */
const SIGN =
  /\\[pP]\{[^}]*\}|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<[^>]*>))?|\{(\d+)(?:,(\d*))?\}|[\s\S]/g;
