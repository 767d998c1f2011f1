import type { Vars } from '../../model/vars.ts';
import { isPlainObject } from '../../variables/rich-value.ts';

type Pair = [name: string, value: unknown];

/**
 * Values as `name=value&…`: nested objects under dotted names, each member of an array under the array's name, spaces
 * as %20. null, undefined and objects in arrays are sent empty (spec modules c2).
 */
export function encodeForm(values: Vars): string {
  return formPairs(values)
    .flatMap(([name, value]) =>
      Array.isArray(value) ? value.map((member): Pair => [name, member]) : [[name, value] as Pair],
    )
    .map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(scalarText(value))}`)
    .join('&');
}

/** The same with names as written and an array as one comma-joined value, for receivers that want `a[0]` literally. */
export function encodeFormWithRawNames(values: Vars): string {
  return formPairs(values)
    .map(
      ([name, value]) =>
        `${name}=${percentEncoded(Array.isArray(value) ? value.map(scalarText).join(',') : scalarText(value))}`,
    )
    .join('&');
}

/** Text percent-encoded as UTF-8; a lone surrogate, which has no UTF-8, becomes U+FFFD. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text.replace(LONE_SURROGATES, '\ufffd'));
}

const LONE_SURROGATES = /\p{Surrogate}/gu;

/** Leaves under dotted names; arrays are leaves. The depth of property values is bounded. */
function formPairs(values: Vars, prefix = ''): Pair[] {
  return Object.entries(values).flatMap(([name, value]): Pair[] => {
    const path = prefix + name;
    return isPlainObject(value) && Object.keys(value).length > 0 ? formPairs(value, `${path}.`) : [[path, value]];
  });
}

function scalarText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) ? String(value) : '';
}
