import type { Dimension } from '../statistics/groupings.ts';
import { BUCKET_SECONDS, type Level } from '../statistics/measures.ts';
import type { TimeFrame } from '../statistics/time-frame.ts';
import { chooseLevel } from './choose-level.ts';
import type { StatisticsQuestion } from './statistics-question.ts';
import type { CountedDimension } from './statistics-store.ts';

/** What is read of a question: counts of whole quarters of an hour, and events in the time frames that are left. */
export interface ReadingPlan {
  reading:
    | { kind: 'level'; level: Level; dimensions: CountedDimension[] }
    | { kind: 'kinds'; dimensions: CountedDimension[] };
  /** Where each part begins and where the last one ends, in buckets. All the same: no count is read. */
  buckets: number[];
  scans: TimeFrame[];
}

const BUCKET_MS = BUCKET_SECONDS * 1000;

/** Chooses the counts that answer a question, and which of its time has to be read from events. */
export function planReading(question: StatisticsQuestion, now: number): ReadingPlan {
  const reading = chooseCounts(question);
  const frame = closeAfterNow(question.frame, now);
  const inner = question.parts.slice(1).map(({ startsAt }) => startsAt);
  const from = Math.ceil(frame.startsAt / BUCKET_MS);
  const to = Math.floor(frame.endsAt / BUCKET_MS);
  if (reading === null || from > to || !inner.every(isWhole)) {
    return { reading: NOTHING, buckets: [0, ...inner.map(() => 0), 0], scans: [frame] };
  }
  const edges = [
    { startsAt: frame.startsAt, endsAt: from * BUCKET_MS },
    { startsAt: to * BUCKET_MS, endsAt: frame.endsAt },
  ];
  return {
    reading,
    buckets: [from, ...inner.map((instant) => instant / BUCKET_MS), to],
    scans: edges.filter(({ startsAt, endsAt }) => startsAt < endsAt),
  };
}

const NOTHING: ReadingPlan['reading'] = { kind: 'level', level: 'source', dimensions: [] };

function isWhole(instant: number): boolean {
  return instant % BUCKET_MS === 0;
}

/** Nothing is later than now, so that the quarter of an hour that runs may be read whole. */
function closeAfterNow({ startsAt, endsAt }: TimeFrame, now: number): TimeFrame {
  return { startsAt, endsAt: endsAt > now ? Math.ceil(endsAt / BUCKET_MS) * BUCKET_MS : endsAt };
}

/** null: only events have it. */
function chooseCounts(question: StatisticsQuestion): ReadingPlan['reading'] | null {
  const wanted = question.groupBy.map(({ dimension }) => dimension);
  const has = (dimension: Dimension) => wanted.includes(dimension);
  if (question.test !== undefined || wanted.includes(null)) return null;
  const dimensions: CountedDimension[] = COUNTED.filter(has);
  if (countsByKind(question)) return { kind: 'kinds', dimensions: [...dimensions, 'reason'] };
  const hasRecipients = has('recipient') || question.filter.recipientIds !== undefined;
  if (has('reason') || (has('purchase_price') && (has('sale_price') || hasRecipients))) return null;
  if (has('purchase_price') || has('sale_price')) dimensions.push('price');
  return { kind: 'level', level: chooseLevel(question), dimensions };
}

const COUNTED = ['flow', 'source', 'recipient'] as const;

/** Are reasons counted, as kinds of events? Only what sources submitted and what was delivered, without prices. */
export function countsByKind({ groupBy, columns }: StatisticsQuestion): boolean {
  const wanted = groupBy.map(({ dimension }) => dimension);
  const hasPrice = wanted.includes('purchase_price') || wanted.includes('sale_price');
  return wanted.includes('reason') && !hasPrice && columns.every(({ of }) => of === 'source' || of === 'recipient');
}
