import type { ExplainedRule } from '../events/explain-rules.ts';
import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import { distanceText, nameOfRule } from './describe-rule.ts';
import { RULE_PLACES, SENTENCES, STEP_PARTS } from './sentences.ts';
import { shown } from './wording.ts';

/** Rules that get a sentence; the JSON has all of them. */
const RULES_MAX = 100;

/** Every rule that was evaluated, in order: where it stands, what it asks, both sides, and whether it held. */
export function ruleSentences(flow: CompiledFlow, rules: readonly ExplainedRule[]): string[] {
  if (rules.length === 0) return [];
  const more = rules.length - RULES_MAX;
  return [
    SENTENCES.rules(),
    ...rules.slice(0, RULES_MAX).map((rule) => ruleSentence(flow, rule)),
    ...(more > 0 ? [SENTENCES.moreRules({ count: more })] : []),
  ];
}

function ruleSentence(flow: CompiledFlow, rule: ExplainedRule): string {
  const parts = {
    place: describePlace(rule.path),
    rule: nameOfRule(flow, rule),
    left: shown(rule.left),
    distance: rule.passed || !rule.distance ? '' : distanceText(rule.distance),
  };
  return rule.passed ? SENTENCES.ruleHeld(parts) : SENTENCES.ruleFailed(parts);
}

/** `sources.0.pricing.prices.1.rule_set.rules.0` is price 2 of the source. */
function describePlace(path: string): string {
  const names = path.split('.');
  if (names[0] === 'steps') {
    return RULE_PLACES.step({ place: Number(names[1]) + 1, part: STEP_PARTS.get(names[2] ?? '') ?? null });
  }
  const [owner, part, ...below] = names[0] === 'sources' ? ['source', ...names.slice(2)] : ['flow', ...names];
  switch (part) {
    case 'caps':
      return RULE_PLACES.caps({ owner });
    case 'pricing':
      return RULE_PLACES.pricing({ owner, place: Number(below[1]) + 1 });
    default:
      return RULE_PLACES.acceptance_criteria({ owner });
  }
}
