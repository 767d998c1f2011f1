import { fail, ok, type Result } from '../lib/result.ts';
import { type ApiError, apiError } from './errors.ts';

type JsonObject = Record<string, unknown>;

/** Picks properties of an answer. */
export type Selection = (whole: JsonObject) => JsonObject;

/** The properties that `include` names, or all but those `exclude` names (spec api 2.2); both is 400 (decision 15). */
export function selectionOf(named: {
  include?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
}): Result<Selection, ApiError> {
  const { include = [], exclude = [] } = named;
  if (include.length > 0 && exclude.length > 0) {
    return fail(apiError('malformed_query', 'Give include or exclude, not both.'));
  }
  if (include.length > 0) return ok(keeping((key) => include.includes(key)));
  return ok(exclude.length > 0 ? keeping((key) => !exclude.includes(key)) : (whole) => whole);
}

function keeping(isKept: (key: string) => boolean): Selection {
  return (whole) => Object.fromEntries(Object.entries(whole).filter(([key]) => isKept(key)));
}
