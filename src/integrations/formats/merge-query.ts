import { isPlainObject } from '../../variables/rich-value.ts';

/**
 * Lays the query over the body's values: a query value replaces the body's, but two lists are merged place by place.
 * The names of the query are flat, dots and all. Beside a body that is a list, a scalar or null the query is lost.
 * Changes and answers the body. (Spec modules b; fixtures `?a=9` over `{"a":[1,2]}`, `?b=2` beside `<lead/>`.)
 */
export function mergeQuery(body: unknown, query: Record<string, unknown>): unknown {
  if (!isPlainObject(body)) return body;
  for (const name of Object.keys(query)) {
    const above = query[name];
    const below = Object.hasOwn(body, name) ? body[name] : undefined;
    body[name] = Array.isArray(above) && Array.isArray(below) ? [...above, ...below.slice(above.length)] : above;
  }
  return body;
}
