import { fail, ok, type Result } from '../lib/result.ts';
import type { Field } from '../model/field.ts';
import { FIELD_TYPE_NAMES } from '../model/field-type.ts';
import type { Problem } from '../model/problem.ts';

const ID_CHARACTERS_MAX = 100;
const NAME_CHARACTERS_MAX = 200;
const DESCRIPTION_CHARACTERS_MAX = 2_000;
/** `first_name`, `mortgage.loan.amount_acme`: names, dotted into groups. */
const ID = /^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/;

/** The definition of a custom field, or all that is wrong with it. */
export function parseField(body: unknown): Result<Field, Problem[]> {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    return fail([{ path: '', message: 'Must be a field: an object with id, name and type.' }]);
  }
  const given = new Map<string, unknown>(Object.entries(body));
  const type = FIELD_TYPE_NAMES.find((name) => name === given.get('type'));
  const id = given.get('id');
  const name = given.get('name');
  const description = given.get('description') ?? undefined;
  const problems = CHECKS.flatMap(([path, check]) => {
    const message = check(given.get(path) ?? undefined);
    return message === undefined ? [] : [{ path, message }];
  });
  for (const path of given.keys()) {
    if (!KNOWN.has(path)) problems.push({ path, message: `Is no property of a field: use ${[...KNOWN].join(', ')}.` });
  }
  if (problems.length > 0 || type === undefined || typeof id !== 'string' || typeof name !== 'string') {
    return fail(problems);
  }
  return ok({
    id,
    name,
    type,
    ...(typeof description === 'string' ? { description } : {}),
    aggregate: given.get('aggregate') !== false,
    ...(given.get('masked') === true ? { masked: true } : {}),
  });
}

/** What a field may be sent with; the read-only ones are ignored, so that an answer can be sent back. */
const KNOWN: ReadonlySet<string> = new Set([
  'id',
  'name',
  'type',
  'description',
  'aggregate',
  'masked',
  'standard',
  'deprecated',
  'see',
  'examples',
  'created_at',
  'updated_at',
]);

type Check = (value: unknown) => string | undefined;

/** Per property: what is wrong with a value; undefined: nothing. Null counts as absent. */
const CHECKS: readonly (readonly [string, Check])[] = [
  ['id', idFault],
  ['name', (value) => textFault(value, NAME_CHARACTERS_MAX) ?? (value === undefined ? 'Is required.' : undefined)],
  ['type', typeFault],
  ['description', (value) => (value === '' ? undefined : textFault(value, DESCRIPTION_CHARACTERS_MAX))],
  ['aggregate', flagFault],
  ['masked', flagFault],
];

function idFault(value: unknown): string | undefined {
  if (value === undefined) return 'Is required.';
  if (typeof value !== 'string' || value.length > ID_CHARACTERS_MAX || !ID.test(value)) {
    return `Must be made of letters, digits and underscores, with dots between groups, at most ${ID_CHARACTERS_MAX} characters.`;
  }
  if (value === 'id' || value.startsWith('id.')) return 'Must not be id, which every lead has of its own.';
  // Such a name would reach into the objects that hold a lead's variables.
  const reserved = value.split('.').find((segment) => segment in Object.prototype);
  return reserved === undefined ? undefined : `Must not use the reserved name ${reserved}.`;
}

function typeFault(value: unknown): string | undefined {
  return FIELD_TYPE_NAMES.some((name) => name === value) ? undefined : `Must be one of ${FIELD_TYPE_NAMES.join(', ')}.`;
}

function textFault(value: unknown, charactersMax: number): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.trim() === '') return 'Must be a text that is not empty.';
  return value.length > charactersMax ? `Must not be longer than ${charactersMax} characters.` : undefined;
}

function flagFault(value: unknown): string | undefined {
  return value === undefined || typeof value === 'boolean' ? undefined : 'Must be true or false.';
}
