import type pg from 'pg';
import type { FoundPage, Sort } from '../../events/event-store.ts';
import type { IdRange } from '../../events/id-range.ts';
import {
  type Buckets,
  bucketOf,
  bucketsOf,
  buildSpans,
  cutRange,
  isEmptyRange,
  listWindows,
  rangeBehind,
  rangeOfBuckets,
  rangeUpTo,
  type Span,
  takeSpans,
} from '../../events/reading-plan.ts';
import { COUNTED_UNTIL } from './digests.ts';
import { findKinds, isNarrow, type KindFilter, readTallies } from './event-kinds.ts';

/** The table that is searched, by what is asked of it. All its methods keep to the filter, but for `isWanted`. */
export interface SearchedTable<Row> {
  subject: 'event' | 'lead';
  /** The entries of a range, in order, at most `limit`. */
  readRange(range: IdRange, limit: number): Promise<Row[]>;
  /** Those of some spans within a range. */
  readSpans(spans: readonly Span[], range: IdRange, limit: number): Promise<Row[]>;
  /** The id so many entries further, whatever their filter; null: there are not as many. */
  findStride(range: IdRange, entries: number): Promise<string | null>;
  /** What no statement can decide of an entry that was found; undefined: all are wanted. */
  isWanted: ((row: Row) => boolean) | undefined;
  /** May entries be left out that kinds know nothing of? Then nothing says how many are read to fill a page. */
  isSparse: boolean;
}

export interface SearchQuestion {
  accountId: string;
  range: IdRange;
  filter: KindFilter;
  sort: Sort;
  limit: number;
}

/** What a search may take; past it the page says how far it looked. */
const SEARCH_MS_MAX = 400;
/** Steps that are always taken, each of some milliseconds: a machine that is busy must not make pages empty. */
const STEPS_MIN = 8;
/** More than a search can take in its time. */
const STEPS_MAX = 10_000;
/** Tallies of the first step, each an entry at least; where the filter leaves out what they count, further steps read more. */
const TALLIES_MIN = 200;
const TALLIES_OF_ENTRY = 2;
const TALLIES_GROWTH = 4;
const TALLIES_MAX = 5_000;
/** Entries that are read at least where some are left out afterwards. */
const TESTED_MIN = 200;
/** Entries that one step reads along the index where nothing says which of them are wanted. */
const STRIDE = 20_000;
/** So many kinds are frequent as a rule: their tallies cost more to read than a page of entries. */
const FREQUENT_KINDS = 50;
/** Entries of these that are read along the index first, about 1 µs each; with one in ten of the filter a page is full. */
const FIRST_STRETCH = 1_000;

/**
 * A page of entries, in one transaction with one view. What is counted is found by kinds and tallies: a question that
 * nothing matches reads no entry. What is not counted yet, the last second as a rule, is read along the index.
 */
export async function searchPage<Row extends { id: string }>(
  client: pg.ClientBase,
  { table, question }: { table: SearchedTable<Row>; question: SearchQuestion },
): Promise<FoundPage<Row>> {
  const search = createSearch(table, question);
  if (!isNarrow(question.filter)) {
    await search.readStraight(question.range);
    return search.found();
  }
  const { until, now, oldest } = await readCountedNow(client, question.accountId);
  const { older, newer } = cutRange(question.range, until);
  if (question.sort === 'desc') await search.readStraight(newer);
  if (search.goesOn() && !isEmptyRange(older) && oldest !== null)
    await readCounted(client, { table, question, search, range: older, now, oldest });
  if (question.sort === 'asc' && search.goesOn()) await search.readStraight(newer);
  return search.found();
}

/**
 * How far the account is counted, the quarter of an hour it is, and the oldest lead. Without kinds nothing is counted, however far.
 * Counts outlive what they are of, and no event is older than its lead: before the oldest one nothing is left to read. By primary keys.
 */
async function readCountedNow(
  client: pg.ClientBase,
  accountId: string,
): Promise<{ until: string; now: number; oldest: string | null }> {
  const { rows } = await client.query<{ until: string; now: number; oldest: string | null }>(
    `select case when exists (select from event_kinds k where k.account_id = $1) then ${COUNTED_UNTIL} else '' end as until,
            floor(extract(epoch from statement_timestamp()) / 900)::int as now,
            (select l.id from leads l where l.account_id = $1 order by l.id limit 1) as oldest`,
    [accountId],
  );
  return rows[0] ?? { until: '', now: 0, oldest: null };
}

interface Counted<Row> {
  table: SearchedTable<Row>;
  question: SearchQuestion;
  search: Search;
  range: IdRange;
  now: number;
  oldest: string;
}

async function readCounted<Row extends { id: string }>(client: pg.ClientBase, counted: Counted<Row>): Promise<void> {
  const { table, question, search, now, oldest } = counted;
  const { accountId, filter, sort, limit } = question;
  const kinds = await findKinds(client, { accountId, subject: table.subject, filter });
  if (kinds.length === 0) return;
  const isFrequent = kinds.length >= FREQUENT_KINDS;
  const range = isFrequent ? await search.readStretch(counted.range, FIRST_STRETCH) : counted.range;
  if (range === null || !search.goesOn()) return;
  const asked = bucketsOf(range);
  const within: Buckets = { low: Math.max(asked.low, bucketOf(oldest)), high: asked.high };
  for (const window of listWindows(within, { sort, now })) {
    let open: Buckets = window;
    let max = Math.max(TALLIES_MIN, TALLIES_OF_ENTRY * limit);
    for (let step = 0; step < STEPS_MAX && open.low <= open.high && search.goesOn(); step += 1) {
      const { tallies, read } = await readTallies(client, { kinds, window: open, sort, max });
      await search.readSpans(buildSpans(tallies, { range, sort }), range);
      search.lookedAt(rangeOfBuckets(read));
      max = Math.min(max * TALLIES_GROWTH, TALLIES_MAX);
      open = sort === 'asc' ? { low: read.high + 1, high: open.high } : { low: open.low, high: read.low - 1 };
    }
    if (!search.goesOn()) return;
  }
}

/** A page that fills up, and how far it has been looked for. */
interface Search {
  goesOn(): boolean;
  readStraight(range: IdRange): Promise<void>;
  /** The next so many entries along the index, whatever their filter; null: all. What is left of the range; null: nothing. */
  readStretch(range: IdRange, entries: number | null): Promise<IdRange | null>;
  readSpans(spans: readonly Span[], range: IdRange): Promise<void>;
  lookedAt(range: IdRange): void;
}

function createSearch<Row extends { id: string }>(
  table: SearchedTable<Row>,
  { range: asked, filter, sort, limit }: SearchQuestion,
): Search & { found(): FoundPage<Row> } {
  const endsAt = performance.now() + SEARCH_MS_MAX;
  const found: Row[] = [];
  let steps = 0;
  let reached = sort === 'asc' ? asked.after : asked.before;
  let isStopped = false;

  const goesOn = () => found.length < limit && !isStopped;
  const strides = isNarrow(filter) || table.isSparse;

  /** Takes what is wanted; returns whether there may be more in the stretch that was read. */
  function take(rows: readonly Row[], readMax: number): boolean {
    steps += 1;
    const wanted = table.isWanted ? rows.filter(table.isWanted) : rows;
    found.push(...wanted.slice(0, limit - found.length));
    return rows.length === readMax;
  }

  function stopIfLate(): void {
    if (found.length < limit && steps >= STEPS_MIN && performance.now() > endsAt) isStopped = true;
  }

  async function readAll(read: (range: IdRange, limit: number) => Promise<Row[]>, range: IdRange): Promise<void> {
    let open = range;
    for (let step = 0; step < STEPS_MAX && goesOn(); step += 1) {
      const wanted = Math.max(limit - found.length, table.isWanted ? TESTED_MIN : 0);
      const rows = await read(open, wanted);
      const last = rows.at(-1)?.id;
      if (!take(rows, wanted) || last === undefined) return;
      reached = last;
      open = rangeBehind(open, { id: last, sort });
      stopIfLate();
    }
  }

  async function readStretch(range: IdRange, entries: number | null): Promise<IdRange | null> {
    const stride = entries === null ? null : await table.findStride(range, entries);
    await readAll(table.readRange, stride === null ? range : rangeUpTo(range, { id: stride, sort }));
    if (stride === null) return null;
    if (goesOn()) reached = stride;
    stopIfLate();
    return rangeBehind(range, { id: stride, sort });
  }

  return {
    goesOn,
    async readStraight(range) {
      let open = range;
      for (let step = 0; step < STEPS_MAX && goesOn() && !isEmptyRange(open); step += 1) {
        const left = await readStretch(open, strides ? STRIDE : null);
        if (left === null) return;
        open = left;
      }
    },
    readStretch,
    async readSpans(spans, range) {
      let rest = [...spans];
      for (let step = 0; step < STEPS_MAX && rest.length > 0 && goesOn(); step += 1) {
        const some = takeSpans(rest, limit - found.length);
        rest = rest.slice(some.length);
        await readAll((open, wanted) => table.readSpans(some, open, wanted), range);
        const last = some.at(-1);
        if (last !== undefined && goesOn()) reached = sort === 'asc' ? last.last : last.first;
        stopIfLate();
      }
    },
    lookedAt(range) {
      // The page goes on behind an id, so the end of what was looked at is as good as one.
      if (goesOn()) reached = sort === 'asc' ? range.before : range.after;
    },
    found: () => ({ found, stoppedAt: isStopped ? asId(reached) : null }),
  };
}

/** A second without the rest of an id as an id that no entry has. */
function asId(reached: string): string {
  return reached.padEnd(24, '0');
}
