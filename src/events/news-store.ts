import type { EventRecord } from './event-store.ts';

/** An event that was committed since the last look, with what filters ask of it. */
export interface NewEvent {
  record: EventRecord;
  flowId: string;
  sourceId: string;
}

/**
 * How far the events of an account have been looked at. They are committed out of the order of their ids: the last seconds are
 * looked at again, and what has been seen of them is left out; events of slow leads come when the lead is no longer under way.
 */
export interface NewsPosition {
  /** A second without the rest of an id. Of what is older, only events of `running` can still come. */
  floor: string;
  /** Ids above the floor that were looked at. */
  seen: ReadonlySet<string>;
  /** Leads under way that began before the floor. */
  running: readonly string[];
}

export interface News {
  /** In the order of their ids; of too many the newest. */
  events: NewEvent[];
  /** There were more. */
  isCut: boolean;
  position: NewsPosition;
}

export interface NewsStore {
  /** The position now: what is committed later is new. */
  begin(accountId: string): Promise<NewsPosition>;
  readNews(accountId: string, position: NewsPosition): Promise<News>;
}

/**
 * The id behind which a reader goes on, and misses nothing: before it nothing is under way. What is behind it may have been
 * looked at already.
 */
export function resumeIdOf({ floor, running }: NewsPosition): string {
  const [slowest] = running.map((leadId) => leadId.slice(0, 8)).toSorted();
  return (slowest !== undefined && slowest < floor ? slowest : floor).padEnd(24, '0');
}
