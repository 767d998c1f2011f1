import { DateTime } from 'luxon';
import { type TSchema, Type } from 'typebox';
import { isId, isShortId } from '../lib/ids.ts';
import { misspeltName } from '../lib/misspelt-name.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { Query } from './api.ts';
import { type ApiError, apiError } from './errors.ts';

/** One parameter of a question: how its texts become a value. The error is a sentence with the remedy. */
export interface Parameter<T> {
  /** What the reference and OpenAPI say of its values. */
  schema: TSchema;
  parse(texts: readonly string[]): Result<T, string>;
  /** The parameter that it is another name of: the two must not say different things. */
  sameAs?: string;
}

export type ParameterTable = Readonly<Record<string, Parameter<unknown>>>;

/** The values of a table of parameters; undefined: not given. */
export type ParametersOf<T extends ParameterTable> = {
  [Name in keyof T]: (T[Name] extends Parameter<infer Value> ? Value : never) | undefined;
};

/** The parameter with what it is for. */
export function about<T>(description: string, parameter: Parameter<T>): Parameter<T> {
  return { ...parameter, schema: { ...parameter.schema, description } };
}

/** What was given, by name: the texts of a parameter in order; none where all were blank. */
export type Given = ReadonlyMap<string, readonly string[]>;

/** Reads what was given by a table. One 400 lists all that is wrong, unknown names too. */
export function parseParameters<T extends ParameterTable>(table: T, given: Given): Result<ParametersOf<T>, ApiError> {
  const problems: Problem[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, texts] of given) {
    const parameter = Object.hasOwn(table, name) ? table[name] : undefined;
    if (parameter && texts.length === 0) continue;
    const parsed = parameter ? parameter.parse(texts) : fail(unknownName(name, Object.keys(table)));
    if (parsed.ok) values[name] = parsed.value;
    else problems.push({ path: name.slice(0, NAME_CHARACTERS_MAX), message: parsed.error });
  }
  for (const [name, { sameAs }] of Object.entries(table)) {
    if (sameAs === undefined || values[name] === undefined || values[sameAs] === undefined) continue;
    if (values[name] !== values[sameAs])
      problems.push({
        path: name,
        message: `${name} and ${sameAs} are one parameter and were given different values: give one.`,
      });
  }
  // Each name of the table holds what its row parsed.
  return problems.length === 0 ? ok(values as ParametersOf<T>) : fail(malformedQuery(problems));
}

/** A name is repeated in the answer up to here. */
const NAME_CHARACTERS_MAX = 64;

function unknownName(name: string, known: readonly string[]): string {
  const near = misspeltName(name, known);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  const allowed = known.length === 0 ? 'this URL takes none' : `this URL takes ${known.join(', ')}`;
  return `Unknown parameter; ${allowed}.${hint}`;
}

/** The 400 for parameters that are wrong, each with its place and the remedy. */
export function malformedQuery(problems: readonly Problem[]): ApiError {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return apiError('malformed_query', `${first?.path}: ${first?.message}${more}`, problems);
}

/** `a=1&a=2` and `a[]=1&a[]=2` are one parameter; a blank text is as good as none. */
export function givenByQuery(query: Query): Given {
  const given = new Map<string, string[]>();
  for (const [name, value] of Object.entries(query)) {
    const texts = (typeof value === 'string' ? [value] : (value ?? [])).filter((text) => text.trim() !== '');
    const plain = name.endsWith('[]') ? name.slice(0, -2) : name;
    given.set(plain, [...(given.get(plain) ?? []), ...texts]);
  }
  return given;
}

/** The same of a JSON body: lists of texts are the texts, what has a form of its own is given as JSON. */
export function givenByBody(body: object): Given {
  return new Map(
    Object.entries(body).map(([name, value]) => [name, textsOf(value).filter((text) => text.trim() !== '')]),
  );
}

function textsOf(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value) && value.every(isScalar)) return value.map(String);
  return isScalar(value) ? [String(value)] : [JSON.stringify(value)];
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Members of one parameter that takes several. */
const LIST_MEMBERS_MAX = 100;

/** Several texts, repeated or with commas between. */
export function list(): Parameter<string[]> {
  return {
    schema: buildListSchema(Type.String()),
    parse(texts) {
      const members = texts.flatMap((text) => text.split(',')).map((text) => text.trim());
      const given = members.filter((text) => text !== '');
      return given.length <= LIST_MEMBERS_MAX ? ok(given) : fail(`Give at most ${LIST_MEMBERS_MAX} values.`);
    },
  };
}

/** Several of these values. */
export function listOf(allowed: readonly string[]): Parameter<string[]> {
  return checkedList((text) => (allowed.includes(text) ? text : undefined), {
    schema: Type.Enum([...allowed]),
    refusal: `Must be one of ${allowed.join(', ')}.`,
  });
}

/** Several 24-hex ids, in lower case as ids are kept. */
export function idList(): Parameter<string[]> {
  return checkedList(idOf, { schema: ID, refusal: MALFORMED_ID });
}

/** Several six-character ids of steps, in lower case: case makes no difference. */
export function stepIdList(): Parameter<string[]> {
  return checkedList((text) => (isShortId(text) ? text.toLowerCase() : undefined), {
    schema: Type.String({ pattern: '^[0-9a-zA-Z]{6}$' }),
    refusal: 'Must have six letters or digits.',
  });
}

export function id(): Parameter<string> {
  return one((text) => idOf(text.trim()), { schema: ID, refusal: MALFORMED_ID });
}

const ID = Type.String({ pattern: '^[0-9a-fA-F]{24}$' });
const MALFORMED_ID = 'Must have 24 hexadecimal characters.';

function idOf(text: string): string | undefined {
  return isId(text) ? text.toLowerCase() : undefined;
}

export function oneOf<const Value extends string>(allowed: readonly Value[]): Parameter<Value> {
  return one((text) => allowed.find((value) => value === text), {
    schema: Type.Enum([...allowed]),
    refusal: `Must be one of ${allowed.join(', ')}.`,
  });
}

/** One text as it is, commas and all. */
export function text({ charactersMax }: { charactersMax: number }): Parameter<string> {
  return one((given) => (given.length <= charactersMax && !UNSTORABLE.test(given) ? given : undefined), {
    schema: Type.String({ maxLength: charactersMax }),
    refusal: `Must have at most ${charactersMax} characters, none of them NUL or half a surrogate pair.`,
  });
}

/** No value has these characters, and the database refuses them. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** A whole number within bounds. */
export function integer({ min, max }: { min: number; max: number }): Parameter<number> {
  return one(
    (text) => {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
    {
      schema: Type.Integer({ minimum: min, maximum: max }),
      refusal: `Must be a whole number from ${min} to ${max}.`,
    },
  );
}

/** The first instant of an ISO date or time, in epoch ms. Without a zone it is UTC. */
export function startOfTime(): Parameter<number> {
  return one((text) => instantOf(text)?.toMillis(), TIME_VALUES);
}

/** The last instant: that of the day, for a date. */
export function endOfTime(): Parameter<number> {
  return one((text) => (DATE.test(text) ? instantOf(text)?.endOf('day') : instantOf(text))?.toMillis(), TIME_VALUES);
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** A plus sign that was not encoded arrives as a blank. */
const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[ +-]\d{2}:?\d{2})?)?$/i;
const TIME_VALUES: Values = {
  schema: Type.String({ examples: ['2025-03-20', '2025-03-20T15:06:01Z'] }),
  refusal: 'Must be an ISO 8601 date or time, such as 2025-03-20 or 2025-03-20T15:06:01Z.',
};

function instantOf(text: string): DateTime | undefined {
  if (!TIME.test(text)) return undefined;
  const time = DateTime.fromISO(text.replace(' ', '+'), { zone: 'utc' });
  return time.isValid ? time : undefined;
}

/** What one value looks like, and the sentence about any other. */
interface Values {
  schema: TSchema;
  refusal: string;
}

function one<Value>(parse: (text: string) => Value | undefined, { schema, refusal }: Values): Parameter<Value> {
  return {
    schema,
    parse(texts) {
      const text = onlyText(texts);
      if (!text.ok) return text;
      const value = parse(text.value);
      return value === undefined ? fail(refusal) : ok(value);
    },
  };
}

/** The text of a parameter that takes one. Which of several was meant nobody knows, so they are refused; the same one twice is one. */
export function onlyText(texts: readonly string[]): Result<string, string> {
  const [text = ''] = texts;
  return texts.every((each) => each === text) ? ok(text) : fail(GIVEN_TWICE);
}

const GIVEN_TWICE = 'Takes one value and was given several: give one.';

function checkedList(parse: (text: string) => string | undefined, { schema, refusal }: Values): Parameter<string[]> {
  return {
    schema: buildListSchema(schema),
    parse(texts) {
      const members = list().parse(texts);
      if (!members.ok) return members;
      const values = members.value.flatMap((text) => parse(text) ?? []);
      return values.length === members.value.length ? ok(values) : fail(refusal);
    },
  };
}

function buildListSchema(member: TSchema): TSchema {
  return Type.Array(member, { maxItems: LIST_MEMBERS_MAX });
}
