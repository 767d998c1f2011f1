import type { BatchWeekday } from '../batches/schedule.ts';
import type { Interval } from '../statistics/intervals.ts';

/** Saved reports of one account. */
export const REPORTS_MAX = 500;
export const REPORT_NAME_CHARACTERS_MAX = 200;
export const REPORT_DESCRIPTION_CHARACTERS_MAX = 2_000;
/** Rules as JSON. */
export const REPORT_RULES_CHARACTERS_MAX = 20_000;
export const REPORT_READERS_MAX = 20;
/** How long a link opens. */
export const SHARE_DAYS_MAX = 366;
export const SHARE_DAYS_DEFAULT = 90;

export const REPORT_MAIL_FORMATS = ['csv', 'html'] as const;
export type ReportMailFormat = (typeof REPORT_MAIL_FORMATS)[number];

/** When a report is mailed, to whom and as what. Wire names, as the API spells them. */
export interface ReportSchedule {
  times: string[];
  /** null: every day. */
  days: BatchWeekday[] | null;
  /** Of the times; null: the account's. */
  time_zone: string | null;
  /** Addresses of users of the account. */
  email_to: string[];
  format: ReportMailFormat;
}

/** A report as its owner sets it. */
export interface ReportDefinition {
  name: string;
  description: string | null;
  columns: string[];
  rules: unknown[];
  group_by: string[];
  by_lead: boolean;
  /** Of a run that names no other; null: today. */
  timeframe: string | null;
  interval: Interval | null;
  /** Of the time frame; null: the account's. */
  time_zone: string | null;
  schedule: ReportSchedule | null;
}

export interface Report extends ReportDefinition {
  id: string;
  /** Every account has it, and nobody changes it. */
  read_only: boolean;
  /** When its link ends; null: it is not shared. */
  share_expires_at: string | null;
  next_mail_at: string | null;
  mailed_at: string | null;
  mail_fault: string | null;
  /** null: of those that every account has. */
  created_at: string | null;
  updated_at: string | null;
}

export interface ReportKey {
  accountId: string;
  reportId: string;
}

/** What a change writes; `mailAt` null: it is not mailed. Times are epoch ms. */
export interface ReportChange {
  definition: ReportDefinition;
  mailAt: number | null;
  now: number;
}

export interface ReportStore {
  /** By name. */
  list(accountId: string): Promise<Report[]>;
  find(key: ReportKey): Promise<Report | null>;
  /** null: the account has as many as it may have. */
  insert(key: ReportKey, made: ReportChange): Promise<Report | null>;
  /** Its link ends. null: there is none. */
  replace(key: ReportKey, made: ReportChange): Promise<Report | null>;
  remove(key: ReportKey): Promise<Report | null>;
  /** Another link takes the place of the one before. null: there is no such report. */
  share(key: ReportKey, given: { hash: Buffer; expiresAt: number; now: number }): Promise<Report | null>;
  unshare(key: ReportKey, now: number): Promise<Report | null>;
  /** Of a link that has not ended. */
  findShared(hash: Buffer, now: number): Promise<{ accountId: string; report: Report } | null>;
  /** Has the account answered a ping that is still kept? */
  hasPings(accountId: string): Promise<boolean>;
}
