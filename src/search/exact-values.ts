import { readEmailAddress } from '../field-types/email-address.ts';
import { readPhoneNumber } from '../field-types/phone-number.ts';

/** Makes the keyed hash of a text for the search, `SEARCH_HASH_BYTES` long or longer (src/server/keyed-hash.ts). */
export type HashText = (text: string) => Uint8Array;

/** What is found exactly and kept as a keyed hash alone. */
type Kind = 'email' | 'phone' | 'id';

/** A value in the one form in which leads and questions meet, with its kind before it. */
export type ExactForm = `${Kind} ${string}`;

/** A longer value is found by nothing. */
const VALUE_CHARACTERS_MAX = 250;
/** With fewer digits it is no phone but a part of one. */
const PHONE_DIGITS_MIN = 7;
/** 96 bits: no two values of an account share a hash. */
export const SEARCH_HASH_BYTES = 12;

/**
 * The word that stands for a value: a keyed hash, in which the account is, so that equal values of two accounts have
 * different words. The sign before it is in no word of a text: no beginning of a word finds a hash.
 */
export function buildExactWord(form: ExactForm, { accountId, hash }: { accountId: string; hash: HashText }): string {
  const bytes = hash(`${accountId} ${form}`);
  return `=${writeThree(bytes, 0)}${writeThree(bytes, 3)}${writeThree(bytes, 6)}${writeThree(bytes, 9)}`;
}

/** Three bytes as base64url (RFC 4648 section 5). Buffers write the same in twice the time, because each is an object more. */
function writeThree(bytes: Uint8Array, at: number): string {
  const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  return String.fromCharCode(codeOf(bits >> 18), codeOf(bits >> 12), codeOf(bits >> 6), codeOf(bits));
}

function codeOf(bits: number): number {
  return CODES[bits & 63] ?? 0;
}

const CODES = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');

export function readEmailForm(text: string): ExactForm | undefined {
  if (text.length > VALUE_CHARACTERS_MAX || !text.includes('@')) return undefined;
  const address = readEmailAddress(text);
  return address && `email ${`${address.user}@${address.domain}`.toLowerCase()}`;
}

/** The international number without its extension, `512-789-4321 x12` as `15127894321`. */
export function readPhoneForm(text: string): ExactForm | undefined {
  const reading = text.length > VALUE_CHARACTERS_MAX ? undefined : readPhoneNumber(text);
  if (reading === undefined || reading.isMasked) return undefined;
  return buildPhoneForm(`${reading.callingCode}${reading.national}`);
}

/** Of digits that begin with the calling code. */
export function buildPhoneForm(digits: string): ExactForm | undefined {
  return digits.length >= PHONE_DIGITS_MIN && /^\d+$/.test(digits) ? `phone ${digits}` : undefined;
}

/** References and other ids; of a URL the last part of its path, which is the certificate's. */
export function readIdForm(text: string): ExactForm | undefined {
  const id = text.trim().toLowerCase();
  if (id === '' || id.length > VALUE_CHARACTERS_MAX) return undefined;
  const [, last = id] = LAST_OF_PATH.exec(id) ?? [];
  return `id ${last}`;
}

const LAST_OF_PATH = /^https?:\/\/[^\s?#]*\/([^\s/?#]{8,})\/?(?:[?#].*)?$/;

/** Everything that a text of a question may be the whole of. */
export function listExactForms(text: string): ExactForm[] {
  const forms = [readEmailForm(text), ...listPhoneForms(text), readIdForm(text)];
  return [...new Set(forms.filter((form) => form !== undefined))];
}

/** A number from abroad is written with `+`, `00` or `011` before its calling code, or with nothing. */
function listPhoneForms(text: string): (ExactForm | undefined)[] {
  if (/[@a-z]{4}/i.test(text) && !/\d{3}/.test(text)) return [];
  const digits = text.length > VALUE_CHARACTERS_MAX ? '' : text.replace(/\D/g, '');
  if (digits.length < PHONE_DIGITS_MIN) return [];
  const isDigitsAlone = /^[\s\d()+.\-/]*$/.test(text);
  return [readPhoneForm(text), ...(isDigitsAlone ? [buildPhoneForm(digits.replace(/^(?:00|011)/, ''))] : [])];
}
