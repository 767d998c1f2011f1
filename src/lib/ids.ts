/**
 * Ids: 24 hexadecimal characters whose first eight are the second of their birth, as BSON ObjectIds are
 * (spec api 2.2), so that they sort by time; and the six-character ids used inside a flow.
 */
export interface Ids {
  /** A new 24-hex id, greater than every id this source gave before. */
  next(): string;
  /** A new six-character id `^[0-9a-z]{6}$` for a rule, step, mapping or source inside a flow. */
  short(): string;
}

export type Random = () => number;

const COUNTER_MAX = 0xffffff;

/** Ids from a clock and a source of randomness. A clock that goes back does not make the ids go back. */
export function createIds(options: { now: () => number; random: Random }): Ids {
  const { now, random } = options;
  const processPart = hex(Math.floor(random() * 0x100000000), 8) + hex(Math.floor(random() * 0x100), 2);
  let counter = Math.floor(random() * (COUNTER_MAX / 2));
  let second = 0;
  return {
    next() {
      const current = Math.floor(now() / 1000);
      if (current > second) {
        second = current;
        counter = Math.floor(random() * (COUNTER_MAX / 2));
      }
      counter += 1;
      if (counter > COUNTER_MAX) {
        second += 1;
        counter = 0;
      }
      return hex(second, 8) + processPart + hex(counter, 6);
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
