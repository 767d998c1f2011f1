import type { OperatorName } from '../../../../src/model/operator.ts';

/** What stands at the right side of an operator: nothing, one value, several, two ends, or a pattern. */
export type RightSide = 'none' | 'value' | 'list' | 'range' | 'pattern';

export interface OperatorWords {
  right: RightSide;
  /** Between the left side and the right one in a sentence: `State is TX`. The select has the name of the API. */
  clause: string;
}

/** How each operator is said and filled in. */
export const OPERATOR_WORDS: Readonly<Record<OperatorName, OperatorWords>> = {
  'is equal to': { right: 'value', clause: 'is' },
  'is not equal to': { right: 'value', clause: 'is not' },
  'is less than': { right: 'value', clause: 'is less than' },
  'is less than or equal to': { right: 'value', clause: 'is at most' },
  'is greater than': { right: 'value', clause: 'is greater than' },
  'is greater than or equal to': { right: 'value', clause: 'is at least' },
  'is between': { right: 'range', clause: 'is between' },
  'is not between': { right: 'range', clause: 'is not between' },
  'is included in': { right: 'list', clause: 'is' },
  'is not included in': { right: 'list', clause: 'is not' },
  includes: { right: 'value', clause: 'includes' },
  'does not include': { right: 'value', clause: 'does not include' },
  'matches pattern': { right: 'pattern', clause: 'matches' },
  'does not match pattern': { right: 'pattern', clause: 'does not match' },
  'is blank': { right: 'none', clause: 'is blank' },
  'is not blank': { right: 'none', clause: 'is not blank' },
  'is true': { right: 'none', clause: 'is true' },
  'is not true': { right: 'none', clause: 'is not true' },
  'is false': { right: 'none', clause: 'is false' },
  'is not false': { right: 'none', clause: 'is not false' },
  'format is valid': { right: 'none', clause: 'has a valid format' },
  'format is invalid': { right: 'none', clause: 'has an invalid format' },
  'is obscene': { right: 'none', clause: 'is obscene' },
  'is not obscene': { right: 'none', clause: 'is not obscene' },
};

/** undefined: the server knows no such operator. */
export function wordsOf(op: unknown): OperatorWords | undefined {
  return typeof op === 'string' && Object.hasOwn(OPERATOR_WORDS, op) ? OPERATOR_WORDS[op as OperatorName] : undefined;
}
