import { RE2JS } from 're2js';
import { fail, ok, type Result } from '../../../lib/result.ts';
import { translatePattern } from '../../../lib/translate-pattern.ts';

/** A search term or extraction pattern of a step, ready to run in linear time. */
export interface SearchPattern {
  isFoundIn(text: string): boolean;
  /** What the first group caught; undefined when nothing was found or there is no group. */
  firstGroupIn(text: string): string | undefined;
}

/** Bounds of the flow language (decision 40). Finding is fast enough for whole answers, catching groups is not. */
const PATTERN_CHARACTERS_MAX = 1_000;
const GROUP_TEXT_CHARACTERS_MAX = 65_536;
/** Terms may hold lead values, so the number of different ones has no end. */
const CACHED_PATTERNS_MAX = 1_000;

const cache = new Map<string, Result<SearchPattern, string>>();

/**
 * The pattern of a term: trimmed, lower-cased (so `\D` means `\d`, as measured), `/between slashes/i` or bare, blank for
 * anything (spec modules c3). One that JavaScript refuses never matches, as measured; one that only RE2 refuses is
 * reported to the author by `searchPatternProblem`, and it never matches (decision 20).
 */
export function searchPattern(term: string): SearchPattern {
  const compiled = cached(term);
  return compiled.ok ? compiled.value : NEVER;
}

/** Why a term that is a regular expression of JavaScript cannot run here; undefined when it can. */
export function searchPatternProblem(term: string): string | undefined {
  const compiled = cached(term);
  return compiled.ok ? undefined : compiled.error;
}

const NEVER: SearchPattern = { isFoundIn: () => false, firstGroupIn: () => undefined };
const DELIMITED = /^\/([\s\S]+)\/([dgimsuvy]*)$/;

function cached(term: string): Result<SearchPattern, string> {
  if (term.length > PATTERN_CHARACTERS_MAX) return fail(`A pattern has at most ${PATTERN_CHARACTERS_MAX} characters`);
  const known = cache.get(term);
  if (known) return known;
  const compiled = compile(term.trim().toLowerCase());
  if (cache.size >= CACHED_PATTERNS_MAX) cache.clear();
  cache.set(term, compiled);
  return compiled;
}

function compile(pattern: string): Result<SearchPattern, string> {
  const [, source = pattern === '' ? '.*' : pattern, flags = ''] = DELIMITED.exec(pattern) ?? [];
  if (!isJavaScriptPattern(source, flags)) return ok(NEVER);
  const translated = translatePattern(source, { isUnicode: flags.includes('u'), isDotAll: flags.includes('s') });
  if (!translated.ok) return fail(translated.error.message);
  const caseFlag = flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0;
  return run(translated.value, caseFlag | (flags.includes('m') ? RE2JS.MULTILINE : 0));
}

function run(source: string, flags: number): Result<SearchPattern, string> {
  try {
    const compiled = RE2JS.compile(source, flags);
    return ok({
      isFoundIn: (text) => compiled.test(text),
      firstGroupIn(text) {
        const seen = text.slice(0, GROUP_TEXT_CHARACTERS_MAX);
        // `test` is ten times faster, and most patterns find nothing in most answers.
        const group: unknown = compiled.test(seen) ? compiled.exec(seen)?.[1] : undefined;
        return typeof group === 'string' ? group : undefined;
      },
    });
  } catch {
    return fail('The pattern is too large or has a repeat count over 1000');
  }
}

/** Only compiled, never run: JavaScript's engine may need exponential time. */
function isJavaScriptPattern(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags) instanceof RegExp;
  } catch {
    return false; // the SyntaxError is the answer
  }
}
