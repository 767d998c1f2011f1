import { describe, expect, it } from 'vitest';
import { type ResolvedRule, type RuleDistance, ruleDistance } from './rule-distance.ts';

const DAY_MS = 86_400_000;

const number = (by: number): RuleDistance => ({ scale: 'number', by, unit: null });
const date = (by: number): RuleDistance => ({ scale: 'date', by, unit: 'milliseconds' });

describe('ruleDistance', () => {
  it.each<[op: string, left: unknown, right: unknown, distance: RuleDistance | null]>([
    ['is greater than or equal to', 17, '18', number(-1)],
    ['is less than', '$1,250.50', 1000, number(250.5)],
    ['is between', 70, '18-65', number(5)],
    ['is between', 10, '18-65', number(-8)],
    ['is between', 30, '18+', number(0)],
    ['is equal to', 4, '5', number(-1)],
    ['is greater than', '2025-03-01', '3/3/2025', date(-2 * DAY_MS)],
    ['is between', '08:00', '08:30-17:00', { scale: 'time', by: -1_800, unit: 'seconds' }],
    ['is equal to', '78751', '10001', null],
    ['is equal to', 'TX', 'CA', null],
    ['is greater than', '', '18', null],
    ['is greater than', null, null, null],
    ['is greater than', '17', '2025-03-01', null],
    ['is between', '0759', '0830-1645', null],
    ['is blank', 17, null, null],
    ['constructor', 17, 18, null],
    ['is greater than', '*********', '18', null],
  ])('%s: %j against %j', (op, left, right, distance) => {
    expect(ruleDistance({ lhv: 'lead.x', op, left, right })).toEqual(distance);
  });

  it.each<[lhv: string, rule: Omit<ResolvedRule, 'lhv' | 'op'>, distance: RuleDistance | null]>([
    ['lead.first_name.length', { left: 3, right: '5' }, { scale: 'number', by: -2, unit: 'characters' }],
    ['{{lead.first_name.length}}', { left: '3', right: '5' }, { scale: 'number', by: -2, unit: 'characters' }],
    ['{{format submission.timestamp "HHmm"}}', { left: '1000', right: '1030' }, null],
  ])('of %s', (lhv, sides, distance) => {
    expect(ruleDistance({ lhv, op: 'is greater than', ...sides })).toEqual(distance);
  });
});
