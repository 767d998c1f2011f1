import { type Static, Type } from 'typebox';
import { findField } from '../fields/find-field.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { RuleSet } from '../model/rule-set.ts';
import { collectFindings } from '../pipeline/rule-findings.ts';
import { compileRuleSet } from '../rules/compile-rule-set.ts';
import { labelOfPath } from '../rules/label.ts';
import { createRuleCatalogue, type RuleCatalogue } from '../rules/rule-catalogue.ts';
import type { RuleFinding } from '../stored/lead-document.ts';
import { readSimulatedVars, SIMULATED_VARS_PROPERTIES, type SimulationPlace } from './simulated-vars.ts';
import { findUnknownLeftSides } from './unknown-left-sides.ts';

export interface RulesVerdict {
  passed: boolean;
  /** Why not; null: they passed. */
  reason: string | null;
  /** The rules that were evaluated, in that order: as written, and what both sides came to. */
  rules: Record<string, unknown>[];
  /** Left sides that nothing provides, so that they are always blank. */
  warnings: Problem[];
}

/** What it is asked with. The compiler of rules has a sentence for everything else that is wrong with them. */
export const RULES_TRIAL = Type.Object(
  { rule_set: Type.Object({ rules: Type.Array(Type.Unknown()) }), ...SIMULATED_VARS_PROPERTIES },
  { additionalProperties: false, $id: 'RulesTrial' },
);

/** Evaluates one rule set against given variables, or returns what is wrong with either. */
export function evaluateRules(
  given: Static<typeof RULES_TRIAL>,
  place: SimulationPlace,
): Result<RulesVerdict, Problem[]> {
  const simulated = readSimulatedVars(given, place);
  if (!simulated.ok) return simulated;
  const catalogue = createRuleCatalogue();
  const problems: Problem[] = [];
  const fieldNameOf = (id: string) => findField(id, place.surroundings.customFields)?.name;
  const options = { path: 'rule_set', labelOf: (path: string) => labelOfPath(path, fieldNameOf), catalogue, problems };
  // The compiler takes nothing for granted.
  const program = compileRuleSet(given.rule_set as unknown as RuleSet, options);
  if (problems.length > 0) return fail(problems.slice(0, PROBLEMS_MAX));
  const findings: RuleFinding[] = [];
  const verdict = program.evaluate(simulated.value.vars, simulated.value.ctx, collectFindings(findings));
  return ok({
    passed: verdict.passed,
    reason: verdict.passed ? null : verdict.reason,
    rules: findings.flatMap((finding) => evaluatedRule(catalogue, finding)),
    warnings: findUnknownLeftSides(catalogue.rows, {
      vars: given.vars ?? {},
      customFields: place.surroundings.customFields,
    }),
  });
}

const PROBLEMS_MAX = 100;

function evaluatedRule(catalogue: RuleCatalogue, [index, left, right, passed]: RuleFinding): Record<string, unknown>[] {
  const row = catalogue.rows[index];
  if (!row) return [];
  const { path, lhv, op, rhv } = row;
  return [{ path, lhv, op, rhv: rhv ?? null, left, right, passed: passed === 1 }];
}
