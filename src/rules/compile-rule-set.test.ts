import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseValue } from '../field-types/parse-value.ts';
import { OPERATOR_NAMES } from '../model/operator.ts';
import type { Problem } from '../model/problem.ts';
import type { Rule, RuleSet } from '../model/rule-set.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import { compileRuleSet, RULE_DEPTH_MAX, RULES_MAX, type RuleVerdict } from './compile-rule-set.ts';
import { labelOfPath } from './label.ts';
import { findOpposite, operatorNamed } from './operators.ts';
import { createRuleCatalogue } from './rule-catalogue.ts';
import { WORK_USED_UP } from './rule-work.ts';

const ctx: EvaluationContext = { now: 0, timeZone: 'UTC', random: () => 0.5 };
const NAMES = new Map([['mortgage.loan.amount', 'Loan Amount']]);

function compile(ruleSet: unknown) {
  const problems: Problem[] = [];
  const catalogue = createRuleCatalogue();
  const program = compileRuleSet(ruleSet as RuleSet, {
    path: 'rule_set',
    labelOf: (path) => labelOfPath(path, (id) => NAMES.get(id)),
    catalogue,
    problems,
  });
  return { program, problems, catalogue };
}

function evaluate(ruleSet: unknown, vars: Vars): RuleVerdict {
  const { program, problems } = compile(ruleSet);
  expect(problems).toEqual([]);
  return program.evaluate(vars, ctx);
}

const rich = (box: object, components: Record<string, unknown> = {}): unknown =>
  Object.assign(box, { valid: true, ...components });
// Rich values are boxed on purpose (spec modules a7).
const text = (value: string, components = {}) => rich(Object(value), components);
const number = (value: number, components = {}) => rich(Object(value), components);
const boolean = (value: boolean) => rich(Object(value));
const range = (normal: string, min: number | null, max: number | null, avg: number | null) =>
  text(normal, { min, max, avg });
const date = (iso: string) => rich(Object.defineProperty(new Date(iso), 'toString', { value: () => iso.slice(0, 10) }));

const BLANKS: [name: string, value: unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['an empty text', ''],
  ['white space', ' \t\n\u00a0'],
  ['an empty rich text', text('')],
  ['a number that was blank', number(Number.NaN, { raw: ' ' })],
  ['an empty array', []],
  ['an array of blanks', ['', null, []]],
  ['an empty object', {}],
];

describe('operators', () => {
  it.each<[op: string, rhv: Rule['rhv'], yes: unknown[], no: unknown[]]>([
    ['is equal to', 'TX', ['TX', 'tx', text('TX'), ['tx']], ['Texas', 'T', 0, { TX: 1 }]],
    ['is equal to', '123', ['123', 123, number(123), 123.0], ['0123', '123.0', 1234, true]],
    ['is equal to', 123, ['123', 123, '123.0', '0123'], ['124', 'abc']],
    ['is equal to', '1,000', [1000, number(1000), '1,000'], ['1000', 1]],
    ['is equal to', 'true', [true, boolean(true), 'TRUE'], [false, 1]],
    ['is equal to', '100000-250000', [range('100000-250000', 100_000, 250_000, 175_000)], ['100000']],
    ['is equal to', '$100,000 to $250,000', [range('100000-250000', 100_000, 250_000, 175_000)], [175_000]],
    ['is equal to', '18+', [range('18+', 18, null, null), '18+'], [18, range('18', 18, 18, 18)]],
    ['is equal to', '1988-10-01', [date('1988-10-01'), '1988-10-01'], [date('1988-10-02')]],
    ['is equal to', '10/1/1988', [date('1988-10-01')], ['1988-10-01']],
    ['is equal to', '1988-10-01', [date('1988-10-01T05:00:00Z')], []],
    ['is greater than', '1988-10-01', [date('1988-10-02T05:00:00Z')], [date('1988-10-01T05:00:00Z')]],
    ['is equal to', 'b,A', [['a', 'B'], ['b', 'a'], 'b,a'], [['a'], ['a', 'b', 'c'], 'a,b']],
    ['is equal to', ['b', 'a'], [['A', 'b']], ['a', ['a']]],
    ['is equal to', ['a'], ['a', ['A']], ['b']],
    [
      'is less than',
      18,
      [17.9, '17', number(5), '-1', range('10-20', 10, 20, 15)],
      [18, '18', 'abc', true, range('9+', 9, null, null)],
    ],
    ['is less than or equal to', '18', [18, '18.0'], [19, new Date(0)]],
    ['is greater than', '$1,000', [1000.01, '$2,000', '2000'], [1000, '1,000']],
    ['is greater than or equal to', 18, [18, '19'], [17, '']],
    [
      'is less than',
      '2026-01-31',
      [date('2026-01-30'), '2026-01-30', '2026-01-30T23:59:59Z'],
      [date('2026-01-31'), 'soon', 5],
    ],
    [
      'is greater than',
      '2026-01-31T12:00:00-05:00',
      ['2026-01-31T17:00:01Z', new Date('2026-01-31T18:00:00Z')],
      ['2026-01-31T17:00:00Z'],
    ],
    ['is greater than', '08:30', ['8:31', '16:45'], ['08:30', '7:00', '831']],
    [
      'is between',
      '18-65',
      [18, 65, '40', range('30-40', 30, 40, 35)],
      [17, 66, 65.5, 'x', range('18+', 18, null, null)],
    ],
    ['is between', '18 to 65', [18, 65], [66]],
    ['is between', '18+', [18, 1000], [17]],
    ['is between', '-10--5', [-10, -5], [-4, 5]],
    ['is between', '$100,000 - $250,000', [175_000, '$100,000'], [99_999]],
    ['is between', ['18', '65'], [18, 65], [17]],
    ['is between', '0830-1645', ['0830', '1200', 1645], ['0829', '1646']],
    ['is between', '08:30-16:45', ['08:30', '12:00'], ['08:29', '16:46']],
    ['is between', '2026-01-01-2026-02-01', [date('2026-02-01'), '2026-01-01'], ['2026-02-02']],
    ['is between', '1/1/2026-2/1/2026', [date('2026-02-01')], [date('2026-02-02')]],
    [
      'is between',
      '2026-01-01T00:00:00.000Z-2026-02-01T00:00:00.000Z',
      [new Date('2026-01-15T00:00:00Z')],
      [new Date('2026-02-01T00:00:00.001Z')],
    ],
    ['is included in', 'TX,CA', ['TX', 'ca', text('CA'), ['tx', 'ca']], ['T', 'TX,CA', ['TX', 'NY']]],
    ['is included in', 'TX, "Doe, John"\nFL', ['doe, john', 'FL', 'tx'], ['Doe', 'John']],
    ['is included in', ['1', '2'], [1, number(2), '1'], [3, '01']],
    ['is included in', '1988-10-01,1990-01-01', [date('1990-01-01')], [date('1991-01-01')]],
    ['includes', 'ohn', ['John', text('JOHNNY'), ['ohn']], ['Jo', ['John']]],
    ['includes', '23', [12_345, '0230', ['23'], [23]], [32]],
    ['includes', ['a', 'b'], [['b', 'A', 'c'], 'cab'], [['a'], 'ac']],
    ['matches pattern', '^7\\d{4}$', ['78704', 78_704], ['787041', 'x78704']],
    ['matches pattern', '*@example.com', ['Joe@Example.com', ['x', 'a@example.com']], ['joe@example.org', { a: 1 }]],
    ['matches pattern', 'a(b', [], ['a(b', 'ab']],
    ['is true', undefined, [true, boolean(true), 'true', ' True '], [false, 'yes', 1, 'truer']],
    ['is false', undefined, [false, boolean(false), 'FALSE'], [true, 'no', 0]],
    [
      'is obscene',
      undefined,
      ['shit', 'What the FUCK', 'sh1t', 'xfucky@example.com'],
      ['Scunthorpe', 'Dick', 'Cassidy', 'classic'],
    ],
  ])('%s %j', (op, rhv, yes, no) => {
    const operator = operatorNamed(op);
    const prepared = operator?.arity === 'binary' ? operator.prepare(rhv) : undefined;
    const test = operator?.arity === 'unary' ? operator.test : prepared?.ok ? prepared.value : undefined;
    for (const value of yes) expect([value, test?.(value)]).toEqual([value, true]);
    for (const value of no) expect([value, test?.(value)]).toEqual([value, false]);
  });

  it.each<[op: string, value: unknown, passes: boolean]>([
    ['format is valid', text('5125550143'), true],
    ['format is valid', text('donkey', { valid: false }), false],
    ['format is valid', 'plain', true],
    ['format is valid', 5, true],
    ['format is valid', [text('a'), text('b', { valid: false })], false],
    ['format is invalid', text('donkey', { valid: false }), true],
    ['format is invalid', text('5125550143'), false],
    ['format is invalid', text('', { valid: false }), false],
    ['format is invalid', { valid: false }, false],
    ['format is invalid', [text('a'), text('b', { valid: false })], true],
  ])('%s of %j: %s', (op, value, passes) => {
    expect(evaluate({ op: 'and', rules: [{ lhv: 'lead.x', op }] }, { lead: { x: value } }).passed).toBe(passes);
  });

  const PASS_ON_BLANK = new Set(OPERATOR_NAMES.filter((name) => name.includes('not') && name !== 'is not blank'));
  PASS_ON_BLANK.add('is blank');
  const RIGHT: Record<string, string> = { 'is between': '0-9', 'is not between': '0-9' };

  it.each(BLANKS)('a blank left side (%s) fails what is positive and passes what is negative', (_name, blank) => {
    for (const op of OPERATOR_NAMES) {
      const rule = { lhv: 'lead.x', op, rhv: RIGHT[op] ?? '5' };
      expect([op, evaluate({ op: 'and', rules: [rule] }, { lead: { x: blank } }).passed]).toEqual([
        op,
        PASS_ON_BLANK.has(op),
      ]);
    }
  });

  it('names every operator of the model', () => {
    expect(OPERATOR_NAMES.filter((name) => operatorNamed(name)?.name !== name)).toEqual([]);
    expect(operatorNamed('constructor')).toBeUndefined();
  });

  it('a negation is the opposite of its positive for whatever is compared with whatever', () => {
    const pairs = OPERATOR_NAMES.flatMap((name) => (/^(is|does) not /.test(name) ? [[findOpposite(name), name]] : []));
    expect(pairs).toContainEqual(['is equal to', 'is not equal to']);
    expect(pairs.filter(([positive]) => positive === undefined)).toEqual([]);
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        '5',
        5,
        '4-6',
        'TX',
        'a,b',
        '',
        null,
        '2026-01-01',
        'a*',
        '^a',
        true,
        date('2026-01-01'),
      ),
      fc.constantFrom<unknown>(range('4-6', 4, 6, 5), text('tx', { valid: false }), number(5), ['a', 'b'], {}),
      fc.anything(),
    );
    fc.assert(
      fc.property(value, value, (left, right) => {
        for (const [name = '', negation = ''] of pairs) {
          const rule = (op: string) => ({ op: 'and', rules: [{ lhv: 'l', op, rhv: '{{r}}' }] });
          const vars = { l: left, r: right };
          const passed = compile(rule(name)).program.evaluate(vars, ctx).passed;
          expect([name, compile(rule(negation)).program.evaluate(vars, ctx).passed]).toEqual([name, !passed]);
        }
      }),
      { numRuns: 100 },
    );
  });
});

const TX = { lhv: 'lead.state', op: 'is equal to', rhv: 'TX' };
const EMAIL = { lhv: 'lead.email', op: 'is not blank' };

describe('compileRuleSet', () => {
  const reasons: [name: string, ruleSet: unknown, lead: Record<string, unknown>, reason: string | null][] = [
    ['no rule set passes', null, {}, null],
    ['an empty set passes', { op: 'or', rules: [] }, {}, null],
    ['a rule that passes', { op: 'and', rules: [TX] }, { state: 'tx' }, null],
    ['equality', { op: 'and', rules: [TX] }, { state: 'FL' }, 'State must be equal to TX'],
    ['blank', { op: 'and', rules: [EMAIL] }, {}, 'Email must not be blank'],
    [
      'format',
      { op: 'and', rules: [{ lhv: 'lead.phone_1', op: 'format is valid' }] },
      {},
      'Phone 1 format must be valid',
    ],
    [
      'range',
      { op: 'and', rules: [{ lhv: 'lead.age', op: 'is between', rhv: '18-65' }] },
      {},
      'Age must be between 18-65',
    ],
    [
      'list',
      { op: 'and', rules: [{ lhv: 'lead.state', op: 'is included in', rhv: ['TX', 'CA'] }] },
      {},
      'State must be included in TX,CA',
    ],
    [
      'component',
      { op: 'and', rules: [{ lhv: 'lead.phone_1.area', op: 'is equal to', rhv: 512 }] },
      {},
      'Phone 1 Area must be equal to 512',
    ],
    [
      'dotted field',
      { op: 'and', rules: [{ lhv: 'lead.mortgage.loan.amount', op: 'is greater than', rhv: 5 }] },
      {},
      'Loan Amount must be greater than 5',
    ],
    [
      'template of one variable',
      { op: 'and', rules: [{ lhv: '{{lowercase lead.city}}', op: 'is equal to', rhv: 'x' }] },
      {},
      'City must be equal to x',
    ],
    [
      'right side from the lead',
      { op: 'and', rules: [{ lhv: 'lead.a', op: 'is equal to', rhv: '{{lead.b}}' }] },
      { a: 1, b: 2 },
      'A must be equal to 2',
    ],
    [
      'right side from the lead, met',
      { op: 'and', rules: [{ lhv: 'lead.a', op: 'is equal to', rhv: '{{lead.b}}' }] },
      { a: 'x', b: 'X' },
      null,
    ],
    [
      'list with a template',
      { op: 'and', rules: [{ lhv: 'lead.a', op: 'is included in', rhv: ['q', '{{lead.b}}'] }] },
      { a: 'x', b: 'X' },
      null,
    ],
    ['and gives the first failure', { op: 'and', rules: [TX, EMAIL] }, {}, 'State must be equal to TX'],
    ['or joins them', { op: 'or', rules: [TX, EMAIL] }, {}, 'State must be equal to TX or Email must not be blank'],
    ['or needs one', { op: 'or', rules: [TX, EMAIL] }, { email: 'a@example.com' }, null],
    [
      'sets nest',
      { op: 'and', rules: [EMAIL, { op: 'or', rules: [TX] }] },
      { email: 'x' },
      'State must be equal to TX',
    ],
    [
      'a rule holds with its own set',
      { op: 'and', rules: [{ ...EMAIL, rule_set: { op: 'and', rules: [TX] } }] },
      { email: 'x' },
      'State must be equal to TX',
    ],
    [
      'its own set is not asked when the rule fails',
      { op: 'and', rules: [{ ...EMAIL, rule_set: { op: 'and', rules: [TX] } }] },
      {},
      'Email must not be blank',
    ],
  ]; // prettier-ignore

  it.each(reasons)('%s', (_name, ruleSet, lead, reason) => {
    const verdict = evaluate(ruleSet, { lead });
    expect(verdict.passed ? null : verdict.reason).toBe(reason);
  });

  it.each<[name: string, ruleSet: unknown, path: string, message: RegExp]>([
    ['no rules', { op: 'and' }, 'rule_set', /list of "rules"/],
    ['a list instead of a set', [TX], 'rule_set', /list of "rules"/],
    ['unknown op of a set', { op: 'xor', rules: [] }, 'rule_set.op', /"and" or "or"/],
    ['a rule that is no object', { op: 'and', rules: ['x'] }, 'rule_set.rules.0', /"lhv", "op" and "rhv"/],
    ['no left side', { op: 'and', rules: [TX, { op: 'is blank' }] }, 'rule_set.rules.1.lhv', /lead\.state/],
    [
      'a left side with an empty part',
      { op: 'and', rules: [{ ...TX, lhv: 'lead..x' }] },
      'rule_set.rules.0.lhv',
      /dot/,
    ],
    ['a broken template', { op: 'and', rules: [{ ...TX, lhv: '{{lead.x' }] }, 'rule_set.rules.0.lhv', /line 1/],
    ['no right side', { op: 'and', rules: [{ ...TX, rhv: null }] }, 'rule_set.rules.0.rhv', /is blank/],
    ['a blank right side', { op: 'and', rules: [{ ...TX, rhv: ' ' }] }, 'rule_set.rules.0.rhv', /is blank/],
    [
      'no operator',
      { op: 'and', rules: [{ ...TX, op: undefined }] },
      'rule_set.rules.0.op',
      /no operator.*is included in/,
    ],
    [
      'an unknown operator',
      { op: 'and', rules: [{ ...TX, op: 'toString' }] },
      'rule_set.rules.0.op',
      /"toString" is not/,
    ],
    [
      'look-ahead',
      { op: 'and', rules: [{ ...TX, op: 'matches pattern', rhv: '^(?!x)' }] },
      'rule_set.rules.0.rhv',
      /does not match pattern.*character 2/,
    ],
    ['no range', { op: 'and', rules: [{ ...TX, op: 'is between', rhv: 'a-b' }] }, 'rule_set.rules.0.rhv', /18-65/],
    [
      'a range backwards',
      { op: 'and', rules: [{ ...TX, op: 'is not between', rhv: '2200-0600' }] },
      'rule_set.rules.0.rhv',
      /lower end first/,
    ],
    [
      'nothing to compare',
      { op: 'and', rules: [{ ...TX, op: 'is less than', rhv: 'many' }] },
      'rule_set.rules.0.rhv',
      /number or a date/,
    ],
    [
      'an empty list',
      { op: 'and', rules: [{ ...TX, op: 'is included in', rhv: ',,' }] },
      'rule_set.rules.0.rhv',
      /commas/,
    ],
    [
      'inside a rule of its own',
      { op: 'and', rules: [{ ...TX, rule_set: { op: 'and', rules: [{ op: 'is true' }] } }] },
      'rule_set.rules.0.rule_set.rules.0.lhv',
      /left side/,
    ],
  ])('reports to the author: %s', (_name, ruleSet, path, message) => {
    const { problems, program } = compile(ruleSet);
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(problems[0]?.message).toMatch(message);
    expect(program.evaluate({ lead: { state: 'TX' } }, ctx).passed).toBe(false);
  });

  it('reports all that is wrong with a rule at once', () => {
    const { problems } = compile({ op: 'and', rules: [{ lhv: '', op: 'equals', rhv: 1 }] });
    expect(problems.map((problem) => problem.path)).toEqual(['rule_set.rules.0.op', 'rule_set.rules.0.lhv']);
  });

  it('refuses more rules and deeper nesting than its bounds, and takes as much as that', () => {
    const wide = (count: number) => ({ op: 'and', rules: Array.from({ length: count }, () => TX) });
    let deep: unknown = { op: 'and', rules: [TX] };
    for (let depth = 1; depth < RULE_DEPTH_MAX; depth += 1) deep = { op: 'and', rules: [deep] };
    expect(compile(wide(RULES_MAX)).problems).toEqual([]);
    expect(compile(wide(RULES_MAX + 1)).problems[0]?.message).toMatch(/at most 10000 rules/);
    expect(compile(deep).problems).toEqual([]);
    expect(compile({ op: 'and', rules: [deep] }).problems[0]?.message).toMatch(/deeper than 32/);
  });

  it('collects rules in document order and records what was evaluated', () => {
    const { program, catalogue } = compile({
      op: 'or',
      rules: [
        { ...TX, rule_set: { op: 'and', rules: [EMAIL] } },
        { lhv: 'lead.a', op: 'is equal to', rhv: '{{lead.b}}' },
      ],
    });
    expect(catalogue.rows.map((row) => row.path)).toEqual([
      'rule_set.rules.0',
      'rule_set.rules.0.rule_set.rules.0',
      'rule_set.rules.1',
    ]);
    const records: unknown[] = [];
    program.evaluate({ lead: { state: 'FL', a: 1, b: 2 } }, ctx, { record: (...record) => records.push(record) });
    expect(records).toEqual([
      [0, 'FL', 'TX', false],
      [2, 1, 2, false],
    ]);
    expect(program.variables).toEqual(['lead.state', 'lead.email', 'lead.a', 'lead.b']);
  });

  it('ends with a defined result when ten thousand patterns meet a megabyte', () => {
    const rule = { lhv: 'lead.note', op: 'does not match pattern', rhv: 'needle.*' };
    const { program } = compile({ op: 'and', rules: Array.from({ length: RULES_MAX }, () => rule) });
    const verdict = program.evaluate({ lead: { note: 'x'.repeat(1_048_576) } }, ctx);
    expect(verdict).toEqual({ passed: false, reason: WORK_USED_UP });
    expect(program.evaluate({ lead: { note: 'x' } }, ctx)).toEqual({ passed: true });
  });

  it('reads only own properties of a lead', () => {
    const rule = (lhv: string) => ({ op: 'and', rules: [{ lhv, op: 'is not blank' }] });
    for (const path of ['lead.constructor', 'lead.__proto__', 'lead.toString.length']) {
      expect(evaluate(rule(path), { lead: { x: 1 } }).passed).toBe(false);
    }
    const hostile = { valueOf: 'x', toString: 'y', length: 9 };
    for (const op of OPERATOR_NAMES)
      evaluate({ op: 'and', rules: [{ lhv: 'lead.x', op, rhv: RIGHT_OF[op] ?? '5' }] }, { lead: { x: hostile } });
  });
});

describe('dates relative to the submission', () => {
  const typed = (type: string, value: string) => parseValue(type, value, { now: 0, timeZone: 'America/Chicago' });
  const submission = { timestamp: typed('time', '2026-11-20T03:04:05.067Z') };
  const since = (amount: string, format = '') =>
    `{{format submission.timestamp ${format} operator="subtract" ${amount}}}-{{format submission.timestamp ${format}}}`;
  const DAYS = 'format="YYYY-MM-DD"';

  it.each<[op: string, rhv: string, type: string, yes: string[], no: string[]]>([
    [
      'is between',
      '{{format submission.timestamp operator="subtract" days="7"}}-{{submission.timestamp}}',
      'time',
      ['2026-11-13T03:04:05.067Z', '2026-11-20T03:04:05.067Z'],
      ['2026-11-13T03:04:05.066Z', '2026-11-20T03:04:05.068Z', 'soon'],
    ],
    ['is between', since('weeks=1'), 'time', ['2026-11-13T03:04:06Z'], ['2026-11-13T03:04:05Z']],
    // A day is its first instant in UTC, so the day that began before the range is outside.
    ['is between', since('days="7"'), 'date', ['2026-11-14', '11/20/2026'], ['2026-11-13', '2026-11-21']],
    ['is between', since('days="7"', DAYS), 'date', ['2026-11-13', '2026-11-20'], ['2026-11-12', '2026-11-21']],
    ['is between', since('months="1"', 'format="MM/DD/YYYY"'), 'date', ['2026-10-20'], ['2026-10-19']],
    ['is between', since('months="1"', 'format="MM-DD-YYYY"'), 'date', ['2026-10-20'], ['2026-10-19']],
    ['is not between', since('years="18"', DAYS), 'dob', ['2008-11-19', '1950-01-01'], ['2008-11-20', '2026-11-20']],
    [
      'is less than',
      '{{format submission.timestamp operator="subtract" years="18"}}',
      'dob',
      ['2008-11-20'],
      ['2008-11-21'],
    ],
    // Without an offset a date in a text is UTC, whatever zone the account is in (decision 0020).
    ['is equal to', '2026-11-20', 'time', ['2026-11-20T00:00:00Z'], ['2026-11-20T06:00:00Z', '2026-11-20T10:00:00Z']],
    ['is less than', '2026-11-20', 'time', ['2026-11-19T23:59:59Z'], ['2026-11-20T00:00:00Z']],
    ['is between', '2026-11-01-2026-11-20', 'time', ['2026-11-20T00:00:00Z'], ['2026-11-20T00:00:01Z']],
  ])('%s %s, as %s', (op, rhv, type, yes, no) => {
    const rules: RuleSet = { op: 'and', rules: [{ lhv: 'lead.at', op, rhv } as Rule] };
    const passes = (value: string) => evaluate(rules, { submission, lead: { at: typed(type, value) } }).passed;
    expect(yes.filter(passes)).toEqual(yes);
    expect(no.filter(passes)).toEqual([]);
  });

  it('returns the range as it was for this lead', () => {
    const rules = { op: 'and', rules: [{ lhv: 'lead.at', op: 'is between', rhv: since('days=7', DAYS) }] };
    const verdict = evaluate(rules, { submission, lead: { at: typed('date', '2026-01-01') } });
    expect(verdict).toEqual({ passed: false, reason: 'At must be between 2026-11-13-2026-11-20' });
  });
});

const RIGHT_OF: Record<string, string> = { 'is between': '1-2', 'is not between': '1-2' };
