import type { RuleSet } from '../../../../src/model/rule-set.ts';

/** As deep as rule sets may be nested. */
const LEVELS_MAX = 32;

/** How many rules a set asks, those inside included; 0: every lead passes. */
export function countRules(ruleSet: RuleSet | null | undefined, level = 0): number {
  if (!Array.isArray(ruleSet?.rules) || level > LEVELS_MAX) return 0;
  return ruleSet.rules.reduce((count, rule) => {
    if ('rules' in rule && Array.isArray(rule.rules)) return count + countRules(rule, level + 1);
    return count + 1 + ('rule_set' in rule ? countRules(rule.rule_set, level + 1) : 0);
  }, 0);
}

/** `3 rules`. */
export function wordOfRules(count: number): string {
  return count === 1 ? '1 rule' : `${count} rules`;
}
