import { createHash } from 'node:crypto';
import { decodeLayers } from '../variables/decode-layers.ts';

/** Whom a hold, an erasure or an export is about. */
export type Person =
  | { kind: 'email'; email: string }
  /** Digits of the national number, and the calling code before it. */
  | { kind: 'phone'; national: string; callingCode: string };

/** Looks for a person in texts that were stored. */
export interface PersonFinder {
  isIn(text: string): boolean;
  /** The text without it; where only an encoding of it is found, nothing of the text is left. */
  remove(text: string): string;
}

const REMOVED = '…';
/** What people write between digits of a number. */
const MARKS = '[\\s().\\-‐-―/+]{0,3}';
const HASHES = ['md5', 'sha1', 'sha256', 'sha512'] as const;

/**
 * Finds the address or the number in any spelling: other letter case, marks between digits, with and without the calling code,
 * percent codes, escapes of JSON and XML, base64, hexadecimals; and its plain hashes. `ann@example.com` is not in
 * `joann@example.com`, nor a number in a longer one.
 */
export function createPersonFinder(person: Person): PersonFinder {
  const pattern = new RegExp(person.kind === 'email' ? emailPattern(person.email) : phonePattern(person), 'giu');
  const hashes = listForms(person).flatMap((form) => HASHES.map((name) => createHash(name).update(form).digest('hex')));
  const isPlainIn = (text: string) => {
    pattern.lastIndex = 0;
    return pattern.test(text);
  };
  const isIn = (text: string): boolean => {
    const plain = text.normalize('NFKC');
    if (isPlainIn(plain)) return true;
    const lower = plain.toLowerCase();
    if (hashes.some((hash) => lower.includes(hash))) return true;
    const decoded = decodeLayers(plain);
    return decoded !== plain && isPlainIn(decoded.normalize('NFKC'));
  };
  return {
    isIn,
    remove: (text) => {
      if (!isIn(text)) return text;
      const removed = text.replace(pattern, REMOVED);
      return isIn(removed) ? REMOVED : removed;
    },
  };
}

/** What is hashed of it by others: as it is written most. */
export function listForms(person: Person): string[] {
  if (person.kind === 'email')
    return [...new Set([person.email, person.email.toLowerCase(), person.email.toUpperCase()])];
  const { national, callingCode } = person;
  return [national, `${callingCode}${national}`, `+${callingCode}${national}`, `0${national}`];
}

/** The one form that its keyed hash is made of. */
export function normalForm(person: Person): string {
  return person.kind === 'email' ? person.email.toLowerCase() : `+${person.callingCode}${person.national}`;
}

/** Behind an escaped line break a word begins. */
function emailPattern(email: string): string {
  return `(?:(?<![\\p{L}\\p{N}._-])|(?<=\\\\[nrt]))${escapePattern(email.normalize('NFKC'))}(?![\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}])`;
}

/** Not within a longer number, nor within an id of hexadecimals. */
function phonePattern({ national, callingCode }: Person & { kind: 'phone' }): string {
  const spread = (digits: string) => [...digits].join(MARKS);
  const codes = `(?:(?:\\+|00)?${MARKS}${spread(callingCode)}${MARKS})?(?:\\(?0\\)?${MARKS})?`;
  return `(?<![\\p{N}a-f])${codes}${spread(national)}(?!\\p{N})`;
}

function escapePattern(text: string): string {
  return text
    .replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
    .replaceAll('\\-', '-')
    .replaceAll('\\/', '/');
}

/** Every text and name in a stored value, a line each. */
export function joinTexts(value: unknown): string {
  const texts: string[] = [];
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string' || typeof next === 'number') texts.push(String(next));
    else if (typeof next === 'object' && next !== null) {
      if (!Array.isArray(next)) texts.push(...Object.keys(next));
      open.push(...Object.values(next));
    }
  }
  return texts.join('\n');
}

/** The same value with each text of it changed. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapTexts(each, change)]));
}
