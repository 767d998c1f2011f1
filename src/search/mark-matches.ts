import { escapeHtml } from '../lib/escape-html.ts';
import { listExactForms } from './exact-values.ts';
import type { QueryMarks } from './parse-query.ts';
import { HIT_FIELDS, type HitField, readStoredText, type StoredLead } from './searched-fields.ts';
import { splitWords, type Word } from './split-words.ts';

/** By field, the value as HTML with what was looked for in `<em>`; a list of one text. */
export type Highlight = Partial<Record<HitField, [string]>>;

/** Values in which nothing is marked are not there. */
export function markMatches(lead: StoredLead, marks: QueryMarks): Highlight {
  const highlight: Highlight = {};
  for (const fieldId of HIT_FIELDS) {
    const text = readStoredText(lead, fieldId);
    const marked = text === '' ? null : markText(text, { fieldId, marks });
    if (marked !== null) highlight[fieldId] = [marked];
  }
  return highlight;
}

const FOUND_WHOLE: ReadonlySet<HitField> = new Set(['email', 'phone_1', 'phone_2', 'reference']);

function markText(text: string, { fieldId, marks }: { fieldId: HitField; marks: QueryMarks }): string | null {
  if (FOUND_WHOLE.has(fieldId)) {
    return listExactForms(text).some((form) => marks.exact.has(form)) ? `<em>${escapeHtml(text)}</em>` : null;
  }
  const words = splitWords(text);
  const isFound = words.map((word) => isBeginning(word, marks.prefixes));
  for (const phrase of marks.phrases) markPhrase(isFound, { words, phrase });
  if (!isFound.includes(true)) return null;
  let end = 0;
  const parts = words.map((word, place) => {
    const between = escapeHtml(text.slice(end, word.from));
    const written = escapeHtml(text.slice(word.from, word.to));
    end = word.to;
    return between + (isFound[place] ? `<em>${written}</em>` : written);
  });
  return parts.join('') + escapeHtml(text.slice(end));
}

function isBeginning({ text, others }: Word, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => text.startsWith(prefix) || others.some((other) => other.startsWith(prefix)));
}

/** A phrase over two values, such as a first and a last name, is marked where a value ends or begins with its part. */
function markPhrase(
  isFound: boolean[],
  { words, phrase }: { words: readonly Word[]; phrase: readonly string[] },
): void {
  for (let start = 1 - phrase.length; start < words.length; start += 1) {
    const from = Math.max(0, start);
    const to = Math.min(words.length, start + phrase.length);
    const isWhole = to - from === phrase.length || (from === 0 && start < 0) || to === words.length;
    const fits = words.slice(from, to).every(({ text }, place) => text === phrase[from - start + place]);
    if (isWhole && fits) isFound.fill(true, from, to);
  }
}
