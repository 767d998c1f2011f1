import type { Sliced } from '../lib/slices.ts';
import type { Problem } from '../model/problem.ts';
import type { RuleSet } from '../model/rule-set.ts';
import type { LintContext } from './lint-context.ts';
import { passesAlways } from './rule-verdicts.ts';

/** An `or` with rules that every lead passes. The check `filter-stops-all` reports the effect in a filter, too. */
export function* rulesAlwaysPass({ sites, work }: LintContext): Sliced<Problem[]> {
  const problems: Problem[] = [];
  for (const { path, ruleSet } of sites.rules) {
    for (const choice of choicesIn(ruleSet, path)) {
      if (passesAlways(choice.ruleSet, work)) problems.push({ path: choice.path, message: EVERY_LEAD });
      yield;
    }
    yield;
  }
  return problems;
}

const EVERY_LEAD =
  'Every lead passes this "or", because no lead can fail all of its rules: use "and" if all of them must hold, or remove one.';

interface PlacedSet {
  ruleSet: RuleSet;
  path: string;
}

/** The `or` sets with something to choose from, outer ones first. */
function choicesIn(ruleSet: RuleSet, path: string): PlacedSet[] {
  const inner = ruleSet.rules.flatMap((entry, index) => {
    const entryPath = `${path}.rules.${index}`;
    if ('rules' in entry) return choicesIn(entry, entryPath);
    return entry.rule_set ? choicesIn(entry.rule_set, `${entryPath}.rule_set`) : [];
  });
  const isChoice = ruleSet.op === 'or' && ruleSet.rules.length > 1;
  return isChoice ? [{ ruleSet, path }, ...inner] : inner;
}
