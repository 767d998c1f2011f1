import { expect, it } from 'vitest';
import type { Cap } from '../../../../src/model/cap.ts';
import { describeCap, describeCaps, describePingLimit, describeWindowStart } from './describe-cap.ts';

const DAILY: Cap = { type: 'volume', maximum: 50, duration: 1, duration_units: 'day' };
const TEXAS = { op: 'and' as const, rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'TX' }] };
const NAMES = { timeZone: 'America/Chicago' };

it.each<[Cap, string]>([
  [DAILY, '50 a day, America/Chicago'],
  [{ ...DAILY, time_zone: 'UTC', maximum: 1_200 }, '1,200 a day, UTC'],
  [{ ...DAILY, duration_units: 'hour' }, '50 an hour, America/Chicago'],
  [{ ...DAILY, duration: 2, duration_units: 'week' }, '50 every 2 weeks, America/Chicago'],
  [{ ...DAILY, type: 'revenue', maximum: 100.25 }, '$100.25 a day, America/Chicago'],
  [{ ...DAILY, rule_set: TEXAS }, '50 a day, America/Chicago, for 1 rule'],
])('a cap is said in short', (cap, phrase) => {
  expect(describeCap(cap, NAMES)).toBe(phrase);
});

it('says the first cap and how many more, and nothing of none', () => {
  expect(describeCaps([DAILY, DAILY, DAILY], NAMES)).toBe('50 a day, America/Chicago; 2 more');
  expect([describeCaps([], NAMES), describeCaps(null, NAMES)]).toEqual([null, null]);
});

it('says pings of a limit of pings', () => {
  expect(describePingLimit({ maximum: 1000, duration: 1, duration_units: 'day' }, NAMES)).toBe(
    '1,000 pings a day, America/Chicago',
  );
});

it.each([
  [1, 'day', 'A day begins at midnight in UTC.'],
  [2, 'hour', 'Hours are counted from midnight in UTC.'],
  [2, 'week', /Sunday and Monday in UTC\. Windows of several begin with the one in which the limit was made\.$/],
] as const)('%s %s: says when windows begin', (duration, duration_units, sentence) => {
  expect(describeWindowStart({ duration, duration_units }, 'UTC')).toMatch(sentence);
});
