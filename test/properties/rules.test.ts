import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/model/problem.ts';
import type { RuleSet } from '../../src/model/rule-set.ts';
import type { Vars } from '../../src/model/vars.ts';
import { compileRuleSet } from '../../src/rules/compile-rule-set.ts';
import { createRuleCatalogue } from '../../src/rules/rule-catalogue.ts';
import { NEGATIONS, PLAIN_OPERATORS, type PlainRule, type PlainRuleSet, reasonAgainst } from './plain-rules.ts';

const CTX = { now: 0, timeZone: 'UTC', random: () => 0.5 };
const NAMES = ['state', 'age', 'tags', 'consent', 'none'];
const word = fc.constantFrom('TX', 'tx', 'CA', 'Ca ', 'ab', 'a', '5', '41', '65', '7.5', '-3', 'true', 'FALSE');
const UNARY = ['is blank', 'is not blank', 'is true', 'is false', 'is not true', 'is not false'];

/** Right sides that each operator can read; what it cannot is a problem of the document, not a verdict. */
function rightFor(op: string): fc.Arbitrary<PlainRule['rhv']> {
  if (UNARY.includes(op)) return fc.constant(undefined);
  if (op.endsWith('between')) return fc.constantFrom('18-65', '0-7', '41-41', '5-1000');
  if (op.includes('pattern')) return fc.constantFrom('^t', 'x$', '[0-9]+', '(a|c)+', '^(a+)+$', '\\d{2}', '.*');
  if (op.includes('than')) return fc.oneof(fc.constantFrom('5', '41', '7.5', '-3'), fc.integer({ min: -9, max: 99 }));
  if (op.includes('included'))
    return fc.oneof(fc.array(word, { minLength: 1, maxLength: 3 }), fc.constantFrom('TX,CA', '5,41,65', 'tx'));
  if (op === 'includes' || op === 'does not include') return word;
  return fc.oneof(word, fc.integer({ min: -9, max: 99 }), fc.array(word, { minLength: 2, maxLength: 3 }));
}

const { set } = fc.letrec<{ rule: PlainRule; set: PlainRuleSet }>((tie) => ({
  rule: fc.constantFrom(...PLAIN_OPERATORS).chain((op) =>
    fc
      .record({
        lhv: fc.constantFrom(...NAMES).map((name) => `lead.${name}`),
        rhv: rightFor(op),
        nested: fc.option(tie('set'), { nil: undefined, freq: 5, depthIdentifier: 'sets' }),
      })
      .map(({ lhv, rhv, nested }) => ({
        lhv,
        op,
        ...(rhv === undefined ? {} : { rhv }),
        ...(nested === undefined ? {} : { rule_set: nested }),
      })),
  ),
  set: fc.record({
    op: fc.constantFrom('and' as const, 'or' as const),
    rules: fc.array(fc.oneof({ depthIdentifier: 'sets', maxDepth: 3 }, tie('rule'), tie('set')), { maxLength: 4 }),
  }),
}));

const value = fc.oneof(
  word,
  fc.integer({ min: -9, max: 99 }),
  fc.boolean(),
  fc.array(word, { maxLength: 3 }),
  fc.constantFrom('', ' ', null, undefined),
);
const lead: fc.Arbitrary<Vars> = fc.record(Object.fromEntries(NAMES.slice(0, -1).map((name) => [name, value])));

function compiled(ruleSet: PlainRuleSet) {
  const problems: Problem[] = [];
  const options = { path: 'rule_set', labelOf: (path: string) => path, catalogue: createRuleCatalogue(), problems };
  const program = compileRuleSet(ruleSet satisfies RuleSet, options);
  expect(problems).toEqual([]);
  return program;
}

describe('rule sets', () => {
  it('compiled and run come to what the plain reading of the specification comes to, reasons included', () => {
    fc.assert(
      fc.property(set, lead, (ruleSet, values) => {
        const verdict = compiled(ruleSet).evaluate({ lead: values }, CTX);
        const reason = reasonAgainst(ruleSet, { lead: values });
        expect(verdict).toEqual(reason === null ? { passed: true } : { passed: false, reason });
      }),
      { numRuns: 2_000 },
    );
  });

  it('never agree with their negation', () => {
    fc.assert(
      fc.property(set, lead, (ruleSet, values) => {
        const vars = { lead: values };
        const negated = negate(ruleSet);
        if (negated === undefined) return;
        expect(compiled(negated).evaluate(vars, CTX).passed).toBe(!compiled(ruleSet).evaluate(vars, CTX).passed);
      }),
      { numRuns: 1_000 },
    );
  });
});

const OPPOSITES = new Map(
  Object.entries(NEGATIONS).flatMap(([one, other]) => [[one, other] as const, [other, one] as const]),
);

/** De Morgan, all the way down; undefined where an operator has no opposite or a set is empty, which always passes. */
function negate({ op, rules }: PlainRuleSet): PlainRuleSet | undefined {
  const negated = rules.map((entry) => {
    if ('rules' in entry) return negate(entry);
    const opposite = OPPOSITES.get(entry.op);
    if (opposite === undefined) return undefined;
    const { rule_set: nested, ...rule } = entry;
    if (nested === undefined) return { ...rule, op: opposite };
    const inner = negate(nested);
    return inner && { op: 'or' as const, rules: [{ ...rule, op: opposite }, inner] };
  });
  const complete = negated.filter((entry) => entry !== undefined);
  if (rules.length === 0 || complete.length < rules.length) return undefined;
  return { op: op === 'and' ? 'or' : 'and', rules: complete };
}
