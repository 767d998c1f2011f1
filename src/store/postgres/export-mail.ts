import type pg from 'pg';
import type { ExportMailStore } from '../../exports/export.ts';

/** Mails of exports that have ended. */
export function createExportMailStore(pool: pg.Pool): ExportMailStore {
  return {
    takeDue: async ({ now, again, limit }) => {
      // Of all accounts, along exports_mail_due: there are as many as exports whose end was not mailed yet.
      const { rows } = await pool.query<{ account_id: string; id: string; mail_attempts: number; emails: string[] }>(
        `with due as (
           select e.account_id, e.id from exports e join jobs j on j.account_id = e.account_id and j.id = e.id
            where e.mail_due_at <= $1 and j.ended_at is not null
            order by e.mail_due_at limit $3 for update of e skip locked),
         taken as (
           update exports e set mail_attempts = e.mail_attempts + 1, mail_due_at = $2
             from due where e.account_id = due.account_id and e.id = due.id
           returning e.account_id, e.id, e.mail_attempts, e.email_to)
         select t.account_id, t.id, t.mail_attempts, array(
             select u.email from users u
              where u.account_id = t.account_id and u.email = any(t.email_to) and u.disabled_at is null) as emails
           from taken t`,
        [new Date(now), new Date(again), limit],
      );
      return rows.map(({ account_id: accountId, id, mail_attempts: attempt, emails: to }) => ({
        ...{ accountId, id, attempt, to },
      }));
    },
    end: async ({ accountId, id, mailedAt, fault, dueAt }) => {
      await pool.query(
        'update exports set mailed_at = $3, mail_fault = $4, mail_due_at = $5 where account_id = $1 and id = $2',
        [accountId, id, mailedAt === null ? null : new Date(mailedAt), fault, dueAt === null ? null : new Date(dueAt)],
      );
    },
  };
}
