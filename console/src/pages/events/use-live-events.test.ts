import { expect, it } from 'vitest';
import { LIVE_ROWS_MAX, mergeNewest } from './use-live-events.ts';

const eventsOf = (...ids: string[]) => ids.map((id) => ({ id }));

it('puts events in order, newest first, each once', () => {
  expect(mergeNewest(eventsOf('c', 'b'), eventsOf('b', 'a'))).toEqual(eventsOf('c', 'b', 'a'));
});

it('keeps the newest of more than it shows', () => {
  const many = Array.from({ length: LIVE_ROWS_MAX + 1 }, (_, place) => ({ id: String(place).padStart(6, '0') }));
  const kept = mergeNewest(many, []);
  expect([kept.length, kept.at(-1)?.id]).toEqual([LIVE_ROWS_MAX, '000001']);
});
