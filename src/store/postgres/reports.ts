import type pg from 'pg';
import type { ActivityAction, Change } from '../../access/activity.ts';
import {
  REPORTS_MAX,
  type Report,
  type ReportDefinition,
  type ReportKey,
  type ReportStore,
} from '../../reports/report.ts';
import { lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

type Db = Pick<pg.ClientBase, 'query'>;

/** Leads never read reports, so no change of one raises the account's configuration version. */
export function createReportStore(pool: pg.Pool, record: RecordChange = RECORD_NOTHING): ReportStore {
  /** One statement on the report `$1`, `$2`, and its entry in the activity log. */
  const changing = (
    key: ReportKey,
    { action, sql, values }: { action: ActivityAction; sql: string; values: unknown[] },
  ): Promise<Report | null> =>
    inTransaction(pool, async (client) => {
      const before = await lockReport(client, key);
      if (!before) return null;
      const { rows } = await client.query<ReportRow>(`${sql} returning ${REPORT_COLUMNS}`, [
        ...[key.accountId, key.reportId],
        ...values,
      ]);
      const written = rows[0] ? reportOf(rows[0]) : null;
      const after = action === 'delete' ? null : written;
      await record(client, key.accountId, changeOf(action, { before, after }));
      return written;
    });
  return {
    list: async (accountId) => (await readReports(pool, { accountId, reportId: null })).map(reportOf),
    find: (key) => findReport(pool, key),
    insert: (key, { definition, mailAt, now }) =>
      inTransaction(pool, async (client) => {
        // Two at once never exceed the bound.
        await lockAccount(client, key.accountId);
        const known = await client.query<{ count: number }>(
          'select count(*)::int as count from reports where account_id = $1',
          [key.accountId],
        );
        if ((known.rows[0]?.count ?? 0) >= REPORTS_MAX) return null;
        const { rows } = await client.query<ReportRow>(
          `insert into reports
             (account_id, id, name, definition, mail_due_at, mail_scheduled_at, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $5, $6, $6) returning ${REPORT_COLUMNS}`,
          [key.accountId, key.reportId, ...valuesOf(definition), dateOf(mailAt), new Date(now)],
        );
        const after = rows[0] ? reportOf(rows[0]) : null;
        if (after) await record(client, key.accountId, changeOf('create', { before: null, after }));
        return after;
      }),
    replace: (key, { definition, mailAt, now }) =>
      changing(key, {
        action: 'update',
        sql: `update reports set name = $3, definition = $4, mail_due_at = $5, mail_scheduled_at = $5, mail_attempts = 0,
          mail_fault = null, share_hash = null, share_expires_at = null, updated_at = $6
          where account_id = $1 and id = $2`,
        values: [...valuesOf(definition), dateOf(mailAt), new Date(now)],
      }),
    remove: (key) =>
      changing(key, { action: 'delete', sql: 'delete from reports where account_id = $1 and id = $2', values: [] }),
    share: (key, { hash, expiresAt, now }) =>
      changing(key, {
        action: 'share',
        sql: `update reports set share_hash = $3, share_expires_at = $4, updated_at = $5
          where account_id = $1 and id = $2`,
        values: [hash, new Date(expiresAt), new Date(now)],
      }),
    unshare: (key, now) =>
      changing(key, {
        action: 'unshare',
        sql: `update reports set share_hash = null, share_expires_at = null, updated_at = $3
          where account_id = $1 and id = $2`,
        values: [new Date(now)],
      }),
    findShared: async (hash, now) => {
      const { rows } = await pool.query<ReportRow & { account_id: string }>(
        `select account_id, ${REPORT_COLUMNS} from reports where share_hash = $1 and share_expires_at > $2`,
        [hash, new Date(now)],
      );
      return rows[0] ? { accountId: rows[0].account_id, report: reportOf(rows[0]) } : null;
    },
    hasPings: async (accountId) => {
      const { rows } = await pool.query('select 1 from pings where account_id = $1 limit 1', [accountId]);
      return rows.length > 0;
    },
  };
}

export const REPORT_COLUMNS =
  'id, name, definition, share_expires_at, mail_due_at, mailed_at, mail_fault, created_at, updated_at';

export interface ReportRow {
  id: string;
  name: string;
  definition: Omit<ReportDefinition, 'name'>;
  share_expires_at: Date | null;
  mail_due_at: Date | null;
  mailed_at: Date | null;
  mail_fault: string | null;
  created_at: Date;
  updated_at: Date;
}

export function reportOf({ id, name, definition, ...row }: ReportRow): Report {
  const isoOf = (at: Date | null) => at?.toISOString() ?? null;
  return {
    ...{ id, name, ...definition, read_only: false, share_expires_at: isoOf(row.share_expires_at) },
    ...{ next_mail_at: isoOf(row.mail_due_at), mailed_at: isoOf(row.mailed_at), mail_fault: row.mail_fault },
    ...{ created_at: isoOf(row.created_at), updated_at: isoOf(row.updated_at) },
  };
}

function valuesOf({ name, ...definition }: ReportDefinition): unknown[] {
  return [name, JSON.stringify(definition)];
}

function dateOf(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}

/** By primary key. */
async function findReport(db: Db, key: ReportKey): Promise<Report | null> {
  const [row] = await readReports(db, key);
  return row ? reportOf(row) : null;
}

/** One or all of an account, along the primary key; by name without case. */
async function readReports(
  db: Db,
  { accountId, reportId }: { accountId: string; reportId: string | null },
): Promise<ReportRow[]> {
  const { rows } = await db.query<ReportRow>(
    `select ${REPORT_COLUMNS} from reports where account_id = $1 and id = coalesce($2, id) order by lower(name), id`,
    [accountId, reportId],
  );
  return rows;
}

async function lockReport(client: Db, key: ReportKey): Promise<Report | null> {
  const { rows } = await client.query<ReportRow>(
    `select ${REPORT_COLUMNS} from reports where account_id = $1 and id = $2 for update`,
    [key.accountId, key.reportId],
  );
  return rows[0] ? reportOf(rows[0]) : null;
}

function changeOf(action: ActivityAction, { before, after }: { before: Report | null; after: Report | null }): Change {
  const report = after ?? before;
  return {
    ...{ kind: 'report', action, subject: { id: report?.id ?? '', name: report?.name ?? null } },
    before: before && { document: before },
    after: after && { document: after },
  };
}
