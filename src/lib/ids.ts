/**
 * Ids: 24 hexadecimal characters whose first eight are the second of their birth, as BSON ObjectIds are
 * (spec api 2.2), so that they sort by time; and the six-character ids used inside a flow.
 */
export interface Ids {
  /** A new 24-hex id, greater than every id this method gave before. */
  next(): string;
  /**
   * A new 24-hex id for an event or a ping, greater than every id this method gave before, and of no earlier second than any id of
   * this source. It cannot be computed from other ids: knowing it is what lets a recipient send feedback without a key
   * (decision page 0077), and a source redeem a ping (0082).
   */
  event(): string;
  /** A new six-character id `^[0-9a-z]{6}$` for a rule, step, mapping or source inside a flow. */
  short(): string;
}

/** From 0 up to and without 1. What event ids are made of must come from a source that cannot be predicted. */
export type Random = () => number;

const COUNTER_MAX = 0xffffff;

/** Places of an event within its second: 16,384 for each millisecond, so that events sort by time. */
const PLACES_PER_MS = 0x4000;
const PLACE_MAX = 0xffffff;

/** Of an event id: 40 bits, independent of every other id. */
const CHANCE = 0x100_0000_0000;

/** Ids from a clock and a source of randomness. A clock that goes back does not make the ids go back. */
export function createIds(options: { now: () => number; random: Random }): Ids {
  const { now, random } = options;
  const processPart = hex(Math.floor(random() * 0x100000000), 8) + hex(Math.floor(random() * 0x100), 2);
  let counter = Math.floor(random() * (COUNTER_MAX / 2));
  let second = 0;
  let place = -1;

  /** The milliseconds that have passed of the current second, which begins where the clock has gone on. */
  function followClock(): number {
    const at = Math.floor(now());
    const current = Math.floor(at / 1000);
    if (current > second) beginSecond(current);
    return current === second ? at % 1000 : 0;
  }

  function beginSecond(next: number): void {
    second = next;
    counter = Math.floor(random() * (COUNTER_MAX / 2));
    place = -1;
  }

  return {
    next() {
      followClock();
      counter += 1;
      if (counter > COUNTER_MAX) beginSecond(second + 1);
      return hex(second, 8) + processPart + hex(counter, 6);
    },
    event() {
      const earliest = followClock() * PLACES_PER_MS;
      place = Math.max(place + 1, earliest);
      if (place > PLACE_MAX) {
        beginSecond(second + 1);
        place = 0;
      }
      return hex(second, 8) + hex(place, 6) + hex(Math.floor(random() * CHANCE), 10);
    },
    short() {
      let id = '';
      for (let i = 0; i < 6; i += 1) id += Math.floor(random() * 36).toString(36);
      return id;
    },
  };
}

const ID = /^[0-9a-fA-F]{24}$/;
const SHORT_ID = /^[0-9a-zA-Z]{6}$/;

/** Is this text a 24-hex id? */
export function isId(text: string): boolean {
  return ID.test(text);
}

/** Is this text an id of the short form used inside a flow? */
export function isShortId(text: string): boolean {
  return SHORT_ID.test(text);
}

/** The instant (epoch ms, whole seconds) a 24-hex id was made at. */
export function instantOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16) * 1000;
}

/** The smallest id that can be made at or after an instant; the bound of a search by time. */
export function firstIdAt(epochMs: number): string {
  return `${hex(Math.max(0, Math.floor(epochMs / 1000)), 8)}0000000000000000`;
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}
