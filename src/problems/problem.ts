import type { Cause } from './suspected-cause.ts';

/** Failures that somebody must act on, as groups (decision page 0105). */

export const PROBLEM_KINDS = ['delivery', 'source', 'feedback'] as const;
export type ProblemKind = (typeof PROBLEM_KINDS)[number];

export const PROBLEM_STATES = ['open', 'acknowledged', 'muted', 'resolved'] as const;
export type ProblemState = (typeof PROBLEM_STATES)[number];

/** How far back failures are counted. */
export const PROBLEM_DAYS = 30;
/** Hours with a count of their own. */
export const PROBLEM_HOURS = 24;
export const NOTE_CHARACTERS_MAX = 1_000;
export const MUTE_DAYS_MAX = 365;

/** What the failures of a problem have in common; its id is made of it. */
export interface ProblemKey {
  kind: ProblemKind;
  flowId: string;
  /** The entity's; empty for a delivery: it fails for leads of every source. */
  sourceId: string;
  /** Empty but for a delivery. */
  stepId: string;
  /** Empty but for a delivery and relayed feedback. */
  recipientId: string;
  outcome: 'error' | 'failure';
  /** See `classifyReason`. */
  reasonClass: string;
}

/** What is counted of one kind of events. */
export interface FailureTally {
  key: ProblemKey;
  id: string;
  events: number;
  leads: number;
  firstId: string;
  lastId: string;
  /** By the hour, seconds since 1970 by 3,600. */
  hours: ReadonlyMap<number, number>;
}

/** What somebody said about a problem. */
export interface ProblemMark {
  id: string;
  state: ProblemState;
  /** Epoch ms; null: it is not muted. */
  mutedUntil: number | null;
  note: string | null;
  /** Epoch ms. */
  changedAt: number;
}

export interface Problem extends Omit<FailureTally, 'hours'> {
  state: ProblemState;
  mutedUntil: number | null;
  note: string | null;
  /** When somebody said so; null: nobody has. */
  changedAt: number | null;
  cause: Cause | null;
  /** Of the last `PROBLEM_HOURS` hours, the oldest first; the last one is under way. */
  perHour: number[];
}
