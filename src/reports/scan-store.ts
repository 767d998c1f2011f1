import type { EventRecord, LeadRecord } from '../events/event-store.ts';
import type { CountedEntry, CountedPing } from '../statistics/sum-lead.ts';
import type { TimeFrame } from '../statistics/time-frame.ts';
import type { PlainFilter } from './plain-rules.ts';

/** A correction of money, with the event of feedback that made it. */
export type ScannedEntry = CountedEntry & { eventId: string };

export interface ScannedLead {
  leadId: string;
  flowId: string;
  sourceId: string;
  outcome: string;
  reason: string | null;
  /** In the order of `seq`, all of them. */
  events: EventRecord[];
  entries: ScannedEntry[];
  /** null: it was not asked for. */
  record: LeadRecord | null;
}

export interface ScanKey {
  accountId: string;
  /** Whole seconds. */
  frame: TimeFrame;
  filter: PlainFilter;
}

/** Ids of what happened in a time frame; `stoppedAt` (epoch ms) is where the bound was met, null: it was not. */
export interface FoundLeads {
  leadIds: string[];
  events: number;
  stoppedAt: number | null;
}

/** Reads events and pings one by one, for questions that counts cannot answer. */
export interface ScanStore {
  /** Leads with an event or a correction of money in the time frame; at most `eventsMax` events are looked at. */
  findLeads(key: ScanKey & { eventsMax: number }): Promise<FoundLeads>;
  /** `withRecords`: with the personal part too. */
  readLeads(key: { accountId: string; leadIds: readonly string[]; withRecords: boolean }): Promise<ScannedLead[]>;
  /** Leads by the phase that stopped them, '' for none, of their source events; null: there are more than `leadsMax`. */
  countStops(key: ScanKey & { leadsMax: number }): Promise<Map<string, number> | null>;
  /** At most `pingsMax` + 1. */
  listPings(key: ScanKey & { pingsMax: number }): Promise<CountedPing[]>;
}
