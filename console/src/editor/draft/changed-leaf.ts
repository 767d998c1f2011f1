/** As deep as two documents are compared: a flow is not as deep (rule sets have 32 levels). */
const DEPTH_MAX = 200;

/**
 * The place of the one text or number that differs, as `steps.2.reason`; null: more differs than one of them, or something else.
 * Parts that are the same object are not looked at, so it costs what was changed.
 */
export function findChangedLeaf(before: unknown, after: unknown): string | null {
  const places: string[] = [];
  let one: unknown = before;
  let other: unknown = after;
  while (places.length < DEPTH_MAX) {
    if (isLeaf(one) && isLeaf(other)) return one === other ? null : places.join('.');
    if (!isParent(one) || !isParent(other) || Array.isArray(one) !== Array.isArray(other)) return null;
    const key = findOnlyKey(one, other);
    if (key === null) return null;
    places.push(key);
    one = one[key];
    other = other[key];
  }
  return null;
}

type Parent = Readonly<Record<string, unknown>>;

function isParent(value: unknown): value is Parent {
  return typeof value === 'object' && value !== null;
}

/** What a person types. */
function isLeaf(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function findOnlyKey(one: Parent, other: Parent): string | null {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  const changed = [...keys].filter((key) => one[key] !== other[key]);
  return changed.length === 1 ? (changed[0] ?? null) : null;
}
