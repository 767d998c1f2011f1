/** A word of a text, as the search knows it. */
export interface Word {
  /** Lower case, without accents and apostrophes; letters and digits alone. */
  text: string;
  /** Other forms that find it: of `O'Brien` also `brien`. */
  others: readonly string[];
  /** Where it stands in the text. */
  from: number;
  to: number;
  /** A hyphen is all that stands between the word before and this one. */
  isJoined: boolean;
}

/** Longer words are cut here, in leads and in questions alike. */
export const WORD_CHARACTERS_MAX = 40;
/** Of a longer text only the beginning is read. */
export const TEXT_CHARACTERS_MAX = 400;

/**
 * The words of a text in any language, without a dictionary: runs of letters and digits. An apostrophe is inside a word
 * (`O'Brien` is `obrien`), everything else parts words.
 */
export function splitWords(text: string): Word[] {
  const read = text.length > TEXT_CHARACTERS_MAX ? text.slice(0, TEXT_CHARACTERS_MAX) : text;
  return splitAscii(read) ?? splitAny(read);
}

function splitAny(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(WORD)) {
    const [written] = match;
    const folded = foldWord(written);
    if (folded === '') continue;
    const to = match.index + written.length;
    const before = words.at(-1);
    const isJoined = before !== undefined && IS_HYPHEN.test(text.slice(before.to, match.index));
    words.push({ text: folded, others: listOthers(written), from: match.index, to, isJoined });
  }
  return words;
}

/**
 * The same of ASCII, sign by sign: every lead that ends is read here, and the pattern takes five times as long. null: the
 * text has other signs.
 */
function splitAscii(text: string): Word[] | null {
  const words: Word[] = [];
  let from = -1;
  let lastTo = -2;
  for (let at = 0; at <= text.length; at += 1) {
    const code = at === text.length ? BLANK : text.charCodeAt(at);
    if (code >= ASCII_END) return null;
    const kind = KINDS[code];
    if (kind === IN_WORD) {
      if (from === -1) from = at;
    } else if (from !== -1 && !(kind === INSIDE && KINDS[text.charCodeAt(at + 1)] === IN_WORD)) {
      const isJoined = from === lastTo + 1 && text.charCodeAt(lastTo) === HYPHEN;
      words.push(readAsciiWord(text.slice(from, at), { from, to: at, isJoined }));
      lastTo = at;
      from = -1;
    }
  }
  return words;
}

function readAsciiWord(written: string, { from, to, isJoined }: { from: number; to: number; isJoined: boolean }): Word {
  const lower = written.toLowerCase();
  if (!lower.includes("'")) return { text: cut(lower), others: NONE, from, to, isJoined };
  return { text: cut(lower.replaceAll("'", '')), others: listOthers(lower), from, to, isJoined };
}

/**
 * The same of a text of plain ASCII words, without apostrophes and hyphens, as texts alone: nearly each value of a lead. null:
 * it is no such text.
 */
export function splitPlain(text: string): string[] | null {
  if (text.length > TEXT_CHARACTERS_MAX) return null;
  const lower = text.toLowerCase();
  const words: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= ASCII_END || code === HYPHEN) return null;
    const kind = KINDS[code];
    if (kind === IN_WORD) continue;
    if (kind === INSIDE) return null;
    if (from < at) words.push(cut(lower.slice(from, at)));
    from = at + 1;
  }
  if (from < text.length) words.push(cut(from === 0 ? lower : lower.slice(from)));
  return words;
}

const BLANK = 32;
const HYPHEN = 45;
const ASCII_END = 128;
const IN_WORD = 1;
const INSIDE = 2;
/** By the code of a sign. */
const KINDS: Uint8Array = Uint8Array.from({ length: ASCII_END }, (_, code) => {
  const sign = String.fromCharCode(code);
  if (/[0-9a-z]/i.test(sign)) return IN_WORD;
  return sign === "'" ? INSIDE : 0;
});

/** The words on both sides of hyphens as one: of `Anne-Marie` `annemarie`, with the places of its first and last word. */
export function joinWords(words: readonly Word[]): { text: string; first: number; last: number }[] {
  if (!words.some(({ isJoined }) => isJoined)) return [];
  const joined: { text: string; first: number; last: number }[] = [];
  words.forEach((word, place) => {
    const group = joined.at(-1);
    const before = words[place - 1];
    if (!word.isJoined || !before) return;
    if (group?.last === place - 1) Object.assign(group, { text: cut(group.text + word.text), last: place });
    else joined.push({ text: cut(before.text + word.text), first: place - 1, last: place });
  });
  return joined;
}

const ASCII_ONLY = /^[\0-\x7f]*$/;
const WORD = /[\p{L}\p{N}\p{M}]+(?:['’ʼ`´][\p{L}\p{N}\p{M}]+)*/gu;
const APOSTROPHE = /['’ʼ`´]/;
const IS_HYPHEN = /^[-\u2010\u2011\u2013\u00ad]$/;

/** What is behind each apostrophe: people write `O Brien`, too. */
function listOthers(written: string): string[] {
  const parts = written.split(APOSTROPHE);
  return parts.length === 1
    ? NONE
    : parts
        .slice(1)
        .map(foldWord)
        .filter((part) => part.length > 1);
}

const NONE: string[] = [];

/** Accents are signs of their own once a letter is taken apart (NFKD); other scripts are put together again (NFC). */
function foldWord(written: string): string {
  if (ASCII_ONLY.test(written)) return cut(written.replaceAll("'", '').toLowerCase());
  const plain = written
    .normalize('NFKD')
    .toLowerCase()
    .replace(ACCENTS, '')
    .replace(LETTERS_WITHOUT_PARTS, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .normalize('NFC')
    .replace(NO_WORD, '');
  return cut(plain);
}

const ACCENTS = /[\u0300-\u036f]/g;
const NO_WORD = /[^\p{L}\p{N}\p{M}]/gu;

/** Letters that people without them on their keyboard write otherwise. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
};
const LETTERS_WITHOUT_PARTS = new RegExp(`[${Object.keys(PLAIN_LETTERS).join('')}]`, 'g');

/** Never within a character of two halves. */
function cut(word: string): string {
  return word.length <= WORD_CHARACTERS_MAX ? word : word.slice(0, WORD_CHARACTERS_MAX).replace(/[\ud800-\udbff]$/, '');
}
