import { OPERATOR_NAMES, type OperatorName } from '../model/operator.ts';

/** The pair each operator is offered with (spec api 11.2); `compare` is two pairs. */
const PAIRS = {
  'is equal to': 'equal',
  'is not equal to': 'equal',
  'is less than': 'compare',
  'is less than or equal to': 'compare',
  'is greater than': 'compare',
  'is greater than or equal to': 'compare',
  'is between': 'between',
  'is not between': 'between',
  'is included in': 'includedIn',
  'is not included in': 'includedIn',
  includes: 'includes',
  'does not include': 'includes',
  'matches pattern': 'pattern',
  'does not match pattern': 'pattern',
  'is blank': 'blank',
  'is not blank': 'blank',
  'is true': 'true',
  'is not true': 'true',
  'is false': 'false',
  'is not false': 'false',
  'format is valid': 'format',
  'format is invalid': 'format',
  'is obscene': 'obscene',
  'is not obscene': 'obscene',
} as const satisfies Record<OperatorName, string>;

/** The operators of the named pairs, in that order, positive first. */
export function operatorPairs(...pairs: (typeof PAIRS)[OperatorName][]): OperatorName[] {
  return pairs.flatMap((pair) => OPERATOR_NAMES.filter((name) => PAIRS[name] === pair));
}
