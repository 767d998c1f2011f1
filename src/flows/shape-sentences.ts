import { LIST_CHECK_NAMES } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';

/** What the schema checker reports of one fault; its own `message` is never shown. */
export interface ShapeFault {
  keyword: string;
  /** JSON pointer to the faulty value. */
  instancePath: string;
  schemaPath: string;
  params: object;
  /** The sentence for it, where its schema has one of its own. */
  says?: string;
}

/**
 * The faults of a shape as problems: dotted paths, one sentence each that names the remedy. Of a choice, what is wrong
 * in the branch that was meant is said; where none was, what the branches are. Faults that only repeat another one
 * (the conditions around a requirement) are left out.
 */
export function problemsOfFaults(faults: readonly ShapeFault[]): Problem[] {
  const choices = faults.filter(({ keyword }) => keyword === 'anyOf');
  const isInside = (fault: ShapeFault) => choices.some((choice) => branchOf(fault, choice) !== undefined);
  const problems = faults
    .filter((fault) => !isInside(fault))
    .flatMap((fault) => (fault.keyword === 'anyOf' ? problemsOfChoice(fault, faults) : problemsOfFault(fault)));
  // Branches with a property in common say the same of it.
  return problems.filter(
    ({ path, message }, index) => index === problems.findIndex((one) => one.path === path && one.message === message),
  );
}

/** Ends, because the faults of a branch are fewer than those of its choice. */
function problemsOfChoice(choice: ShapeFault, faults: readonly ShapeFault[]): Problem[] {
  const path = parsePointer(choice.instancePath);
  const own = choice.says ?? CHOICES[propertyOf(path)];
  if (own !== undefined) return [{ path: path.join('.'), message: own }];
  const branches = new Map<string, ShapeFault[]>();
  for (const fault of faults) {
    const branch = branchOf(fault, choice);
    if (branch !== undefined) branches.set(branch, [...(branches.get(branch) ?? []), fault]);
  }
  const others = [...branches.values()].map((branch) => branch.find((fault) => isOfAnotherKind(fault, choice)));
  const meant = [...branches.values()].filter((_, index) => others[index] === undefined);
  const nearest = meant.sort((one, other) => one.length - other.length)[0];
  if (nearest) return problemsOfFaults(nearest);
  return [choosing(others.filter((fault) => fault !== undefined))];
}

/** The branch of the choice that the fault is of, by its number; undefined: none. */
function branchOf(fault: ShapeFault, choice: ShapeFault): string | undefined {
  const [branches, value] = [`${choice.schemaPath}/anyOf/`, choice.instancePath];
  const isOfValue = fault.instancePath === value || fault.instancePath.startsWith(`${value}/`);
  if (!isOfValue || !fault.schemaPath.startsWith(branches)) return undefined;
  return fault.schemaPath.slice(branches.length).split('/')[0];
}

const KIND_KEYWORDS = new Set(['type', 'const', 'enum']);

/** Is the value of another kind than the branch, or does its own kind (`type: 'times'`) name another one? */
function isOfAnotherKind({ keyword, instancePath, schemaPath }: ShapeFault, choice: ShapeFault): boolean {
  if (instancePath === choice.instancePath) return KIND_KEYWORDS.has(keyword);
  const isMember = /^\/anyOf\/\d+\/properties\/[^/]+$/.test(schemaPath.slice(choice.schemaPath.length));
  return keyword === 'const' && isMember;
}

/** What the value may be. The kind of an object is said at its own place. */
function choosing(others: readonly ShapeFault[]): Problem {
  const deepest =
    others
      .map(({ instancePath }) => instancePath)
      .toSorted()
      .at(-1) ?? '';
  const named = others.filter(({ instancePath }) => instancePath === deepest);
  const values = named.flatMap((fault) => (fault.keyword === 'type' ? [] : allowedOf(fault)));
  const kinds = named.flatMap((fault) => (fault.keyword === 'type' ? [kindOf(fault)] : []));
  return { path: parsePointer(deepest).join('.'), message: sayChoice([...new Set(values)], [...new Set(kinds)]) };
}

function sayChoice(values: readonly string[], kinds: readonly string[]): string {
  if (values.length === 0) return `Must be ${joinWithOr(kinds)}.`;
  const listed = values.length === 1 ? (values[0] ?? '') : `one of ${values.join(', ')}`;
  return `Must be ${[listed, ...kinds].join(', or ')}.`;
}

function joinWithOr(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function problemsOfFault(fault: ShapeFault): Problem[] {
  if (REPETITIONS.has(fault.keyword)) return [];
  const path = parsePointer(fault.instancePath);
  if (fault.keyword === 'required')
    return listParam(fault, 'requiredProperties').map((name) => ({
      path: [...path, name].join('.'),
      message: 'Is required.',
    }));
  if (fault.keyword === 'additionalProperties')
    return listParam(fault, 'additionalProperties').map((name) => unexpected([...path, name]));
  // A closed object inside a choice.
  if (fault.keyword === 'boolean') return [unexpected(path)];
  return [{ path: path.join('.'), message: writeSentence(fault, propertyOf(path)) }];
}

const REPETITIONS = new Set(['if', 'allOf', 'not', 'dependentSchemas']);

/** The property that the sentences are of. */
function propertyOf(path: readonly string[]): string {
  return path.findLast((name) => !IS_PLACE.test(name)) ?? '';
}

/** A member of a list has the sentences of its list. */
const IS_PLACE = /^\d+$/;

function unexpected(path: readonly string[]): Problem {
  return { path: path.join('.'), message: UNKNOWN[path.at(-2) ?? ''] ?? 'Unknown property.' };
}

function writeSentence(fault: ShapeFault, property: string): string {
  if (fault.says !== undefined) return fault.says;
  const sentence = SENTENCES[fault.keyword];
  return sentence ? sentence(fault, property) : 'The format is wrong.';
}

const SENTENCES: Record<string, (fault: ShapeFault, property: string) => string> = {
  type: (fault) => `Must be ${kindOf(fault)}.`,
  enum: (fault) => sayChoice(allowedOf(fault), []),
  const: (fault) => sayChoice(allowedOf(fault), []),
  minLength: (fault) =>
    limitOf(fault) === 1 ? 'Must not be empty.' : `Must have at least ${limitOf(fault)} characters.`,
  maxLength: (fault) => `Must not be longer than ${limitOf(fault)} characters.`,
  minItems: (fault, property) => {
    if (limitOf(fault) > 1) return `Must have at least ${limitOf(fault)} entries.`;
    return LISTS_REQUIRED.has(property)
      ? 'Must have at least one entry.'
      : 'Must have at least one entry; leave it out or give null to have none.';
  },
  maxItems: (fault) => `Must not have more than ${limitOf(fault)} entries.`,
  uniqueItems: () => 'Must not have an entry twice.',
  minProperties: (fault) => `Must have at least ${limitOf(fault) === 1 ? 'one name' : `${limitOf(fault)} names`}.`,
  maxProperties: (fault) => `Must not have more than ${limitOf(fault)} names.`,
  minimum: (fault) => `Must be at least ${limitOf(fault)}.`,
  exclusiveMinimum: (fault) => `Must be more than ${limitOf(fault)}.`,
  maximum: (fault) => `Must be at most ${limitOf(fault)}.`,
  exclusiveMaximum: (fault) => `Must be less than ${limitOf(fault)}.`,
  pattern: (_fault, property) => FORMS[property] ?? 'The format is wrong.',
  format: (fault) => FORMATS[String(param(fault, 'format'))] ?? 'The format is wrong.',
};

/** Cannot be left out. */
const LISTS_REQUIRED = new Set(['recipients']);

/** Per property that takes no names but its own. */
const UNKNOWN: Record<string, string> = {
  list_checks: `Checks are ${LIST_CHECK_NAMES.join(', ')}.`,
};

const KINDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

/** Of JSON Schema. */
const FORMATS: Record<string, string> = {
  'date-time': 'Must be an ISO 8601 time, such as 2026-03-20T15:06:01Z.',
  date: 'Must be a day, such as 2026-03-20.',
  email: 'Must be an e-mail address.',
  uri: 'Must be a URL.',
};

const FORMS: Record<string, string> = {
  id: 'Must have 24 hexadecimal characters.',
  start: 'Must be a time of day such as 08:30.',
  end: 'Must be a time of day such as 17:00; 24:00 is the end of the day.',
};

const CHOICES: Record<string, string> = {
  rhv: 'Must be a text, a number, true, false or a list of texts.',
  values: 'Must be a template, or an object of a template in value and a list in list_name.',
  value: 'Must be a text, a number, true, false, null or a list of texts.',
};

/** `/steps/0/rule_set` → `['steps', '0', 'rule_set']` (RFC 6901). */
function parsePointer(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** `a number`. */
function kindOf(fault: ShapeFault): string {
  const types = [param(fault, 'type')].flat().map(String);
  return joinWithOr(types.map((type) => KINDS[type] ?? type));
}

function limitOf(fault: ShapeFault): number {
  return Number(param(fault, 'limit'));
}

function allowedOf(fault: ShapeFault): string[] {
  return fault.keyword === 'const' ? [String(param(fault, 'allowedValue'))] : listParam(fault, 'allowedValues');
}

function param(fault: ShapeFault, name: string): unknown {
  return Object.entries(fault.params).find(([key]) => key === name)?.[1];
}

function listParam(fault: ShapeFault, name: string): string[] {
  const value = param(fault, name);
  return Array.isArray(value) ? value.map(String) : [];
}
