import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { isDeeperThan, isJsonObject } from '../flows/flow-json.ts';
import { problemsOfFaults } from '../flows/shape-sentences.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';

/** As deep as a flow document may nest; everything after this check may recurse. */
const LEVELS_MAX = 128;
const DETAILS_MAX = 100;

/** Reads bodies of one shape, or tells all that is wrong with one. A property that is null counts as absent. */
export function createBodyReader<Schema extends TSchema>(
  schema: Schema,
): (body: unknown) => Result<Static<Schema>, Problem[]> {
  const checker = Compile(schema);
  return (body) => {
    if (!isJsonObject(body)) return fail([{ path: '', message: 'Must be an object.' }]);
    if (isDeeperThan(body, LEVELS_MAX)) return fail([{ path: '', message: 'Is nested too deeply.' }]);
    const given: unknown = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
    if (checker.Check(given)) return ok(given);
    // Of a property nobody knows the checker tells twice.
    const faults = checker.Errors(given).filter(({ keyword }) => keyword !== 'boolean');
    return fail(problemsOfFaults(faults).slice(0, DETAILS_MAX));
  };
}
