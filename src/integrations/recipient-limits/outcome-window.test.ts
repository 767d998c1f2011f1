import { expect, it } from 'vitest';
import { OutcomeWindow } from './outcome-window.ts';

it('counts the last minute and forgets what is older, in steps of ten seconds', () => {
  const window = new OutcomeWindow();
  window.record({ isError: true, now: 3_000 });
  window.record({ isError: false, now: 12_000 });
  window.record({ isError: true, now: 59_999 });
  expect(window.counts(59_999)).toEqual({ requests: 3, errors: 2 });
  expect(window.counts(60_000)).toEqual({ requests: 2, errors: 1 });
  expect(window.counts(70_000)).toEqual({ requests: 1, errors: 1 });
  expect(window.counts(1_000_000)).toEqual({ requests: 0, errors: 0 });
});

it('holds on to six buckets however long it is used', () => {
  const window = new OutcomeWindow();
  for (let now = 0; now < 10_000_000; now += 1_000) window.record({ isError: now % 2_000 === 0, now });
  expect(window.counts(9_999_999)).toEqual({ requests: 60, errors: 30 });
});
