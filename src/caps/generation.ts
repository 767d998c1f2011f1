import type { Cap, CapDurationUnit } from '../model/cap.ts';
import type { Rule, RuleSet } from '../model/rule-set.ts';

/** What becomes of a cap's count when the flow is deployed again. */
export type CapChange =
  /** The windows stay as they are, and so does the count. */
  | 'keep'
  /** The count starts at 0: the new deployment raises the generation. */
  | 'reset'
  /** The windows are others; the count of the current one goes on in the new one that holds the instant. */
  | 'carry';

/**
 * Decides by the cap as it was deployed and as it will be (decision 10): another maximum, name or reason keeps the
 * count, another type, other rules or a shorter duration reset it, a longer one carries it. Another time zone moves the windows
 * without changing what the author wants counted, so it carries too (assumed).
 */
export function changeOfCap(before: Cap, after: Cap): CapChange {
  // Leads and dollars have nothing in common.
  if (before.type !== after.type || !isSameRuleSet(before.rule_set, after.rule_set)) return 'reset';
  const lengthBefore = before.duration * UNIT_SECONDS[before.duration_units];
  const lengthAfter = after.duration * UNIT_SECONDS[after.duration_units];
  if (lengthAfter < lengthBefore) return 'reset';
  const isSameSchedule =
    before.duration === after.duration &&
    before.duration_units === after.duration_units &&
    (before.time_zone ?? null) === (after.time_zone ?? null);
  return isSameSchedule ? 'keep' : 'carry';
}

/** A month at its average length, so that 30 days are shorter and 31 days longer. */
const UNIT_SECONDS: Readonly<Record<CapDurationUnit, number>> = {
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  month: 2_629_746,
};

/** Ids do not matter: an editor may give new ones to rules that say the same. Deployed rules are bounded in depth. */
function isSameRuleSet(before: RuleSet | null | undefined, after: RuleSet | null | undefined): boolean {
  return JSON.stringify(readMeaning(before)) === JSON.stringify(readMeaning(after));
}

function readMeaning(ruleSet: RuleSet | null | undefined): unknown {
  if (ruleSet === null || ruleSet === undefined) return null;
  return [ruleSet.op, ruleSet.rules.map((entry) => ('rules' in entry ? readMeaning(entry) : meaningOfRule(entry)))];
}

function meaningOfRule(rule: Rule): unknown {
  return [rule.lhv ?? null, rule.op ?? null, rule.rhv ?? null, readMeaning(rule.rule_set)];
}
