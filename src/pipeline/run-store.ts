import type { Money } from '../model/money.ts';
import type { LeadOutcome } from '../model/outcome.ts';
import type { CapHold, Holds } from '../stored/holds.ts';
import type { EventRow } from '../stored/intent-state.ts';
import type { CapRefusal } from '../stored/lead-document.ts';

/**
 * What the pipeline asks of storage while a lead runs: places (reserve), permission to send (intend), the end (settle).
 * The three moments and their guarantees: ARCHITECTURE.md, "The life of a lead in the store".
 */
export interface RunStore {
  /** Looks values up in lists, holds them, and holds places in caps: all that is asked, in one step. */
  reserve(request: ReserveRequest): Promise<ReserveResult>;
  /** Makes it durable that a request is about to leave. Only after `committed` may it. */
  intend(request: IntendRequest): Promise<IntendResult>;
  /** Makes the lead's end durable: events, places, jobs. Only after `settled` may the answer go. */
  settle(request: SettleRequest): Promise<SettleResult>;
}

/** Which lead, and on which revision of which flow it runs. */
export interface RunKey {
  accountId: string;
  /** The lead's; of an attempt to deliver again the attempt's own. */
  runId: string;
  /** Whose attempt the run is; absent or null: it is a lead. */
  retryId?: string | null;
  flowId: string;
  sourceId: string;
  revision: number;
  /** Epoch ms. */
  submittedAt: number;
}

export interface ListRequest {
  listId: string;
  /** The keyed hash of the normalised value. */
  value: Buffer;
  /** Entries added before this instant (epoch ms) do not count; null: all count. */
  cutoff: number | null;
  /** Hold the value for this lead when it is not on the list. */
  hold: boolean;
}

export type ListVerdict =
  | { found: false }
  /** On the list since `addedAt` (epoch ms). */
  | { found: true; because: 'added'; addedAt: number | null }
  /** By a lead that has not ended, or whose delivery is tried again; `by` is not known of one that took it at this moment. */
  | { found: true; because: 'held'; addedAt: null; by?: ListHolder };

/** The lead that holds a value. */
export interface ListHolder {
  leadId: string;
  /** It has ended, and a delivery of it is tried again (decision 48). */
  isRetried: boolean;
}

export interface CapRequest {
  capId: string;
  /** The window, epoch ms. */
  startsAt: number;
  endsAt: number;
  maximum: number;
  generation: number;
  /** The step the cap belongs to; null: the flow's or a source's. */
  stepId: string | null;
}

export interface ReserveRequest {
  run: RunKey;
  /** What this run holds already; `hasRun` false: nothing was reserved or intended before. */
  held: Holds;
  hasRun: boolean;
  lists: ListRequest[];
  caps: CapRequest[];
}

export type ReserveResult =
  | { kind: 'reserved'; lists: ListVerdict[]; capRefusal: CapRefusal | null; held: Holds; hasRun: boolean }
  | LostPlaces
  /**
   * The database cannot be reached, the lane is full, or the run is no longer ours: nothing may be sent. Places may have
   * been taken all the same, when only the answer to the commit was lost; the run row knows.
   */
  | { kind: 'unavailable'; reason: string };

/**
 * The database was killed before it had flushed a reservation of this run. `held` is what the run still holds, by its
 * row; nothing was written.
 */
export interface LostPlaces {
  kind: 'lost';
  held: Holds;
}

export interface IntendRequest {
  run: RunKey;
  /** Nothing may be sent unless the run row holds all of it. */
  held: Holds;
  hasRun: boolean;
  /** The position of the intent among those of the run, from 0. One that was not answered `committed` is written again. */
  seq: number;
  /** JSON text: what a recovery needs to settle the run beside the intents before it; already masked. */
  state: string;
}

export type IntendResult = { kind: 'committed' } | LostPlaces | { kind: 'unavailable'; reason: string };

export interface SettleRequest {
  run: RunKey;
  hasRun: boolean;
  /** What the run holds as far as its process knows; its row decides. */
  held: Holds;
  used: UsedPlaces;
  /** What the lead itself holds is not settled for good yet; absent or null: it is. */
  waits?: LeadPlacesWait | null;
  outcome: LeadOutcome;
  reason: string | null;
  price: Money;
  events: EventRow[];
  /** JSON text of the personal part; already masked. */
  document: string;
  /** Deliveries to try again. */
  retries?: readonly NewRetry[];
  /** Deliveries that may have arrived. */
  unknowns?: readonly NewUnknown[];
}

/** Which of the places a run holds are used up; the others go back. */
export interface UsedPlaces {
  /** The lead's own: its list entries, and its places in the caps of the flow and the source. */
  lead: boolean;
  /** Ids of the steps whose places are used. */
  steps: readonly string[];
}

/** Is a place in a cap used up? */
export function isPlaceUsed({ lead, steps }: UsedPlaces, { stepId }: CapHold): boolean {
  return stepId === null ? lead : steps.includes(stepId);
}

/** A delivery that failed and is to be tried again (decision 25). */
export interface NewRetry {
  id: string;
  /** Of the delivery that failed. */
  eventId: string;
  stepId: string;
  recipientId: string;
  outcome: string;
  reason: string | null;
  /** Epoch ms. */
  nextAttemptAt: number;
}

/**
 * What becomes of a lead's list entries and places in the caps of flow and source while a delivery of it has not ended
 * (decisions 24 and 48). `held`: they stay held while it is tried again. `counted`: they are used, because it may have
 * arrived, and go back when it did not.
 */
export type LeadPlacesWait = 'held' | 'counted';

/** A delivery that may have arrived, and the places of its step that are kept because of it (decision 24). */
export interface NewUnknown {
  eventId: string;
  stepId: string;
  recipientId: string;
  reason: string | null;
  /** Epoch ms. */
  happenedAt: number;
  holds: Holds;
}

export type SettleResult =
  | { kind: 'settled' }
  /** Another node has taken the run over and settled it. */
  | { kind: 'fenced' }
  /** Of a lead that was sent nowhere: it may not be answered as a success, because it has no place. */
  | LostPlaces
  /** The database refused this lead's data; it was settled as an error instead. */
  | { kind: 'refused'; reason: string }
  /** The queue is full or closing: this lead is not settled here; a recovery will do it. */
  | { kind: 'unavailable'; reason: string };

/** A lead of a node that is gone, as it was last known. */
export interface OrphanedRun {
  run: RunKey;
  held: Holds;
  /** JSON of its intents, oldest first, to be read by `parseIntents`; none: nothing had been sent. */
  intents: readonly unknown[];
}
