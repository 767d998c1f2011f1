import { readEmailAddress } from '../field-types/email-address.ts';
import { readPhoneNumber } from '../field-types/phone-number.ts';
import { postalCodeType } from '../field-types/postal-code.ts';
import { textOf } from '../variables/rich-value.ts';

/** What the values of a list are. */
export const LIST_TYPES = ['phone', 'email', 'postal_code', 'contact', 'text'] as const;
export type ListType = (typeof LIST_TYPES)[number];

/** How a list knows its values; `+md5`: by their MD5, too, so that an MD5 stands for the value. */
export type ListForm = ListType | `${ListType}+md5`;

export function listForm({ type, isMd5 }: { type: ListType; isMd5: boolean }): ListForm {
  return isMd5 ? `${type}+md5` : type;
}

/** A form is what `listForm` makes. */
export function readForm(form: ListForm): { type: ListType; isMd5: boolean } {
  const type = LIST_TYPES.find((each) => form.startsWith(each)) ?? 'text';
  return { type, isMd5: form.endsWith('+md5') };
}

/** A longer value is on no list. */
export const VALUE_CHARACTERS_MAX = 1_000;

/*
 * Forms of lists that know MD5s begin with one of these; what makes the keyed hash reads them (`readListForm`). No value
 * has a NUL: leads are cleaned of them, and the API refuses them.
 */
const MD5_OF = '\0md5 of ';
const MD5 = '\0md5 ';

const HASH = /^[0-9a-f]{32}$/;

/**
 * The one form in which a list knows a value (decision 4), `''` for a blank one, which is not looked up: a phone
 * written five ways is one phone, everything else is trimmed and in lower case. A phone is its international number, a
 * postal code of the United States its five digits, a contact what it is as a phone or as an e-mail address. A value that
 * is none of the type is its text, so that a list never mixes it up with another.
 */
export function normaliseListValue(value: unknown, form: ListForm): string {
  const { type, isMd5 } = readForm(form);
  const text = textOfValue(value, type);
  if (isMd5 && HASH.test(text)) return `${MD5}${text}`;
  const normal = readAs[type](text) ?? text;
  return isMd5 && normal !== '' ? `${MD5_OF}${asOthersHash(normal, type)}` : normal;
}

/** The same for a value that is to be entered; null: it is none of the list's type, blank, or too long. */
export function readListValue(value: unknown, form: ListForm): string | null {
  const { type, isMd5 } = readForm(form);
  const text = textOfValue(value, type);
  if (text === '' || text.length > VALUE_CHARACTERS_MAX) return null;
  if (isMd5 && HASH.test(text)) return normaliseListValue(value, form);
  const normal = readAs[type](text);
  const isWhole = normal !== undefined && (type !== 'phone' || WHOLE_PHONE.test(normal));
  return isWhole ? normaliseListValue(value, form) : null;
}

/** Not masked, and longer than an id that is no phone. */
const WHOLE_PHONE = /^\+\d{8,}(?:x\d+)?$/;

/** A form, as what makes the keyed hash needs it: `md5Of` is to be hashed with MD5 first. */
export function readListForm(form: string): { text: string } | { md5Of: string } {
  if (form.startsWith(MD5_OF)) return { md5Of: form.slice(MD5_OF.length) };
  return { text: form };
}

/** The form of the value whose MD5 this is. */
export function formOfMd5(hash: string): string {
  return `${MD5}${hash}`;
}

function textOfValue(value: unknown, type: ListType): string {
  // The number as submitted: the normal form of a foreign phone has lost its country.
  const text = type === 'phone' || type === 'contact' ? submittedText(value) : textOf(value);
  return text.trim().toLowerCase();
}

function submittedText(value: unknown): string {
  const raw = value instanceof String ? Object.getOwnPropertyDescriptor(value, 'raw')?.value : undefined;
  return typeof raw === 'string' ? raw : textOf(value);
}

/** The normal form of a trimmed text in lower case; undefined: it is none of the type. */
const readAs: Readonly<Record<ListType, (text: string) => string | undefined>> = {
  phone: readPhone,
  email: readEmail,
  postal_code: readPostalCode,
  contact: readContact,
  text: (text) => (text === '' ? undefined : text),
};

/** A letter behind the number says which phone it is (`w` for work) and is no part of it. */
const KIND_OF_PHONE = /\s*(?:\([hwcm]\)|[hwcm])$/;
const KIND_CHARACTERS_MAX = 16;

function readPhone(text: string): string | undefined {
  const end = text.slice(-KIND_CHARACTERS_MAX);
  const number = text.slice(0, text.length - (KIND_OF_PHONE.exec(end)?.[0].length ?? 0));
  const reading = readPhoneNumber(number);
  if (reading === undefined) return undefined;
  const { callingCode, national, extension } = reading;
  return `+${callingCode}${national}${extension === null ? '' : `x${extension}`}`;
}

function readEmail(text: string): string | undefined {
  const address = readEmailAddress(text);
  return address === undefined ? undefined : `${address.user}@${address.domain}`.toLowerCase();
}

/** What is too short for a phone is a text, as in any list. */
function readContact(text: string): string | undefined {
  const address = readEmail(text);
  if (address !== undefined) return address;
  const phone = readPhone(text);
  return phone !== undefined && WHOLE_PHONE.test(phone) ? phone : undefined;
}

/** A suppressed area is five digits long: ZIP+4 is the ZIP it is in. */
function readPostalCode(text: string): string | undefined {
  if (text === '') return undefined;
  const code = postalCodeType.parse(text, NO_CONTEXT);
  if (!(code instanceof String) || Reflect.get(code, 'valid') !== true) return undefined;
  const zip: unknown = Reflect.get(code, 'zip');
  return (typeof zip === 'string' ? zip : code.toString().replaceAll(' ', '')).toLowerCase();
}

/** A postal code is read without knowing the time. */
const NO_CONTEXT = { now: 0, timeZone: 'UTC' };

/** What the MD5s that people exchange are of: ten digits of a North American phone, else its digits. */
function asOthersHash(normal: string, type: ListType): string {
  const isPhone = type === 'phone' || (type === 'contact' && WHOLE_PHONE.test(normal));
  return isPhone ? normal.replace(/^\+1?/, '') : normal;
}
