import type { Query } from './build-path.ts';

/** One page as the server answers it. */
export interface Page {
  entries: readonly unknown[];
  /** Where a search ended at its bound (`X-Scan-Truncated-At`); null: it looked at everything. */
  truncatedAt: string | null;
}

/** Entries a request, unless the query has a `limit`; the server gives at most 1 000. */
const LIMIT_DEFAULT = 200;

/**
 * Every entry of a list, page after page, each asked for when the one before is used up. `limit` is that of a page. The
 * property that pages go on by is always fetched, whatever `include` and `exclude` say.
 */
export async function* iteratePages(
  cursorProperty: string,
  { query, readPage }: { query: Query; readPage(query: Query): Promise<Page> },
): AsyncGenerator<unknown, void, undefined> {
  const limit = query['limit'] ?? LIMIT_DEFAULT;
  const cursorParameter = query['sort'] === 'asc' ? 'after_id' : 'before_id';
  let asked: Query = { ...query, ...withCursor(cursorProperty, query), limit };
  for (;;) {
    const { entries, truncatedAt } = await readPage(asked);
    yield* entries;
    const last = entries.length < Number(limit) ? truncatedAt : cursorOf(entries.at(-1), cursorProperty);
    if (last === null) return;
    // Each page begins behind the one before; a server that does not move would be asked for ever.
    if (last === asked[cursorParameter]) throw new Error(`The list does not go on behind ${cursorParameter} ${last}.`);
    asked = { ...asked, [cursorParameter]: last };
  }
}

function withCursor(property: string, { include, exclude }: Query): Query {
  const names = (value: unknown) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value);
  const [included, excluded] = [names(include), names(exclude)];
  if (Array.isArray(included)) return { include: [...new Set([...included, property])] };
  if (!Array.isArray(excluded)) return {};
  const others = excluded.filter((name) => name !== property);
  return { exclude: others.length > 0 ? others : undefined };
}

function cursorOf(entry: unknown, property: string): string {
  const cursor = typeof entry === 'object' && entry !== null ? Reflect.get(entry, property) : undefined;
  if (typeof cursor === 'string') return cursor;
  throw new Error(`An entry of the list has no ${property} to go on from.`);
}
