import { HIT_FIELDS } from '../search/searched-fields.ts';
import type { EventOfLead } from './event-store.ts';

/** Leads that one search finds; there may be more of them. */
export const LEADS_FOUND_MAX = 1_000;

/** What hits are sorted by: the names of the API, and the values that a hit shows. */
export const SEARCH_ORDERS = ['lead_id', 'submission_timestamp', ...HIT_FIELDS] as const;
export type SearchOrder = (typeof SEARCH_ORDERS)[number];

export interface LeadSearch {
  accountId: string;
  /** Of leads, of their events, or of pings that a lead was sent for. */
  ids: readonly string[];
  /** The text of a tsquery; null: only ids are looked for. */
  condition: string | null;
  /** tsqueries of which a lead counts higher for each that it meets. */
  whole: readonly string[];
  /** null: by how many of `whole` they meet, then the newest first. */
  order: { by: SearchOrder; direction: 'asc' | 'desc' } | null;
  /** The place of the first hit, from 0; and how many. */
  from: number;
  limit: number;
}

export interface LeadsFound {
  /** At most `LEADS_FOUND_MAX`. */
  total: number;
  /** There may be further leads: the search ended at `LEADS_FOUND_MAX`, or at its time. */
  isTruncated: boolean;
  /** Leads from before this instant (epoch ms) are found by words; null: all that have ended. */
  countedUntil: number | null;
  /** In order, each with its latest event. */
  hits: EventOfLead[];
}

/** Finds leads by what they are remembered by. */
export interface LeadSearchStore {
  searchLeads(search: LeadSearch): Promise<LeadsFound>;
}
