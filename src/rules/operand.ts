import { isRichValue, normalOf, textOf } from '../variables/rich-value.ts';

/** Nothing, an empty or white text, an empty array or object, or an array of such (spec behaviour 5.2). */
export function isBlank(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isBlankMember) : isBlankMember(value);
}

/** Arrays inside arrays are not followed: their depth is the sender's choice. */
function isBlankMember(value: unknown): boolean {
  const normal = normalOf(value);
  if (normal === undefined || normal === null) return true;
  // A number that could not be read is as blank as what was submitted.
  if (typeof normal === 'string' || Number.isNaN(normal)) return !HAS_INK.test(textOf(value));
  if (typeof normal !== 'object') return false;
  return Object.keys(normal).length === 0;
}

const HAS_INK = /\S/;

/** The text as comparisons see it: without outer space, without case; `''` for nothing and for plain objects. */
export function foldedText(value: unknown): string {
  return textOf(value).trim().toLowerCase();
}

/** A component of a rich value (`valid`, `min`, `avg`); undefined when the value is not rich or has none. */
export function componentOf(value: unknown, name: string): unknown {
  return isRichValue(value) ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}
