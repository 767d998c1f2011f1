import type { Cap, PingLimit } from '../../../../src/model/cap.ts';

/** Random bytes, as `crypto.getRandomValues` gives them. */
export type RandomBytes = (count: number) => Uint8Array;

export const randomBytes: RandomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));

const ID_BYTES = 12;

/**
 * An id of a cap: 24 hexadecimal characters. A cap that is made here has one from the start, because one without an id would
 * be taken for a cap that was removed from the same place, and go on with its count.
 */
export function makeCapId(random: RandomBytes): string {
  return [...random(ID_BYTES)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function makeCap(random: RandomBytes): Cap {
  return { id: makeCapId(random), type: 'volume', maximum: 100, duration: 1, duration_units: 'day' };
}

export function makePingLimit(random: RandomBytes): PingLimit {
  return { id: makeCapId(random), maximum: 1_000, duration: 1, duration_units: 'day' };
}

/** The same cap as a new one: it and the caps in it count by themselves, from 0. */
export function copyCap(cap: Cap, random: RandomBytes): Cap {
  const { created_at: _made, ...others } = cap;
  return {
    ...others,
    id: makeCapId(random),
    ...(cap.name !== undefined && { name: `${cap.name} (copy)` }),
    ...(cap.caps && { caps: cap.caps.map((inner) => ({ ...copyCap(inner, random), ...nameOf(inner) })) }),
  };
}

function nameOf({ name }: Cap): Pick<Cap, 'name'> {
  return name === undefined ? {} : { name };
}
