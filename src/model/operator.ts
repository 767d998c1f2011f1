/** The rule operators: 14 binary, 10 unary and the obscene pair (spec behaviour 5.2). Each even row is followed by its negation. */
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
