import { expect, it } from 'vitest';
import { createRelayPlaces, RELAYS_WAITING_MAX, RELAYS_WAITING_PER_SOURCE_MAX } from './relay-places.ts';

it('places to wait for a source are bounded for each source and for all, and free again when they are left', () => {
  const places = createRelayPlaces();
  const enterAll = (sourceId: string) =>
    Array.from({ length: 100 }, () => places.enter(sourceId)).filter(Boolean).length;
  expect(enterAll('a')).toBe(RELAYS_WAITING_PER_SOURCE_MAX);
  expect(['b', 'c', 'd', 'e'].map(enterAll)).toEqual([8, 8, 8, 0]);
  places.leave('a');
  expect(places.enter('e')).toBe(true);
  expect(places.enter('a')).toBe(false);
  for (const [source, count] of [
    ['a', 7],
    ['b', 8],
    ['c', 8],
    ['d', 8],
    ['e', 1],
  ] as const)
    for (let left = 0; left < count; left += 1) places.leave(source);
  expect(['f', 'g', 'h', 'i', 'j'].reduce((sum, source) => sum + enterAll(source), 0)).toBe(RELAYS_WAITING_MAX);
});
