/**
 * The rule operators (spec behaviour 5.2), each followed by its negation where it has one. What is to be said of every
 * operator is a record keyed by `OperatorName`, so that the compiler names the places a new one has to fill
 * (CONTRIBUTING.md, adding an operator).
 */
export const OPERATOR_NAMES = [
  'is equal to',
  'is not equal to',
  'is less than',
  'is less than or equal to',
  'is greater than',
  'is greater than or equal to',
  'is between',
  'is not between',
  'is included in',
  'is not included in',
  'includes',
  'does not include',
  'matches pattern',
  'does not match pattern',
  'is blank',
  'is not blank',
  'is true',
  'is not true',
  'is false',
  'is not false',
  'format is valid',
  'format is invalid',
  'is obscene',
  'is not obscene',
] as const;

export type OperatorName = (typeof OPERATOR_NAMES)[number];

export function isOperatorName(op: unknown): op is OperatorName {
  return NAMES.has(op);
}

const NAMES: ReadonlySet<unknown> = new Set(OPERATOR_NAMES);
