import { fail, ok, type Result } from '../lib/result.ts';
import type { CredentialTypeName, CredentialValues } from '../model/credential.ts';
import type { Problem } from '../model/problem.ts';
import type { CredentialDefinition } from './credential-store.ts';
import { attributesOf, CREDENTIAL_TYPE_ROWS, type CredentialAttribute } from './credential-types.ts';

/** The body of a request: texts and numbers by the names of the table; null is as if it were not there. */
export type GivenCredential = { name: string; type: CredentialTypeName; package?: string | null } & Record<
  string,
  unknown
>;

interface ReadOptions {
  /** Secrets that are not given are not missing: they are stored already. */
  isChange: boolean;
  /** Why a URL cannot be asked; undefined: it can. */
  urlProblem(url: string): string | undefined;
}

/** What a request gives as what is stored, or what is wrong with it. */
export function readCredential(given: GivenCredential, options: ReadOptions): Result<CredentialDefinition, Problem[]> {
  const { type } = given;
  const problems = [...findForeign(given), ...findMissing(given, options), ...findInvalid(given, options)];
  if (problems.length > 0) return fail(problems);
  const settings: Record<string, string | number> = {};
  const secrets: Record<string, string | number> = {};
  for (const attribute of attributesOf(type)) {
    const value = readValue(given, attribute) ?? attribute.default;
    if (value !== undefined) (attribute.isSecret ? secrets : settings)[attribute.name] = value;
  }
  return ok({ name: given.name.trim(), type, package: given.package?.trim() || null, settings, secrets });
}

/** Attributes of other types, which would be stored for nothing. */
function findForeign(given: GivenCredential): Problem[] {
  const own = new Set(attributesOf(given.type).map(({ name }) => name));
  return ALL_ATTRIBUTES.filter((name) => !own.has(name) && (given[name] ?? null) !== null).map((name) => ({
    path: name,
    message: `A credential of the type ${given.type} has no ${name}: it takes ${[...own].join(', ')}.`,
  }));
}

/** Of every type, once each. */
const ALL_ATTRIBUTES: readonly string[] = [
  ...new Set(Object.values(CREDENTIAL_TYPE_ROWS).flatMap(({ attributes }) => attributes.map(({ name }) => name))),
];

function findMissing(given: GivenCredential, { isChange }: ReadOptions): Problem[] {
  const missing = attributesOf(given.type).filter(
    (attribute) => attribute.isRequired && isBlank(given[attribute.name]) && !(isChange && isKept(given, attribute)),
  );
  const problems = missing.map(({ name }) => ({ path: name, message: 'Is required.' }));
  if (isChange) return problems;
  const isAbsent = (name: string) => isBlank(given[name]);
  return [
    ...problems,
    ...ALTERNATIVES.filter(({ type, names }) => type === given.type && names.every(isAbsent)).map(({ names }) => ({
      path: names[0] ?? '',
      message: `Give ${names.join(' or ')}.`,
    })),
  ];
}

/** Types whose secrets stand for each other. */
const ALTERNATIVES: readonly { type: CredentialTypeName; names: readonly string[] }[] = [
  { type: 'azure', names: ['account_key', 'connection_string'] },
  { type: 'sftp', names: ['password', 'private_key'] },
];

/** A stored secret: null and nothing keep it, and a blank text does not. */
function isKept(given: GivenCredential, { name, isSecret }: CredentialAttribute): boolean {
  return isSecret === true && (given[name] ?? null) === null;
}

function isBlank(value: unknown): boolean {
  return (value ?? null) === null || value === '';
}

function findInvalid(given: GivenCredential, { urlProblem }: ReadOptions): Problem[] {
  return attributesOf(given.type).flatMap((attribute): Problem[] => {
    const value = given[attribute.name];
    if (isBlank(value)) return [];
    const message = problemOf(attribute, { value, urlProblem });
    return message === undefined ? [] : [{ path: attribute.name, message }];
  });
}

const PORT_MAX = 65_535;

function problemOf(
  attribute: CredentialAttribute,
  { value, urlProblem }: { value: unknown } & Pick<ReadOptions, 'urlProblem'>,
): string | undefined {
  const { choices, isPort, isUrl, hasLines, name } = attribute;
  if (isPort)
    return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= PORT_MAX
      ? undefined
      : `Must be a whole number from 1 to ${PORT_MAX}.`;
  if (typeof value !== 'string') return 'Must be a text.';
  if (choices) return choices.includes(value) ? undefined : `Must be one of ${choices.join(', ')}.`;
  if (isUrl) {
    const problem = urlProblem(value.trim());
    if (problem !== undefined) return `${problem}.`;
    const { username, password } = new URL(value.trim());
    // Answers show URLs.
    return username || password ? 'Must not contain a user name or a password.' : undefined;
  }
  // A line break in a header would begin another one.
  if (!hasLines && /\p{Cc}/u.test(value)) return 'Must not contain line breaks or other control characters.';
  if (name === 'parameter' && !PARAMETER.test(value)) return 'Must be the name of a header or a parameter.';
  return undefined;
}

/** RFC 9110, token. */
const PARAMETER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

function readValue(given: GivenCredential, { name, isSecret, isUrl, isPort }: CredentialAttribute) {
  const value = given[name];
  if (isPort && typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  // A secret is what was given, to the last blank; '' takes an optional one away.
  if (isSecret) return value;
  return (isUrl ? value.trim() : value) || undefined;
}

/** The stored secrets with those that are given. */
export function mergeSecrets(stored: CredentialValues, given: CredentialValues): CredentialValues {
  return Object.fromEntries(Object.entries({ ...stored, ...given }).filter(([, value]) => value !== ''));
}
