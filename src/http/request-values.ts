import { isId } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Query } from './api.ts';
import { type ApiError, apiError } from './errors.ts';

/**
 * A 24-hex id of the URL, in lower case as ids are kept. Anything else in its place is a URL that does not exist
 * (decision 0038): `/events/stats` asks for a route, not for an event.
 */
export function idParam(params: Readonly<Record<string, string>>, name: string): Result<string, ApiError> {
  const value = params[name] ?? '';
  if (isId(value)) return ok(value.toLowerCase());
  return fail(apiError('not_found', `There is nothing at this URL; its ${name} would have 24 hexadecimal characters.`));
}

/** The texts of a list in the query, written as `a=1&a=2`, `a[]=1` or `a=1,2`. */
export function listOf(query: Query, name: string): string[] {
  return [query[name], query[`${name}[]`]].flatMap((value) =>
    (typeof value === 'string' ? [value] : (value ?? []))
      .flatMap((texts) => texts.split(','))
      .map((text) => text.trim())
      .filter((text) => text !== ''),
  );
}

/** The one text of a query parameter; the first, when it is repeated; undefined: not given. */
export function textOf(query: Query, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' ? value : value?.[0];
}
