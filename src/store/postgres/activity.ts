import type pg from 'pg';
import {
  ACTIVITY_ACTIONS,
  ACTIVITY_KINDS,
  type Activity,
  type ActivityDetails,
  type ActivityPage,
  type ActivityStore,
  type Change,
  type ChangeSide,
  type RequestOrigin,
} from '../../access/activity.ts';
import type { Actor } from '../../access/principal.ts';
import { redactSecrets } from '../../access/redact-secrets.ts';
import { assert } from '../../lib/assert.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';

/** Writes what a change was into the activity log, in the transaction that makes it. */
export type RecordChange = (client: Pick<pg.ClientBase, 'query'>, accountId: string, change: Change) => Promise<void>;

/** For what is changed by no caller, such as the demo flow. */
export const RECORD_NOTHING: RecordChange = async () => undefined;

/** Records the changes of one request. Its caller is the actor; of a public request, whom the change names. */
export function recordChangesOf(
  origin: RequestOrigin,
  { ids, clock }: { ids: Pick<Ids, 'next'>; clock: Pick<Clock, 'now'> },
): RecordChange {
  const { ip } = origin;
  return async (client, accountId, { kind, action, subject, before, after, by }) => {
    const actor = origin.actor ?? by;
    assert(actor, `the change ${kind} ${action} has an actor`);
    await client.query(
      `insert into activity (account_id, id, at, actor_kind, actor_id, actor_name, ip, kind, action, subject_id,
         subject_name, before, after, before_revision, after_revision)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        ...[accountId, ids.next(), new Date(clock.now()), actor.kind, actor.id, actor.name, ip],
        ...[kind, action, subject.id, subject.name],
        ...[documentOf(before), documentOf(after), revisionOf(before), revisionOf(after)],
      ],
    );
  };
}

function documentOf(side: ChangeSide): string | null {
  return side !== null && 'document' in side ? JSON.stringify(redactSecrets(side.document)) : null;
}

function revisionOf(side: ChangeSide): number | null {
  return side !== null && 'revision' in side ? side.revision : null;
}

export function createActivityStore(pool: pg.Pool): ActivityStore {
  return { page: (page) => readPage(pool, page), find: (key) => findActivity(pool, key) };
}

/** Along the primary key, or one of the indexes by subject and by actor. */
async function readPage(pool: pg.Pool, page: ActivityPage): Promise<Activity[]> {
  const { accountId, range, sort, limit, filter } = page;
  const { rows } = await pool.query<ActivityRow>(
    `select ${COLUMNS} from activity a
      where a.account_id = $1 and a.id > $2 and a.id < $3
        and ($4::text[] is null or a.kind = any($4)) and ($5::text[] is null or a.action = any($5))
        and ($6::text[] is null or a.actor_id = any($6)) and ($7::text[] is null or a.subject_id = any($7))
      order by a.id ${sort === 'asc' ? 'asc' : 'desc'} limit $8`,
    [accountId, range.after, range.before, filter.kinds, filter.actions, filter.actorIds, filter.subjectIds, limit],
  );
  return rows.map(activityOf);
}

/** By primary key, and the revisions of a flow by theirs. */
async function findActivity(
  pool: pg.Pool,
  { accountId, id }: { accountId: string; id: string },
): Promise<ActivityDetails | null> {
  const { rows } = await pool.query<ActivityRow & { before: unknown; after: unknown }>(
    `select ${COLUMNS}, coalesce(a.before, b.document::json) as before, coalesce(a.after, c.document::json) as after
       from activity a
       left join flow_revisions b on b.account_id = a.account_id and b.flow_id = a.subject_id
        and b.revision = a.before_revision
       left join flow_revisions c on c.account_id = a.account_id and c.flow_id = a.subject_id
        and c.revision = a.after_revision
      where a.account_id = $1 and a.id = $2`,
    [accountId, id],
  );
  const row = rows[0];
  return row ? { ...activityOf(row), before: redactSecrets(row.before), after: redactSecrets(row.after) } : null;
}

const COLUMNS =
  'a.id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.ip, a.kind, a.action, a.subject_id, a.subject_name';

interface ActivityRow {
  id: string;
  at: Date;
  actor_kind: Actor['kind'];
  actor_id: string;
  actor_name: string;
  ip: string | null;
  kind: string;
  action: string;
  subject_id: string;
  subject_name: string | null;
}

function activityOf(row: ActivityRow): Activity {
  const kind = ACTIVITY_KINDS.find((each) => each === row.kind);
  const action = ACTIVITY_ACTIONS.find((each) => each === row.action);
  assert(kind !== undefined && action !== undefined, `activity ${row.id} is an unknown ${row.kind} ${row.action}`);
  return {
    id: row.id,
    at: row.at.getTime(),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    ip: row.ip,
    kind,
    action,
    subject: { id: row.subject_id, name: row.subject_name },
  };
}
