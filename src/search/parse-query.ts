import { fail, ok, type Result } from '../lib/result.ts';
import { buildExactWord, type ExactForm, listExactForms } from './exact-values.ts';
import type { WordKey } from './lead-words.ts';
import { joinWords, splitWords, type Word } from './split-words.ts';

export const QUERY_CHARACTERS_MAX = 300;
/** Words of a question; each is looked for in every partition. */
export const QUERY_WORDS_MAX = 16;
/** Ids that a pasted text may name. */
export const QUERY_IDS_MAX = 10;

/** What a question asks for. */
export interface LeadQuery {
  /** 24-hex ids anywhere in the text, of whatever kind. */
  ids: readonly string[];
  /** The text of a tsquery that the words of a lead must meet. */
  condition: string;
  /** tsqueries of which a lead counts higher for each that it meets: a word that is whole, a value that is exact. */
  whole: readonly string[];
  marks: QueryMarks;
}

/** What is marked in a value. */
export interface QueryMarks {
  prefixes: readonly string[];
  phrases: readonly (readonly string[])[];
  exact: ReadonlySet<ExactForm>;
}

/**
 * Reads what a person typed or pasted. Words are beginnings, all of which a lead must have; words in double quotes stand
 * beside each other and are whole. A word that is an e-mail address, a phone or a reference may also be the whole of such
 * a value, and so may all words together. The error is a sentence with the remedy. Words are letters and digits alone, so
 * nothing in the text is taken for syntax of the database.
 */
export function parseQuery(text: string, key: WordKey): Result<LeadQuery, string> {
  const terms = listTerms(text);
  const count = terms.reduce((sum, { words }) => sum + words.length, 0);
  if (count > QUERY_WORDS_MAX) return fail(`Give at most ${QUERY_WORDS_MAX} words; these are ${count}.`);
  if (count === 0) return fail('Give a letter or a digit to look for.');
  const groups = groupPhones(terms).map((group) => readGroup(group, key));
  const all = text.replaceAll(QUOTE, '').trim();
  const wholeText = terms.length > 1 ? readExact(all, key) : NO_EXACT;
  const parts = groups.map(({ condition }) => condition);
  const condition = either([every(parts), ...wholeText.conditions]);
  return ok({
    ids: [...new Set((text.toLowerCase().match(IDS) ?? []).slice(0, QUERY_IDS_MAX))],
    condition,
    whole: [...groups.flatMap(({ whole }) => whole), ...wholeText.conditions],
    marks: {
      prefixes: terms.filter(isOfWords).flatMap(({ words }) => listPrefixes(words)),
      phrases: terms.filter(({ isPhrase }) => isPhrase).map(({ words }) => words.map((word) => word.text)),
      exact: new Set([...groups.flatMap(({ forms }) => forms), ...wholeText.forms]),
    },
  });
}

interface Term {
  text: string;
  words: Word[];
  isPhrase: boolean;
}

const QUOTE = /["“”„«»]/g;
/** A quote without its other half is left out. */
const TERM = /"([^"]*)"|([^\s"]+)/g;
const IDS = /(?<![0-9a-z])[0-9a-f]{24}(?![0-9a-z])/g;

function listTerms(text: string): Term[] {
  const terms = [...text.replaceAll(QUOTE, '"').matchAll(TERM)].map(([, phrase, word = '']) => {
    const written = (phrase ?? word).trim();
    return { text: written, words: splitWords(written), isPhrase: phrase !== undefined };
  });
  return terms.filter(({ words }) => words.length > 0);
}

const OF_PHONE = /^[\d()+./-]+$/;

/** Neighbours that may be one number: `(512) 789-4321` has two terms. */
function groupPhones(terms: readonly Term[]): Term[][] {
  const groups: Term[][] = [];
  for (const term of terms) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group && before && isOfPhone(term) && isOfPhone(before)) group.push(term);
    else groups.push([term]);
  }
  return groups;
}

function isOfPhone({ text, isPhrase }: Term): boolean {
  return !isPhrase && OF_PHONE.test(text);
}

interface Exact {
  conditions: string[];
  forms: ExactForm[];
}

interface Group {
  condition: string;
  whole: string[];
  forms: ExactForm[];
}

function readGroup(terms: readonly Term[], key: WordKey): Group {
  const parts = terms.map((term) => {
    const exact = readExact(term.text, key);
    return { exact, whole: listWhole(term), condition: either([readWords(term), ...exact.conditions]) };
  });
  const together = terms.length > 1 ? readExact(terms.map(({ text }) => text).join(' '), key) : NO_EXACT;
  return {
    condition: either([every(parts.map(({ condition }) => condition)), ...together.conditions]),
    whole: [...parts.flatMap(({ whole, exact }) => [...whole, ...exact.conditions]), ...together.conditions],
    forms: [...parts.flatMap(({ exact }) => exact.forms), ...together.forms],
  };
}

const NO_EXACT: Exact = { conditions: [], forms: [] };

function readExact(text: string, key: WordKey): Exact {
  const forms = listExactForms(text);
  return { forms, conditions: forms.map((form) => quote(buildExactWord(form, key))) };
}

function readWords({ words, isPhrase }: Term): string {
  const texts = words.map(({ text }) => text);
  if (isPhrase) return texts.map(quote).join(' <-> ');
  const joined = joinWords(words).map(({ text }) => text);
  const apart = every(texts.map((word) => `${quote(word)}:*`));
  // One name with a hyphen may be stored without it.
  return joined.length === 1 && joined[0] !== undefined && words.every(({ isJoined }, place) => isJoined || place === 0)
    ? either([apart, `${quote(joined[0])}:*`])
    : apart;
}

function listWhole({ words, isPhrase }: Term): string[] {
  return isPhrase ? [] : words.map(({ text }) => quote(text));
}

/** An address or a phone is marked as a whole, and not where a word of it begins another value. */
function isOfWords({ text, isPhrase }: Term): boolean {
  return !isPhrase && !listExactForms(text).some((form) => form.startsWith('email ') || form.startsWith('phone '));
}

function listPrefixes(words: readonly Word[]): string[] {
  return [...words.map(({ text }) => text), ...joinWords(words).map(({ text }) => text)];
}

function every(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] ?? '') : `(${conditions.join(' & ')})`;
}

function either(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] ?? '') : `(${conditions.join(' | ')})`;
}

/** Words and hashes have neither quotes nor backslashes. */
function quote(word: string): string {
  return `'${word}'`;
}
