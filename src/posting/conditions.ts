import { claimOf, negateClaim } from '../lint/claims.ts';
import type { FlowDocument, Source } from '../model/flow.ts';
import type { Rule, RuleSet } from '../model/rule-set.ts';

/** Rules as one tree, with negations pushed down to the rules: what must hold of a lead. */
export type Condition =
  | { kind: 'rule'; rule: Rule; isNegated: boolean }
  | { kind: 'all' | 'any'; of: readonly Condition[] };

/** Deeper rules are not read: compiling bounds depth too. */
const DEPTH_MAX = 20;

/**
 * What a lead must meet to be taken: the criteria of flow and source, and the filters before the first delivery, which
 * stop what matches them. Each entry must hold.
 */
export function listConditions(document: FlowDocument, source: Source): Condition[] {
  const criteria = [document.acceptance_criteria, source.acceptance_criteria].flatMap((each) =>
    each?.rule_set ? allOf(readRuleSet(each.rule_set, { isNegated: false, depth: 0 })) : [],
  );
  return [...criteria, ...conditionsOfFilters(document)];
}

function conditionsOfFilters({ steps }: FlowDocument): Condition[] {
  const delivery = steps.findIndex(({ type, enabled }) => type !== 'filter' && enabled !== false);
  const before = delivery === -1 ? steps : steps.slice(0, delivery);
  return before.flatMap((step) => {
    if (step.type !== 'filter' || step.enabled === false || step.outcome === 'success') return [];
    return allOf(readRuleSet(step.rule_set, { isNegated: true, depth: 0 }));
  });
}

/** The rules of a set as a condition. */
export function readCondition(ruleSet: RuleSet): Condition {
  return readRuleSet(ruleSet, { isNegated: false, depth: 0 });
}

interface Reading {
  isNegated: boolean;
  depth: number;
}

function readRuleSet({ op, rules }: RuleSet, { isNegated, depth }: Reading): Condition {
  const isAny = (op === 'or') !== isNegated;
  const of = depth > DEPTH_MAX ? [] : rules.map((entry) => readEntry(entry, { isNegated, depth: depth + 1 }));
  return of.length === 1 && of[0] ? of[0] : { kind: isAny ? 'any' : 'all', of };
}

function readEntry(entry: Rule | RuleSet, reading: Reading): Condition {
  if ('rules' in entry) return readRuleSet(entry, reading);
  const rule: Condition = { kind: 'rule', rule: entry, isNegated: reading.isNegated };
  const { rule_set: nested } = entry;
  if (!nested || nested.rules.length === 0) return rule;
  // Both must hold; so of a negation one of them must not.
  return { kind: reading.isNegated ? 'any' : 'all', of: [rule, readRuleSet(nested, reading)] };
}

/** An `all` as its parts. */
function allOf(condition: Condition): Condition[] {
  return condition.kind === 'all' ? condition.of.flatMap(allOf) : [condition];
}

/** The variable paths that passing says are not blank. */
export function variablesPresent(condition: Condition): ReadonlySet<string> {
  if (condition.kind === 'rule') return presentByRule(condition);
  const parts = condition.of.map(variablesPresent);
  if (condition.kind === 'all') return new Set(parts.flatMap((part) => [...part]));
  const [first, ...others] = parts;
  return new Set([...(first ?? [])].filter((variable) => others.every((part) => part.has(variable))));
}

function presentByRule({ rule, isNegated }: { rule: Rule; isNegated: boolean }): ReadonlySet<string> {
  // What a template on the right comes to says nothing of values; that the left side has one is certain all the same.
  const stated = claimOf(rule) ?? (typeof rule.rhv === 'string' ? claimOf({ ...rule, rhv: 'x' }) : undefined);
  const claim = stated && isNegated ? negateClaim(stated) : stated;
  const isPresent = claim !== undefined && SAYS_PRESENT.has(claim.says.kind);
  return new Set(isPresent ? [claim.variable] : []);
}

const SAYS_PRESENT: ReadonlySet<string> = new Set(['one-of', 'range', 'present']);
