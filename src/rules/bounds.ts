import { textOf } from '../variables/rich-value.ts';
import { componentOf } from './operand.ts';
import { SCALES } from './scales.ts';

/** The two ends of a range on one scale, both inside it. An open range (`18+`) ends at infinity. */
export interface Bounds {
  low: number;
  high: number;
}

/** Longer texts are no ranges: every dash is tried as the one between the ends. */
const RANGE_CHARACTERS_MAX = 128;

/**
 * The range a right side stands for, on each scale of `SCALES` (undefined where it is none there): `18-65`, `18 to 65`,
 * `18+`, `0830-1645`, `2026-01-01-2026-02-01`, `2026-01-01T00:00:00.000Z-2026-02-01T00:00:00.000Z`, a single value, a
 * list of the two ends, or a typed range.
 */
export function readBounds(value: unknown): readonly (Bounds | undefined)[] {
  return SCALES.map((scale, index) => {
    if (Array.isArray(value)) return value.length === 2 ? between(scale(value[0]), scale(value[1])) : undefined;
    const typed = index === 0 ? readTypedBounds(value) : undefined;
    return typed ?? readTextBounds(textOf(value).trim(), scale);
  });
}

/** The ends of a typed range; undefined when the value is not one or was not understood. */
export function readTypedBounds(value: unknown): Bounds | undefined {
  const low = componentOf(value, 'min');
  if (typeof low !== 'number') return undefined;
  const high = componentOf(value, 'max');
  return { low, high: typeof high === 'number' ? high : Number.POSITIVE_INFINITY };
}

function readTextBounds(text: string, scale: (value: unknown) => number | undefined): Bounds | undefined {
  if (text === '' || text.length > RANGE_CHARACTERS_MAX) return undefined;
  if (text.endsWith('+')) return between(scale(text.slice(0, -1)), Number.POSITIVE_INFINITY);
  const single = scale(text);
  if (single !== undefined) return between(single, single);
  for (const separator of text.matchAll(/\s+to\s+|[-–]/gi)) {
    const low = scale(text.slice(0, separator.index));
    const high = scale(text.slice(separator.index + separator[0].length));
    if (low !== undefined && high !== undefined) return { low, high };
  }
  return undefined;
}

function between(low: number | undefined, high: number | undefined): Bounds | undefined {
  return low === undefined || high === undefined ? undefined : { low, high };
}
