import { replaceMarkedValues } from './marked-values.ts';

/**
 * A list of mail addresses of a template (decision page 0086): what was inserted can be an address or a name, and never
 * a second address; a sender of leads must not choose who else gets mail.
 */
export function separateAddressValues(marked: string): string {
  return replaceMarkedValues(marked, (value) => value.replace(SEPARATORS, ' '));
}

const SEPARATORS = /[",;<>\p{Cc}\u2028\u2029]+/gu;
