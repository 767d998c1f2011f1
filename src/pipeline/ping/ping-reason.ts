import type { FieldTypeName } from '../../model/field-type.ts';
import { isRichValue, normalOf } from '../../variables/rich-value.ts';
import { type RunPart, routeOf } from '../lead-run.ts';
import { fieldLookups } from '../write-lead.ts';

/** What says who somebody is. States and the like are in reasons of every kind: `State must be equal to Texas`. */
const OF_A_PERSON: ReadonlySet<string> = new Set<FieldTypeName>([
  ...(['first_name', 'last_name', 'street', 'email', 'phone', 'ssn', 'dob', 'ip'] as const),
]);

/** Values of fewer characters are in ordinary words. */
const CHARACTERS_MIN = 3;
const HIDDEN = '…';

/**
 * The reason of a ping as it is stored, without the names, addresses and numbers of its person: of a ping nothing else is kept that
 * tells whose it is (decision page 0098), so no erasure would find it. The sender is answered with the whole reason.
 */
export function hidePerson(run: RunPart<'route' | 'vars'>, reason: string): string {
  const known = fieldLookups(routeOf(run).flow).flatMap(({ field, find }) =>
    OF_A_PERSON.has(field.type) ? listForms(find(run.vars)).map((text) => ({ type: field.type, text })) : [],
  );
  // The longest first: a name may be a part of an address.
  const longest = known.toSorted((one, other) => other.text.length - one.text.length);
  return longest.reduce((left, { type, text }) => left.replace(patternOf(type, text), HIDDEN), reason);
}

/** As it was sent, and in its normal form. */
function listForms(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const forms = isRichValue(value) ? [String(value), String(normalOf(value) ?? '')] : [String(value)];
  return [...new Set(forms.map((form) => form.trim()))].filter((form) => form.length >= CHARACTERS_MIN);
}

/** Whole words in any letter case; a number with other marks, too. */
function patternOf(type: string, text: string): RegExp {
  const digits = text.replace(/\D/g, '');
  const isNumber = (type === 'phone' || type === 'ssn') && digits.length > CHARACTERS_MIN;
  const written = isNumber
    ? `[+(]{0,2}${[...digits].join('[\\s().+-]{0,3}')}`
    : text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${written}(?![\\p{L}\\p{N}])`, 'giu');
}
