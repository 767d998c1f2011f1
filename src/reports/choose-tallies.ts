import { EVENT_TYPES } from '../model/event.ts';
import { BUCKET_SECONDS } from '../statistics/measures.ts';
import type { TimeFrame } from '../statistics/time-frame.ts';

/** The properties of events that are counted ahead, as columns of `event_kinds`. */
export const TALLIED = {
  type: 'type',
  outcome: 'outcome',
  'vars.flow.id': 'flow_id',
  'vars.source.id': 'source_id',
  'vars.recipient.id': 'recipient_id',
  step_id: 'step_id',
} as const;
export type TalliedProperty = keyof typeof TALLIED;

export interface TalliesPlan {
  dimensions: TalliedProperty[];
  /** Where each part begins, and where the last one ends. */
  buckets: number[];
  types: readonly string[];
}

const BUCKET_MS = BUCKET_SECONDS * 1000;

/** The tallies that answer a question; null: it names what they do not have, or times that are no whole quarters of an hour. */
export function chooseTallies(
  question: { metric: string; groupBy: readonly string[]; target: string | undefined; parts: readonly TimeFrame[] },
  { others, now }: { others: readonly unknown[]; now: number },
): TalliesPlan | null {
  if (question.metric === 'median') return null;
  const types = readTypes(others);
  const properties = [...question.groupBy, ...(question.target === undefined ? [] : [question.target])];
  const dimensions = [...new Set(properties)].filter(isTallied);
  const ends = question.parts.map(({ endsAt }) => (endsAt > now ? Math.ceil(endsAt / BUCKET_MS) * BUCKET_MS : endsAt));
  const boundaries = [...question.parts.map(({ startsAt }) => startsAt), ends.at(-1) ?? 0];
  const isKnown = properties.every(isTallied) && boundaries.every((instant) => instant % BUCKET_MS === 0);
  return types === null || !isKnown
    ? null
    : { dimensions, types, buckets: boundaries.map((instant) => instant / BUCKET_MS) };
}

function isTallied(property: string): property is TalliedProperty {
  return Object.hasOwn(TALLIED, property);
}

/** Rules of the type alone; null: there are others. */
function readTypes(rules: readonly unknown[]): readonly string[] | null {
  let types: readonly string[] = EVENT_TYPES;
  for (const rule of rules) {
    const { lhv, op, rhv }: { lhv?: unknown; op?: unknown; rhv?: unknown } = Object(rule);
    if (lhv !== 'type' || op !== 'is equal to' || typeof rhv !== 'string') return null;
    types = types.filter((type) => type === rhv.trim().toLowerCase());
  }
  return types;
}
