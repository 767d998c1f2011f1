import type { EventFilter } from './event-store.ts';
import type { Buckets } from './reading-plan.ts';

/** What reasons have in common, and how often it occurred. */
export interface ReasonGroup {
  reasonClass: string;
  /** Of events: their number. Of leads: theirs too. */
  events: number;
  /** Leads, each once for each flow, source, step, recipient, type and outcome that it had the reason of. */
  leads: number;
  firstId: string;
  lastId: string;
  /** A few ids that have it, newest first. */
  sampleIds: string[];
}

export interface ReasonQuestion {
  accountId: string;
  subject: 'event' | 'lead';
  filter: Omit<EventFilter, 'leadIds' | 'reason' | 'reasonClasses'>;
  buckets: Buckets;
  limit: number;
}

export interface ReasonGroups {
  /** The most frequent ones. */
  groups: ReasonGroup[];
  /** How many there are. */
  total: number;
  /** All before this time, epoch ms, is counted; null: everything is. */
  countedUntil: number | null;
}

/** Reads how often reasons occurred, from what is counted. */
export interface ReasonStore {
  listReasons(question: ReasonQuestion): Promise<ReasonGroups>;
}
