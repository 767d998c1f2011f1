import { finish, type Sliced } from '../lib/slices.ts';
import type { Problem } from '../model/problem.ts';
import type { Rule, RuleSet } from '../model/rule-set.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import { TEMPLATE_STEPS_MAX } from '../templates/evaluation.ts';
import { type Check, compileRule, type RuleCompiler, type RulePlace, type RuleTrace, refuse } from './compile-rule.ts';
import type { LabelOf } from './label.ts';
import type { Operator } from './operators.ts';
import { joinReasons } from './reason.ts';
import type { RuleCatalogue } from './rule-catalogue.ts';
import { RULE_WORK_CHARACTERS_MAX, type RuleWork, WORK_USED_UP } from './rule-work.ts';

/** Bounds of the flow language (decision 40), for one rule set with everything nested in it. */
export const RULES_MAX = 10_000;
export const RULE_DEPTH_MAX = 32;

export interface RuleCompileOptions {
  /** Where the rule set stands in the document: `steps.0.rule_set`. */
  path: string;
  labelOf: LabelOf;
  /** Receives every rule, in document order. */
  catalogue: RuleCatalogue;
  /** Receives what keeps the rules from running. */
  problems: Problem[];
  /** What operators mean here; left out: what they mean in flows. */
  operatorNamed?: (name: string) => Operator | undefined;
}

/** A rule set made ready to run. */
export interface RuleProgram {
  evaluate(vars: Vars, ctx: EvaluationContext, trace?: RuleTrace): RuleVerdict;
  /** The variable paths the rules read, each once, in document order. */
  variables: readonly string[];
}

export type RuleVerdict = { passed: true } | { passed: false; reason: string };

/**
 * Rules from their document form (spec behaviour 5.1). No rule set, or an empty one, passes. `and` stops at the first
 * rule that fails and gives its reason, `or` stops at the first that passes and otherwise joins all reasons; a rule's
 * own rule set is asked when the rule has passed. What cannot run goes to `problems`, and such a rule never passes.
 */
export function compileRuleSet(ruleSet: RuleSet | null | undefined, options: RuleCompileOptions): RuleProgram {
  return finish(compileRuleSetInSlices(ruleSet, options));
}

/** The same as work that pauses behind each rule. */
export function* compileRuleSetInSlices(
  ruleSet: RuleSet | null | undefined,
  options: RuleCompileOptions,
): Sliced<RuleProgram> {
  if (ruleSet === null || ruleSet === undefined) return PASSES;
  const work: RuleWork = { charactersLeft: RULE_WORK_CHARACTERS_MAX, stepsLeft: TEMPLATE_STEPS_MAX };
  const compiler: Compiler = { ...options, variables: new Set(), work, rulesLeft: RULES_MAX };
  const check = yield* compileSet(ruleSet, { path: options.path, depth: 1, compiler });
  return {
    variables: [...compiler.variables],
    evaluate(vars, ctx, trace) {
      work.charactersLeft = RULE_WORK_CHARACTERS_MAX;
      work.stepsLeft = TEMPLATE_STEPS_MAX;
      const reason = check(vars, withAllowance(ctx, work), trace);
      return reason === null ? PASSED : { passed: false, reason };
    },
  };
}

/** Named one by one: of a spread copy V8 makes a hidden class for each kind of context it has met. */
function withAllowance({ now, timeZone, random }: EvaluationContext, allowance: RuleWork): EvaluationContext {
  return { now, timeZone, random, allowance };
}

const PASSED: RuleVerdict = Object.freeze({ passed: true });
const PASSES: RuleProgram = { evaluate: () => PASSED, variables: [] };

interface Compiler extends RuleCompiler {
  rulesLeft: number;
}

interface Place extends RulePlace {
  depth: number;
  compiler: Compiler;
}

function* compileSet(ruleSet: RuleSet, place: Place): Sliced<Check> {
  const { path, depth, compiler } = place;
  if (depth > RULE_DEPTH_MAX)
    return refuse(place, `Rules nest deeper than ${RULE_DEPTH_MAX} levels: flatten the inner sets.`);
  if (!isObject(ruleSet) || !Array.isArray(ruleSet.rules))
    return refuse(place, 'A rule set needs "op" and a list of "rules".');
  if (ruleSet.op !== 'and' && ruleSet.op !== 'or') {
    return refuse({ ...place, path: `${path}.op` }, 'The "op" of a rule set is "and" or "or".');
  }
  const checks: Check[] = [];
  for (const [index, entry] of ruleSet.rules.entries()) {
    if (compiler.rulesLeft === 0)
      return refuse(place, `A rule set has at most ${RULES_MAX} rules: use "is included in" with a list.`);
    checks.push(yield* compileEntry(entry, { path: `${path}.rules.${index}`, depth, compiler }));
    yield;
  }
  return ruleSet.op === 'and' ? combineAll(checks) : combineAny(checks);
}

function* compileEntry(entry: Rule | RuleSet, place: Place): Sliced<Check> {
  if (!isObject(entry)) return refuse(place, 'A rule is an object with "lhv", "op" and "rhv".');
  if ('rules' in entry) return yield* compileSet(entry, { ...place, depth: place.depth + 1 });
  place.compiler.rulesLeft -= 1;
  const own = yield* compileRule(entry, place);
  if (entry.rule_set === null || entry.rule_set === undefined) return own;
  const nested = yield* compileSet(entry.rule_set, {
    ...place,
    path: `${place.path}.rule_set`,
    depth: place.depth + 1,
  });
  return (vars, ctx, trace) => own(vars, ctx, trace) ?? nested(vars, ctx, trace);
}

function combineAll(checks: readonly Check[]): Check {
  const [only] = checks;
  if (only !== undefined && checks.length === 1) return only;
  return (vars, ctx, trace) => {
    for (const check of checks) {
      const reason = check(vars, ctx, trace);
      if (reason !== null) return reason;
    }
    return null;
  };
}

function combineAny(checks: readonly Check[]): Check {
  if (checks.length <= 1) return combineAll(checks);
  return (vars, ctx, trace) => {
    const reasons: string[] = [];
    for (const check of checks) {
      const reason = check(vars, ctx, trace);
      if (reason === null) return null;
      // Nothing behind it can pass either, and ten thousand rules may follow.
      if (reason === WORK_USED_UP) return reason;
      reasons.push(reason);
    }
    return joinReasons(reasons);
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
