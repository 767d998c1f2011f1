import type { EventType } from '../model/event.ts';
import type { Money } from '../model/money.ts';
import type { LeadOutcome } from '../model/outcome.ts';
import type { StoredFacts } from '../stored/event-facts.ts';
import type { KnownOfLead } from '../stored/lead-document.ts';
import type { IdRange } from './id-range.ts';

/** The decision facts of a lead; its row in `leads`. */
export interface LeadFacts {
  accountId: string;
  id: string;
  flowId: string;
  /** The entity's. */
  sourceId: string;
  /** Of the flow, which the lead ran on. */
  revision: number;
  outcome: LeadOutcome;
  reason: string | null;
  price: Money;
  /** Epoch ms. */
  submittedAt: number;
  /** The last lead it was sent again as; null: it was not. */
  resubmittedAs: string | null;
}

/** What is stored of a lead: its facts and its personal part. */
export interface LeadRecord extends LeadFacts {
  /** Empty for a lead that was interrupted before anything was decided; null once the personal part is deleted. */
  document: KnownOfLead | null;
  /** When the lead and its events are deleted, epoch ms; null: not while a legal hold has it. */
  expiresAt: number | null;
  /** Characters of the document as stored. */
  documentCharacters: number;
  /** Facts of its source event; where and how the whole lead ran. */
  sourceFacts: StoredFacts<'source'>;
}

/** One row of `events` of one of these types. */
export type RecordOf<Type extends EventType> = {
  [Each in Type]: EventRow & { type: Each; facts: StoredFacts<Each> };
}[Type];

/** One row of `events`. */
export type EventRecord = RecordOf<EventType>;

interface EventRow {
  id: string;
  leadId: string;
  /** The event's place among the lead's events. */
  seq: number;
  outcome: string;
  reason: string | null;
  stepId: string | null;
  recipientId: string | null;
}

export interface EventOfLead {
  event: EventRecord;
  lead: LeadRecord;
}

export type Sort = 'asc' | 'desc';

/** undefined: any. */
export interface LeadFilter {
  outcomes?: readonly string[] | undefined;
  flowIds?: readonly string[] | undefined;
  sourceIds?: readonly string[] | undefined;
  /** The whole reason. */
  reason?: string | undefined;
  /** What reasons have in common (`classifyReason`), in lower case: case makes no difference. */
  reasonClasses?: readonly string[] | undefined;
}

export interface LeadPageFilter extends LeadFilter {
  /** Was it sent again? */
  isResubmitted?: boolean | undefined;
}

export interface EventFilter extends LeadFilter {
  types?: readonly string[] | undefined;
  leadIds?: readonly string[] | undefined;
  recipientIds?: readonly string[] | undefined;
  /** In lower case: case makes no difference. */
  stepIds?: readonly string[] | undefined;
}

export interface PageRequest<Filter> {
  accountId: string;
  range: IdRange;
  filter: Filter;
  sort: Sort;
  limit: number;
}

/** What was found for a page. */
export interface FoundPage<Entry> {
  /** In the order of the page. */
  found: Entry[];
  /** A bound ended the search: it goes on behind this id, which need not be that of an entry. null: the page is complete. */
  stoppedAt: string | null;
}

export interface EventPageRequest extends PageRequest<EventFilter> {
  /** Leads of the first so many events are read with the page, in the same view; absent: none. */
  leadsOf?: { events: number; withDocuments: boolean };
}

export interface EventPage extends FoundPage<EventRecord> {
  /** By their ids; one that is just being deleted is missing. */
  leads: ReadonlyMap<string, LeadRecord>;
}

/** Events of feedback that come with a lead: it may have thousands, each with what was sent and answered. */
export const FEEDBACK_EVENTS_MAX = 100;

/** Reads what leads left behind. */
export interface EventStore {
  /**
   * In the order of the ids. Ascending, it ends before the events of the oldest lead under way: a reader that goes
   * on from the last id it saw must not pass over events that a slow lead commits later under smaller ids.
   */
  pageOfEvents(request: EventPageRequest): Promise<EventPage>;
  /** The leads of events; one that has been deleted meanwhile is missing. Without its document a lead is read in no time. */
  findLeads(key: {
    accountId: string;
    leadIds: readonly string[];
    withDocuments: boolean;
  }): Promise<Map<string, LeadRecord>>;
  findEvent(key: { accountId: string; eventId: string }): Promise<EventOfLead | null>;
  pageOfLeads(request: PageRequest<LeadPageFilter>): Promise<FoundPage<LeadFacts>>;
  /**
   * With its events in order; of those of feedback only the last `FEEDBACK_EVENTS_MAX`, or those of the feedback that is
   * named.
   */
  findLead(key: {
    accountId: string;
    leadId: string;
    feedbackId?: string;
  }): Promise<{ lead: LeadRecord; events: EventRecord[] } | null>;
  /** The same without feedback, of which a lead may have much. */
  findDeliveries(key: {
    accountId: string;
    leadId: string;
  }): Promise<{ lead: LeadRecord; events: EventRecord[] } | null>;
}
