import { readPhoneNumber } from '../field-types/phone-number.ts';
import { textOf } from '../variables/rich-value.ts';

export const LIST_TYPES = ['phone', 'email', 'text'] as const;
export type ListType = (typeof LIST_TYPES)[number];

/**
 * The one form in which a list knows a value (decision 4), `''` for a blank one, which is not looked up: a phone
 * written five ways is one phone, everything else is trimmed and in lower case. A phone is its international number;
 * one that cannot be read is its text, so that a list never mixes it up with another.
 */
export function normaliseListValue(value: unknown, type: ListType): string {
  // The number as submitted: the normal form of a foreign phone has lost its country.
  const text = (type === 'phone' ? submittedText(value) : textOf(value)).trim().toLowerCase();
  return type === 'phone' ? phoneForm(text) : text;
}

function submittedText(value: unknown): string {
  const raw = value instanceof String ? Object.getOwnPropertyDescriptor(value, 'raw')?.value : undefined;
  return typeof raw === 'string' ? raw : textOf(value);
}

/** A letter behind the number says which phone it is (`w` for work) and is no part of it. */
const KIND_OF_PHONE = /\s*(?:\([hwcm]\)|[hwcm])$/;
const KIND_CHARACTERS_MAX = 16;

function phoneForm(text: string): string {
  const end = text.slice(-KIND_CHARACTERS_MAX);
  const number = text.slice(0, text.length - (KIND_OF_PHONE.exec(end)?.[0].length ?? 0));
  const reading = readPhoneNumber(number);
  if (reading === undefined) return text;
  const { callingCode, national, extension } = reading;
  return `+${callingCode}${national}${extension === null ? '' : `x${extension}`}`;
}
