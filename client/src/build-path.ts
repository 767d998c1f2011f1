/** What a query may hold: lists are repeated, rules and the like go as JSON, dates as ISO 8601. */
export type QueryValue = string | number | boolean | Date | readonly unknown[];
export type Query = Readonly<Record<string, QueryValue | undefined>>;

/** `/flows/:id` and its parameters in order. Throws for one that would lead to another route. */
export function fillPath(path: string, values: readonly unknown[]): string {
  let next = 0;
  return path.replace(/:(\w+)/g, (_whole, name: string) => {
    const value = values[next++];
    if (typeof value !== 'string' || value === '' || value === '.' || value === '..') {
      throw new TypeError(`${name} must be a text, such as an id.`);
    }
    return encodeURIComponent(value);
  });
}

/**
 * `?a=1&a=2`, or the empty text. Throws for a blank value and an empty list: the server takes them for a filter that was
 * not given, and would answer everything.
 */
export function buildQuery(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : textsOf(name, value).map((text): [string, string] => [name, text]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

function textsOf(name: string, value: QueryValue): string[] {
  const isJson =
    Array.isArray(value) && value.some((member) => typeof member === 'object' && !(member instanceof Date));
  const texts = isJson ? [JSON.stringify(value)] : (Array.isArray(value) ? value : [value]).map(textOf);
  if (texts.length > 0 && texts.every((text) => text.trim() !== '')) return texts;
  throw new TypeError(`${name} is empty: leave it out, or give a value.`);
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
