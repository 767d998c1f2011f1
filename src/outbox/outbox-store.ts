import type { EventOfLead } from '../events/event-store.ts';
import type { Channel, ChannelState, OutboxRow, SendFault } from './channel.ts';

export interface ChannelKey {
  accountId: string;
  id: string;
}

/** What of a page has arrived, and what was refused for what it is. */
export interface PageEnd {
  delivered: readonly OutboxRow[];
  /** Events in them. */
  events: number;
  /** Tried again from then on (epoch ms); null: set aside, with all that follow of the lead. */
  refused: readonly { row: OutboxRow; reason: string; nextAttemptAt: number | null }[];
}

/** What a sender of events reads and writes. Times are epoch ms. */
export interface OutboxStore {
  /**
   * Takes channels that have something due and that no living process has, the one that waited the longest first.
   * `besides`: keys `<account>/<channel>` that this process is sending for.
   */
  takeChannels(request: {
    now: number;
    leasedUntil: number;
    limit: number;
    besides: readonly string[];
  }): Promise<Channel[]>;
  /** Makes the lease last; false: another process has it. */
  renewLease(key: ChannelKey, leasedUntil: number): Promise<boolean>;
  release(key: ChannelKey): Promise<void>;
  /** Due rows behind `after`, by lead and then by event; what waits behind a refused event of its lead is left out. */
  readPage(key: ChannelKey, page: { after: OutboxPlace | null; now: number; limit: number }): Promise<OutboxRow[]>;
  /** The events of the rows, by lead and then in their order; one that was deleted meanwhile is not there. */
  readEvents(accountId: string, rows: readonly OutboxRow[]): Promise<EventOfLead[]>;
  /** One transaction; what was delivered goes, and ends a failure of the channel. */
  endPage(key: ChannelKey, end: PageEnd & { now: number }): Promise<void>;
  noteFault(key: ChannelKey, fault: SendFault & { now: number; nextAttemptAt: number }): Promise<void>;
  /** Adds nothing more to a channel whose receiver wants nothing more, and sets aside what waits. */
  disable(key: ChannelKey, end: { reason: string; now: number }): Promise<void>;
  /** Drops all that waits in a channel that nothing is added to any more; returns how many rows. */
  dropWaiting(key: ChannelKey): Promise<number>;
}

export interface OutboxPlace {
  leadId: string;
  seq: number;
}

/** What the API reads and changes of channels. */
export interface ChannelStore {
  /** By flow and service. `flowId` null: of all flows. */
  listStates(accountId: string, flowId: string | null): Promise<ChannelState[]>;
  /** Sends again what was set aside since then, and tries channels that fail at once; returns how many rows. */
  recover(
    accountId: string,
    request: { flowId: string; service: string | null; since: number; now: number },
  ): Promise<number>;
}

/** Which flows have channels, as this process knows; it decides whether a settlement looks for them at all. */
export interface ChannelDirectory {
  /** Reads those of an account anew. */
  follow(accountId: string): Promise<void>;
  /** Are events of the flow added to the outbox? */
  hasActive(flow: { accountId: string; flowId: string }): boolean;
  /** Is there any channel, so that something may wait? */
  hasAny(): boolean;
}
