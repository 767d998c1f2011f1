import type { KnownOfLead } from '../stored/lead-document.ts';
import {
  buildExactWord,
  buildPhoneForm,
  type ExactForm,
  type HashText,
  readEmailForm,
  readIdForm,
  readPhoneForm,
} from './exact-values.ts';
import { EXACT_FIELDS, readStoredPart, readStoredText, type StoredLead, WORD_FIELDS } from './searched-fields.ts';
import { joinWords, splitPlain, splitWords } from './split-words.ts';

/** Of one lead; the rest of its words does not find it. */
const WORDS_MAX = 64;
/** Between two texts, so that no phrase reaches from one into the other. */
const GAP = 100;

/** With what keyed hashes are made. */
export interface WordKey {
  accountId: string;
  hash: HashText;
}

/**
 * What a lead is found by, as the text of a tsvector: words with their places in the lead's texts
 * (`john:1 smith:2 austin:104`), and keyed hashes (`=kTn…`) of what is found whole. `lead` are the values as they are stored:
 * what is masked there, as a whole or a part of it, is in no word. `''`: the lead has no such value.
 */
export function buildLeadWords(lead: StoredLead, key: WordKey): string {
  const words: string[] = [];
  for (let text = 0; text < WORD_FIELDS.length; text += 1) {
    let place = text * GAP;
    for (const fieldId of WORD_FIELDS[text] ?? []) place = addField(words, { lead, fieldId, place });
  }
  if (words.length > WORDS_MAX) words.length = WORDS_MAX;
  for (const form of listForms(lead)) words.push(buildExactWord(form, key));
  return words.join(' ');
}

/** The same of a stored document, for leads from before there was a search. */
export function buildDocumentWords(document: KnownOfLead | null, key: WordKey): string {
  const lead = document?.vars?.lead;
  return lead === undefined ? '' : buildLeadWords(lead, key);
}

/** A state is found by its name, too; half a postal code may be written apart. Returns the place of the last word. */
function addField(
  words: string[],
  { lead, fieldId, place }: { lead: StoredLead; fieldId: string; place: number },
): number {
  const text = readStoredText(lead, fieldId);
  if (text === '') return place;
  if (fieldId === 'postal_code') return addWords(words, { text: text.replace(' ', '-'), place });
  const last = addWords(words, { text, place });
  const name = fieldId === 'state' ? readStoredPart(lead, { fieldId, part: 'name' }) : undefined;
  if (typeof name === 'string' && name !== text) addWords(words, { text: name, place: WORD_FIELDS.length * GAP });
  return last;
}

/** Returns the place of the last word. */
function addWords(words: string[], { text, place }: { text: string; place: number }): number {
  let last = place;
  const plain = splitPlain(text);
  if (plain) {
    for (const word of plain) {
      last += 1;
      words.push(`${word}:${last}`);
    }
    return last;
  }
  const found = splitWords(text);
  for (const { text: word, others } of found) {
    last += 1;
    words.push(`${word}:${last}`);
    for (const other of others) words.push(`${other}:${last}`);
  }
  for (const joined of joinWords(found)) {
    words.push(`${joined.text}:${place + joined.first + 1},${place + joined.last + 1}`);
  }
  return last;
}

/** Each once: a lead's phones are often the same. */
function listForms(lead: StoredLead): ExactForm[] {
  const forms: ExactForm[] = [];
  for (const fieldId of EXACT_FIELDS.email) addForm(forms, readForm(lead, { fieldId, read: readEmailForm }));
  for (const fieldId of EXACT_FIELDS.phone) addForm(forms, readPhoneOf(lead, fieldId));
  for (const fieldId of EXACT_FIELDS.id) addForm(forms, readForm(lead, { fieldId, read: readIdForm }));
  return forms;
}

function addForm(forms: ExactForm[], form: ExactForm | undefined): void {
  if (form !== undefined && !forms.includes(form)) forms.push(form);
}

function readForm(
  lead: StoredLead,
  { fieldId, read }: { fieldId: string; read: (text: string) => ExactForm | undefined },
): ExactForm | undefined {
  const text = readStoredText(lead, fieldId);
  return text === '' || isHidden(text) ? undefined : read(text);
}

/** The type has read the number; the text alone has lost its country. */
function readPhoneOf(lead: StoredLead, fieldId: string): ExactForm | undefined {
  const text = readStoredText(lead, fieldId);
  if (text === '' || isHidden(text)) return undefined;
  const callingCode = readStoredPart(lead, { fieldId, part: 'country_calling_code' });
  if (typeof callingCode !== 'number') return readPhoneForm(text);
  const end = text.indexOf('x');
  return buildPhoneForm(`${callingCode}${end === -1 ? text : text.slice(0, end)}`);
}

/** A part of it was masked. */
function isHidden(text: string): boolean {
  return text.includes('**');
}
