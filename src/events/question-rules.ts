import { misspeltName } from '../lib/misspelt-name.ts';
import type { Problem } from '../model/problem.ts';

/** What questions have of the rules of flows, and what the documents say of rules in reports besides (spec behaviour 5.2). */
export interface QuestionRules {
  rules: unknown[];
  /** Names that nothing reads: a question has no place for a warning, and its answer would be one to another question. */
  problems: Problem[];
}

/** As deep as rule sets nest; what is deeper is refused by the compiler. */
const DEPTH_MAX = 32;

const OF_RULE = ['id', 'lhv', 'op', 'rhv', 'rule_set'] as const;
const OF_SET = ['id', 'op', 'rules'] as const;

/** How reports of the original spell two operators. */
const OTHER_SPELLINGS: ReadonlyMap<unknown, string> = new Map([
  ['is less than or equal', 'is less than or equal to'],
  ['is greater than or equal', 'is greater than or equal to'],
]);

/** The rules of a question as they are compiled. Places are `.rules.0`, as those of the compiler are. */
export function readQuestionRules(rules: readonly unknown[]): QuestionRules {
  const problems: Problem[] = [];
  return {
    rules: rules.map((rule, index) => readEntry(rule, { path: `.rules.${index}`, depth: 1, problems })),
    problems,
  };
}

interface Place {
  path: string;
  depth: number;
  problems: Problem[];
}

function readEntry(entry: unknown, place: Place): unknown {
  if (!isObject(entry) || place.depth > DEPTH_MAX) return entry;
  return 'rules' in entry ? readSet(entry, place) : readRule(entry, place);
}

function readSet(set: Record<string, unknown>, { path, depth, problems }: Place): unknown {
  addUnknownNames(set, OF_SET, { path, problems });
  const { rules } = set;
  if (!Array.isArray(rules)) return set;
  const inner = (index: number) => ({ path: `${path}.rules.${index}`, depth: depth + 1, problems });
  return { ...set, rules: rules.map((each, index) => readEntry(each, inner(index))) };
}

function readRule(rule: Record<string, unknown>, { path, depth, problems }: Place): unknown {
  addUnknownNames(rule, OF_RULE, { path, problems });
  const { lhv, rule_set: nested } = rule;
  const op = OTHER_SPELLINGS.get(rule['op']) ?? rule['op'];
  const inner = isObject(nested) ? readSet(nested, { path: `${path}.rule_set`, depth: depth + 1, problems }) : nested;
  const read = { ...rule, op, ...(nested === undefined ? {} : { rule_set: inner }) };
  if (op !== 'does not include' || typeof lhv !== 'string') return read;
  // What is blank does not include anything, and yet the documents have the rule fail.
  const isThere = { lhv, op: 'is not blank' };
  const others =
    isObject(inner) && inner['op'] === 'and' && Array.isArray(inner['rules']) ? inner['rules'] : [inner ?? []].flat();
  return { ...read, rule_set: { op: 'and', rules: [...others, isThere] } };
}

function addUnknownNames(
  object: Record<string, unknown>,
  known: readonly string[],
  { path, problems }: Pick<Place, 'path' | 'problems'>,
): void {
  for (const name of Object.keys(object).filter((each) => !known.includes(each))) {
    const near = misspeltName(name, known);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    problems.push({
      path: `${path}.${name.slice(0, NAME_CHARACTERS_MAX)}`,
      message: `Unknown name; this object has ${known.join(', ')}.${hint}`,
    });
  }
}

const NAME_CHARACTERS_MAX = 64;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
