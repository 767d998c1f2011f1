import { type ListForm, readListValue } from './normalise-list-value.ts';

/** How columns are called that have values of a type. */
const NAMES: Readonly<Record<string, RegExp>> = {
  phone: /phone|mobile|cell|\btel|msisdn|^number$/i,
  email: /e-?mail/i,
  postal_code: /zip|postal|postcode|plz/i,
  contact: /phone|mobile|cell|\btel|msisdn|e-?mail|contact/i,
  text: /^(?:value|values|item|items|key|entry|md5|hash|e-?mail(?:[ _]address)?|phone(?:[ _]number)?|phone_1)$/i,
};

/** What an import looks for in a file to tell which column has the values of a list. */
export function soughtValues(form: ListForm): { fits(value: string): boolean; names: RegExp; isAnything: boolean } {
  const [type = 'text'] = form.split('+');
  return {
    fits: (value) => readListValue(value, form) !== null,
    names: NAMES[type] ?? /value/i,
    isAnything: type === 'text',
  };
}

const KINDS: Readonly<Record<string, string>> = {
  phone: 'not a phone',
  email: 'not an e-mail address',
  postal_code: 'not a postal code',
  contact: 'neither a phone nor an e-mail address',
  text: 'blank or too long',
};

/** Why a value is not entered. */
export function reasonOfRejection(value: string, form: ListForm): string {
  if (value.trim() === '') return 'blank';
  const [type = 'text'] = form.split('+');
  return KINDS[type] ?? 'not a value of this list';
}
