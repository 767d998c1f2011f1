import { describe, expect, it } from 'vitest';
import type { LeadEvent } from './build-event.ts';
import { compileEventFilter } from './compile-event-filter.ts';

const ctx = { now: 0, timeZone: 'UTC', random: () => 0 };
const EVENT = { outcome: 'success', ms: 5, vars: { lead: { city: 'Austin', state: '' } } } as unknown as LeadEvent;

function passes(rules: readonly unknown[]): boolean {
  const test = compileEventFilter(rules);
  if (!test.ok) throw new Error(JSON.stringify(test.error));
  return test.value(EVENT, ctx);
}

describe('rules of questions', () => {
  it.each<[op: string, rhv: number, passed: boolean]>([
    ['is less than or equal', 5, true],
    ['is less than or equal', 4, false],
    ['is greater than or equal', 5, true],
    ['is greater than or equal', 6, false],
  ])('the spelling of reports: %s %d', (op, rhv, passed) => {
    expect(passes([{ lhv: 'ms', op, rhv }])).toBe(passed);
    expect(passes([{ op: 'or', rules: [{ lhv: 'ms', op, rhv }] }])).toBe(passed);
    expect(passes([{ lhv: 'ms', op: 'is not blank', rule_set: { op: 'and', rules: [{ lhv: 'ms', op, rhv }] } }])).toBe(
      passed,
    );
  });

  it.each<[lhv: string, op: string, passed: boolean]>([
    ['vars.lead.city', 'includes', false],
    ['vars.lead.city', 'does not include', true],
    ['vars.lead.state', 'includes', false],
    ['vars.lead.state', 'does not include', false],
    ['vars.lead.zip', 'includes', false],
    ['vars.lead.zip', 'does not include', false],
  ])('what is looked into must be there: %s %s', (lhv, op, passed) => {
    expect(passes([{ lhv, op, rhv: 'dall' }])).toBe(passed);
    const nested = (rule: object) => [{ lhv, op, rhv: 'dall', rule_set: { op: 'or', rules: [rule] } }];
    expect(passes(nested({ lhv: 'ms', op: 'is equal to', rhv: 5 }))).toBe(passed);
    expect(passes(nested({ lhv: 'ms', op: 'is equal to', rhv: 6 }))).toBe(false);
  });

  it.each<[rules: unknown[], path: string, hint: string]>([
    [[{ lhv: 'ms', op: 'is blank', ruleset: {} }], 'rules.0.ruleset', 'Did you mean "rule_set"?'],
    [
      [
        { lhv: 'ms', op: 'is blank' },
        { op: 'and', not: true, rules: [] },
      ],
      'rules.1.not',
      'id, op, rules.',
    ],
    [[{ op: 'or', rules: [{ lhv: 'ms', op: 'is blank', value: 1 }] }], 'rules.0.rules.0.value', 'id, lhv, op, rhv'],
    [
      [{ lhv: 'ms', op: 'is blank', rule_set: { op: 'and', mode: 'any', rules: [] } }],
      'rules.0.rule_set.mode',
      'Unknown name',
    ],
  ])('a name that nothing reads is refused: %j', (rules, path, hint) => {
    const test = compileEventFilter(rules);
    expect(test).toMatchObject({ ok: false, error: [{ path, message: expect.stringContaining(hint) }] });
  });

  it('takes ids, which rules of flows have', () => {
    expect(
      passes([
        { id: 'ab12cd', lhv: 'ms', op: 'is equal to', rhv: 5 },
        { id: 'x', op: 'and', rules: [] },
      ]),
    ).toBe(true);
  });
});
