import { fail, ok, type Result } from '../lib/result.ts';
import { compileLookup } from '../variables/lookup.ts';
import { parsePath } from '../variables/property-path.ts';
import { isTruthy, textOf } from '../variables/rich-value.ts';
import { type Evaluation, isExhausted, spend, spendOnMembers } from './evaluation.ts';
import { factorial, MATH_FUNCTIONS, toNumber } from './math-functions.ts';
import { EXPRESSION_CHARACTERS_MAX, type MathFault, type MathToken, readMathTokens } from './math-tokens.ts';

/** A compiled expression of `math`. */
export interface MathExpression {
  variables: readonly string[];
  /** A finite number, or a boolean from a comparison; null for anything else. Never throws. */
  evaluate(evaluation: Evaluation): number | boolean | null;
}

/**
 * Compiles the grammar of spec behaviour 5.6: ternary, `or`, `and`, comparisons, `+ - ||` (`||` joins texts),
 * `* / %`, prefix `-`, `+`, `not` and functions, `^` from the right, postfix `!`, calls, lists and grouping. Our own
 * parser, because the usual one reads prototype members, draws its own random numbers and gives no position.
 */
export function compileMath(expression: string): Result<MathExpression, string> {
  const tokens = readMathTokens(expression);
  if (!tokens.ok) return fail(writeSentence(tokens.error));
  const parser: Parser = { tokens: tokens.value, next: 0, depth: 0, variables: new Set(), fault: undefined };
  const calculate = parseTernary(parser);
  const unread = parser.tokens[parser.next];
  if (unread) refuse(parser, `"${unread.value}" cannot stand here`);
  if (parser.fault) return fail(writeSentence(parser.fault));
  return ok({
    variables: [...parser.variables],
    evaluate: (evaluation) => checkResult(calculate(evaluation)),
  });
}

function writeSentence({ message, at }: MathFault): string {
  return `The expression cannot be read at character ${at + 1}: ${message.replace(/\.$/, '')}.`;
}

function checkResult(value: unknown): number | boolean | null {
  if (typeof value === 'boolean') return value;
  const number = toNumber(value);
  return Number.isFinite(number) ? number : null;
}

type Calculate = (evaluation: Evaluation) => unknown;

interface Parser {
  readonly tokens: readonly MathToken[];
  next: number;
  /** How many parentheses, prefixes and exponents are open. */
  depth: number;
  readonly variables: Set<string>;
  fault: MathFault | undefined;
}

const DEPTH_MAX = 100;
const NOTHING: Calculate = () => undefined;

function refuse(parser: Parser, message: string): Calculate {
  parser.fault ??= { message, at: parser.tokens[parser.next]?.at ?? endOf(parser) };
  // Nothing more is read, so every loop ends.
  parser.next = parser.tokens.length;
  return NOTHING;
}

function endOf({ tokens }: Parser): number {
  return Math.min(tokens.at(-1)?.at ?? 0, EXPRESSION_CHARACTERS_MAX);
}

/** Reads one of the operators if it comes next. */
function accept(parser: Parser, operators: readonly string[]): string | undefined {
  const token = parser.tokens[parser.next];
  if (token?.kind !== 'operator' || !operators.includes(token.value)) return undefined;
  parser.next += 1;
  return token.value;
}

function expect(parser: Parser, operator: string): void {
  if (!accept(parser, [operator])) refuse(parser, `"${operator}" is missing`);
}

function deeper(parser: Parser, parse: (parser: Parser) => Calculate): Calculate {
  parser.depth += 1;
  const calculate = parser.depth > DEPTH_MAX ? refuse(parser, 'it is nested too deeply') : parse(parser);
  parser.depth -= 1;
  return calculate;
}

function parseTernary(parser: Parser): Calculate {
  const condition = parseLevel(parser, 0);
  if (!accept(parser, ['?'])) return condition;
  const then = deeper(parser, parseTernary);
  expect(parser, ':');
  const otherwise = deeper(parser, parseTernary);
  return (evaluation) => (isTruthy(condition(evaluation)) ? then(evaluation) : otherwise(evaluation));
}

type Combine = (left: unknown, right: unknown, evaluation: Evaluation) => unknown;

/** The binary operators, from the loosest level to the tightest; each level goes from the left. */
const LEVELS: readonly ReadonlyMap<string, Combine>[] = [
  new Map([['or', (left, right) => isTruthy(left) || isTruthy(right)]]),
  new Map([['and', (left, right) => isTruthy(left) && isTruthy(right)]]),
  new Map<string, Combine>([
    ['==', (left, right) => compare(left, right) === 0],
    ['!=', (left, right) => compare(left, right) !== 0],
    ['>=', (left, right) => compare(left, right) >= 0],
    ['<=', (left, right) => compare(left, right) <= 0],
    ['>', (left, right) => compare(left, right) > 0],
    ['<', (left, right) => compare(left, right) < 0],
  ]),
  new Map<string, Combine>([
    ['+', (left, right) => toNumber(left) + toNumber(right)],
    ['-', (left, right) => toNumber(left) - toNumber(right)],
    ['||', join],
  ]),
  new Map<string, Combine>([
    ['*', (left, right) => toNumber(left) * toNumber(right)],
    ['/', (left, right) => toNumber(left) / toNumber(right)],
    ['%', (left, right) => toNumber(left) % toNumber(right)],
  ]),
];

function parseLevel(parser: Parser, level: number): Calculate {
  const operators = LEVELS[level];
  if (!operators) return parsePrefix(parser);
  let calculate = parseLevel(parser, level + 1);
  for (;;) {
    const combine = operators.get(accept(parser, [...operators.keys()]) ?? '');
    if (!combine) return calculate;
    const left = calculate;
    const right = parseLevel(parser, level + 1);
    calculate = (evaluation) => {
      spend(evaluation);
      return combine(left(evaluation), right(evaluation), evaluation);
    };
  }
}

/** Below, at or above zero: numbers by size, texts by their characters. NaN, which only `!=` passes, for the rest. */
function compare(left: unknown, right: unknown): number {
  const [a, b] = [toNumber(left), toNumber(right)];
  if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  const [first, second] = [textOf(left), textOf(right)];
  if (first === second) return 0;
  const areTexts = Number.isNaN(a) && Number.isNaN(b) && first !== '' && second !== '';
  if (!areTexts) return Number.NaN;
  return first < second ? -1 : 1;
}

function join(left: unknown, right: unknown, evaluation: Evaluation): string {
  const text = textOf(left) + textOf(right);
  spend(evaluation, text.length);
  return isExhausted(evaluation) ? '' : text;
}

function parsePrefix(parser: Parser): Calculate {
  const operator = accept(parser, ['-', '+', 'not']);
  if (operator !== undefined) {
    const operand = deeper(parser, parsePrefix);
    if (operator === 'not') return (evaluation) => !isTruthy(operand(evaluation));
    const sign = operator === '-' ? -1 : 1;
    return (evaluation) => sign * toNumber(operand(evaluation));
  }
  return parsePrefixFunction(parser) ?? parseExponent(parser);
}

/** `sqrt 4`: a function of one argument without parentheses. */
function parsePrefixFunction(parser: Parser): Calculate | undefined {
  const [name, following] = parser.tokens.slice(parser.next, parser.next + 2);
  const called = name?.kind === 'name' ? MATH_FUNCTIONS.get(name.value) : undefined;
  if (called?.argumentsMax !== 1 || !following || (following.kind === 'operator' && following.value !== '-')) {
    return undefined;
  }
  parser.next += 1;
  const operand = deeper(parser, parsePrefix);
  return (evaluation) => called.run([operand(evaluation)], evaluation);
}

function parseExponent(parser: Parser): Calculate {
  const base = parsePostfix(parser);
  if (!accept(parser, ['^'])) return base;
  const exponent = deeper(parser, parsePrefix);
  return (evaluation) => toNumber(base(evaluation)) ** toNumber(exponent(evaluation));
}

function parsePostfix(parser: Parser): Calculate {
  let calculate = parsePrimary(parser);
  while (accept(parser, ['!'])) {
    const operand = calculate;
    calculate = (evaluation) => factorial(toNumber(operand(evaluation)));
  }
  return calculate;
}

const CONSTANTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['PI', Math.PI],
  ['E', Math.E],
  ['true', true],
  ['false', false],
]);

function parsePrimary(parser: Parser): Calculate {
  const token = parser.tokens[parser.next];
  if (!token) return refuse(parser, 'a value is missing');
  if (accept(parser, ['('])) {
    const inner = deeper(parser, parseTernary);
    expect(parser, ')');
    return inner;
  }
  if (accept(parser, ['['])) {
    const members = parseList(parser, ']');
    return (evaluation) => members.map((member) => member(evaluation));
  }
  if (token.kind === 'operator') return refuse(parser, `"${token.value}" stands where a value is missing`);
  return token.kind === 'name' ? parseName(parser, token.value) : parseConstant(parser, token.value);
}

function parseConstant(parser: Parser, value: unknown): Calculate {
  parser.next += 1;
  return () => value;
}

function parseName(parser: Parser, name: string): Calculate {
  const following = parser.tokens[parser.next + 1];
  if (following?.kind === 'operator' && following.value === '(') return parseCall(parser, name);
  if (CONSTANTS.has(name)) return parseConstant(parser, CONSTANTS.get(name));
  const segments = parsePath(name);
  if (!segments.ok) return refuse(parser, segments.error);
  parser.next += 1;
  parser.variables.add(segments.value.join('.'));
  const find = compileLookup(name);
  return (evaluation) => {
    const value = find(evaluation.vars);
    // A list that is taken for a number becomes text first.
    spendOnMembers(evaluation, value);
    return isExhausted(evaluation) ? undefined : value;
  };
}

function parseCall(parser: Parser, name: string): Calculate {
  const called = MATH_FUNCTIONS.get(name);
  if (!called)
    return refuse(parser, `there is no function "${name}": there are ${[...MATH_FUNCTIONS.keys()].join(', ')}`);
  parser.next += 2;
  const values = parseList(parser, ')');
  if (values.length < called.argumentsMin || values.length > called.argumentsMax) {
    return refuse(parser, `"${name}" has the wrong number of values`);
  }
  return (evaluation) => {
    spend(evaluation);
    return called.run(
      values.map((value) => value(evaluation)),
      evaluation,
    );
  };
}

function parseList(parser: Parser, closing: string): Calculate[] {
  if (accept(parser, [closing])) return [];
  const members = [deeper(parser, parseTernary)];
  while (accept(parser, [','])) members.push(deeper(parser, parseTernary));
  expect(parser, closing);
  return members;
}
