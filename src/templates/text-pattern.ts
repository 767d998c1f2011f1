import { RE2JS, RE2JSException } from 're2js';
import { fail, ok, type Result } from '../lib/result.ts';
import { isJavaScriptPattern, translatePattern } from '../lib/translate-pattern.ts';
import { type Evaluation, isExhausted, spendSteps } from './evaluation.ts';

/** Bounds of the flow language (decision 40). */
const PATTERN_CHARACTERS_MAX = 1_000;
const TEXT_CHARACTERS_MAX = 65_536;

export interface PatternMatch {
  start: number;
  end: number;
  /** The whole match, then each group; undefined for a group that took no part. */
  groups: (string | undefined)[];
}

/** A regular expression that finds every match, as far as the evaluation's work allows. */
export interface TextPattern {
  groupCount: number;
  /** Matches in the first `TEXT_CHARACTERS_MAX` characters; fewer when the work is used up, which empties the result. */
  findAll(text: string, evaluation: Evaluation): PatternMatch[];
}

/**
 * A pattern of `extract` and `replace`: JavaScript's dialect, bare or as `/pattern/i`, run by RE2 (decision 20). Case
 * matters unless the flag says otherwise. A sentence when it cannot run in linear time or is no pattern.
 */
export function compileTextPattern(pattern: string): Result<TextPattern, string> {
  if (pattern.length > PATTERN_CHARACTERS_MAX)
    return fail(`A pattern has at most ${PATTERN_CHARACTERS_MAX} characters.`);
  const [, delimited, flags = ''] = DELIMITED.exec(pattern) ?? [];
  const source = delimited ?? pattern;
  if (!isJavaScriptPattern(source, flags)) return fail(`"${pattern}" is not a regular expression.`);
  const translated = translatePattern(source, { isUnicode: flags.includes('u'), isDotAll: flags.includes('s') });
  if (!translated.ok) return fail(translated.error.message);
  const compiled = compileLinear(translated.value, flags);
  if (!compiled) return fail(`The pattern "${pattern}" cannot run in linear time: write it in a simpler form.`);
  const isSingle = SINGLE.test(translated.value);
  return ok({
    groupCount: compiled.groupCount(),
    findAll: (text, evaluation) => findAll({ compiled, isSingle }, text.slice(0, TEXT_CHARACTERS_MAX), evaluation),
  });
}

const DELIMITED = /^\/([\s\S]+)\/([dgimsuy]*)$/;

function compileLinear(source: string, flags: string): RE2JS | undefined {
  const ignoreCase = flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0;
  const multiLine = flags.includes('m') ? RE2JS.MULTILINE : 0;
  try {
    return RE2JS.compile(source, ignoreCase | multiLine);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return undefined;
  }
}

/** One character or class, repeated or not: such a search ends where its match ends. */
const SINGLE = /^(?:\[(?:\\[\s\S]|[^\]\\])*\]|\\[\s\S]|[^\\()|.[\]*+?{}^$])[+]?$/;
/**
 * Measured: 15 to 30 ns for a character and an instruction of the pattern, so that a step is 2 to 4 µs. A search may read to the end of the text before it settles for a short match
 * (`a(.*b)?`), so each one is charged for all that is left, except where that cannot be.
 */
const READS_PER_STEP = 150;
/** Measured: 2 to 4 µs to take a match apart. */
const STEPS_PER_MATCH = 1;
/** What even the smallest pattern costs per character, in instructions. */
const INSTRUCTIONS_MIN = 4;

function findAll(
  { compiled, isSingle }: { compiled: RE2JS; isSingle: boolean },
  text: string,
  evaluation: Evaluation,
): PatternMatch[] {
  const instructions = compiled.programSize() + INSTRUCTIONS_MIN;
  const groupCount = compiled.groupCount();
  const matcher = compiled.matcher(text);
  const matches: PatternMatch[] = [];
  if (isSingle) spendSteps(evaluation, (text.length * instructions) / READS_PER_STEP);
  for (;;) {
    const left = text.length - (matches.at(-1)?.end ?? 0);
    if (!isSingle) spendSteps(evaluation, (left * instructions) / READS_PER_STEP);
    spendSteps(evaluation, STEPS_PER_MATCH);
    // An empty match is followed by one further on, so there are no more matches than characters and one.
    if (isExhausted(evaluation) || !matcher.find()) return matches;
    const groups = Array.from({ length: groupCount + 1 }, (_, group) => matcher.group(group) ?? undefined);
    matches.push({ start: matcher.start(), end: matcher.end(), groups });
  }
}
