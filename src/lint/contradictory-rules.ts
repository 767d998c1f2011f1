import type { Sliced } from '../lib/slices.ts';
import type { Problem } from '../model/problem.ts';
import { describeRule } from './describe-rule.ts';
import type { RuleRole } from './flow-sites.ts';
import type { LintContext } from './lint-context.ts';
import { type Contradiction, findContradictions } from './rule-verdicts.ts';

/** What comes of rules that no lead passes. */
const CONSEQUENCES: Readonly<Record<RuleRole, string>> = {
  criteria: 'every lead is rejected',
  filter: 'this filter never stops a lead',
  recipient: 'this recipient never gets a lead',
  cap: 'this cap never counts a lead',
  price: 'this price is never used',
  mapping: 'this mapping is never used',
};

/** Rules that no lead can pass together, and branches of an `or` that none passes. */
export function* contradictoryRules({ sites, work }: LintContext): Sliced<Problem[]> {
  const problems: Problem[] = [];
  for (const { path, role, ruleSet } of sites.rules) {
    const { never, deadBranches } = yield* findContradictions(ruleSet, path, work);
    if (never) problems.push(writeProblem(never, CONSEQUENCES[role]));
    else for (const branch of deadBranches) problems.push(writeProblem(branch, 'this branch of the "or" never passes'));
    yield;
  }
  return problems;
}

function writeProblem({ earlier, later }: Contradiction, consequence: string): Problem {
  const message = `No lead can pass both "${describeRule(earlier.rule)}" and "${describeRule(later.rule)}", so ${consequence}: ${remedyFor(earlier, later)}.`;
  return { path: later.path, message };
}

function remedyFor(earlier: Contradiction['earlier'], later: Contradiction['later']): string {
  const areEqualities = earlier.claim.op === 'is equal to' && later.claim.op === 'is equal to';
  return areEqualities
    ? 'use one rule "is included in" with both values, or remove one'
    : 'put them in an "or" set if one is enough, or remove one';
}
