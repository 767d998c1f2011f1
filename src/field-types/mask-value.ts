import { isRichValue } from '../variables/rich-value.ts';
import { type Properties, propertyNames, richText } from './rich-value.ts';
import { starOut } from './star-out.ts';

/** As in `normalizeValue`: what is deeper is left out, so no secret hides there. */
const DEPTH_MAX = 64;

/**
 * A clone in which every value that carries a `masked` that is not null (an SSN, a credential, a date of birth; a phone
 * that came with stars) is masked: each character of its text and components becomes a star, `valid` is kept and `masked` is true
 * (spec modules d). A date of birth keeps year and age, and what is masked already its text. Looks into objects and arrays. What holds nothing to mask is
 * not copied but shared, so the clone must not be written to.
 */
export function maskValue(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH_MAX) return undefined;
  if (isMaskable(value)) return maskWhole(value);
  if (isRichValue(value)) return value;
  if (Array.isArray(value)) {
    const members = value.map((member) => maskValue(member, depth + 1));
    return members.some((member, i) => member !== value[i]) ? members : value;
  }
  const entries = Object.entries(value);
  const masked = entries.map(([name, property]) => [name, maskValue(property, depth + 1)] as const);
  return masked.some(([, property], i) => property !== entries[i]?.[1]) ? Object.fromEntries(masked) : value;
}

function isMaskable(value: object): boolean {
  if (!Object.hasOwn(value, 'masked')) return false;
  const { masked } = value as { masked: unknown }; // hasOwn says it is there
  return masked !== null && masked !== undefined;
}

function maskWhole(value: object): unknown {
  const properties = value as Properties; // read by the names of its own properties
  // An age of 0 is not kept (spec modules d, measured).
  if (value instanceof Date && properties['age']) return maskBirth(properties);
  if (!(value instanceof String) || properties['masked'] !== true) return starOut(value);
  // Masked before: a text that still shows something was written so (`713555****`, measured).
  const isBirth = value.valueOf() === birthText(properties);
  return isBirth ? value : richText(value.valueOf(), starsFor(value));
}

function maskBirth({ valid, age, year }: Properties): object {
  const text = birthText({ year });
  return richText(text, { raw: text, valid, masked: true, age, year });
}

function birthText({ year }: Properties): string {
  return `**/**/${year}`;
}

/** The components of a boxed text as stars. */
function starsFor(value: object): Properties {
  const masked = starOut(value) as Properties; // of a rich value comes a rich value
  return Object.fromEntries(propertyNames(masked).map((name) => [name, masked[name]]));
}
