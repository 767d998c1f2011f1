import { describe, expect, it } from 'vitest';
import { diffDocuments } from '../../../../src/changes/diff-documents.ts';
import { countChanges, listChangeRows } from './list-change-rows.ts';
import { countMerged } from './say-rules.ts';
import { writeJson } from './write-json.ts';

const CAP = { id: 'c1', name: 'Texas daily', type: 'volume', maximum: 50, duration: 1, duration_units: 'day' };
const SOURCE = { id: 's1', entity: { name: 'Acme' }, caps: [CAP] };
const STEP = {
  ...{ id: 't1', type: 'recipient', entity: { name: 'Lender' } },
  integration: { mappings: [{ id: 'm1', property: 'header.Authorization', value: 'Bearer hunter2hunter2' }] },
};
const FLOW = { name: 'Mortgage', enabled: true, revision: 4, fields: [], sources: [SOURCE], steps: [STEP] };

const cells = (after: object) =>
  listChangeRows(FLOW, after).rows.map(({ group, what, before, after: now }) => [group, what, before, now]);

describe('changes as rows', () => {
  it('tell of switches by what they switch, and of no ids that the server gave', () => {
    const after = { ...FLOW, id: 'f1', enabled: false, sources: [{ ...SOURCE, enabled: false }] };
    expect(cells(after)).toEqual([
      ['The flow', 'The whole flow', 'on', 'off'],
      ['Source "Acme"', 'The whole source', 'on', 'off'],
    ]);
    const priced = (price: object) => ({ ...FLOW, pricing: { prices: [price] } });
    expect(listChangeRows(priced({ id: 'p1', amount: 4 }), priced({ amount: 4 })).rows).toEqual([]);
  });

  it('name a price by what it is of', () => {
    const priced = (amount: number) => ({
      ...FLOW,
      sources: [{ ...SOURCE, pricing: { prices: [{ id: 'p', amount }] } }],
    });
    const [row] = listChangeRows(priced(4), priced(5.5)).rows;
    expect([row?.what, row?.before, row?.after]).toEqual(['Price', '$4.00', '$5.50']);
  });

  it('stand by part, the flow first', () => {
    const after = {
      ...FLOW,
      revision: 5,
      sources: [{ ...SOURCE, caps: [{ ...CAP, maximum: 80 }] }],
      steps: [],
      name: 'Loans',
    };
    expect(cells(after)).toEqual([
      ['The flow', 'Name', 'Mortgage', 'Loans'],
      ['Source "Acme"', 'Cap "Texas daily" › maximum', '50', '80'],
      ['Step "Lender"', 'The whole step', 'Step "Lender"', null],
    ]);
  });

  it('say rules in the words of the rule editor, one row a rule', () => {
    const fields = [{ id: 'state', name: 'State', type: 'us_state' }];
    const filtered = (...rules: object[]) => ({
      ...FLOW,
      steps: [{ id: 'f1', type: 'filter', name: 'Our states', rule_set: { op: 'and', rules } }],
    });
    const texas = { lhv: 'lead.state', op: 'is equal to', rhv: 'TX' };
    const ohio = { ...texas, rhv: 'OH' };
    const listed = { lhv: 'lead.state', op: 'is included in', rhv: 'TX, OK' };
    const blank = { lhv: 'lead.email', op: 'is not blank' };
    const told = (before: object, after: object) =>
      listChangeRows(before, after, fields).rows.map((row) => [row.what, row.action, row.before, row.after]);
    expect(told(filtered(texas), filtered(ohio))).toEqual([
      ['Rule', 'changed', 'State is equal to TX', 'State is equal to OH'],
    ]);
    expect(told(filtered(texas, blank), filtered(listed, blank))).toEqual([
      ['Rule', 'changed', 'State is equal to TX', 'State is included in TX or OK'],
    ]);
    expect(countMerged(diffDocuments(filtered(texas, blank), filtered(listed, blank)).changes)).toBe(1);
    expect(told(filtered(texas), filtered(texas, blank))).toEqual([['Rule', 'added', null, 'Email is not blank']]);
    expect(told(filtered(texas, blank), filtered(texas))).toEqual([['Rule', 'removed', 'Email is not blank', null]]);
    const [row] = listChangeRows(filtered(texas), filtered(ohio), fields).rows;
    expect(row?.said?.after, 'a value looks different from a field').toEqual([
      { kind: 'field', text: 'State' },
      { kind: 'words', text: ' is equal to ' },
      { kind: 'value', text: 'OH' },
    ]);
  });

  it('say which rules must hold, and the rules that came with what has them', () => {
    const priced = (...prices: object[]) => ({ ...FLOW, sources: [{ ...SOURCE, pricing: { prices } }] });
    const rule_set = { op: 'and', rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'TX' }] };
    const told = (before: object, after: object) =>
      listChangeRows(before, after).rows.map((row) => [row.what, row.before, row.after]);
    expect(told(priced({ id: 'p', amount: 4 }), priced({ id: 'p', amount: 4, rule_set }))).toEqual([
      ['Price 4 › rules', null, 'State is equal to TX'],
    ]);
    expect(
      told(
        priced({ id: 'p', amount: 4, rule_set }),
        priced({ id: 'p', amount: 4, rule_set: { ...rule_set, op: 'or' } }),
      ),
    ).toEqual([['Price 4 › rules that must hold', 'all of them', 'any of them']]);
  });

  it('say that a secret was replaced, and not with what', () => {
    const mappings = [{ ...STEP.integration.mappings[0], value: 'Bearer hunter3hunter3' }];
    const after = { ...FLOW, steps: [{ ...STEP, integration: { mappings } }] };
    expect(cells(after)).toEqual([
      ['Step "Lender"', 'Mapping "header.Authorization" › value', 'a secret', 'another secret'],
    ]);
    expect(JSON.stringify(listChangeRows(FLOW, after).rows.map(({ change: _, ...row }) => row))).not.toContain(
      'hunter',
    );
  });

  it('take what the server hid as unchanged', () => {
    const mappings = [{ ...STEP.integration.mappings[0], value: '[redacted]' }];
    const hidden = { ...FLOW, steps: [{ ...STEP, integration: { mappings } }] };
    expect(listChangeRows(hidden, FLOW).rows).toEqual([]);
  });

  it('say list checks by their titles and the labels of fields', () => {
    const after = { ...FLOW, list_checks: { dnc: { value: '{{lead.phone_1}}', list_name: 'Refused' } } };
    const { rows } = listChangeRows(FLOW, after, [{ id: 'phone_1', name: 'Phone 1', type: 'phone' }]);
    expect(rows.map(({ what, before, after }) => [what, before, after])).toEqual([
      ['List checks', null, 'Do not call: Phone 1 in "Refused"'],
    ]);
  });

  it('are counted', () => {
    expect(countChanges(listChangeRows(FLOW, { ...FLOW, name: 'B' }))).toBe('1 change');
    expect(countChanges(listChangeRows(FLOW, { ...FLOW, name: 'B', enabled: false }))).toBe('2 changes');
    expect(countChanges({ rows: [], more: 7 })).toBe('7 changes');
  });
});

describe('JSON to compare', () => {
  it('has its members in one order', () => {
    expect(writeJson({ b: 1, a: { z: 1, id: 2 }, name: 'x' })).toBe(writeJson({ name: 'x', a: { id: 2, z: 1 }, b: 1 }));
  });
});
