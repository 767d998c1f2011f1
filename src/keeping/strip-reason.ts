import { createScrubber } from '../variables/scrub-secrets.ts';

/** Values of fewer characters are in ordinary words. */
const VALUE_CHARACTERS_MIN = 3;
/** Further values are not looked for one by one; what looks like one is replaced all the same. */
const VALUES_MAX = 100;
const REMOVED = '…';

/**
 * Returns a function that takes the values of a lead out of a text that outlives them: each of `values` in every spelling, and
 * whatever looks like an e-mail address, a number of a person or a quotation.
 */
export function createReasonStripper(values: readonly string[]): (reason: string) => string {
  const known = [...new Set(values)]
    .filter((value) => value.trim().length >= VALUE_CHARACTERS_MIN)
    .slice(0, VALUES_MAX);
  const scrub = createScrubber(known);
  return (reason) =>
    scrub(reason)
      .replace(/\*{3,}/g, REMOVED)
      .replace(/[^\s@"'<>(),;:]+@[^\s@"'<>(),;:]+/g, REMOVED)
      .replace(/"[^"]*"|“[^”]*”/g, REMOVED)
      .replace(/\+?\(?\d[\d\s().-]{5,}\d/g, REMOVED);
}

/** The texts in a stored value at any depth, keys left out; numbers as they are written. Bounded by what a document may have. */
export function listTexts(value: unknown): string[] {
  const texts: string[] = [];
  const open: unknown[] = [value];
  for (let next = open.pop(); next !== undefined && texts.length < VALUES_MAX; next = open.pop()) {
    if (typeof next === 'string') texts.push(next);
    else if (typeof next === 'number') texts.push(String(next));
    else if (typeof next === 'object' && next !== null) open.push(...Object.values(next));
  }
  return texts;
}
