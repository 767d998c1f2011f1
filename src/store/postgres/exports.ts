import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import type { Actor } from '../../access/principal.ts';
import {
  DOWNLOADS_SHOWN_MAX,
  EXPORT_DAYS_KEPT,
  EXPORTS_OPEN_MAX,
  type Export,
  type ExportDefinition,
  type ExportKey,
  type ExportStatus,
  type ExportStore,
  type NewExport,
} from '../../exports/export.ts';
import type { JobState } from '../../jobs/job.ts';
import { unreachable } from '../../lib/assert.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';
import { cancelJob, insertJob } from './jobs.ts';
import { DEFAULT_SCHEMA, nameQueueSchema } from './schemas.ts';

/** Of a job that makes an export; a row of src/jobs/jobs.ts. */
export const EXPORT_JOB = 'export';
const DAY_MS = 86_400_000;
/** More than the largest file has. */
const PARTS_MAX = 1_000_000;

/** Exports on PostgreSQL. `record` gets who asks for one, downloads one and deletes one. */
export function createExportStore(
  pool: pg.Pool,
  { record = RECORD_NOTHING, schema = DEFAULT_SCHEMA }: { record?: RecordChange; schema?: string } = {},
): ExportStore {
  const queueSchema = nameQueueSchema(schema);
  return {
    create: (made) => inTransaction(pool, (client) => create(client, { made, queueSchema, record })),
    find: async ({ accountId, id, now }) => {
      const { rows } = await pool.query<Row>(`${SELECT} and e.id = $3`, [accountId, keptSince(now), id]);
      return rows[0] ? exportOf(rows[0]) : null;
    },
    page: async ({ accountId, before, limit, now }) => {
      // Along the primary key, from its end.
      const { rows } = await pool.query<Row>(
        `${SELECT} and ($3::text is null or e.id < $3) order by e.id desc limit $4`,
        [accountId, keptSince(now), before ?? null, limit],
      );
      return rows.map(exportOf);
    },
    remove: (request) => inTransaction(pool, (client) => remove(client, { request, record })),
    recordDownload: ({ accountId, id, downloadId, at, by, ip }) =>
      inTransaction(pool, async (client) => {
        await client.query(
          `insert into export_downloads (account_id, export_id, id, at, asked_by, ip) values ($1, $2, $3, $4, $5, $6)`,
          [accountId, id, downloadId, new Date(at), JSON.stringify(by), ip],
        );
        await record(client, accountId, {
          ...{ kind: 'export', action: 'download', subject: { id, name: null }, before: null, after: null, by },
        });
      }),
    readFile: (key) => readParts(pool, key),
  };
}

function keptSince(now: number): Date {
  return new Date(now - EXPORT_DAYS_KEPT * DAY_MS);
}

/** By jobs_open, which has only jobs that have not ended. */
async function create(
  client: pg.ClientBase,
  { made, queueSchema, record }: { made: NewExport; queueSchema: string; record: RecordChange },
): Promise<boolean> {
  const { accountId, id, definition, askedBy, emailTo, attemptsMax, now } = made;
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from jobs where account_id = $1 and kind = $2 and ended_at is null',
    [accountId, EXPORT_JOB],
  );
  if ((rows[0]?.count ?? 0) >= EXPORTS_OPEN_MAX) return false;
  await client.query(
    `insert into exports (account_id, id, definition, asked_by, email_to, created_at, mail_due_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      ...[accountId, id, JSON.stringify(definition), JSON.stringify(askedBy), emailTo, new Date(now)],
      emailTo.length === 0 ? null : new Date(now),
    ],
  );
  const job = { kind: EXPORT_JOB, callId: null, askedBy, input: {}, total: null, attemptsMax, now };
  await insertJob(client, { job: { accountId, id, ...job }, queueSchema });
  await record(client, accountId, changeOf(id, { before: null, after: definition }));
  return true;
}

/** Its job stops at its next part; what it writes then has no effect. The job locks its own row first, so this does. */
async function remove(
  client: pg.ClientBase,
  { request, record }: { request: ExportKey & { now: number }; record: RecordChange },
): Promise<boolean> {
  const { accountId, id, now } = request;
  const key = [accountId, id];
  await cancelJob(client, RECORD_NOTHING, { accountId, id, now });
  const { rows } = await client.query<{ definition: ExportDefinition }>(
    'delete from exports where account_id = $1 and id = $2 returning definition',
    key,
  );
  if (!rows[0]) return false;
  await client.query('delete from export_parts where account_id = $1 and export_id = $2', key);
  await client.query('delete from export_downloads where account_id = $1 and export_id = $2', key);
  await record(client, accountId, changeOf(id, { before: rows[0].definition, after: null }));
  return true;
}

/** Without the rules, which may quote values of leads. */
function changeOf(
  id: string,
  { before, after }: { before: ExportDefinition | null; after: ExportDefinition | null },
): Change {
  const sideOf = (definition: ExportDefinition | null) => {
    if (definition === null) return null;
    const { filter_rules: _, ...document } = definition;
    return { document: { id, ...document } };
  };
  const action = before === null ? 'create' : 'delete';
  return { kind: 'export', action, subject: { id, name: null }, before: sideOf(before), after: sideOf(after) };
}

/** Part by part along the primary key. */
async function* readParts(pool: pg.Pool, { accountId, id }: ExportKey): AsyncIterable<Uint8Array> {
  for (let part = 0; part < PARTS_MAX; part += 1) {
    const { rows } = await pool.query<{ content: Buffer }>(
      'select content from export_parts where account_id = $1 and export_id = $2 and part = $3',
      [accountId, id, part],
    );
    if (!rows[0]) return;
    yield rows[0].content;
  }
}

/** One query for a page: the job, the user and the downloads by their primary keys. */
const SELECT = `
  select e.account_id, e.id, e.definition, e.asked_by, e.email_to, e.created_at, e.row_count::float8 as row_count,
         e.byte_count::float8 as byte_count, e.part_count, e.file_name, e.is_truncated, e.mailed_at, e.mail_fault,
         j.state, j.reason, j.ended_at, u.id as user_id, u.first_name, u.last_name, u.email,
         (select coalesce(json_agg(d order by d.id), '[]') from (
             select d.id, d.at, d.asked_by, d.ip from export_downloads d
              where d.account_id = e.account_id and d.export_id = e.id
              order by d.id desc limit ${DOWNLOADS_SHOWN_MAX}) d) as downloads
    from exports e
    join jobs j on j.account_id = e.account_id and j.id = e.id
    left join users u on u.account_id = e.account_id and u.id = e.asked_by ->> 'id'
   where e.account_id = $1 and (j.ended_at is null or j.ended_at > $2)`;

interface Row {
  account_id: string;
  id: string;
  definition: ExportDefinition;
  asked_by: Actor;
  email_to: string[];
  created_at: Date;
  row_count: number;
  byte_count: number;
  part_count: number;
  file_name: string | null;
  is_truncated: boolean;
  mailed_at: Date | null;
  mail_fault: string | null;
  state: JobState;
  reason: string | null;
  ended_at: Date | null;
  user_id: string | null;
  first_name: string;
  last_name: string;
  email: string;
  downloads: { at: string; asked_by: Actor; ip: string | null }[];
}

function exportOf(row: Row): Export {
  return {
    accountId: row.account_id,
    id: row.id,
    definition: row.definition,
    status: statusOf(row),
    askedBy: row.asked_by,
    user:
      row.user_id === null
        ? null
        : { id: row.user_id, firstName: row.first_name, lastName: row.last_name, email: row.email },
    emailTo: row.email_to,
    createdAt: row.created_at.getTime(),
    expiresAt: row.ended_at === null ? null : row.ended_at.getTime() + EXPORT_DAYS_KEPT * DAY_MS,
    rowCount: row.row_count,
    byteCount: row.byte_count,
    partCount: row.part_count,
    fileName: row.file_name,
    isTruncated: row.is_truncated,
    error: row.state === 'failed' ? (row.reason ?? 'It failed') : row.state === 'cancelled' ? 'It was cancelled' : null,
    mailedAt: row.mailed_at?.getTime() ?? null,
    mailFault: row.mail_fault,
    downloads: row.downloads.map(({ at, asked_by: by, ip }) => ({ at: Date.parse(at), by, ip })),
  };
}

function statusOf({ state, is_truncated: isTruncated }: Pick<Row, 'state' | 'is_truncated'>): ExportStatus {
  switch (state) {
    case 'queued':
      return 'created';
    case 'running':
    case 'waiting':
    case 'paused':
      return 'processing';
    case 'done':
    case 'done_with_failures':
      return isTruncated ? 'truncated' : 'complete';
    case 'failed':
    case 'cancelled':
      return 'error';
    default:
      return unreachable(state);
  }
}
