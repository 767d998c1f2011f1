import { isId } from '../lib/ids.ts';
import { BUCKET_SECONDS } from '../statistics/measures.ts';
import type { Sort } from './event-store.ts';
import { type IdRange, NO_AFTER, NO_BEFORE } from './id-range.ts';

/*
 * How a page finds its entries without reading those between them: by what is counted of each quarter of an hour
 * (decision page 0093). Pure.
 */

/** The class of reasons that were too many to be told apart: any reason may be of it. */
export const OTHER_REASONS = '(other)';

/** Entries of one kind in a quarter of an hour: how many, and the smallest and the greatest id. */
export interface Tally {
  bucket: number;
  events: number;
  firstId: string;
  lastId: string;
}

/** A stretch of ids, both ends included, that has entries of the kinds that are asked for. */
export interface Span {
  first: string;
  last: string;
  /** Entries of these kinds. */
  events: number;
}

/** Quarters of an hour, both ends included. */
export interface Buckets {
  low: number;
  high: number;
}

/** The greatest quarter of an hour that an id can be of. */
export const LAST_BUCKET = Math.floor(0xffff_ffff / BUCKET_SECONDS);

export function bucketOf(id: string): number {
  if (id === NO_AFTER) return 0;
  return id >= NO_BEFORE
    ? LAST_BUCKET
    : Math.floor(Number.parseInt(id.slice(0, 8).padEnd(8, '0'), 16) / BUCKET_SECONDS);
}

/** The quarters of an hour that ids of the range can be of. */
export function bucketsOf({ after, before }: IdRange): Buckets {
  return { low: bucketOf(after), high: bucketOf(before) };
}

/** All ids of these quarters of an hour. */
export function rangeOfBuckets({ low, high }: Buckets): IdRange {
  const secondOf = (bucket: number) => (bucket * BUCKET_SECONDS).toString(16).padStart(8, '0');
  return { after: low <= 0 ? NO_AFTER : secondOf(low), before: high >= LAST_BUCKET ? NO_BEFORE : secondOf(high + 1) };
}

/** The first stretch is four hours, each further one this many times as long: a rare kind is found in four steps. */
const FIRST_BUCKETS = 16;
const GROWTH = 8;

/**
 * The stretches in which tallies are read, in the order of the page. Going down they begin at `now`, because no page is
 * of the years up to 2106.
 */
export function listWindows({ low, high }: Buckets, { sort, now }: { sort: Sort; now: number }): Buckets[] {
  const windows: Buckets[] = [];
  let [from, to] = [low, high];
  for (let size = FIRST_BUCKETS; from <= to; size *= GROWTH) {
    if (sort === 'asc') {
      const window = { low: from, high: Math.min(to, from + size - 1) };
      windows.push(window);
      from = window.high + 1;
    } else {
      const window = { low: Math.max(from, Math.min(to, now) - size + 1), high: to };
      windows.push(window);
      to = window.low - 1;
    }
  }
  return windows;
}

/**
 * Stretches of ids, apart from each other and in the order of the page, that have all entries of the tallies in the range.
 * One or two entries are their tally's ids, so nothing between them is read.
 */
export function buildSpans(tallies: readonly Tally[], { range, sort }: { range: IdRange; sort: Sort }): Span[] {
  const spans = tallies
    .flatMap(spansOf)
    .filter(({ first, last }) => last > range.after && first < range.before)
    .sort((one, other) => (one.first < other.first ? -1 : 1));
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last === undefined || span.first > last.last) joined.push({ ...span });
    else {
      if (span.last > last.last) last.last = span.last;
      last.events += span.events;
    }
  }
  return sort === 'asc' ? joined : joined.reverse();
}

function spansOf({ events, firstId, lastId }: Tally): Span[] {
  if (events === 2 && firstId !== lastId) {
    return [firstId, lastId].map((id) => ({ first: id, last: id, events: 1 }));
  }
  return [{ first: firstId, last: lastId, events }];
}

/** Spans read by one statement. */
export const SPANS_MAX = 100;

/** The first of the spans that are likely to have `wanted` entries, at most `SPANS_MAX` and at least one. */
export function takeSpans(spans: readonly Span[], wanted: number): Span[] {
  let events = 0;
  const end = spans.findIndex((span) => {
    const isEnough = events >= wanted;
    events += span.events;
    return isEnough;
  });
  return spans.slice(0, Math.min(end < 0 ? spans.length : Math.max(end, 1), SPANS_MAX));
}

/** What is left of the range behind this id, in the order of the page. */
export function rangeBehind(range: IdRange, { id, sort }: { id: string; sort: Sort }): IdRange {
  return sort === 'asc' ? { ...range, after: id } : { ...range, before: id };
}

/** The range up to this id, which is part of it. */
export function rangeUpTo(range: IdRange, { id, sort }: { id: string; sort: Sort }): IdRange {
  return sort === 'asc' ? { ...range, before: neighbour(id, 1n) } : { ...range, after: neighbour(id, -1n) };
}

function neighbour(id: string, distance: bigint): string {
  return (BigInt(`0x${id}`) + distance).toString(16).padStart(id.length, '0');
}

export function isEmptyRange({ after, before }: IdRange): boolean {
  return after >= before;
}

/** A range cut in two: what has an id of at least `until` is `newer`. `until` is an id, or a second without the rest of one. */
export function cutRange({ after, before }: IdRange, until: string): { older: IdRange; newer: IdRange } {
  const below = isId(until) && until !== FIRST_ID ? neighbour(until, -1n) : until;
  return {
    older: { after, before: before < until ? before : until },
    newer: { after: after > below ? after : below, before },
  };
}

const FIRST_ID = '0'.repeat(24);
