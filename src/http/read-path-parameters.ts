import { type TSchema, Type } from 'typebox';
import { isId } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { type ApiError, apiError } from './errors.ts';

/** One `:name` of a path. */
export interface PathParameter {
  schema: TSchema;
  /** The value as it is kept; undefined: there can be nothing of this name. */
  parse(text: string): string | undefined;
  /** What it must have, for the error; null: it refuses no text. */
  form: string | null;
}

export type PathParameterTable = Readonly<Record<string, PathParameter>>;

export type PathParametersOf<Table extends PathParameterTable> = { [Name in keyof Table]: string };

/** A 24-hex id, in lower case as ids are kept. */
export function idInPath(description: string): PathParameter {
  return {
    schema: Type.String({ pattern: '^[0-9a-fA-F]{24}$', description }),
    parse: (text) => (isId(text) ? text.toLowerCase() : undefined),
    form: 'must have 24 hexadecimal characters',
  };
}

/** A number from 1 on. */
export function numberInPath(description: string): PathParameter {
  return {
    schema: Type.String({ pattern: '^[1-9][0-9]{0,8}$', description }),
    parse: (text) => (/^[1-9][0-9]{0,8}$/.test(text) ? text : undefined),
    form: 'must be a whole number from 1 on',
  };
}

/** A name that people give: any text may be one. */
export function nameInPath(description: string): PathParameter {
  return { schema: Type.String({ description }), parse: (text) => text, form: null };
}

/**
 * The parameters of a path. Anything else in the place of an id is a URL that does not exist (decision 0038):
 * `/events/summary` asks for a route, not for an event.
 */
export function readPathParameters<Table extends PathParameterTable>(
  table: Table,
  given: Readonly<Record<string, string>>,
): Result<PathParametersOf<Table>, ApiError> {
  const values: Record<string, string> = {};
  for (const [name, parameter] of Object.entries(table)) {
    const value = parameter.parse(given[name] ?? '');
    if (value === undefined) return fail(nothingHere(name, parameter));
    values[name] = value;
  }
  // Each name of the table has its value.
  return ok(values as PathParametersOf<Table>);
}

function nothingHere(name: string, { form }: PathParameter): ApiError {
  return apiError('not_found', `There is nothing at this URL; its ${name} ${form}.`);
}
