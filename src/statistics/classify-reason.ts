/** Longer classes are cut. */
const CLASS_CHARACTERS_MAX = 120;
/** No more of a reason is looked at: what makes it one of its class is at its beginning. */
const REASON_CHARACTERS_MAX = 500;

/** Reasons whose class is remembered; most of an installation's are the same few. Beyond it all are forgotten. */
const KNOWN_MAX = 2_000;
const known = new Map<string, string>();

/**
 * The reason without what differs from lead to lead: addresses, numbers, quoted texts and ids are `…`. Counts outlive personal
 * data, so what they are counted by must hold none. '' for no reason.
 *
 * `Duplicate: phone_1 "555-0100" is on the list` → `Duplicate: phone_1 … is on the list`
 */
export function classifyReason(reason: string | null): string {
  if (reason === null || reason === '') return '';
  const remembered = known.get(reason);
  if (remembered !== undefined) return remembered;
  const found = classify(reason.slice(0, REASON_CHARACTERS_MAX));
  if (known.size >= KNOWN_MAX) known.clear();
  if (reason.length <= REASON_CHARACTERS_MAX) known.set(reason, found);
  return found;
}

/** In this order: a number in an address is a part of the address. */
const DIFFERING: readonly RegExp[] = [
  /"[^"]*"?|“[^”]*”?|«[^»]*»?|`[^`]*`?/g,
  // An apostrophe inside a word quotes nothing.
  /(?<![\p{L}\p{N}])['‘][^'’]*['’](?![\p{L}\p{N}])/gu,
  /\b[a-z][a-z0-9+.-]*:\/\/\S+/gi,
  /[^\s@<>():;,]+@[^\s@<>():;,]+/g,
  /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b(?=[a-f]*\d)[0-9a-f]{12,}\b/gi,
  /\*{2,}/g,
  // A number by itself, with what numbers are written with. Not the one in `phone_1` or `404a`.
  /(?<![\p{L}\p{N}_])[+-]?\(?\d(?:[\d.,:/()+ -]*[\d)])?%?(?![\p{L}\p{N}_])/gu,
  // Letters and digits mixed, long enough to be a key.
  /(?<![\p{L}\p{N}_])(?=[\p{L}\p{N}-]*\d)[\p{L}\p{N}-]{10,}(?![\p{L}\p{N}_])/gu,
  // Digits that are long enough to be a phone number or an id, wherever they are.
  /\d{5,}/g,
];

function classify(reason: string): string {
  const plain = DIFFERING.reduce((text, pattern) => text.replace(pattern, '…'), reason);
  const joined = plain
    .replace(/\s+/g, ' ')
    .replace(/…(?:[\s,;/-]*…)+/g, '…')
    .trim();
  return [...joined].slice(0, CLASS_CHARACTERS_MAX).join('');
}
