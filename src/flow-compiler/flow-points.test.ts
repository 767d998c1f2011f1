import { describe, expect, it } from 'vitest';
import { finish } from '../lib/slices.ts';
import type { FlowDocument, Step } from '../model/flow.ts';
import type { Rule } from '../model/rule-set.ts';
import { deliveryTo, testFlow } from '../pipeline/testing/test-flow.ts';
import { FLOW_POINTS_MAX, findTooMuch, RULE_VALUES_MAX } from './flow-points.ts';

const find = (document: FlowDocument) => finish(findTooMuch(document));
const filterOf = (rules: Rule[]): Step => ({ type: 'filter', rule_set: { op: 'or', rules } });
const pattern = (rhv: string): Rule => ({ lhv: 'lead.email', op: 'matches pattern', rhv });
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

const FITTING: [string, Step[]][] = [
  ['9 000 plain patterns', [filterOf(times(9_000, (index) => pattern(`^7${index}$`)))]],
  ['1 000 steps of one rule', times(1_000, (index) => filterOf([pattern(`^7${index}$`)]))],
  ['10 000 rules', [filterOf(times(10_000, (index) => ({ lhv: 'lead.state', op: 'is equal to', rhv: `T${index}` })))]],
  [
    '4 000 mappings with short templates',
    [
      deliveryTo(
        'Buyer',
        {},
        Object.fromEntries(
          times(4_000, (index) => [
            `json_property.p${index}`,
            `${index} {{uppercase lead.first_name}} {{lead.last_name}}`,
          ]),
        ),
      ),
    ],
  ],
  [
    'a list as long as it may be',
    [filterOf([{ lhv: 'lead.postal_code', op: 'is included in', rhv: times(RULE_VALUES_MAX, String) }])],
  ],
];

describe('findTooMuch', () => {
  it.each(FITTING)('takes %s', (_name, steps) => {
    expect(find(testFlow({ steps }))).toEqual([]);
  });

  it('says what counts, where most of it is and what to do', () => {
    const [tooMuch, ...others] = find(testFlow({ steps: [filterOf(times(600, () => pattern('(?:a{100}){9}')))] }));
    expect(others).toEqual([]);
    expect(tooMuch?.path).toBe('steps');
    expect(tooMuch?.message).toMatch(
      /^The flow is too large to compile: it counts 27\d+ points and may have 250000 \(patterns /,
    );
    expect(tooMuch?.message).toMatch(/is included in/);
  });

  it('one pattern is too large where it stands', () => {
    const { length } = find(testFlow({ steps: [filterOf([pattern('^\\S{999}$'), pattern('/^\\p{L}{1,100}$/u')])] }));
    expect(length).toBe(0);
    const steps = [filterOf([pattern('a'), pattern('/^[\\p{L}\\p{N}]{1,300}$/u')])];
    expect(find(testFlow({ steps }))).toEqual([
      {
        path: 'steps.0.rule_set.rules.1.rhv',
        message: expect.stringMatching(/counts 150\d\d points and may have 8000/),
      },
    ]);
  });

  it('templates and lists count too', () => {
    const long = times(200, (index) => `{{lead.first_name}} ${index}`).join(' ');
    const mappings = Object.fromEntries(times(300, (index) => [`json_property.p${index}`, long]));
    expect(find(testFlow({ steps: [deliveryTo('Buyer', {}, mappings)] }))[0]?.message).toMatch(/\(templates /);
    const rhv = times(RULE_VALUES_MAX + 1, String);
    expect(find(testFlow({ steps: [filterOf([{ lhv: 'lead.state', op: 'is included in', rhv }])] }))).toEqual([
      {
        path: 'steps.0.rule_set.rules.0.rhv',
        message: expect.stringMatching(/at most 20000 values, and this has 20001/),
      },
    ]);
    expect(FLOW_POINTS_MAX).toBe(250_000);
  });
});
