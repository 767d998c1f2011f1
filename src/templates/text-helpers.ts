import { parseJson } from '../lib/parse-json.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { compileFind } from '../variables/lookup.ts';
import { parsePath } from '../variables/property-path.ts';
import { textOf } from '../variables/rich-value.ts';
import { type Evaluation, isExhausted, spend, spendSteps } from './evaluation.ts';
import { NAME_PARTS, parseFullName } from './parse-full-name.ts';
import type { CompiledHelper, HelperArguments, TemplateHelper } from './template-helper.ts';
import { compileTextPattern, type PatternMatch, type TextPattern } from './text-pattern.ts';

/** `{{lowercase lead.email}}` */
export const lowercase = changeHelper('lowercase', (text) => text.toLowerCase());
/** `{{uppercase lead.state}}` */
export const uppercase = changeHelper('uppercase', (text) => text.toUpperCase());

/** `{{substring lead.first_name start=2 end=4}}`: from 1, both ends included; "Michael" gives "ich". */
export const substring: TemplateHelper = {
  name: 'substring',
  valuesMin: 1,
  valuesMax: 3,
  compile: () =>
    ok({
      run: ({ values, named }) => {
        const text = textOf(values[0]);
        const start = wholeNumber(named.get('start') ?? values[1]) ?? 1;
        const end = wholeNumber(named.get('end') ?? values[2]) ?? text.length;
        return text.slice(Math.max(0, start - 1), Math.max(0, end));
      },
    }),
};

/**
 * `{{replace lead.phone_1 pattern="-" replace=""}}`: every occurrence of a text, or with `pattern="regexp(\D)"` every
 * match, where `$1` … `$9` and `$&` in the replacement stand for groups and the match.
 */
export const replace: TemplateHelper = {
  name: 'replace',
  valuesMin: 1,
  valuesMax: 3,
  compile: (literals) =>
    compileWithPattern(literals, {
      patternOf: (pattern) => REGEXP.exec(pattern)?.[1],
      run: ({ args, found, pattern, evaluation }) => {
        const text = textOf(args.values[0]);
        const replacement = textOf(args.named.get('replace') ?? args.values[2]);
        if (!found) return replaceText({ text, pattern, replacement, evaluation });
        return replaceMatches({ text, matches: found.findAll(text, evaluation), replacement, evaluation });
      },
    }),
};

/**
 * `{{extract lead.comments pattern="#(\w+)"}}`: the groups of every match, or the matches where the pattern has no
 * group, joined with spaces ("#John#Doe#Smith" gives "John Doe" for `#(\w+)#(\w+)`).
 */
export const extract: TemplateHelper = {
  name: 'extract',
  valuesMin: 1,
  valuesMax: 2,
  compile: (literals) =>
    compileWithPattern(literals, {
      patternOf: (pattern) => REGEXP.exec(pattern)?.[1] ?? pattern,
      run: ({ args, found, evaluation }) => {
        const matches = found?.findAll(textOf(args.values[0]), evaluation) ?? [];
        const pieces = matches.flatMap(({ groups }) => (groups.length > 1 ? groups.slice(1) : groups));
        return pieces.filter((piece) => piece !== undefined && piece !== '').join(' ');
      },
    }),
};

/** `{{name_part lead.full_name part="last_name"}}`: one part of a name that came in one field. */
export const namePart: TemplateHelper = {
  name: 'name_part',
  valuesMin: 1,
  valuesMax: 2,
  compile: () =>
    ok({
      run: ({ values, named }) => {
        const wanted = textOf(named.get('part') ?? values[1]);
        const part = NAME_PARTS.find((known) => known === wanted);
        return part ? parseFullName(textOf(values[0]))[part] : '';
      },
    }),
};

/**
 * `{{json rawRequest path="q3_name.first"}}`: a value inside a text that is JSON, as Jotform and Unbounce send one in a form
 * field. Without a path it is the whole, for `{{#each (json items)}}`. A text that is no JSON has no values. Numbers keep
 * their digits (decision 0040).
 */
export const json: TemplateHelper = {
  name: 'json',
  valuesMin: 1,
  valuesMax: 2,
  compile: (literals) => {
    const written = literals.named.get('path') ?? literals.values[1];
    const known = written === undefined ? undefined : parsePath(textOf(written));
    if (known && !known.ok) return fail(known.error);
    const find = known ? compileFind(known.value) : undefined;
    return ok({
      run: ({ values, named }, evaluation) => {
        const text = textOf(values[0]);
        // Reading takes several times as long as copying.
        spend(evaluation, text.length * JSON_CHARACTER_COST);
        if (isExhausted(evaluation)) return undefined;
        const value = readJson(text);
        if (find) return find(value);
        const path = textOf(named.get('path') ?? values[1]);
        const segments = parsePath(path);
        if (path === '') return value;
        return segments.ok ? compileFind(segments.value)(value) : undefined;
      },
    });
  },
};

const JSON_CHARACTER_COST = 4;

function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // No JSON: there is nothing in it.
    return undefined;
  }
}

function changeHelper(name: string, change: (text: string) => string): TemplateHelper {
  const run = ({ values }: HelperArguments) => change(textOf(values[0]));
  return { name, valuesMin: 1, valuesMax: 1, compile: () => ok({ run }) };
}

function wholeNumber(value: unknown): number | undefined {
  const text = textOf(value).trim();
  return /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

const REGEXP = /^regexp\(([\s\S]*)\)$/;

interface PatternHelper {
  /** The regular expression in the argument; undefined when it is plain text. */
  patternOf: (pattern: string) => string | undefined;
  run: (call: {
    args: HelperArguments;
    /** undefined: the pattern is plain text. */
    found: TextPattern | undefined;
    pattern: string;
    evaluation: Evaluation;
  }) => unknown;
}

/** Compiles a written pattern once; one that comes from the lead is compiled per call. */
function compileWithPattern(literals: HelperArguments, helper: PatternHelper): Result<CompiledHelper, string> {
  const written = literals.named.get('pattern') ?? literals.values[1];
  const find = (pattern: string) => {
    const source = helper.patternOf(pattern);
    return source === undefined ? undefined : compileTextPattern(source);
  };
  const known = written === undefined ? undefined : find(textOf(written));
  if (known && !known.ok) return fail(known.error);
  return ok({
    run: (args, evaluation) => {
      const pattern = textOf(args.named.get('pattern') ?? args.values[1]);
      if (written === undefined) spendSteps(evaluation, STEPS_PER_COMPILATION + pattern.length);
      if (isExhausted(evaluation)) return undefined;
      const compiled = written === undefined ? find(pattern) : known;
      // An empty pattern, and one from the lead that is none, match nowhere.
      const found = pattern === '' || (compiled && !compiled.ok) ? NOWHERE : compiled?.value;
      return helper.run({ args, found, pattern, evaluation });
    },
  });
}

/** Measured: 80 µs to compile the shortest pattern, and 2 µs for each character more. */
const STEPS_PER_COMPILATION = 30;

const NOWHERE: TextPattern = { groupCount: 0, findAll: () => [] };

interface TextReplacement {
  text: string;
  pattern: string;
  replacement: string;
  evaluation: Evaluation;
}

function replaceText({ text, pattern, replacement, evaluation }: TextReplacement): string {
  const pieces = text.split(pattern);
  // Before joining: a long replacement of every letter would be gigabytes.
  spend(evaluation, text.length + (pieces.length - 1) * replacement.length);
  return isExhausted(evaluation) ? '' : pieces.join(replacement);
}

interface MatchReplacement {
  text: string;
  matches: readonly PatternMatch[];
  replacement: string;
  evaluation: Evaluation;
}

function replaceMatches({ text, matches, replacement, evaluation }: MatchReplacement): string {
  let replaced = '';
  let copiedTo = 0;
  let charged = 0;
  for (const { start, end, groups } of matches) {
    replaced += text.slice(copiedTo, start) + expand(replacement, groups);
    copiedTo = end;
    if (replaced.length - charged < CHARGE_EVERY) continue;
    spend(evaluation, replaced.length - charged);
    charged = replaced.length;
    if (isExhausted(evaluation)) return '';
  }
  return replaced + text.slice(copiedTo);
}

/** Characters of a growing replacement between two looks at the work that is left. */
const CHARGE_EVERY = 65_536;

function expand(replacement: string, groups: PatternMatch['groups']): string {
  if (!replacement.includes('$')) return replacement;
  return replacement.replace(/\$(\$|&|[1-9]\d?)/g, (written, mark: string) => {
    if (mark === '$') return '$';
    const group = mark === '&' ? 0 : Number(mark);
    return group < groups.length ? (groups[group] ?? '') : written;
  });
}
