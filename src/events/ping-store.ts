import type { Money } from '../model/money.ts';
import type { KnownOfPing } from '../stored/ping-facts.ts';
import type { PageRequest } from './event-store.ts';
import type { IdRange } from './id-range.ts';

export const PING_OUTCOMES = ['success', 'failure'] as const;
export type PingOutcome = (typeof PING_OUTCOMES)[number];

/** A ping with what became of its price. */
export interface PingRecord {
  accountId: string;
  id: string;
  flowId: string;
  /** The entity's. */
  sourceId: string;
  /** Of the flow, which the ping ran on. */
  revision: number;
  outcome: PingOutcome;
  reason: string | null;
  price: Money;
  /** Epoch ms. */
  submittedAt: number;
  expiresAt: number;
  facts: KnownOfPing;
  /** When the lead came in that has its price, epoch ms; null: none has. */
  redeemedAt: number | null;
  /** The lead that is being processed with it; null: none is. */
  heldBy: string | null;
}

export interface PingFilter {
  flowIds: readonly string[] | undefined;
  sourceIds: readonly string[] | undefined;
  outcomes: readonly string[] | undefined;
}

export const PING_INTERVALS = ['hour', 'day'] as const;

export interface PingStatsRequest {
  accountId: string;
  range: IdRange;
  filter: Pick<PingFilter, 'flowIds' | 'sourceIds'>;
  interval: (typeof PING_INTERVALS)[number];
  /** Where days and hours begin, IANA. */
  timeZone: string;
  limit: number;
}

/** Pings of one source of one flow in one hour or day. */
export interface PingStats {
  flowId: string;
  sourceId: string;
  /** Epoch ms. */
  startedAt: number;
  submitted: number;
  success: number;
  /** Refused by a ping limit. */
  limited: number;
  /** Have led to a lead with their price. */
  redeemed: number;
}

export interface PingStore {
  pageOfPings(request: PageRequest<PingFilter>): Promise<PingRecord[]>;
  findPing(key: { accountId: string; pingId: string }): Promise<PingRecord | null>;
  /** The lead that has the price of a redeemed ping; null: it is past its retention. */
  findLeadOfPing(ping: PingRecord): Promise<string | null>;
  /** Newest first, by flow and source. */
  countPings(request: PingStatsRequest): Promise<PingStats[]>;
}
