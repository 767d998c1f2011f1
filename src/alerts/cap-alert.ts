import type { RunningCap } from '../flows/running-caps.ts';

/*
 * Alerts of caps that fill up (decision page 0078): which threshold a cap has reached is recorded once, and sent to the
 * account's webhook and e-mail addresses until it is received. All of it is beside the leads, which know nothing of it.
 */

/** How often the counters of an account are compared with its thresholds, by whichever server comes first. */
export const WATCH_EVERY_MS = 10_000;

/** Percent of the maximum. */
export const THRESHOLDS_DEFAULT: readonly number[] = [80, 100];
export const THRESHOLDS_MAX = 5;

/** What the caller of the API gives. */
/** Addresses that get each alert. */
export const ALERT_EMAILS_MAX = 10;

export interface CapAlertDefinition {
  /** Of the webhook; null: there is none. */
  url: string | null;
  emails: string[];
  thresholds: number[];
}

/** The setting of an account. Wire names, as the API spells them. */
export interface CapAlertSettings extends CapAlertDefinition {
  created_at: string;
  updated_at: string;
}

/** Where alerts of an account go. `secret` null: it was sealed with another key. */
export interface AlertTarget {
  accountId: string;
  /** Of the webhook; null: there is none. */
  url: string | null;
  secret: string | null;
  emails: readonly string[];
}

/** A cap that has reached a threshold. */
export interface NewCapAlert {
  id: string;
  cap: RunningCap;
  /** That held in the window, in the unit of the counter. */
  maximum: number;
  threshold: number;
  body: string;
}

/** How an alert that was recorded stands. */
export interface RecordedCapAlert {
  id: string;
  cap_id: string;
  threshold: number;
  started_at: string;
  recorded_at: string;
  state: 'waiting' | 'sent' | 'given_up';
  attempts: number;
  /** Why the last attempt failed. */
  reason: string | null;
}

/** A cap with its counter of the window, and the thresholds that were recorded for it. */
export interface WatchedCap {
  cap: RunningCap;
  /** As `held` in the unit of the counter. */
  count: number;
  held: number;
  /** That holds in the window: its own, or the flow's. */
  maximum: number;
  recorded: readonly number[];
}

/** A recorded alert whose turn it is. */
export interface DueCapAlert {
  id: string;
  body: string;
  /** Of this attempt, from 1. */
  attempt: number;
  target: AlertTarget;
  /** Which ways have received it already. */
  isPosted: boolean;
  isMailed: boolean;
}

export interface CapAlertStore {
  find(accountId: string): Promise<CapAlertSettings | null>;
  findTarget(accountId: string): Promise<AlertTarget | null>;
  /** The last ones, newest first. */
  listRecorded(accountId: string, limit: number): Promise<RecordedCapAlert[]>;
  /** Makes or replaces the setting. `secret` is used where there is none yet; `isNew` says whether it was. */
  write(
    accountId: string,
    made: { definition: CapAlertDefinition; secret: string; now: number },
  ): Promise<{ settings: CapAlertSettings; isNew: boolean }>;
  /** null: there is no setting. */
  writeSecret(accountId: string, made: { secret: string; now: number }): Promise<CapAlertSettings | null>;
  /** Alerts that were not received yet are given up. null: there is no setting. */
  remove(accountId: string, now: number): Promise<CapAlertSettings | null>;
  /**
   * Of each account that no server looked at since `lookedBefore`: reads the counters of `listCaps` and records what
   * `judge` makes of them, in one transaction an account. Returns how many were recorded.
   */
  record(look: {
    now: number;
    lookedBefore: number;
    /** The caps of the account in the windows to look at; `lookedAt`: the look before this one. */
    listCaps(accountId: string, lookedAt: number): readonly RunningCap[];
    judge(watched: readonly WatchedCap[], thresholds: readonly number[]): readonly NewCapAlert[];
  }): Promise<number>;
  /** Takes alerts that are due, at most `limit`; unless they are ended they are due again at `again`. */
  takeDue(request: { now: number; again: number; limit: number }): Promise<DueCapAlert[]>;
  /** After an attempt. `nextAttemptAt` null and a reason: it is given up. */
  endAttempt(
    alert: Pick<DueCapAlert, 'id'> & { accountId: string },
    end: { now: number; reason: string | null; nextAttemptAt: number | null; isPosted: boolean; isMailed: boolean },
  ): Promise<void>;
}
