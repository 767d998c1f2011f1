/** These stand first in each object, because they tell what it is. */
const FIRST = ['id', 'type', 'name', 'description', 'enabled', 'entity', 'module_id', 'property', 'op', 'lhv'];

/** JSON with its members in one order, so that two documents differ only where they mean different things. */
export function writeJson(value: unknown): string {
  return JSON.stringify(inOrder(value), null, 2) ?? '';
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(
    ([one], [other]) => placeOf(one) - placeOf(other) || (one < other ? -1 : 1),
  );
  return Object.fromEntries(members.map(([name, member]) => [name, inOrder(member)]));
}

function placeOf(name: string): number {
  const place = FIRST.indexOf(name);
  return place < 0 ? FIRST.length : place;
}
