import { normalOf, textOf } from '../variables/rich-value.ts';

/** Names of a path. */
const DEPTH_MAX = 20;
const VALUE_CHARACTERS_MAX = 200;

/**
 * The value of a property of an event as a text, cut where it is long; null: it has none, or one with parts of its own. A name
 * may have dots in it, as ids of fields do: `vars.lead.mortgage.loan.amount`.
 */
export function readPath(event: Readonly<Record<string, unknown>>, property: string): string | null {
  const value = normalOf(valueAt(event, property.split('.')));
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object') return textOf(value).slice(0, VALUE_CHARACTERS_MAX);
  return null;
}

function valueAt(value: unknown, names: readonly string[]): unknown {
  if (names.length === 0) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (let taken = 1; taken <= Math.min(names.length, DEPTH_MAX); taken += 1) {
    const name = names.slice(0, taken).join('.');
    if (!Object.hasOwn(value, name)) continue;
    const found = valueAt(Object.getOwnPropertyDescriptor(value, name)?.value, names.slice(taken));
    if (found !== undefined) return found;
  }
  return undefined;
}
