import { finish, type Sliced } from '../lib/slices.ts';

/** Where a text stops being JSON, counted from 1, and what should stand there. */
export interface JsonFault {
  line: number;
  column: number;
  expected: string;
}

type Expected = keyof typeof EXPECTED;

const EXPECTED = {
  value: 'a value',
  'value or end': 'a value or "]"',
  name: 'a name in double quotes',
  'name or end': 'a name in double quotes or "}"',
  colon: '":"',
  'end of object': '"," or "}"',
  'end of list': '"," or "]"',
  text: 'a text that is closed and escaped (\\n for a line break)',
  nothing: 'the end',
} as const;

/**
 * Finds the first place at which a text that the parser refused is not JSON (RFC 8259). The parser's own message says
 * it only sometimes, and then quotes the text, which may be personal. Does not recurse: a text nests as deep as it is
 * long.
 */
export function jsonFault(text: string): JsonFault {
  return finish(faultInSlices(text));
}

const TOKENS_BETWEEN_PAUSES = 1_000;

/** The same as work that pauses. */
export function* faultInSlices(text: string): Sliced<JsonFault> {
  const walk: Walk = { text, at: 0, expected: 'value', open: [] };
  let tokens = 0;
  do {
    tokens += 1;
    if (tokens % TOKENS_BETWEEN_PAUSES === 0) yield;
    skip(walk, SPACE);
  } while (step(walk));
  return { ...placeOf(text, walk.at), expected: EXPECTED[walk.expected] };
}

interface Walk {
  text: string;
  at: number;
  expected: Expected;
  /** Whether each open bracket is that of an object, the innermost last. */
  open: boolean[];
}

const SPACE = /[ \t\n\r]*/y;
const LITERAL = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Reads one token; false: it is not one that may stand here. */
function step(walk: Walk): boolean {
  const { text, at, expected, open } = walk;
  const character = text[at];
  if (character === '"' && (expected.startsWith('value') || expected.startsWith('name'))) return readText(walk);
  if (expected.startsWith('value')) {
    if (character === '{' || character === '[') return enter(walk, character === '{');
    if (skip(walk, LITERAL)) return endValue(walk);
  }
  if (expected === 'colon' && character === ':') return go(walk, 'value');
  if (expected.startsWith('end of') && character === ',') return go(walk, open.at(-1) ? 'name' : 'value');
  const closes = open.at(-1) ? '}' : ']';
  return expected.includes('end') && open.length > 0 && character === closes ? leave(walk) : false;
}

function go(walk: Walk, expected: Expected): true {
  walk.at += 1;
  walk.expected = expected;
  return true;
}

function enter(walk: Walk, isObject: boolean): true {
  walk.open.push(isObject);
  return go(walk, isObject ? 'name or end' : 'value or end');
}

function leave(walk: Walk): true {
  walk.open.pop();
  walk.at += 1;
  return endValue(walk);
}

function endValue(walk: Walk): true {
  const isInObject = walk.open.at(-1);
  walk.expected = isInObject === undefined ? 'nothing' : isInObject ? 'end of object' : 'end of list';
  return true;
}

function readText(walk: Walk): boolean {
  const isName = walk.expected.startsWith('name');
  const begin = walk.at;
  walk.at += 1;
  while (walk.text[walk.at] !== '"') {
    const code = walk.text.charCodeAt(walk.at);
    if (code === BACKSLASH ? skip(walk, ESCAPE) : code >= FIRST_PRINTABLE) {
      if (code !== BACKSLASH) walk.at += 1;
      continue;
    }
    walk.at = begin;
    walk.expected = 'text';
    return false;
  }
  if (isName) return go(walk, 'colon');
  walk.at += 1;
  return endValue(walk);
}

const BACKSLASH = 0x5c;
/** Control characters must be escaped; past the end of the text there is NaN, which is not more either. */
const FIRST_PRINTABLE = 0x20;

/** Moves past what the pattern finds here; false: nothing. */
function skip(walk: Walk, pattern: RegExp): boolean {
  pattern.lastIndex = walk.at;
  const found = pattern.exec(walk.text)?.[0] ?? '';
  walk.at += found.length;
  return found !== '';
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
