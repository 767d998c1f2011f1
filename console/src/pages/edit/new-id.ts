/** 24 hexadecimal characters, as ids have (`5fd4371e940df5a34a3888b2`). */
export function makeId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Of these two the id says who it is, and not which place of the flow. */
const KEPT = new Set(['entity']);
/** Deeper than any flow. */
const DEPTH_MAX = 200;

/** A copy whose steps, caps, prices, rules and mappings have ids of their own: a counter or a history belongs to an id. */
export function withNewIds<Value>(value: Value, make: () => string, depth = 0): Value {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return value;
  // The shape is that of `value`: only ids differ.
  if (Array.isArray(value)) return value.map((each: unknown) => withNewIds(each, make, depth + 1)) as Value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => {
      if (name === 'id' && typeof part === 'string') return [name, make()];
      return [name, KEPT.has(name) ? part : withNewIds(part, make, depth + 1)];
    }),
  ) as Value;
}
