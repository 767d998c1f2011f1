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
 * The faults of a shape as problems: dotted paths, one sentence each that names the remedy. Faults that only repeat
 * another one (the branches of a choice, the conditions around a requirement) are left out.
 */
export function problemsOfFaults(faults: readonly ShapeFault[]): Problem[] {
  const problems: Problem[] = [];
  for (const fault of faults) {
    if (REPETITIONS.has(fault.keyword) || isBranchOfChoice(fault)) continue;
    const path = parsePointer(fault.instancePath);
    if (fault.keyword === 'required') {
      for (const name of listParam(fault, 'requiredProperties')) problems.push(missing(path, name));
    } else if (fault.keyword === 'additionalProperties') {
      for (const name of listParam(fault, 'additionalProperties')) problems.push(unexpected(path, name));
    } else {
      problems.push({
        path: path.join('.'),
        message: writeSentence(fault, path.findLast((name) => !IS_PLACE.test(name)) ?? ''),
      });
    }
  }
  return problems;
}

const REPETITIONS = new Set(['if', 'allOf', 'not', 'dependentSchemas']);

function isBranchOfChoice(fault: ShapeFault): boolean {
  return fault.schemaPath.includes('/anyOf/');
}

/** A member of a list has the sentences of its list. */
const IS_PLACE = /^\d+$/;

function missing(owner: readonly string[], name: string): Problem {
  return { path: [...owner, name].join('.'), message: 'Is required.' };
}

function unexpected(owner: readonly string[], name: string): Problem {
  return { path: [...owner, name].join('.'), message: UNKNOWN[owner.at(-1) ?? ''] ?? 'Unknown property.' };
}

function writeSentence(fault: ShapeFault, property: string): string {
  if (fault.says !== undefined) return fault.says;
  const sentence = SENTENCES[fault.keyword];
  return sentence ? sentence(fault, property) : 'The format is wrong.';
}

const SENTENCES: Record<string, (fault: ShapeFault, property: string) => string> = {
  type: (fault) => `Must be ${KINDS[String(param(fault, 'type'))] ?? 'of another kind'}.`,
  enum: (fault) => `Must be one of ${listParam(fault, 'allowedValues').join(', ')}.`,
  minLength: () => 'Must not be empty.',
  maxLength: (fault) => `Must not be longer than ${String(param(fault, 'limit'))} characters.`,
  minItems: (_fault, property) =>
    LISTS_REQUIRED.has(property)
      ? 'Must have at least one entry.'
      : 'Must have at least one entry; leave it out or give null to have none.',
  maxItems: (fault) => `Must not have more than ${String(param(fault, 'limit'))} entries.`,
  minimum: (fault) => `Must be at least ${String(param(fault, 'limit'))}.`,
  exclusiveMinimum: (fault) => `Must be more than ${String(param(fault, 'limit'))}.`,
  maximum: (fault) => `Must be at most ${String(param(fault, 'limit'))}.`,
  pattern: (_fault, property) => FORMS[property] ?? 'The format is wrong.',
  anyOf: (_fault, property) => CHOICES[property] ?? 'The type is wrong.',
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

function param(fault: ShapeFault, name: string): unknown {
  return Object.entries(fault.params).find(([key]) => key === name)?.[1];
}

function listParam(fault: ShapeFault, name: string): string[] {
  const value = param(fault, name);
  return Array.isArray(value) ? value.map(String) : [];
}
