import { describe, expect, it } from 'vitest';
import type { ExplainedRule } from '../events/explain-rules.ts';
import type { Rule, RuleSet } from '../model/rule-set.ts';
import { decidingRules } from './deciding-rules.ts';

const rule = (rule_set?: RuleSet): Rule => ({ lhv: 'lead.x', op: 'is true', ...(rule_set ? { rule_set } : {}) });
const and = (...rules: (Rule | RuleSet)[]): RuleSet => ({ op: 'and', rules });
const or = (...rules: (Rule | RuleSet)[]): RuleSet => ({ op: 'or', rules });

/** The verdict of each evaluated rule by its place. */
const found = (verdicts: Record<string, boolean>): ReadonlyMap<string, ExplainedRule> =>
  new Map(
    Object.entries(verdicts).map(([place, passed]) => {
      const path = `at.rules.${place}`;
      return [
        path,
        { path, id: null, label: 'X', lhv: '', op: '', rhv: null, left: null, right: null, passed, distance: null },
      ];
    }),
  );

describe('decidingRules', () => {
  it.each<
    [name: string, ruleSet: RuleSet | null, verdicts: Record<string, boolean>, passed: boolean, places: string[]]
  >([
    ['no rule set holds', null, {}, true, []],
    ['an empty or holds', or(), {}, true, []],
    ['an and rests on all', and(rule(), rule()), { 0: true, 1: true }, true, ['0', '1']],
    ['an and fails by the first that does', and(rule(), rule(), rule()), { 0: true, 1: false }, false, ['1']],
    ['an or rests on the first that holds', or(rule(), rule()), { 0: false, 1: true }, true, ['1']],
    ['an or fails by all', or(rule(), rule()), { 0: false, 1: false }, false, ['0', '1']],
    [
      'a branch that held is not blamed',
      and(or(rule(), rule()), rule()),
      { '0.rules.0': false, '0.rules.1': true, 1: false },
      false,
      ['1'],
    ],
    [
      'each branch is blamed by its own rule',
      or(and(rule(), rule()), rule()),
      { '0.rules.0': true, '0.rules.1': false, 1: false },
      false,
      ['0.rules.1', '1'],
    ],
    [
      'a rule fails by its own rule set',
      and(rule(or(rule()))),
      { 0: true, '0.rule_set.rules.0': false },
      false,
      ['0.rule_set.rules.0'],
    ],
    ['what is not on record blames nothing', and(rule()), {}, false, []],
  ])('%s', (_name, ruleSet, verdicts, passed, places) => {
    const deciding = decidingRules(ruleSet, { path: 'at', findings: found(verdicts) });
    expect(deciding.passed).toBe(passed);
    expect(deciding.rules.map(({ path }) => path.slice('at.rules.'.length))).toEqual(places);
  });
});
