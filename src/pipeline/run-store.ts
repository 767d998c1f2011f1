import { type CapUnit, unitsOf } from '../caps/cap-units.ts';
import type { ListVerdict } from '../lists/judge-list-value.ts';
import type { Money } from '../model/money.ts';
import type { LeadOutcome } from '../model/outcome.ts';
import type { StoredFacts } from '../stored/event-facts.ts';
import type { CapHold, Holds } from '../stored/holds.ts';
import type { EventRow, NamedLead } from '../stored/intent-state.ts';
import type { CapRefusal } from '../stored/lead-document.ts';
import type { SeenPing } from '../stored/ping-facts.ts';

/**
 * What the pipeline asks of storage while a lead runs: what stands (look), its places and permission to send (claim), the
 * end (settle). The three moments and their guarantees: ARCHITECTURE.md, "The life of a lead in the store".
 */
export interface RunStore {
  /** Reads what stands of list values and of cap windows. It takes nothing and writes nothing. */
  look(request: LookRequest): Promise<LookResult>;
  /**
   * Takes places and makes it durable that a request is about to leave: all in one transaction, or nothing. Only after
   * `committed` may the request leave.
   */
  claim(request: ClaimRequest): Promise<ClaimResult>;
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

export type { ListVerdict };

export interface ListRequest {
  listId: string;
  /** The keyed hash of the normalised value. */
  value: Buffer;
  /** Entries added before this instant (epoch ms) do not count; null: all count. */
  cutoff: number | null;
  /** A claim holds the value for this lead; else it checks only that the value is not on the list. */
  hold: boolean;
}

export interface CapRequest extends CapUnit {
  capId: string;
  /** The window, epoch ms. */
  startsAt: number;
  endsAt: number;
  /** In the unit of the counter: leads, or ten-thousandths of a dollar where there is an amount. */
  maximum: number;
  /** The counter's generation (decision 10): the flow revision's, or a newer one that the lead was shown. */
  generation: number;
  /** The step the cap belongs to; null: the flow's or a source's. */
  stepId: string | null;
}

/** List values and cap windows a lead asks about. */
export interface PlacesAsked {
  lists: readonly ListRequest[];
  caps: readonly CapRequest[];
}

/** What stands of each list value and each cap window, in the order asked. */
export interface PlacesSeen {
  lists: ListVerdict[];
  caps: CapSeen[];
}

export interface CapSeen {
  /** null: there is room for one more lead, or for the amount. */
  refusal: CapRefusal | null;
  /** Of the counter, or of the request where that is newer. */
  generation: number;
}

export interface LookRequest extends PlacesAsked {
  run: Pick<RunKey, 'accountId' | 'runId'>;
  /** The ping that a post names; absent: it names none. */
  pingId?: string;
}

export type { SeenPing };

/** `ping`: the one that was asked for; null: there is none. Absent: none was asked for, or the store knows no pings. */
export type LookResult =
  | ({ kind: 'seen'; ping?: SeenPing | null } & PlacesSeen)
  | { kind: 'unavailable'; reason: string };

/** Every value asked must not be on its list, and every cap must have room: then all of it is taken. */
export interface ClaimRequest extends PlacesAsked {
  run: RunKey;
  /** Has the run a row: an earlier claim of it was committed, or it is an attempt to deliver again. */
  hasRun: boolean;
  /** The position of the intent among those of the run, from 0. One that was not answered `committed` is written again. */
  seq: number;
  /** JSON text: what a recovery needs to settle the run beside the intents before it; already masked. */
  state: string;
  /** Of an inner lead without a row: the run that must still be ours; absent: none. */
  guard?: RunKey | undefined;
  /** Absent: the step adds none to a batch. */
  row?: NewBatchRow;
}

/**
 * A row for a batch, stored with the claim of its step. It counts when the run has ended and its event is a success
 * (decision page 0088).
 */
export interface NewBatchRow {
  batchId: string;
  /** Of the delivery; also the row's own id. */
  eventId: string;
  leadId: string;
  /** JSON text: values by column, as the recipient gets them; the store encrypts it. */
  content: string;
  /** Epoch ms. */
  createdAt: number;
}

export type ClaimResult =
  /** `took`: what the run holds beside what it held before. */
  | { kind: 'committed'; took: Holds }
  | PlacesChanged
  /**
   * The database cannot be reached, the queue is full, or the run is no longer ours: nothing may be sent. When only the
   * answer to the commit was lost, the places are taken all the same; the run row knows.
   */
  | { kind: 'unavailable'; reason: string };

/** Something that was asked for is no longer to be had. Nothing was written; this is what stands now. */
export type PlacesChanged = { kind: 'changed' } & PlacesSeen;

export interface SettleRequest {
  run: RunKey;
  hasRun: boolean;
  /** What the run holds as far as its process knows; its intents decide. */
  held: Holds;
  /** Intents of the run that its process knows of. */
  intentCount: number;
  /** Places of a lead that has claimed none and keeps them: they are taken with its end. Absent or null: none. */
  claims?: PlacesAsked | null;
  used: UsedPlaces;
  /** Caps that had no room for the lead or for a step of it, by the decision that stands; each counts it as failed. */
  refusals?: readonly CapRequest[];
  /** What the lead itself holds is not settled for good yet; absent or null: it is. */
  waits?: LeadPlacesWait | null;
  outcome: LeadOutcome;
  reason: string | null;
  price: Money;
  events: EventRow[];
  /** The facts of each event, as objects; absent: their texts are read. Nothing but what is counted comes of them. */
  facts?: readonly StoredFacts[];
  /** JSON text of the personal part; already masked. */
  document: string;
  /** The run is a ping: this is its row, and there is no lead, no event and no document. Absent: it is a lead. */
  ping?: NewPing;
  /** Deliveries to try again. */
  retries?: readonly NewRetry[];
  /** Deliveries that may have arrived. */
  unknowns?: readonly NewUnknown[];
  /** Of an inner lead without a row: the run that must still be ours; absent: none. */
  guard?: RunKey | undefined;
  /** The ids of the fields that the lead has a value of; absent: none. */
  fields?: readonly string[];
  /**
   * What the lead is found by: the text of a `tsvector`, made by `buildLeadWords`; already masked. Absent or empty: nothing.
   */
  words?: string | undefined;
}

/** What is stored of a ping beside what the run and its end say. */
export interface NewPing {
  /** Epoch ms: its price holds so long. */
  expiresAt: number;
  /** JSON text, see `stored/ping-facts.ts`. */
  facts: string;
}

/** Which of the places a run holds are used up; the others go back. */
export interface UsedPlaces {
  /** The lead's own: its list entries, and its places in the caps of the flow and the source. */
  lead: boolean;
  /** Ids of the steps whose places are used. */
  steps: readonly string[];
  /** By step, what the delivery was sold for. Of a used step that is not here, what was held counts. */
  sales?: ReadonlyMap<string, Money>;
}

/** Is a place in a cap used up? */
export function isPlaceUsed({ lead, steps }: UsedPlaces, { stepId }: CapHold): boolean {
  return stepId === null ? lead : steps.includes(stepId);
}

/**
 * How much of a place is used, in the unit of its counter; the rest goes back. Of a revenue cap what the delivery was sold
 * for, which is never more than was held. A lead's own places are used as held: its price was known before.
 */
export function countUsed(used: UsedPlaces, hold: CapHold): number {
  if (!isPlaceUsed(used, hold)) return 0;
  const sale = hold.stepId === null ? undefined : used.sales?.get(hold.stepId);
  return countSold(hold, sale);
}

/** The same of the place of a delivery that was sold; undefined: for how much is not known. */
export function countSold(hold: CapUnit, sale: Money | undefined): number {
  const held = unitsOf(hold);
  return hold.amount === undefined || sale === undefined ? held : Math.min(sale, held);
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
  createdAt: number;
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
  /** The lead of another flow that it may have made; absent: it went over HTTP. */
  innerLead?: NamedLead;
}

export type SettleResult =
  | { kind: 'settled' }
  /** Another node has taken the run over and settled it. */
  | { kind: 'fenced' }
  /** What it claims is no longer to be had: nothing was written, and the lead decides again. */
  | PlacesChanged
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
  /** Its process lives and knows that nothing was sent, whatever its intents say. */
  isUnsent?: boolean;
}
