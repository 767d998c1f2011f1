import { describe, expect, it } from 'vitest';
import type { FlowDocument, Step } from '../../../../src/model/flow.ts';
import { duplicateMember, insertMember, moveMember, removeMember, switchMember } from './change-steps.ts';
import { makeId } from './new-id.ts';

const filter = (reason: string): Step => ({
  type: 'filter',
  id: `id ${reason}`,
  reason,
  rule_set: { op: 'and', rules: [] },
});
const source = (name: string) => ({
  id: 's',
  entity: { id: 'e', name },
  integration: { module_id: 'm', mappings: [] },
});
const FLOW: FlowDocument = {
  ...{ name: 'Solar', enabled: true, fields: [], sources: [source('Ads')] },
  steps: [filter('a'), filter('b'), filter('c')],
};
const reasons = ({ steps }: FlowDocument) => steps.map((step) => ('reason' in step ? step.reason : step.type)).join('');
const counted = () => {
  let count = 0;
  return () => {
    count += 1;
    return `new ${count}`;
  };
};

describe('the steps of a draft', () => {
  it.each([
    [0, 1, 'bac'],
    [2, 0, 'cab'],
    [1, 1, 'abc'],
    [0, -1, 'abc'],
    [2, 3, 'abc'],
    [9, 0, 'abc'],
  ])('moved from %i to %i are %s', (from, to, order) => {
    expect(reasons(moveMember(FLOW, { list: 'steps', from, to }))).toBe(order);
  });

  it('are inserted before a place or at the end, and removed', () => {
    expect(reasons(insertMember(FLOW, { list: 'steps', member: filter('x'), index: 1 }))).toBe('axbc');
    expect(reasons(insertMember(FLOW, { list: 'steps', member: filter('x') }))).toBe('abcx');
    expect(reasons(removeMember(FLOW, { list: 'steps', index: 1 }))).toBe('ac');
  });

  it('are switched off by a property that is gone when they are on again', () => {
    const off = switchMember(FLOW, { path: 'steps.1', isOn: false });
    expect(off.steps[1]).toEqual({ ...filter('b'), enabled: false });
    expect(switchMember(off, { path: 'steps.1', isOn: true })).toEqual(FLOW);
  });

  it('are duplicated with ids of their own, to the same recipient', () => {
    const entity = { id: 'buyer', name: 'Buyer' };
    const caps = [{ id: 'cap', type: 'volume' as const, maximum: 5, duration: 1, duration_units: 'day' as const }];
    const step: Step = { type: 'recipient', id: 'r', entity, integration: { module_id: 'm', mappings: [] }, caps };
    const next = duplicateMember(
      { ...FLOW, steps: [step, filter('a')] },
      { list: 'steps', index: 0, makeId: counted() },
    );
    expect(next.steps[1]).toEqual({ ...step, id: 'new 1', caps: [{ ...caps[0], id: 'new 2' }] });
    expect(next.steps).toHaveLength(3);
  });

  it('and sources: a copy is another sender', () => {
    const next = duplicateMember(FLOW, { list: 'sources', index: 0, makeId: counted() });
    expect(next.sources[1]).toEqual({ ...source('Ads'), id: 'new 1', entity: { id: 'new 2', name: 'Ads copy' } });
  });
});

describe('an id', () => {
  it('has 24 hexadecimal characters, and is another one each time', () => {
    const ids = Array.from({ length: 50 }, makeId);
    expect(ids.every((id) => /^[0-9a-f]{24}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(50);
  });
});
