import { RE2JS, RE2JSException } from 're2js';
import { fail, ok, type Result } from '../lib/result.ts';
import { shareWhileUsed } from '../lib/share.ts';
import { isJavaScriptPattern, type PatternError, translatePattern } from '../lib/translate-pattern.ts';

/** Does this text match? Looks at no more than the first `PATTERN_TEXT_CHARACTERS_MAX` characters. */
export type PatternTest = (text: string) => boolean;

/** Bounds of the flow language (decision 40). */
export const PATTERN_CHARACTERS_MAX = 1_000;
export const PATTERN_TEXT_CHARACTERS_MAX = 65_536;

/**
 * A test from a pattern as rules write it (decision 20). Between slashes, or with a character only regular expressions
 * use: a regular expression, found anywhere in the text. Else with `*` or `?`: a glob over the whole text. Else plain
 * text, found anywhere (assumed; what a regular expression without special characters does). Case never matters, and
 * the engine is RE2, so that no pattern takes more than linear time. A pattern that JavaScript refuses never matches,
 * as measured with the vendor's modules; one that only RE2 refuses is an error.
 */
export function compilePattern(pattern: string): Result<PatternTest, PatternError> {
  return sharedPattern(pattern);
}

/** A pattern takes 0.1 to 5 ms to compile, and flows and their revisions have many in common. */
const sharedPattern = shareWhileUsed(compileFresh);

function compileFresh(pattern: string): Result<PatternTest, PatternError> {
  if (pattern.length > PATTERN_CHARACTERS_MAX) return fail(TOO_LONG);
  const expression = regularExpressionIn(pattern);
  if (expression) return compileRegularExpression(expression);
  if (/[*?]/.test(pattern)) return run(globSource(pattern), RE2JS.DOTALL);
  return run(RE2JS.quote(pattern), 0);
}

/** The regular expression a pattern is written as; undefined: it is a glob or plain text. */
export function regularExpressionIn(pattern: string): RegularExpression | undefined {
  const delimited = DELIMITED.exec(pattern);
  if (delimited !== null) return { source: delimited[1] ?? '', flags: delimited[2] ?? '', offset: 1 };
  return REGULAR_EXPRESSION_MARK.test(pattern) ? { source: pattern, flags: '', offset: 0 } : undefined;
}

const DELIMITED = /^\/([\s\S]+)\/([a-z]*)$/;
const REGULAR_EXPRESSION_MARK = /[\^$()[\]{}|+\\]|\.[*?]/;

const TOO_LONG: PatternError = {
  position: PATTERN_CHARACTERS_MAX,
  message: `A pattern has at most ${PATTERN_CHARACTERS_MAX} characters: split it over several rules, or use "is included in" with a list.`,
};
const SET_NOTATION: PatternError = {
  position: 0,
  message: 'The flag "v" is not supported: write the pattern without set notation and leave the flag out.',
};
const NEVER: PatternTest = () => false;

export interface RegularExpression {
  source: string;
  flags: string;
  /** Where the source begins in the pattern as written. */
  offset: number;
}

function compileRegularExpression({ source, flags, offset }: RegularExpression): Result<PatternTest, PatternError> {
  if (!isJavaScriptPattern(source, flags)) return ok(NEVER);
  if (flags.includes('v')) return fail(SET_NOTATION);
  const translated = translatePattern(source, { isUnicode: flags.includes('u'), isDotAll: flags.includes('s') });
  if (!translated.ok) return fail({ ...translated.error, position: translated.error.position + offset });
  const tested = run(translated.value, flags.includes('m') ? RE2JS.MULTILINE : 0);
  if (tested.ok) return tested;
  const fragment = tested.error.message;
  const position = Math.max(0, source.indexOf(fragment));
  return fail({
    position: position + offset,
    message: `"${fragment}" is not supported: write it in a simpler form; a repeat count goes up to 1000, and repeats inside repeats multiply.`,
  });
}

/** The test of an RE2 source; the error's message is the part RE2 refuses. */
function run(source: string, flags: number): Result<PatternTest, PatternError> {
  try {
    const compiled = RE2JS.compile(source, flags | RE2JS.CASE_INSENSITIVE);
    return ok((text) => compiled.test(text.slice(0, PATTERN_TEXT_CHARACTERS_MAX)));
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return fail({ position: 0, message: 'input' in error && typeof error.input === 'string' ? error.input : source });
  }
}

function globSource(glob: string): string {
  const pieces = glob.split(/([*?])/).map((piece) => GLOB_WILDCARDS.get(piece) ?? RE2JS.quote(piece));
  return `^${pieces.join('')}$`;
}

const GLOB_WILDCARDS: ReadonlyMap<string, string> = new Map([
  ['*', '.*'],
  ['?', '.'],
]);
