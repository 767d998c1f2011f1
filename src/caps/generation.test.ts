import { describe, expect, it } from 'vitest';
import type { Cap } from '../model/cap.ts';
import { type CapChange, changeOfCap } from './generation.ts';

const CAP: Cap = { type: 'volume', name: 'Daily', maximum: 10, duration: 1, duration_units: 'day' };
const TX = { lhv: 'lead.state', op: 'is equal to', rhv: 'TX' };

describe('changeOfCap', () => {
  it.each<[name: string, before: Partial<Cap>, after: Partial<Cap>, change: CapChange]>([
    ['nothing changed', {}, {}, 'keep'],
    ['another maximum', {}, { maximum: 5 }, 'keep'],
    ['another name and reason', {}, { name: 'x', reason: 'y' }, 'keep'],
    ['null rules are no rules', {}, { rule_set: null }, 'keep'],
    [
      'new ids of the same rules',
      { rule_set: { id: 'a', op: 'and', rules: [{ id: 'b', ...TX }] } },
      { rule_set: { id: 'c', op: 'and', rules: [TX] } },
      'keep',
    ],
    ['dollars instead of leads', {}, { type: 'revenue' }, 'reset'],
    ['leads instead of dollars', { type: 'revenue' }, { type: 'volume', duration: 2 }, 'reset'],
    ['rules added', {}, { rule_set: { op: 'and', rules: [TX] } }, 'reset'],
    [
      'rules changed',
      { rule_set: { op: 'and', rules: [TX] } },
      { rule_set: { op: 'and', rules: [{ ...TX, rhv: 'CA' }] } },
      'reset',
    ],
    [
      'a nested rule changed',
      { rule_set: { op: 'and', rules: [{ ...TX, rule_set: { op: 'or', rules: [TX] } }] } },
      { rule_set: { op: 'and', rules: [{ ...TX, rule_set: { op: 'and', rules: [TX] } }] } },
      'reset',
    ],
    ['shorter', { duration: 2 }, { duration: 1 }, 'reset'],
    ['a shorter unit', { duration_units: 'month' }, { duration_units: 'week' }, 'reset'],
    ['30 days instead of a month', { duration_units: 'month' }, { duration: 30 }, 'reset'],
    ['longer', { duration: 1 }, { duration: 2 }, 'carry'],
    ['a longer unit', {}, { duration_units: 'week' }, 'carry'],
    ['as long in other units', { duration: 7 }, { duration_units: 'week' }, 'carry'],
    ['another time zone', {}, { time_zone: 'UTC' }, 'carry'],
    ['longer with other rules', {}, { duration: 2, rule_set: { op: 'and', rules: [TX] } }, 'reset'],
  ])('%s', (_name, before, after, change) => {
    expect(changeOfCap({ ...CAP, ...before }, { ...CAP, ...after })).toBe(change);
  });
});
