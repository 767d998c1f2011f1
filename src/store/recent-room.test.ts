import { beforeEach, describe, expect, it } from 'vitest';
import type { Money } from '../model/money.ts';
import { AMPLE_PLACES_MIN, createRecentRoom, RECENT_MS_MAX, REFRESH_MS, type RecentRoom } from './recent-room.ts';

const REQUEST = { maximum: 5_000, generation: 3 };
const ROW = { count: 2_000, held: 10, generation: 3 };

describe('a window with ample room', () => {
  let now: number;
  let room: RecentRoom;

  beforeEach(() => {
    now = 1_000;
    room = createRecentRoom(() => now);
  });

  it('need not be looked at for a moment', () => {
    expect(room.recall('a', REQUEST)).toBeUndefined();
    room.note('a', ROW, REQUEST);
    expect(room.recall('a', REQUEST)).toBe(3);
    expect(room.recall('b', REQUEST)).toBeUndefined();
    now += REFRESH_MS;
    expect(room.recall('a', REQUEST)).toBe(3);
    now += RECENT_MS_MAX - REFRESH_MS + 1;
    expect(room.recall('a', REQUEST)).toBeUndefined();
  });

  it('is looked at by one of many when that moment is half over', () => {
    room.note('a', ROW, REQUEST);
    now += REFRESH_MS + 1;
    expect([1, 2, 3].map(() => room.recall('a', REQUEST))).toEqual([undefined, 3, 3]);
    room.note('a', ROW, REQUEST);
    now += RECENT_MS_MAX - REFRESH_MS;
    expect(room.recall('a', REQUEST)).toBe(3);
    now += REFRESH_MS;
    expect([1, 2].map(() => room.recall('a', REQUEST))).toEqual([undefined, 3]);
    now += 1;
    expect(room.recall('a', REQUEST)).toBeUndefined();
  });

  it.each([
    ['a counter with less room than ample', { ...ROW, count: REQUEST.maximum - AMPLE_PLACES_MIN, held: 1 }, REQUEST],
    ['a maximum that is lower now', ROW, { ...REQUEST, maximum: ROW.count + ROW.held + AMPLE_PLACES_MIN - 1 }],
    ['money that is less than ample at this price', ROW, { ...REQUEST, amount: 3 as Money }],
    ['a newer generation than was seen', ROW, { ...REQUEST, generation: 4 }],
  ])('is looked at: %s', (_, row, request) => {
    room.note('a', row, REQUEST);
    expect(room.recall('a', request)).toBeUndefined();
  });

  it('has the room of its own maximum where it has one', () => {
    room.note('a', { ...ROW, ownMaximum: 10_000 }, { ...REQUEST, maximum: 2_010 });
    expect(room.recall('a', { ...REQUEST, maximum: 2_010 })).toBe(3);
    room.note('a', { ...ROW, ownMaximum: 2_500 }, REQUEST);
    expect(room.recall('a', REQUEST)).toBeUndefined();
  });

  it('of money is so many leads at the price of this one', () => {
    const cheap = { ...REQUEST, amount: 2 as Money };
    room.note('a', ROW, cheap);
    expect(room.recall('a', cheap)).toBe(3);
    room.note('a', ROW, { ...REQUEST, amount: 3 as Money });
    expect(room.recall('a', cheap)).toBeUndefined();
  });

  it('is looked at once a look found little room', () => {
    room.note('a', ROW, REQUEST);
    room.note('a', { ...ROW, held: 2_500 }, REQUEST);
    expect(room.recall('a', REQUEST)).toBeUndefined();
  });

  it('that is not opened yet has its whole maximum', () => {
    room.note('a', undefined, REQUEST);
    expect(room.recall('a', REQUEST)).toBe(3);
    expect(room.recall('a', { ...REQUEST, generation: 2 })).toBe(3);
  });

  it('of which there are too many is forgotten, the oldest first', () => {
    for (let window = 0; window <= 10_000; window += 1) room.note(String(window), ROW, REQUEST);
    expect(room.recall('0', REQUEST)).toBeUndefined();
    expect(room.recall('1', REQUEST)).toBe(3);
  });
});
