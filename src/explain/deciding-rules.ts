import { type ExplainedRule, explainRules } from '../events/explain-rules.ts';
import type { LeadPast } from '../events/lead-past.ts';
import type { Rule, RuleSet } from '../model/rule-set.ts';

/** The evaluated rules of a lead by their place in the flow document. */
export type Findings = ReadonlyMap<string, ExplainedRule>;

export function findingsByPath(past: LeadPast): Findings {
  return new Map(explainRules(past, () => true).map((rule) => [rule.path, rule]));
}

/**
 * A rule set's verdict and the rules it rests on: of an `and` that failed the one that did, of an `or` that failed all;
 * of an `and` that passed all, of an `or` that passed the one that did. Empty where nothing is known of them.
 */
export interface Deciding {
  passed: boolean;
  rules: readonly ExplainedRule[];
}

export interface RulePlace {
  /** Of the rule set in the flow document. */
  path: string;
  findings: Findings;
}

/** Walks a rule set as it was evaluated (spec behaviour 5.1), by what was found. Depth is bounded when it is compiled. */
export function decidingRules(ruleSet: RuleSet | null | undefined, at: RulePlace): Deciding {
  const entries = ruleSet?.rules ?? [];
  const isAny = ruleSet?.op === 'or' && entries.length > 0;
  const rules: ExplainedRule[] = [];
  for (const [index, entry] of entries.entries()) {
    const found = decidingOfEntry(entry, { ...at, path: `${at.path}.rules.${index}` });
    if (found.passed === isAny) return found;
    rules.push(...found.rules);
  }
  return { passed: !isAny, rules };
}

function decidingOfEntry(entry: Rule | RuleSet, at: RulePlace): Deciding {
  if ('rules' in entry) return decidingRules(entry, at);
  const own = at.findings.get(at.path);
  if (!own?.passed) return { passed: false, rules: own ? [own] : [] };
  const nested = decidingRules(entry.rule_set, { ...at, path: `${at.path}.rule_set` });
  return nested.passed ? { passed: true, rules: [own, ...nested.rules] } : nested;
}
