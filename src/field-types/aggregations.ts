import type { Properties } from './rich-value.ts';

/**
 * What reports may keep of a value, by type (spec modules d, "Aggregations"). Each takes the JSON form of a value
 * and answers undefined when nothing is kept.
 */
export const keepNothing = (): undefined => undefined;

export function keepWhole(normalized: unknown): unknown {
  return normalized;
}

export function keepNormal(normalized: unknown): unknown {
  return isProperties(normalized) ? normalized['normal'] : normalized;
}

/** `2017-06-02`. */
export function keepDay(normalized: unknown): unknown {
  const instant = keepInstant(normalized);
  return typeof instant === 'string' ? instant.slice(0, 'YYYY-MM-DD'.length) : undefined;
}

/** The ISO text; a Date stands in the values that were not written yet. */
export function keepInstant(normalized: unknown): unknown {
  const normal = keepNormal(normalized);
  if (!(normal instanceof Date)) return normal;
  return Number.isNaN(normal.getTime()) ? undefined : normal.toISOString();
}

export function keepOnly(...names: string[]): (normalized: unknown) => unknown {
  return (normalized) => select(normalized, (name) => names.includes(name));
}

export function keepAllBut(...names: string[]): (normalized: unknown) => unknown {
  return (normalized) => select(normalized, (name) => !names.includes(name));
}

function select(normalized: unknown, isKept: (name: string) => boolean): Properties | undefined {
  if (!isProperties(normalized)) return undefined;
  return Object.fromEntries(Object.entries(normalized).filter(([name]) => isKept(name)));
}

function isProperties(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
