import { fail, ok, type Result } from '../lib/result.ts';

/**
 * Variable and property paths: `lead.phone_1.area`, `items.0`, `items[0]`, `a['b c']`, `data{123}.x`
 * (spec behaviour 5.6 and 6.1, modules a2). A number is a place in an array, a text is a key.
 */
export type PathSegment = string | number;

/** Longer paths are refused: they are not written by hand, and each character costs time at deploy. */
export const PATH_CHARACTERS_MAX = 512;
/** The depth hygiene lets through (decision 38): a deeper path could never find anything in a lead. */
export const PATH_SEGMENTS_MAX = 32;
/** Larger numbers are keys (a year, a ZIP code), so that `years.1984` does not make 1984 empty places. */
export const ARRAY_INDEX_MAX = 999;

/**
 * The segments of a path, or a sentence that says what is wrong with it.
 *
 * Only whole segments have meaning: `items[0]` is `items`, 0, but `items[0][name]` is one key, as form fields of
 * PHP receivers are spelled (spec modules c3, "key brackets literal"). Braces and quotes make a key of anything:
 * `data{123}` and `data.'123'` mean the key "123", never a place in an array.
 */
export function parsePath(text: string): Result<PathSegment[], string> {
  if (text.length > PATH_CHARACTERS_MAX) return fail(`A path has at most ${PATH_CHARACTERS_MAX} characters.`);
  const segments: PathSegment[] = [];
  for (const word of splitAtDots(text)) {
    if (word === '') return fail(`The path "${text}" has an empty part: write one dot between names.`);
    segments.push(...segmentsOfWord(word));
  }
  if (segments.length > PATH_SEGMENTS_MAX) return fail(`A path has at most ${PATH_SEGMENTS_MAX} parts.`);
  return ok(segments);
}

/** A number when the text is a place in an array as JavaScript writes it (`0`, `12`, not `007`), else the text. */
export function indexOrKey(text: string): PathSegment {
  return INDEX.test(text) && Number(text) <= ARRAY_INDEX_MAX ? Number(text) : text;
}

const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/** What stands between dots; dots inside brackets, braces and quotes do not part. */
const WORD = /(?:\[(?:"[^"]*"|'[^']*'|[^\]"']*)\]|\{[^{}]*\}|"[^"]*"(?=[.[{]|$)|'[^']*'(?=[.[{]|$)|[^.])/y;

function splitAtDots(text: string): string[] {
  const words: string[] = [];
  let word = '';
  for (let at = 0; at < text.length; ) {
    if (text[at] === '.') {
      words.push(word);
      word = '';
      at += 1;
      continue;
    }
    WORD.lastIndex = at;
    const piece = WORD.exec(text)?.[0] ?? text.slice(at, at + 1);
    word += piece;
    at += piece.length;
  }
  words.push(word);
  return words;
}

/** A name and the groups behind it: `items` `[0]`, `data` `{123}`, `['a b']`. */
const NAME_AND_GROUPS = /^("[^"]*"|'[^']*'|[^[{"']*)((?:\[(?:\d+|"[^"]*"|'[^']*')\]|\{[^{}]+\})*)$/;
const GROUP = /\[(\d+)\]|\["([^"]*)"\]|\['([^']*)'\]|\{([^{}]+)\}/g;
/** A whole word in brackets is Handlebars' way to write any name: `lead.[first name]`. */
const BRACKETED = /^\[([^\]]+)\]$/;

function segmentsOfWord(word: string): PathSegment[] {
  const parts = NAME_AND_GROUPS.exec(word);
  if (!parts) return [BRACKETED.exec(word)?.[1] ?? word];
  const [, name = '', groups = ''] = parts;
  const segments: PathSegment[] = [];
  if (name !== '') segments.push(isQuoted(name) ? name.slice(1, -1) : indexOrKey(name));
  for (const [, index, doubleQuoted, singleQuoted, braced] of groups.matchAll(GROUP)) {
    segments.push(index === undefined ? (doubleQuoted ?? singleQuoted ?? braced ?? '') : indexOrKey(index));
  }
  return segments;
}

function isQuoted(text: string): boolean {
  const first = text[0];
  return text.length >= 2 && (first === '"' || first === "'") && text.endsWith(first);
}
