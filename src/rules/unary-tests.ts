import { normalOf } from '../variables/rich-value.ts';
import { componentOf, isBlank } from './operand.ts';

/** True as a boolean or as the text `true`; other spellings (`yes`, `1`) are for the boolean type to read. */
export function saysTrue(left: unknown): boolean {
  return says(left, true);
}

export function saysFalse(left: unknown): boolean {
  return says(left, false);
}

function says(left: unknown, expected: boolean): boolean {
  const normal = normalOf(left);
  if (typeof normal === 'boolean') return normal === expected;
  // Longer texts are not looked at: neither word can be in them but for white space.
  return typeof normal === 'string' && normal.length < 64 && normal.trim().toLowerCase() === String(expected);
}

/** Not blank, and not marked invalid by its type: plain texts and numbers have no format to break (spec modules d). */
export function hasValidFormat(left: unknown): boolean {
  return !isBlank(left) && !isMarkedInvalid(left);
}

/** Not blank, and marked invalid by its type (decision 19). */
export function hasInvalidFormat(left: unknown): boolean {
  return !isBlank(left) && isMarkedInvalid(left);
}

/** A list is invalid when one of its members is. */
function isMarkedInvalid(left: unknown): boolean {
  const members = Array.isArray(left) ? left : [left];
  return members.some((member) => componentOf(member, 'valid') === false);
}
