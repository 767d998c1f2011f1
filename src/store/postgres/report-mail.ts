import type pg from 'pg';
import type { Role } from '../../access/roles.ts';
import type { ReportMailEnd, ReportMailStore } from '../../reports/mail-report.ts';
import { REPORT_COLUMNS, type ReportRow, reportOf } from './reports.ts';

interface DueRow extends ReportRow {
  account_id: string;
  mail_scheduled_at: Date;
  mail_attempts: number;
  time_zone: string;
  users: { email: string; role: Role }[];
}

/** Mails of reports. */
export function createReportMailStore(pool: pg.Pool): ReportMailStore {
  return {
    takeDue: async ({ now, again, limit }) => {
      // Of all accounts, along reports_mail_due.
      const { rows } = await pool.query<DueRow>(
        `with due as (
           select account_id, id from reports where mail_due_at <= $1 order by mail_due_at limit $3
              for update skip locked),
         taken as (
           update reports r set mail_attempts = r.mail_attempts + 1, mail_due_at = $2
             from due where r.account_id = due.account_id and r.id = due.id
           returning r.*)
         select ${REPORT_COLUMNS}, t.account_id, t.mail_scheduled_at, t.mail_attempts,
                (select a.time_zone from accounts a where a.id = t.account_id) as time_zone,
                coalesce((select json_agg(json_build_object('email', u.email, 'role', u.role) order by u.email)
                   from users u where u.account_id = t.account_id and u.disabled_at is null
                    and u.email in (select json_array_elements_text(t.definition -> 'schedule' -> 'email_to'))),
                  '[]') as users
           from taken t`,
        [new Date(now), new Date(again), limit],
      );
      return rows.map((row) => ({
        ...{ accountId: row.account_id, accountTimeZone: row.time_zone, report: reportOf(row), users: row.users },
        ...{ scheduledAt: row.mail_scheduled_at.getTime(), attempt: row.mail_attempts },
      }));
    },
    end: async ({ accountId, reportId, again }, ended) => {
      await pool.query(
        `update reports set mail_due_at = $4, mail_fault = $5, mailed_at = coalesce($6, mailed_at),
           mail_scheduled_at = case when $7 then $4 else mail_scheduled_at end,
           mail_attempts = case when $7 then 0 else mail_attempts end
          where account_id = $1 and id = $2 and mail_due_at = $3`,
        [accountId, reportId, new Date(again), ...valuesOf(ended)],
      );
    },
  };
}

/** When it is due, the fault, when it was mailed, and whether the next time of the schedule is meant. */
function valuesOf(ended: ReportMailEnd): unknown[] {
  const dateOf = (at: number | null) => (at === null ? null : new Date(at));
  switch (ended.kind) {
    case 'mailed':
      return [dateOf(ended.nextAt), ended.fault, dateOf(ended.at), true];
    case 'failed':
      return [dateOf(ended.againAt), ended.fault, null, false];
    case 'given_up':
      return [dateOf(ended.nextAt), ended.fault, null, true];
  }
}
