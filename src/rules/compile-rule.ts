import type { Result } from '../lib/result.ts';
import type { Sliced } from '../lib/slices.ts';
import { OPERATOR_NAMES } from '../model/operator.ts';
import type { Problem } from '../model/problem.ts';
import type { Rule } from '../model/rule-set.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import type { LeftTest } from './binary-tests.ts';
import { compileLeftSide, compileRightSide, type Side } from './compile-side.ts';
import type { LabelOf } from './label.ts';
import { isBlank } from './operand.ts';
import { type BinaryOperator, type Operator, operatorNamed, type UnaryOperator } from './operators.ts';
import { writeReason } from './reason.ts';
import type { RuleCatalogue } from './rule-catalogue.ts';
import { type RuleWork, spendOn, WORK_USED_UP } from './rule-work.ts';

/** Why it failed; null: it passed. */
export type Check = (vars: Vars, ctx: EvaluationContext, trace: RuleTrace | undefined) => string | null;

/** Called for each rule that was evaluated, with both sides as resolved (`right` undefined for unary operators). */
export interface RuleTrace {
  record(ruleIndex: number, left: unknown, right: unknown, passed: boolean): void;
}

export interface RuleCompiler {
  labelOf: LabelOf;
  catalogue: RuleCatalogue;
  problems: Problem[];
  /** What operators mean here; undefined: what they mean in flows. */
  operatorNamed?: (name: string) => Operator | undefined;
  /** Collects the variable paths the rules read. */
  variables: Set<string>;
  /** What the running evaluation may still read. Programs run to their end without a pause, so one is enough. */
  work: RuleWork;
}

export interface RulePlace {
  path: string;
  compiler: RuleCompiler;
}

/**
 * One rule without its nested rule set. Parts are compiled even when another one is wrong, so that an author sees all
 * problems of a rule at once.
 */
export function* compileRule(rule: Rule, place: RulePlace): Sliced<Check> {
  const { path, compiler } = place;
  const operator = compileOperator(rule.op, { ...place, path: `${path}.op` });
  const left = compileLeft(rule.lhv, { ...place, path: `${path}.lhv` });
  const label = left ? labelOfSide(left, compiler.labelOf) : '';
  const ruleIndex = compiler.catalogue.add({ path, lhv: rule.lhv, op: rule.op, rhv: rule.rhv, label });
  if (operator?.arity !== 'binary') {
    return operator === undefined || left === undefined
      ? FAILS
      : unaryCheck({ operator, left, label, ruleIndex, compiler });
  }
  const right = yield* compileRight(rule.rhv, { ...place, path: `${path}.rhv` });
  if (left === undefined || right === undefined) return FAILS;
  const parts = { operator, left, right, label, ruleIndex, compiler };
  return right.constant === undefined ? variableCheck(parts) : constantCheck(parts, { ...place, path: `${path}.rhv` });
}

function compileOperator(op: unknown, place: RulePlace): UnaryOperator | BinaryOperator | undefined {
  const named = place.compiler.operatorNamed ?? operatorNamed;
  const operator = typeof op === 'string' ? named(op) : undefined;
  if (operator === undefined) {
    const written = typeof op === 'string' ? `"${op.slice(0, 64)}" is not an operator` : 'The rule has no operator';
    refuse(place, `${written}: use one of ${OPERATOR_NAMES.join(', ')}.`);
  }
  return operator;
}

function compileLeft(lhv: unknown, place: RulePlace): Side | undefined {
  if (typeof lhv !== 'string' || isBlank(lhv)) {
    refuse(place, 'The rule has no left side: name a variable such as lead.state, or write a template.');
    return undefined;
  }
  return acceptSide(compileLeftSide(lhv), place);
}

function* compileRight(rhv: unknown, place: RulePlace): Sliced<Side | undefined> {
  if (isBlank(rhv)) {
    refuse(place, 'The rule has no right side: write what to compare with, or use "is blank" or "is not blank".');
    return undefined;
  }
  return acceptSide(yield* compileRightSide(rhv), place);
}

function acceptSide(side: Result<Side, string>, place: RulePlace): Side | undefined {
  if (!side.ok) {
    refuse(place, side.error);
    return undefined;
  }
  for (const variable of side.value.variables) place.compiler.variables.add(variable);
  return side.value;
}

interface Parts<Operator> {
  operator: Operator;
  left: Side;
  /** What a reason calls the left side. */
  label: string;
  ruleIndex: number;
  compiler: RuleCompiler;
}

function unaryCheck({ operator, left, label, ruleIndex, compiler }: Parts<UnaryOperator>): Check {
  const reason = writeReason({ label, phrase: operator.phrase });
  const { test } = operator;
  const { work } = compiler;
  return (vars, ctx, trace) => {
    const value = left.resolve(vars, ctx);
    if (!spendOn(value, work)) return WORK_USED_UP;
    const passed = test(value);
    trace?.record(ruleIndex, value, undefined, passed);
    return passed ? null : reason;
  };
}

/** The common rule: everything but the left side is known when the flow is compiled, even the reason. */
function constantCheck(parts: Parts<BinaryOperator> & { right: Side }, place: RulePlace): Check {
  const { operator, left, label, ruleIndex, compiler } = parts;
  const right = parts.right.constant;
  const prepared = operator.prepare(right);
  if (!prepared.ok) return refuse(place, `The right side of "${operator.name}" ${prepared.error}`);
  const reason = writeReason({ label, phrase: operator.phrase, right });
  const test = prepared.value;
  const { work } = compiler;
  return (vars, ctx, trace) => {
    const value = left.resolve(vars, ctx);
    if (!spendOn(value, work)) return WORK_USED_UP;
    const passed = test(value);
    trace?.record(ruleIndex, value, right, passed);
    return passed ? null : reason;
  };
}

function variableCheck(parts: Parts<BinaryOperator> & { right: Side }): Check {
  const { operator, left, right, label, ruleIndex, compiler } = parts;
  const { work } = compiler;
  const prepare = rememberLast((value) => {
    const prepared = operator.prepare(value);
    return prepared.ok ? prepared.value : () => operator.unprepared;
  });
  return (vars, ctx, trace) => {
    const value = left.resolve(vars, ctx);
    const rightValue = right.resolve(vars, ctx);
    if (!spendOn(value, work) || !spendOn(rightValue, work)) return WORK_USED_UP;
    const passed = prepare(rightValue)(value);
    trace?.record(ruleIndex, value, rightValue, passed);
    return passed ? null : writeReason({ label, phrase: operator.phrase, right: rightValue ?? '' });
  };
}

/** A right side from a template is mostly the same text lead after lead; reading it again costs a pattern its compilation. */
function rememberLast(prepare: (right: unknown) => LeftTest): (right: unknown) => LeftTest {
  let last: { right: string; test: LeftTest } | undefined;
  return (right) => {
    if (typeof right !== 'string') return prepare(right);
    if (last?.right !== right) last = { right, test: prepare(right) };
    return last.test;
  };
}

/** A template with one variable is called as the variable is: `Submission Timestamp must be between 0830-1645`. */
function labelOfSide(side: Side, labelOf: LabelOf): string {
  const [only] = side.variables;
  return only !== undefined && side.variables.length === 1 ? labelOf(only) : side.source;
}

/** Reports to the author; a rule with a problem never passes, and its reason is never shown, because such a flow is not deployed. */
export function refuse({ path, compiler }: RulePlace, message: string): Check {
  compiler.problems.push({ path, message });
  return FAILS;
}

const FAILS: Check = () => 'Rule cannot run';
