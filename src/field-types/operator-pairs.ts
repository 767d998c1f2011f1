import type { OperatorName } from '../model/operator.ts';

/** Operators by the name of their pair, positive first (spec api 11.2); `compare` is two pairs. */
const PAIRS = {
  equal: ['is equal to', 'is not equal to'],
  compare: ['is less than', 'is less than or equal to', 'is greater than', 'is greater than or equal to'],
  blank: ['is blank', 'is not blank'],
  obscene: ['is obscene', 'is not obscene'],
  format: ['format is valid', 'format is invalid'],
  includes: ['includes', 'does not include'],
  includedIn: ['is included in', 'is not included in'],
  between: ['is between', 'is not between'],
  pattern: ['matches pattern', 'does not match pattern'],
  true: ['is true', 'is not true'],
  false: ['is false', 'is not false'],
} as const satisfies Record<string, readonly OperatorName[]>;

/** The operators of the named pairs, in that order. */
export function operatorPairs(...names: (keyof typeof PAIRS)[]): OperatorName[] {
  return names.flatMap((name) => PAIRS[name]);
}
