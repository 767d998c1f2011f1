import { assert } from '../lib/assert.ts';
import { ok } from '../lib/result.ts';
import { OPERATOR_NAMES, type OperatorName } from '../model/operator.ts';
import {
  type LeftTest,
  type PrepareRight,
  prepareBetween,
  prepareEqual,
  prepareEqualsMember,
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

/** The same in a question about events, such as a report, an export or a query: lists equal what is in them. */
export function questionOperatorNamed(name: string): Operator | undefined {
  return OF_QUESTIONS.get(name) ?? operatorNamed(name);
}

/** The operator that passes exactly where this one fails, in both directions; undefined: there is none. */
export function findOpposite(name: string): OperatorName | undefined {
  return OPPOSITES.get(name);
}

type Row = { phrase: string } & ({ test: LeftTest } | { prepare: PrepareRight } | { negates: OperatorName });

/**
 * The operators (spec behaviour 5.2). `phrase` is the operator in a generated reason
 * (decision 18). A blank left side fails the positive operators and the comparisons, so it passes their negations
 * (decision 19); the format pair is no negation, because a blank value has no format at all.
 */
const ROWS: Readonly<Record<OperatorName, Row>> = {
  'is equal to': { phrase: 'must be equal to', prepare: prepareEqual },
  'is not equal to': { phrase: 'must not be equal to', negates: 'is equal to' },
  'is less than': { phrase: 'must be less than', prepare: prepareLess },
  'is less than or equal to': { phrase: 'must be less than or equal to', prepare: prepareLessOrEqual },
  'is greater than': { phrase: 'must be greater than', prepare: prepareGreater },
  'is greater than or equal to': { phrase: 'must be greater than or equal to', prepare: prepareGreaterOrEqual },
  'is between': { phrase: 'must be between', prepare: prepareBetween },
  'is not between': { phrase: 'must not be between', negates: 'is between' },
  'is included in': { phrase: 'must be included in', prepare: prepareIncludedIn },
  'is not included in': { phrase: 'must not be included in', negates: 'is included in' },
  includes: { phrase: 'must include', prepare: prepareIncludes },
  'does not include': { phrase: 'must not include', negates: 'includes' },
  'matches pattern': { phrase: 'must match pattern', prepare: prepareMatches },
  'does not match pattern': { phrase: 'must not match pattern', negates: 'matches pattern' },
  'is blank': { phrase: 'must be blank', test: isBlank },
  'is not blank': { phrase: 'must not be blank', negates: 'is blank' },
  'is true': { phrase: 'must be true', test: saysTrue },
  'is not true': { phrase: 'must not be true', negates: 'is true' },
  'is false': { phrase: 'must be false', test: saysFalse },
  'is not false': { phrase: 'must not be false', negates: 'is false' },
  'format is valid': { phrase: 'format must be valid', test: hasValidFormat },
  'format is invalid': { phrase: 'format must be invalid', test: hasInvalidFormat },
  'is obscene': { phrase: 'must be obscene', test: isObscene },
  'is not obscene': { phrase: 'must not be obscene', negates: 'is obscene' },
};

const OPERATORS: ReadonlyMap<string, Operator> = new Map(OPERATOR_NAMES.map((name) => [name, buildOperator(name)]));

const EQUALS_MEMBER: Operator = {
  ...buildOperator('is equal to'),
  arity: 'binary',
  prepare: prepareEqualsMember,
  unprepared: false,
};

const OF_QUESTIONS: ReadonlyMap<string, Operator> = new Map([
  ['is equal to', EQUALS_MEMBER],
  [
    'is not equal to',
    negateOperator(EQUALS_MEMBER, { name: 'is not equal to', phrase: ROWS['is not equal to'].phrase }),
  ],
]);

const OPPOSITES: ReadonlyMap<string, OperatorName> = new Map(
  OPERATOR_NAMES.flatMap((name): [string, OperatorName][] => {
    const row = ROWS[name];
    return 'negates' in row
      ? [
          [name, row.negates],
          [row.negates, name],
        ]
      : [];
  }),
);

function buildOperator(name: OperatorName): Operator {
  const row = ROWS[name];
  const { phrase } = row;
  if ('test' in row) return { arity: 'unary', name, phrase, test: row.test };
  if ('prepare' in row) return { arity: 'binary', name, phrase, prepare: row.prepare, unprepared: false };
  assert(!('negates' in ROWS[row.negates]), 'an operator negates one that is positive');
  return negateOperator(buildOperator(row.negates), { name, phrase });
}

function negateOperator(positive: Operator, { name, phrase }: { name: OperatorName; phrase: string }): Operator {
  if (positive.arity === 'unary') return { arity: 'unary', name, phrase, test: (left) => !positive.test(left) };
  const prepare: PrepareRight = (right) => {
    const prepared = positive.prepare(right);
    return prepared.ok ? ok((left) => !prepared.value(left)) : prepared;
  };
  return { arity: 'binary', name, phrase, prepare, unprepared: true };
}
