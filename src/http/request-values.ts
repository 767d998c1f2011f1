import { isId } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Query } from './api.ts';
import { type ApiError, apiError } from './errors.ts';

/** A 24-hex id of the URL, in lower case as ids are kept. */
export function idParam(params: Readonly<Record<string, string>>, name: string): Result<string, ApiError> {
  const value = params[name] ?? '';
  if (isId(value)) return ok(value.toLowerCase());
  return fail(apiError('malformed_id', `The ${name} in the URL must have 24 hexadecimal characters.`));
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
