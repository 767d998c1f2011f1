/** As the server shows secrets of revisions. */
const HIDDEN = '[redacted]';

/**
 * A revision whose secrets the server hid, with those that both sides have in common: both have what they began with. Where they
 * differ nobody can tell who changed it, so it stays hidden, and the part is asked about.
 */
export function fillHidden(base: unknown, mine: unknown, theirs: unknown): unknown {
  if (base === HIDDEN) return typeof mine === 'string' && mine === theirs ? mine : base;
  if (Array.isArray(base))
    return base.map((member, index) =>
      fillHidden(member, findTwin(member, index, mine), findTwin(member, index, theirs)),
    );
  if (!isObject(base)) return base;
  return Object.fromEntries(
    Object.entries(base).map(([name, member]) => [
      name,
      fillHidden(member, memberOf(mine, name), memberOf(theirs, name)),
    ]),
  );
}

/** Is there a secret in it that the server hid? */
export function hasHidden(value: unknown): boolean {
  if (value === HIDDEN) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasHidden);
}

/** The same member of another list: by its id, else by its place. */
function findTwin(member: unknown, index: number, list: unknown): unknown {
  if (!Array.isArray(list)) return undefined;
  const id = memberOf(member, 'id');
  return id === undefined ? list[index] : list.find((each) => memberOf(each, 'id') === id);
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
