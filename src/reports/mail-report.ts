import type { Role } from '../access/roles.ts';
import { findNextRun } from '../batches/schedule.ts';
import type { Clock } from '../lib/clock.ts';
import { escapeHtml } from '../lib/escape-html.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { endOfMail, type MailEnd } from '../mail/end-of-mail.ts';
import type { SendInstallationMail } from '../mail/installation-mail.ts';
import type { AnswerDeps, StatisticsAnswer } from './answer-statistics.ts';
import { statisticsOf, timeOf } from './read-report.ts';
import type { Report, ReportKey, ReportSchedule } from './report.ts';
import { mayReadReport } from './report-readers.ts';
import { runReport } from './run-report.ts';
import { writeReportTable } from './write-report-table.ts';
import { writeStatisticsCsv } from './write-statistics-csv.ts';

/** Mails of one pass; further ones wait for the next. */
const MAILS_MAX = 5;
/** A mail that a server took and did not end, because it stopped, is sent again after so long. */
const TAKEN_MS = 300_000;
const TIMEOUT_MS = 20_000;
/** Attempts at one mail, with pauses of a minute, two, four …; then it waits for the next time of the schedule. */
const ATTEMPTS_MAX = 8;
const PAUSE_MS = 60_000;
/** Rows of a table in a mail; more come as a file. */
const TABLE_ROWS_MAX = 500;
const FILE_NAME_CHARACTERS_MAX = 60;

/** A report that is to be mailed. Times are epoch ms. */
export interface DueReport {
  accountId: string;
  accountTimeZone: string;
  report: Report;
  /** Users of `email_to` that are not disabled. */
  users: { email: string; role: Role }[];
  scheduledAt: number;
  /** From 1. */
  attempt: number;
}

export interface ReportMailStore {
  /** Of all accounts; nobody else takes them until `again`. */
  takeDue(request: { now: number; again: number; limit: number }): Promise<DueReport[]>;
  /** Unless the report was changed since it was taken until `again`. `nextAt` null: at no time. */
  end(key: ReportKey & { again: number }, ended: ReportMailEnd): Promise<void>;
}

export type ReportMailEnd =
  /** `fault`: why some do not have it; null: everybody has it. */
  | { kind: 'mailed'; at: number; nextAt: number | null; fault: string | null }
  /** It is tried again. */
  | { kind: 'failed'; fault: string; againAt: number }
  /** The next time of the schedule comes. */
  | { kind: 'given_up'; fault: string; nextAt: number | null };

export interface ReportMailDeps {
  mails: ReportMailStore;
  answers: AnswerDeps;
  /** null: the installation has no mail server. */
  send: SendInstallationMail | null;
  clock: Pick<Clock, 'now'>;
}

/** One pass: mails the reports whose time has come, one message for all readers of each. */
export function createReportMailer(deps: ReportMailDeps): () => Promise<{ mailed: number; failed: number }> {
  const { mails, clock } = deps;
  return async () => {
    const now = clock.now();
    const again = now + TAKEN_MS;
    const due = await mails.takeDue({ now, again, limit: MAILS_MAX });
    let mailed = 0;
    let failed = 0;
    for (const each of due) {
      const { accountId, report, attempt } = each;
      const { schedule } = report;
      if (schedule === null) continue;
      const ended = await mailReport(deps, each, schedule);
      const at = clock.now();
      const nextAt = findNextRun({ type: 'times', ...schedule }, at, each.accountTimeZone);
      await mails.end({ accountId, reportId: report.id, again }, endOf({ ...ended, at, nextAt, attempt }));
      if (ended.isSent) mailed += 1;
      else failed += 1;
    }
    return { mailed, failed };
  };
}

function endOf(given: MailEnd & { at: number; nextAt: number | null; attempt: number }): ReportMailEnd {
  const { isSent, fault, at, nextAt, attempt } = given;
  if (isSent || fault === null) return { kind: 'mailed', at, nextAt, fault };
  const againAt = at + PAUSE_MS * 2 ** (attempt - 1);
  const isOver = attempt >= ATTEMPTS_MAX || (nextAt !== null && nextAt <= againAt);
  return isOver ? { kind: 'given_up', fault, nextAt } : { kind: 'failed', fault, againAt };
}

/** Each attempt has the same Message-ID. */
async function mailReport(
  deps: ReportMailDeps,
  { accountId, accountTimeZone, report, users, scheduledAt }: DueReport,
  schedule: ReportSchedule,
): Promise<MailEnd> {
  if (deps.send === null) return notSent('this installation has no mail server: set SLUICE_SMTP_URL');
  const to = users.filter(({ role }) => mayReadReport(role, report)).map(({ email }) => ({ name: '', address: email }));
  if (to.length === 0) return notSent('no user of email_to may read the report any more');
  const now = deps.clock.now();
  const definition = statisticsOf(report);
  const request = { accountId, accountTimeZone, now, definition, time: timeOf(report) };
  const run = await runReport(deps.answers, request);
  const counted = run.ok ? checkCounted(run.value, now) : fail(run.error[0]?.message ?? 'the report cannot run');
  if (!counted.ok) return notSent(counted.error);
  const messageId = `report_${report.id}_${scheduledAt}@sluice.invalid`;
  const message = { to, messageId, ...writeReportMail(report, schedule, counted.value) };
  return endOfMail(await deps.send(message, { timeoutMs: TIMEOUT_MS }));
}

function notSent(fault: string): MailEnd {
  return { isSent: false, fault };
}

/** A time frame that is over is mailed when all of it is counted. */
function checkCounted(answer: StatisticsAnswer, now: number): Result<StatisticsAnswer, string> {
  const endsAt = Math.min(now, Date.parse(answer.timeframe.end));
  const isOver = endsAt < now;
  return isOver && answer.countedUntil <= endsAt ? fail('its time frame is not counted to the end yet') : ok(answer);
}

export function writeReportMail(
  report: Report,
  { format }: Pick<ReportSchedule, 'format'>,
  { rows, timeframe: { start, end } }: StatisticsAnswer,
) {
  const { name, description } = report;
  const isTable = format === 'html' && rows.length <= TABLE_ROWS_MAX;
  const lines = [`${name}: ${start} to ${end}`, ...(description === null ? [] : [description])];
  const subject = `${name}: ${start.slice(0, 10)} to ${end.slice(0, 10)}`;
  if (isTable) {
    const html = `${lines.map((line) => `<p>${escapeHtml(line)}</p>\n`).join('')}${writeReportTable(rows, report)}`;
    return { subject, text: `${lines.join('\n')}\n\nThe table is in the HTML part of this message.\n`, html };
  }
  const file = `${name.replace(/[^\w .-]/g, '_').slice(0, FILE_NAME_CHARACTERS_MAX)} ${start.slice(0, 10)}.csv`;
  return {
    ...{ subject, text: `${lines.join('\n')}\n\n${rows.length} rows, with totals at the end, in ${file}.\n` },
    attachments: [{ name: file, type: 'text/csv; charset=utf-8', content: writeStatisticsCsv(rows) }],
  };
}
