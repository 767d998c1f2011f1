import type { RuleSet } from '../model/rule-set.ts';
import { compileRuleSet } from '../rules/compile-rule-set.ts';
import { createRuleCatalogue } from '../rules/rule-catalogue.ts';

/** The paths of an event that rules read, each once; of rules that `compileEventFilter` has taken. */
export function listRuleVariables(rules: readonly unknown[]): readonly string[] {
  const ruleSet: RuleSet = { op: 'and', rules: rules as RuleSet['rules'] }; // checked by their compiler
  const options = { path: '', labelOf: (path: string) => path, catalogue: createRuleCatalogue(), problems: [] };
  return compileRuleSet(ruleSet, options).variables;
}
