/**
 * JSON with the members of every object in the order of their names, so that equal values have equal texts, in whatever
 * order their members were made. Of values that nest as deep as JSON that was read, which is bounded.
 */
export function stringifyOrdered(value: unknown): string {
  return JSON.stringify(orderMembers(value));
}

function orderMembers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(orderMembers);
  // Without a prototype `__proto__` is a name like any other.
  const ordered: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    ordered[name] = orderMembers(member);
  }
  return ordered;
}
