import { expect, it } from 'vitest';
import type { Cap } from '../../../../src/model/cap.ts';
import type { CapCounter } from '../../api/caps.ts';
import { describeCountAfter, describeWindowMaximum, leftOf, subtractExactly } from './count-after.ts';

const CAP: Cap = { id: 'c'.repeat(24), type: 'volume', maximum: 50, duration: 1, duration_units: 'day' };
// Only what is compared.
const COUNTER = { ...CAP, time_zone: 'UTC', rule_set: null } as unknown as CapCounter;
const TEXAS = { op: 'and' as const, rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'TX' }] };

it.each<[string, Partial<Cap>, RegExp | null]>([
  ['another maximum keeps the count', { maximum: 80 }, null],
  ['another name and reason keep it', { name: 'x', reason: 'y' }, null],
  ['the zone of the account by its name keeps it', { time_zone: 'UTC' }, null],
  ['another type starts at 0', { type: 'revenue' }, /starts at 0: leads and dollars/],
  ['other rules start at 0', { rule_set: TEXAS }, /starts at 0: other leads count/],
  ['a shorter window starts at 0', { duration_units: 'hour' }, /starts at 0: the window is shorter/],
  ['a longer window goes on', { duration_units: 'week' }, /goes on in the new window/],
  ['another zone goes on', { time_zone: 'Asia/Tokyo' }, /goes on in the new window/],
])('%s', (_, edit, sentence) => {
  const said = describeCountAfter(COUNTER, { ...CAP, ...edit }, 'UTC');
  if (sentence === null) expect(said).toBeNull();
  else expect(said).toMatch(sentence);
});

it.each([
  [50, 50, null],
  [50, 80, '46 more fit. It holds at once, without publishing, and the next window has 50 again.'],
  [80, 50, '16 more fit. It holds at once, without publishing, and the next window has 50 again.'],
  [
    50,
    34,
    'It is full at once: none fit until the window ends. It holds at once, without publishing, and the next window has 50 again.',
  ],
])('of a window of %s that takes %s in place of them is said: %s', (maximum, wanted, sentence) => {
  const counter = { maximum, deployed_maximum: 50, count: 33, held: 1 };
  expect(describeWindowMaximum(counter, { wanted, show: String })).toBe(sentence);
});

it('subtracts dollars to the last of four decimals', () => {
  expect(subtractExactly(0.3, 0.1)).toBe(0.2);
  expect(leftOf({ maximum: 100.1, count: 33.3334, held: 0.0001 })).toBe(66.7665);
  expect(leftOf({ maximum: 5, count: 6 })).toBe(0);
});
