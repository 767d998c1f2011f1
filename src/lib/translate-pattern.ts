import { fail, ok, type Result } from './result.ts';

/** What keeps a pattern from running in linear time, at which character (from 0), and how to write it instead. */
export interface PatternError {
  position: number;
  message: string;
}

/** JavaScript's flags that change what a pattern means. Case never matters in rules (decision 20). */
export interface PatternFlags {
  isUnicode: boolean;
  isDotAll: boolean;
}

/**
 * Rewrites a regular expression from JavaScript's dialect, in which flows are written, to RE2's, in which they run
 * (decision 20): escapes RE2 spells differently (`\uXXXX`, `\cX`, octal), classes that differ (`.`, `\s`, `[^]`, `[]`),
 * and letters JavaScript takes literally but RE2 does not (`\A`, `\z`, `\Q`). The source must be one that JavaScript
 * accepts. Look-around and back-references have no linear form and are an error with a rewriting.
 */
export function translatePattern(source: string, flags: PatternFlags): Result<string, PatternError> {
  const scan: Scan = { source, flags, at: 0, groups: countGroups(source) };
  let translated = '';
  while (scan.at < source.length) {
    const refusal = refusalAt(scan);
    if (refusal !== undefined) return fail(refusal);
    translated += nextPiece(scan);
  }
  return ok(translated);
}

/** Only compiled, never run: JavaScript's engine may need exponential time. */
export function isJavaScriptPattern(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags) instanceof RegExp;
  } catch {
    return false; // the SyntaxError is the answer
  }
}

interface Scan {
  source: string;
  flags: PatternFlags;
  /** The next character to read. */
  at: number;
  groups: { count: number; hasNames: boolean };
}

/** JavaScript's `\s`, which knows more spaces than RE2's. */
const SPACES = String.raw`\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`;
const NOT_SPACES = String.raw`\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`;
const NOT_LINE_ENDS = String.raw`[^\n\r\x{2028}\x{2029}]`;
const ANYTHING = '(?s:.)';
const NOTHING = String.raw`[^\x{0}-\x{10ffff}]`;

const LOOK_AROUND: readonly { opening: string; message: string }[] = [
  {
    opening: '(?=',
    message:
      'Look-ahead "(?=" is not supported: write what must follow into the pattern itself, or use a second rule with its own pattern.',
  },
  {
    opening: '(?!',
    message:
      'Negative look-ahead "(?!" is not supported: use a second rule with "does not match pattern" for what must not follow.',
  },
  {
    opening: '(?<=',
    message:
      'Look-behind "(?<=" is not supported: write what must come before into the pattern itself, or use a second rule.',
  },
  {
    opening: '(?<!',
    message:
      'Negative look-behind "(?<!" is not supported: use a second rule with "does not match pattern" for what must not come before.',
  },
];

const BACK_REFERENCE =
  'A back-reference is not supported: write the possible values out, for example "(aa|bb)" instead of "(a|b)\\1".';

function refusalAt({ source, at, groups }: Scan): PatternError | undefined {
  const lookAround = LOOK_AROUND.find(({ opening }) => source.startsWith(opening, at));
  if (lookAround !== undefined) return { position: at, message: lookAround.message };
  if (source[at] !== '\\') return undefined;
  const number = Number(/^[1-9]\d{0,3}/.exec(source.slice(at + 1, at + 5))?.[0] ?? 0);
  const isReference = (number > 0 && number <= groups.count) || (source[at + 1] === 'k' && groups.hasNames);
  return isReference ? { position: at, message: BACK_REFERENCE } : undefined;
}

/** Capturing groups decide whether `\1` is a back-reference or, as JavaScript inherited it, an octal escape. */
function countGroups(source: string): Scan['groups'] {
  let count = 0;
  let hasNames = false;
  for (const [token] of source.matchAll(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]?|\(\?<(?![=!])|\((?!\?)/g)) {
    if (token.startsWith('(')) count += 1;
    if (token === '(?<') hasNames = true;
  }
  return { count, hasNames };
}

function nextPiece(scan: Scan): string {
  const character = scan.source[scan.at];
  if (character === '\\') return nextEscape(scan, OUTSIDE_CLASS).text;
  if (character === '[') return nextClass(scan);
  scan.at += 1;
  if (character === '.') return scan.flags.isDotAll ? ANYTHING : NOT_LINE_ENDS;
  return character ?? '';
}

/** A member of a class or an escape; `isSet`: stands for several characters, so cannot be an end of a range. */
interface Atom {
  text: string;
  isSet: boolean;
}

type EscapeTable = ReadonlyMap<string, Atom>;

const set = (text: string): Atom => ({ text, isSet: true });
const one = (text: string): Atom => ({ text, isSet: false });
const SAME_ESCAPES: readonly [string, Atom][] = [
  ...['d', 'D', 'w', 'W'].map((letter): [string, Atom] => [letter, set(`\\${letter}`)]),
  ...['n', 'r', 't', 'f', 'v'].map((letter): [string, Atom] => [letter, one(`\\${letter}`)]),
];
const OUTSIDE_CLASS: EscapeTable = new Map([
  ...SAME_ESCAPES,
  ['s', set(`[${SPACES}]`)],
  ['S', set(`[^${SPACES}]`)],
  ['b', set('\\b')],
  ['B', set('\\B')],
]);
const INSIDE_CLASS: EscapeTable = new Map([
  ...SAME_ESCAPES,
  ['s', set(SPACES)],
  ['S', set(NOT_SPACES)],
  ['b', one('\\x{8}')],
]);

function nextEscape(scan: Scan, table: EscapeTable): Atom {
  const rest = scan.source.slice(scan.at + 1, scan.at + 1 + ESCAPE_CHARACTERS_MAX);
  const known = table.get(rest[0] ?? '');
  if (known !== undefined) {
    scan.at += 2;
    return known;
  }
  for (const { form, atom } of scan.flags.isUnicode ? UNICODE_ESCAPES : ESCAPES) {
    const match = form.exec(rest);
    if (match === null) continue;
    scan.at += 1 + match[0].length;
    return atom(match[1] ?? '', match[2] ?? '');
  }
  // An escaped character that means nothing else means itself.
  const character = String.fromCodePoint(scan.source.codePointAt(scan.at + 1) ?? 0x5c);
  scan.at += 1 + character.length;
  return one(quoted(character));
}

/** The longest are a pair of surrogates (`uD83D\uDE00`) and a property (`p{Script_Extensions=…}`). */
const ESCAPE_CHARACTERS_MAX = 64;

const codePoint = (code: number): Atom => one(`\\x{${code.toString(16)}}`);
const hexadecimal = (digits: string): Atom => codePoint(Number.parseInt(digits, 16));

/** Tried in this order on what follows the backslash. */
const ESCAPES: readonly { form: RegExp; atom: (first: string, second: string) => Atom }[] = [
  {
    form: /^u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/,
    atom: (high, low) =>
      codePoint(0x10000 + ((Number.parseInt(high, 16) - 0xd800) << 10) + (Number.parseInt(low, 16) - 0xdc00)),
  },
  { form: /^u([0-9a-fA-F]{4})/, atom: hexadecimal },
  { form: /^x([0-9a-fA-F]{2})/, atom: hexadecimal },
  { form: /^c([a-zA-Z])/, atom: (letter) => codePoint(letter.charCodeAt(0) % 32) },
  // `\c` before anything else is a backslash, and the `c` is read again.
  { form: /^(?=c)/, atom: () => one('\\\\') },
  { form: /^([0-3][0-7]{0,2}|[4-7][0-7]?)/, atom: (digits) => codePoint(Number.parseInt(digits, 8)) },
];

const UNICODE_ESCAPES: typeof ESCAPES = [
  { form: /^u\{0*([0-9a-fA-F]{1,6})\}/, atom: hexadecimal },
  { form: /^([pP]\{[\w=]+\})/, atom: (property) => set(`\\${property}`) },
  ...ESCAPES,
];

function nextClass(scan: Scan): string {
  const isNegated = scan.source[scan.at + 1] === '^';
  scan.at += isNegated ? 2 : 1;
  const atoms: (Atom | '-')[] = [];
  while (scan.at < scan.source.length && scan.source[scan.at] !== ']') atoms.push(nextAtom(scan));
  scan.at += 1;
  if (atoms.length === 0) return isNegated ? ANYTHING : NOTHING;
  return `[${isNegated ? '^' : ''}${classMembers(atoms)}]`;
}

/** A dash is kept apart, because its neighbours decide whether it makes a range. */
function nextAtom(scan: Scan): Atom | '-' {
  if (scan.source[scan.at] === '\\') return nextEscape(scan, INSIDE_CLASS);
  const character = String.fromCodePoint(scan.source.codePointAt(scan.at) ?? 0);
  scan.at += character.length;
  return character === '-' ? '-' : one(quoted(character));
}

function classMembers(atoms: readonly (Atom | '-')[]): string {
  let members = '';
  for (let index = 0; index < atoms.length; index += 1) {
    const low = findSingle(atoms[index]);
    const high = findSingle(atoms[index + 2]);
    if (atoms[index + 1] === '-' && low !== undefined && high !== undefined) {
      members += `${low}-${high}`;
      index += 2;
    } else {
      members += textOfAtom(atoms[index]);
    }
  }
  return members;
}

function findSingle(atom: Atom | '-' | undefined): string | undefined {
  if (atom === '-') return '\\-';
  return atom === undefined || atom.isSet ? undefined : atom.text;
}

function textOfAtom(atom: Atom | '-' | undefined): string {
  return atom === '-' ? '\\-' : (atom?.text ?? '');
}

/** The character as RE2 reads it literally, inside a class or out. */
function quoted(character: string): string {
  return /[\\^$.*+?()[\]{}|\-&~]/.test(character) ? `\\${character}` : character;
}
