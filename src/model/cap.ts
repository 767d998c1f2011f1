import type { RuleSet } from './rule-set.ts';

export const CAP_DURATION_UNITS = ['month', 'week', 'day', 'hour', 'minute'] as const;
export type CapDurationUnit = (typeof CAP_DURATION_UNITS)[number];

/** What a cap counts: leads and deliveries (`volume`), or dollars (`revenue`, decision page 0076). */
export const CAP_TYPES = ['volume', 'revenue'] as const;
export type CapType = (typeof CAP_TYPES)[number];

/** A cap on a flow, a source or a step (spec behaviour 9). */
export interface Cap {
  id?: string;
  type: CapType;
  name?: string;
  /** Leads or deliveries; of a revenue cap dollars, with up to four decimals. */
  maximum: number;
  /** Whole units, at least 1. */
  duration: number;
  duration_units: CapDurationUnit;
  rule_set?: RuleSet | null;
  /** Looked at only when this cap's own rules match. */
  caps?: Cap[] | null;
  /** Absent or null: the account's. */
  time_zone?: string | null;
  /** A template; default `Cap reached`. */
  reason?: string;
  /** Set when the cap is first saved; anchors windows of several units (decision 8). */
  created_at?: string;
}

/** How many pings a flow or source takes per window. */
export interface PingLimit {
  id?: string;
  name?: string;
  maximum: number;
  duration: number;
  duration_units: CapDurationUnit;
  time_zone?: string | null;
  created_at?: string;
}
