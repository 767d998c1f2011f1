import type { Money } from '../model/money.ts';
import type { PriceVerdict } from '../pricing/compile-pricing.ts';
import type { AskedPriceFacts, DistributionFacts } from './event-facts.ts';
import type { CapRefusal } from './lead-document.ts';
import { assertKnownVersion } from './version.ts';

/** Written in `pings.facts`. Version 1 has no bids, and is written still where there are none. */
export const PING_FACTS_VERSION = 2;
const VERSION_WITHOUT_BIDS = 1;

/**
 * What is kept of a ping beside the columns of its row: why it ended so, and what its post must carry. No value of the
 * person is in it: values are keyed hashes that no other ping shares, and rules have their verdict without both sides.
 */
export interface PingFacts {
  /** Epoch ms. */
  start_timestamp: number;
  end_timestamp: number;
  wait_ms: number;
  host: string;
  handler_version: string;
  module_id: string;
  /** The phase that stopped it; absent: none did. */
  stopped_in?: string;
  lists: readonly { check: string; found: boolean }[];
  limit: CapRefusal | null;
  cap: CapRefusal | null;
  /** Dollars; null: it was stopped before it was priced. */
  offered_price: number;
  winner: PriceVerdict['winner'];
  also_matched: readonly string[];
  asked_prices?: readonly AskedPriceFacts[];
  /** The auction whose bids price it, with the bids that its post is sold at. Absent: it held none. */
  distributions?: readonly DistributionFacts[];
  /** Each rule that was evaluated, in order: its place in the catalogue of the revision, and whether it passed. */
  rules: readonly PingRule[];
  warnings?: readonly string[];
  /** Field id → keyed hash of its value, hexadecimal. Absent: it was not accepted, so no post can redeem it. */
  values?: Readonly<Record<string, string>>;
}

export type PingRule = [ruleIndex: number, passed: 0 | 1];

/** As read: a ping whose data the database refused has none. */
export type KnownOfPing = Readonly<Partial<PingFacts>>;

/** A ping as a post that names it must know it. */
export interface SeenPing {
  flowId: string;
  sourceId: string;
  isAccepted: boolean;
  price: Money;
  /** Epoch ms. */
  expiresAt: number;
  values: Readonly<Record<string, string>>;
  /** The bids that price it; empty: bids do not. */
  distributions: readonly DistributionFacts[];
}

/** With bids in a version of its own, which an earlier program does not take for a ping without. */
export function writePingFacts(facts: KnownOfPing): string {
  const version = facts.distributions === undefined ? VERSION_WITHOUT_BIDS : PING_FACTS_VERSION;
  return JSON.stringify({ version, ...facts });
}

/** The facts of a ping that the database refused. */
export const EMPTY_PING_FACTS = writePingFacts({});

/** Of parsed JSON. Throws on an unknown version. */
export function parsePingFacts(json: unknown): KnownOfPing {
  assertKnownVersion(json, { what: 'The facts of a ping', newest: PING_FACTS_VERSION });
  return json as KnownOfPing; // written by writePingFacts alone
}
