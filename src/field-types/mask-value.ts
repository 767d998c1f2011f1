import { isRichValue } from '../variables/rich-value.ts';
import { type Properties, richText } from './rich-value.ts';
import { starOut } from './star-out.ts';

/** As in `normalizeValue`: what is deeper is left out, so no secret hides there. */
const DEPTH_MAX = 64;

/**
 * A clone in which every maskable value (one that carries `masked: false`: an SSN, a credential, a date of birth) is
 * masked: each character of its text and components becomes a star, `valid` is kept and `masked` is true
 * (spec modules d). A date of birth keeps year and age. Looks into objects and arrays. What holds nothing to mask is
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

function isMaskable(value: object): value is { masked: false } {
  return Object.hasOwn(value, 'masked') && (value as { masked: unknown }).masked === false; // hasOwn says it is there
}

function maskWhole(value: object): unknown {
  const properties = value as Properties; // read by the names of its own properties
  // An age of 0 is not kept (spec modules d, measured).
  if (value instanceof Date && properties['age']) return maskBirth(properties);
  return starOut(value);
}

function maskBirth({ valid, age, year }: Properties): object {
  const text = `**/**/${year}`;
  return richText(text, { raw: text, valid, masked: true, age, year });
}
