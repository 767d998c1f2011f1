import { describe, expect, it } from 'vitest';
import { splitRules } from './split-rules.ts';

const rule = (lhv: string, op: string, rhv: unknown) => ({ lhv, op, rhv });

describe('rules that are filters', () => {
  it.each([
    [[rule('outcome', 'is equal to', ' Failure ')], { outcomes: ['failure'] }],
    [[rule('type', 'is included in', ['source', 'retry'])], { types: ['source', 'retry'] }],
    [[rule('vars.flow.id', 'is included in', 'AA, bb')], { flowIds: ['aa', 'bb'] }],
    [[rule(' vars.source.id ', 'is equal to', 'x')], { sourceIds: ['x'] }],
    [[rule('vars.recipient.id', 'is equal to', 'x')], { recipientIds: ['x'] }],
    [[rule('step_id', 'is equal to', 'Ab12cd')], { stepIds: ['ab12cd'] }],
    [
      [rule('outcome', 'is included in', 'stop,skip'), rule('outcome', 'is included in', 'skip,error')],
      { outcomes: ['skip'] },
    ],
    [[rule('outcome', 'is equal to', 'stop'), rule('outcome', 'is equal to', 'skip')], { outcomes: [] }],
    [[{ op: 'and', rules: [rule('outcome', 'is equal to', 'stop')] }], { outcomes: ['stop'] }],
    [
      [
        {
          ...rule('outcome', 'is equal to', 'stop'),
          rule_set: { op: 'and', rules: [rule('type', 'is equal to', 'filter')] },
        },
      ],
      { outcomes: ['stop'], types: ['filter'] },
    ],
  ])('%j is the filter %j', (rules, filter) => {
    expect(splitRules(rules)).toEqual({ filter, rest: [] });
  });

  it.each([
    [rule('outcome', 'is not equal to', 'stop')],
    [rule('outcome', 'is equal to', '{{vars.lead.state}}')],
    [rule('outcome', 'is included in', ['stop', '{{vars.lead.state}}'])],
    [rule('outcome', 'is equal to', 5)],
    [rule('outcome', 'is equal to', 'a\0')],
    [rule('{{outcome}}', 'is equal to', 'stop')],
    [rule('vars.lead.state', 'is equal to', 'TX')],
    [{ op: 'or', rules: [rule('outcome', 'is equal to', 'stop'), rule('type', 'is equal to', 'filter')] }],
    [{ ...rule('vars.lead.state', 'is equal to', 'TX'), rule_set: { op: 'or', rules: [] } }],
  ])('%j stays a rule', (written) => {
    const { filter, rest } = splitRules([written]);
    expect(filter).toEqual({});
    expect(rest.length).toBeGreaterThan(0);
  });

  it('a rule about the reason narrows the filter and stays', () => {
    const written = rule('reason', 'is equal to', 'Cap Reached');
    expect(splitRules([written])).toEqual({ filter: { reasonClasses: ['cap reached'] }, rest: [written] });
  });
});
