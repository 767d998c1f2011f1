import { findFieldType } from '../field-types/field-types.ts';
import { parseValue } from '../field-types/parse-value.ts';
import { claimOf } from '../lint/claims.ts';
import type { Rule } from '../model/rule-set.ts';
import { operatorNamed } from '../rules/operators.ts';
import { compileLookup } from '../variables/lookup.ts';
import type { Condition } from './conditions.ts';
import type { Parameter } from './list-parameters.ts';
import { listedValues } from './listed-values.ts';
import type { NameVariable } from './name-variables.ts';

/** Values that are tried for one parameter. */
const CANDIDATES_MAX = 40;

/**
 * Returns a value of a parameter that the rules about it alone accept, as far as one is found: what rules list, ends of
 * their ranges, examples of the type. The same page always has the same values.
 */
export function chooseSample(
  { fills, param }: Parameter,
  {
    conditions,
    nameVariable,
    now,
    timeZone,
  }: { conditions: readonly Condition[]; nameVariable: NameVariable; now: number; timeZone: string },
): string {
  const [first] = fills;
  if (!first) return param?.examples[0] ?? 'example';
  if (!first.isWhole) return firstWord(first.field.name);
  const { field } = first;
  const rules = conditions.flatMap((condition) => {
    if (condition.kind !== 'rule') return [];
    const named = typeof condition.rule.lhv === 'string' ? nameVariable(condition.rule.lhv.trim()) : null;
    return named?.field?.id === field.id ? [condition] : [];
  });
  const examples = EXAMPLES.get(field.id) ?? findFieldType(field.type)?.examples ?? [`${field.name} 1`];
  const candidates = [...rules.flatMap(({ rule }) => valuesWanted(rule)), ...examples, ...SPARE].slice(
    0,
    CANDIDATES_MAX,
  );
  const path = `lead.${field.id}`;
  const passes = (candidate: string) => {
    const value = parseValue(field.type, candidate, { now, timeZone });
    return rules.every((condition) => holds(condition, { value, path }));
  };
  return candidates.find(passes) ?? candidates[0] ?? '';
}

/** Standard fields whose type alone says little. */
const EXAMPLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['email', ['jane.doe@example.com']],
  ['first_name', ['Jane']],
  ['last_name', ['Doe']],
  ['postal_code', ['78704']],
]);

/** Where no example passes. */
const SPARE = ['1', '10', '100', '1000', '2', 'true', 'other', '1980-04-15', '2000-01-31'];

function firstWord(label: string): string {
  return label.split(' ')[0] ?? label;
}

function valuesWanted(rule: Rule): string[] {
  const says = claimOf(rule)?.says;
  if (says?.kind === 'one-of')
    return rule.op === 'is true' ? ['true'] : rule.op === 'is false' ? ['false'] : listedValues(rule);
  if (says?.kind !== 'range' || says.scale !== 0) return [];
  const { low, high } = says.bounds;
  if (Number.isFinite(low) && Number.isFinite(high)) return [String((low + high) / 2), String(low), String(high)];
  return [low, low + 1, high, high - 1].filter(Number.isFinite).map(String);
}

function holds(
  condition: { rule: Rule; isNegated: boolean },
  { value, path }: { value: unknown; path: string },
): boolean {
  const { rule, isNegated } = condition;
  const operator = operatorNamed(String(rule.op));
  if (!operator || typeof rule.lhv !== 'string') return true;
  const below = rule.lhv.trim().slice(path.length + 1);
  const left = below === '' ? value : compileLookup(`value.${below}`)({ value });
  if (operator.arity === 'unary') return operator.test(left) !== isNegated;
  if (typeof rule.rhv === 'string' && rule.rhv.includes('{{')) return true;
  const prepared = operator.prepare(rule.rhv);
  return !prepared.ok || prepared.value(left) !== isNegated;
}
