import type { BucketTarget, ChannelTarget } from '../model/channel.ts';
import { PUT_FAULT_KINDS } from '../object-stores/object-store.ts';

/** As of a store; `gone`: the receiver of a webhook wants nothing more. `missing` is of buckets alone. */
export const CHANNEL_FAULT_KINDS = [...PUT_FAULT_KINDS, 'gone'] as const;
export type ChannelFaultKind = (typeof CHANNEL_FAULT_KINDS)[number];

export interface SendFault {
  kind: ChannelFaultKind;
  reason: string;
}

/** A place that events of an account go to, each with its own order, pace and faults. */
export type Channel = ChannelTarget & ChannelPace;

export interface ChannelPace {
  accountId: string;
  id: string;
  /** Else nothing is added any more, and what waits is still sent. */
  isActive: boolean;
  /** Failed attempts in a row; 0: the last one succeeded. */
  attempts: number;
  /** Epoch ms; null: it does not fail. */
  failingSince: number | null;
}

/** A row of the outbox: events of one lead that are next to each other. */
export interface OutboxRow {
  leadId: string;
  /** Places of the first and the last event among those of the lead. */
  seq: number;
  lastSeq: number;
  /** Times that one of its events was refused for what it is. */
  attempts: number;
  /** An earlier event of the lead was set aside, so this one may not go before it. */
  isBehindFailed: boolean;
}

/** What a person sees of a firehose. */
export type ChannelState = BucketTarget & ChannelProgress;

/** What became of the events of a channel. */
export interface ChannelProgress {
  isActive: boolean;
  /** Leads, not events: rows of the outbox. */
  waiting: number;
  /** There are more than are counted. */
  isWaitingMore: boolean;
  /** When the oldest of them was added, epoch ms; null: none waits. */
  waitingSince: number | null;
  /** Set aside. */
  failed: number;
  /** Why the last of them was. */
  failedReason: string | null;
  delivered: number;
  deliveredAt: number | null;
  failingSince: number | null;
  fault: SendFault | null;
  attempts: number;
  nextAttemptAt: number | null;
  /** The last times that it failed, newest first. */
  faults: ChannelFault[];
}

export interface ChannelFault {
  kind: ChannelFaultKind;
  reason: string;
  beganAt: number;
  /** null: it fails still. */
  endedAt: number | null;
}

/** Rows that a count goes through; past it the count says that there are more. */
export const WAITING_COUNTED_MAX = 100_000;
/** Times of failure that are kept of a channel. */
export const FAULTS_KEPT_MAX = 20;
