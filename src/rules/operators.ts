import { assert } from '../lib/assert.ts';
import { ok } from '../lib/result.ts';
import type { OperatorName } from '../model/operator.ts';
import {
  type LeftTest,
  type PrepareRight,
  prepareBetween,
  prepareEqual,
  prepareGreater,
  prepareGreaterOrEqual,
  prepareIncludedIn,
  prepareIncludes,
  prepareLess,
  prepareLessOrEqual,
  prepareMatches,
} from './binary-tests.ts';
import { isObscene } from './obscene-words.ts';
import { isBlank } from './operand.ts';
import { hasInvalidFormat, hasValidFormat, saysFalse, saysTrue } from './unary-tests.ts';

export type Operator = UnaryOperator | BinaryOperator;

export interface UnaryOperator {
  arity: 'unary';
  name: OperatorName;
  phrase: string;
  test: LeftTest;
}

export interface BinaryOperator {
  arity: 'binary';
  name: OperatorName;
  phrase: string;
  prepare: PrepareRight;
  /** The answer where a lead's right side cannot be read: a positive operator fails, a negation passes. */
  unprepared: boolean;
}

/** The operator of this name; undefined when there is none. */
export function operatorNamed(name: string): Operator | undefined {
  return OPERATORS.get(name);
}

type Row = { name: OperatorName; phrase: string } & (
  | { test: LeftTest }
  | { prepare: PrepareRight }
  | { negates: OperatorName }
);

/**
 * The operators (spec behaviour 5.2), in the order of the model. `phrase` is the operator in a generated reason
 * (decision 18). A blank left side fails the positive operators and the comparisons, so it passes their negations
 * (decision 19); the format pair is no negation, because a blank value has no format at all.
 */
const ROWS: readonly Row[] = [
  { name: 'is equal to', phrase: 'must be equal to', prepare: prepareEqual },
  { name: 'is not equal to', phrase: 'must not be equal to', negates: 'is equal to' },
  { name: 'is less than', phrase: 'must be less than', prepare: prepareLess },
  { name: 'is less than or equal to', phrase: 'must be less than or equal to', prepare: prepareLessOrEqual },
  { name: 'is greater than', phrase: 'must be greater than', prepare: prepareGreater },
  { name: 'is greater than or equal to', phrase: 'must be greater than or equal to', prepare: prepareGreaterOrEqual },
  { name: 'is between', phrase: 'must be between', prepare: prepareBetween },
  { name: 'is not between', phrase: 'must not be between', negates: 'is between' },
  { name: 'is included in', phrase: 'must be included in', prepare: prepareIncludedIn },
  { name: 'is not included in', phrase: 'must not be included in', negates: 'is included in' },
  { name: 'includes', phrase: 'must include', prepare: prepareIncludes },
  { name: 'does not include', phrase: 'must not include', negates: 'includes' },
  { name: 'matches pattern', phrase: 'must match pattern', prepare: prepareMatches },
  { name: 'does not match pattern', phrase: 'must not match pattern', negates: 'matches pattern' },
  { name: 'is blank', phrase: 'must be blank', test: isBlank },
  { name: 'is not blank', phrase: 'must not be blank', negates: 'is blank' },
  { name: 'is true', phrase: 'must be true', test: saysTrue },
  { name: 'is not true', phrase: 'must not be true', negates: 'is true' },
  { name: 'is false', phrase: 'must be false', test: saysFalse },
  { name: 'is not false', phrase: 'must not be false', negates: 'is false' },
  { name: 'format is valid', phrase: 'format must be valid', test: hasValidFormat },
  { name: 'format is invalid', phrase: 'format must be invalid', test: hasInvalidFormat },
  { name: 'is obscene', phrase: 'must be obscene', test: isObscene },
  { name: 'is not obscene', phrase: 'must not be obscene', negates: 'is obscene' },
];

const OPERATORS: ReadonlyMap<string, Operator> = new Map(ROWS.map((row) => [row.name, operatorOf(row)]));

function operatorOf(row: Row): Operator {
  const { name, phrase } = row;
  if ('test' in row) return { arity: 'unary', name, phrase, test: row.test };
  if ('prepare' in row) return { arity: 'binary', name, phrase, prepare: row.prepare, unprepared: false };
  const positive = ROWS.find((other) => other.name === row.negates);
  assert(positive !== undefined, 'an operator negates another one of the table');
  return negationOf(operatorOf(positive), { name, phrase });
}

function negationOf(positive: Operator, { name, phrase }: { name: OperatorName; phrase: string }): Operator {
  if (positive.arity === 'unary') return { arity: 'unary', name, phrase, test: (left) => !positive.test(left) };
  const prepare: PrepareRight = (right) => {
    const prepared = positive.prepare(right);
    return prepared.ok ? ok((left) => !prepared.value(left)) : prepared;
  };
  return { arity: 'binary', name, phrase, prepare, unprepared: true };
}
