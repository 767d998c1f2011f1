import type { Vars } from '../../src/model/vars.ts';

/**
 * Rule sets evaluated once more, as plainly as the specification describes them (spec behaviour 5.1 to 5.3, decisions 18 and
 * 19): nothing is compiled or shared with `src/rules`, whose programs must come to the same. It knows texts, numbers,
 * booleans, lists and nothing as values, and no templates.
 */
export interface PlainRule {
  lhv: string;
  op: string;
  rhv?: string | number | boolean | string[];
  rule_set?: PlainRuleSet;
}

export interface PlainRuleSet {
  op: 'and' | 'or';
  rules: (PlainRule | PlainRuleSet)[];
}

/** Why it fails; null: it passes. */
export function reasonAgainst(ruleSet: PlainRuleSet, vars: Vars): string | null {
  if (ruleSet.rules.length === 0) return null;
  const reasons = ruleSet.rules.map((entry) =>
    'rules' in entry ? reasonAgainst(entry, vars) : reasonAgainstRule(entry, vars),
  );
  // `and` reports the first failure, `or` joins all of them.
  if (ruleSet.op === 'and') return reasons.find((reason) => reason !== null) ?? null;
  return reasons.includes(null) ? null : reasons.join(' or ');
}

function reasonAgainstRule(rule: PlainRule, vars: Vars): string | null {
  const left = rule.lhv.split('.').reduce<unknown>((from, name) => (from as Vars | undefined)?.[name], vars);
  if (!holds(rule.op, left, rule.rhv)) {
    const right = rule.rhv === undefined ? '' : ` ${String(rule.rhv).trim()}`;
    return `${rule.lhv} ${PHRASES[rule.op]}${right}`;
  }
  return rule.rule_set ? reasonAgainst(rule.rule_set, vars) : null;
}

/** Decision 18: the operator in words that follow the label of the left side. */
const PHRASES: Record<string, string> = {
  'is equal to': 'must be equal to',
  'is not equal to': 'must not be equal to',
  'is less than': 'must be less than',
  'is less than or equal to': 'must be less than or equal to',
  'is greater than': 'must be greater than',
  'is greater than or equal to': 'must be greater than or equal to',
  'is between': 'must be between',
  'is not between': 'must not be between',
  'is included in': 'must be included in',
  'is not included in': 'must not be included in',
  includes: 'must include',
  'does not include': 'must not include',
  'matches pattern': 'must match pattern',
  'does not match pattern': 'must not match pattern',
  'is blank': 'must be blank',
  'is not blank': 'must not be blank',
  'is true': 'must be true',
  'is false': 'must be false',
  'is not true': 'must not be true',
  'is not false': 'must not be false',
};

export const PLAIN_OPERATORS = Object.keys(PHRASES);

/** Each negation is the opposite of its operator, for blank left sides too (decision 19). */
export const NEGATIONS: Record<string, string> = {
  'is not equal to': 'is equal to',
  'is not between': 'is between',
  'is not included in': 'is included in',
  'does not include': 'includes',
  'does not match pattern': 'matches pattern',
  'is not blank': 'is blank',
  'is not true': 'is true',
  'is not false': 'is false',
};

function holds(op: string, left: unknown, right: PlainRule['rhv']): boolean {
  const negated = NEGATIONS[op];
  if (negated !== undefined) return !holds(negated, left, right);
  if (op === 'is blank') return isBlank(left);
  if (isBlank(left)) return false;
  switch (op) {
    case 'is true':
      // A list says neither (assumed: the specification names text and booleans).
      return !Array.isArray(left) && text(left) === 'true';
    case 'is false':
      return !Array.isArray(left) && text(left) === 'false';
    case 'is equal to':
      return isEqual(left, right);
    case 'is between': {
      const [low = Number.NaN, high = Number.NaN] = String(right).split('-').map(Number);
      return number(left) >= low && number(left) <= high;
    }
    case 'is included in': {
      const members = Array.isArray(right) ? right : String(right).split(',');
      const texts = members.map(text);
      return Array.isArray(left) ? left.every((each) => texts.includes(text(each))) : texts.includes(text(left));
    }
    case 'includes':
      return Array.isArray(left) ? left.map(text).includes(text(right)) : text(left).includes(text(right));
    case 'matches pattern': {
      // The patterns generated mean the same to JavaScript; case never matters (decision 20).
      const pattern = new RegExp(String(right), 'i');
      return Array.isArray(left)
        ? left.some((each) => !isBlank(each) && pattern.test(String(each)))
        : pattern.test(String(left));
    }
    default:
      return compares(op, number(left), number(right));
  }
}

function isEqual(left: unknown, right: PlainRule['rhv']): boolean {
  if (Array.isArray(left) || Array.isArray(right)) return list(left).join('\n') === list(right).join('\n');
  if (typeof left === 'number' || typeof right === 'number') return number(left) === number(right);
  return text(left) === text(right);
}

function compares(op: string, left: number, right: number): boolean {
  if (op === 'is less than') return left < right;
  if (op === 'is less than or equal to') return left <= right;
  if (op === 'is greater than') return left > right;
  return left >= right;
}

function isBlank(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isBlank);
  return value === undefined || value === null || String(value).trim() === '';
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value).trim().toLowerCase();
}

/** NaN for what is no number, which compares with nothing. */
function number(value: unknown): number {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()))
    ? Number(value)
    : Number.NaN;
}

/** Lists are compared after sorting; a text is read as a list with commas (spec behaviour 5.2). */
function list(value: unknown): string[] {
  const members = Array.isArray(value) ? value : String(value).split(',');
  return members.map(text).sort();
}
