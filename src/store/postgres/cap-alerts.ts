import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import type {
  AlertTarget,
  CapAlertSettings,
  CapAlertStore,
  DueCapAlert,
  NewCapAlert,
  RecordedCapAlert,
  WatchedCap,
} from '../../alerts/cap-alert.ts';
import { counterIdOfCap, maximumOfCap } from '../../caps/cap-units.ts';
import type { RunningCap } from '../../flows/running-caps.ts';
import { assert } from '../../lib/assert.ts';
import type { SecretBox } from '../secret-box.ts';
import { lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

type Db = Pick<pg.ClientBase, 'query'>;

/** Accounts that one pass looks at; further ones have their turn in the next. */
const ACCOUNTS_LOOKED_AT_MAX = 100;

/** Alerts of caps. The counters are read without a lock: a count that is missed is found by the next look. */
export function createCapAlertStore(
  pool: pg.Pool,
  box: SecretBox,
  record: RecordChange = RECORD_NOTHING,
): CapAlertStore {
  const changing = <T>(accountId: string, work: (client: pg.ClientBase) => Promise<T>): Promise<T> =>
    inTransaction(pool, async (client) => {
      await lockAccount(client, accountId);
      return work(client);
    });
  return {
    find: (accountId) => findSettings(pool, accountId),
    findTarget: (accountId) => findTarget(pool, box, accountId),
    listRecorded: (accountId, limit) => listRecorded(pool, accountId, limit),
    write: (accountId, { definition: { url, emails, thresholds }, secret, now }) =>
      changing(accountId, async (client) => {
        const before = await findSettings(client, accountId);
        const { rows } = await client.query<SettingsRow>(
          `insert into cap_alert_settings as s
             (account_id, url, thresholds, sealed_secret, looked_at, created_at, updated_at, emails)
           values ($1, $2, $3, $4, $5, $5, $5, $6)
           on conflict (account_id) do update set url = excluded.url, thresholds = excluded.thresholds,
             emails = excluded.emails,
             updated_at = excluded.updated_at
           returning ${COLUMNS}`,
          [accountId, url, thresholds, box.seal(secret, capAlertContext(accountId)), new Date(now), emails],
        );
        assert(rows[0], 'the statement returns the row it wrote');
        const settings = settingsOf(rows[0]);
        await record(client, accountId, changeOf(accountId, before, settings));
        return { settings, isNew: before === null };
      }),
    writeSecret: (accountId, { secret, now }) =>
      changing(accountId, async (client) => {
        const { rows } = await client.query<SettingsRow>(
          `update cap_alert_settings s set sealed_secret = $2, updated_at = $3 where s.account_id = $1
           returning ${COLUMNS}`,
          [accountId, box.seal(secret, capAlertContext(accountId)), new Date(now)],
        );
        const settings = rows[0] ? settingsOf(rows[0]) : null;
        // The documents are the same: the secret is in neither.
        if (settings) await record(client, accountId, { ...changeOf(accountId, settings, settings), action: 'rotate' });
        return settings;
      }),
    remove: (accountId, now) =>
      changing(accountId, async (client) => {
        const before = await findSettings(client, accountId);
        if (!before) return null;
        await client.query('delete from cap_alert_settings where account_id = $1', [accountId]);
        await client.query(
          `update cap_alerts set next_attempt_at = null, reason = $2
            where account_id = $1 and next_attempt_at is not null`,
          [accountId, `the alerts were switched off at ${new Date(now).toISOString()}`],
        );
        await record(client, accountId, changeOf(accountId, before, null));
        return before;
      }),
    record: (look) => recordReached(pool, look),
    takeDue: (request) => takeDue(pool, box, request),
    endAttempt: async ({ id, accountId }, { now, reason, nextAttemptAt, isPosted, isMailed }) => {
      await pool.query(
        `update cap_alerts set reason = $3, next_attempt_at = $4, sent_at = $5,
           posted_at = case when $7 then coalesce(posted_at, $6) end, mailed_at = case when $8 then coalesce(mailed_at, $6) end
          where account_id = $1 and id = $2 and next_attempt_at is not null`,
        [
          ...[accountId, id, reason, nextAttemptAt === null ? null : new Date(nextAttemptAt)],
          ...[reason === null ? new Date(now) : null, new Date(now), isPosted, isMailed],
        ],
      );
    },
  };
}

const COLUMNS = 's.url, s.emails, s.thresholds, s.created_at, s.updated_at';

interface SettingsRow {
  url: string | null;
  emails: string[];
  thresholds: number[];
  created_at: Date;
  updated_at: Date;
}

function settingsOf({ url, emails, thresholds, created_at, updated_at }: SettingsRow): CapAlertSettings {
  return { url, emails, thresholds, created_at: created_at.toISOString(), updated_at: updated_at.toISOString() };
}

/** By primary key. */
async function findSettings(db: Db, accountId: string): Promise<CapAlertSettings | null> {
  const { rows } = await db.query<SettingsRow>(`select ${COLUMNS} from cap_alert_settings s where s.account_id = $1`, [
    accountId,
  ]);
  return rows[0] ? settingsOf(rows[0]) : null;
}

/** By primary key. */
async function findTarget(db: Db, box: SecretBox, accountId: string): Promise<AlertTarget | null> {
  const { rows } = await db.query<{ url: string | null; emails: string[]; sealed_secret: Buffer }>(
    'select url, emails, sealed_secret from cap_alert_settings where account_id = $1',
    [accountId],
  );
  const [row] = rows;
  if (!row) return null;
  const { url, emails, sealed_secret: sealed } = row;
  return { accountId, url, emails, secret: box.open(sealed, capAlertContext(accountId)) };
}

interface RecordedRow {
  id: string;
  cap_id: string;
  threshold: number;
  starts_at: Date;
  recorded_at: Date;
  sent_at: Date | null;
  next_attempt_at: Date | null;
  attempts: number;
  reason: string | null;
}

/** Along the index cap_alerts_by_id; ids sort by time. */
async function listRecorded(db: Db, accountId: string, limit: number): Promise<RecordedCapAlert[]> {
  const { rows } = await db.query<RecordedRow>(
    `select id, cap_id, threshold, starts_at, recorded_at, sent_at, next_attempt_at, attempts, reason from cap_alerts
      where account_id = $1 order by id desc limit $2`,
    [accountId, limit],
  );
  return rows.map(({ id, cap_id, threshold, starts_at, recorded_at, sent_at, next_attempt_at, attempts, reason }) => ({
    id,
    cap_id,
    threshold,
    started_at: starts_at.toISOString(),
    recorded_at: recorded_at.toISOString(),
    state: sent_at !== null ? 'sent' : next_attempt_at !== null ? 'waiting' : 'given_up',
    attempts,
    reason,
  }));
}

/**
 * Each account in a transaction of its own, which holds the row of its setting: two servers never look at one account at
 * once, and a look that fails is made again. Where no account has a setting it is one statement.
 */
async function recordReached(pool: pg.Pool, look: Parameters<CapAlertStore['record']>[0]): Promise<number> {
  const { rows } = await pool.query<{ account_id: string }>(
    'select account_id from cap_alert_settings where looked_at <= $1 order by looked_at limit $2',
    [new Date(look.lookedBefore), ACCOUNTS_LOOKED_AT_MAX],
  );
  let recorded = 0;
  for (const { account_id: accountId } of rows) {
    recorded += await inTransaction(pool, (client) => lookAtAccount(client, accountId, look));
  }
  return recorded;
}

async function lookAtAccount(
  client: pg.ClientBase,
  accountId: string,
  { now, lookedBefore, listCaps, judge }: Parameters<CapAlertStore['record']>[0],
): Promise<number> {
  const { rows } = await client.query<{ thresholds: number[]; looked_at: Date }>(
    `select thresholds, looked_at from cap_alert_settings where account_id = $1 and looked_at <= $2
        for update skip locked`,
    [accountId, new Date(lookedBefore)],
  );
  const [setting] = rows;
  if (!setting) return 0;
  const watched = await readWatched(client, accountId, listCaps(accountId, setting.looked_at.getTime()));
  const reached = judge(watched, setting.thresholds);
  await client.query('update cap_alert_settings set looked_at = $2 where account_id = $1', [accountId, new Date(now)]);
  return insertAlerts(client, { accountId, alerts: reached, now });
}

/**
 * One look-up a cap by primary key, of its counter and of what was recorded for it. A counter of another generation than
 * this server runs is left out: one of them is about to follow a deploy.
 */
async function readWatched(db: Db, accountId: string, caps: readonly RunningCap[]): Promise<WatchedCap[]> {
  if (caps.length === 0) return [];
  const { rows } = await db.query<{ ord: number; count: number; held: number; maximum: number; recorded: number[] }>(
    `select k.ord::int as ord, c.count::float8 as count, c.held::float8 as held,
       coalesce(c.own_maximum, k.maximum)::float8 as maximum, array(
         select a.threshold from cap_alerts a
          where a.account_id = $1 and a.cap_id = k.id and a.starts_at = k.starts_at
            and a.maximum = coalesce(c.own_maximum, k.maximum) and a.generation = k.generation) as recorded
       from unnest($2::text[], $3::timestamptz[], $4::bigint[], $5::integer[], $6::text[])
            with ordinality as k (cap_id, starts_at, maximum, generation, id, ord)
       join cap_windows c on c.account_id = $1 and c.cap_id = k.cap_id and c.starts_at = k.starts_at
        and c.generation = k.generation
      where c.count > 0`,
    [
      ...[accountId, caps.map(({ cap }) => counterIdOfCap(cap)), caps.map(({ window }) => new Date(window.startsAt))],
      ...[caps.map(({ cap }) => maximumOfCap(cap)), caps.map(({ generation }) => generation)],
      caps.map(({ cap }) => cap.id),
    ],
  );
  return rows.flatMap(({ ord, ...counted }) => {
    const cap = caps[ord - 1];
    return cap ? [{ cap, ...counted }] : [];
  });
}

/** What was recorded already stays: the key has each once. */
async function insertAlerts(
  client: Db,
  { accountId, alerts, now }: { accountId: string; alerts: readonly NewCapAlert[]; now: number },
): Promise<number> {
  if (alerts.length === 0) return 0;
  const { rows } = await client.query(
    `insert into cap_alerts (account_id, cap_id, starts_at, threshold, maximum, generation, id, body, ends_at,
       recorded_at, next_attempt_at)
     select $1, a.cap_id, a.starts_at, a.threshold, a.maximum, a.generation, a.id, a.body, a.ends_at, $10, $10
       from unnest($2::text[], $3::timestamptz[], $4::integer[], $5::bigint[], $6::integer[], $7::text[], $8::text[],
         $9::timestamptz[]) as a (cap_id, starts_at, threshold, maximum, generation, id, body, ends_at)
     on conflict (account_id, cap_id, starts_at, threshold, maximum, generation) do nothing
     returning id`,
    [
      accountId,
      alerts.map(({ cap }) => cap.cap.id),
      alerts.map(({ cap }) => new Date(cap.window.startsAt)),
      alerts.map(({ threshold }) => threshold),
      alerts.map(({ maximum }) => maximum),
      alerts.map(({ cap }) => cap.generation),
      alerts.map(({ id }) => id),
      alerts.map(({ body }) => body),
      alerts.map(({ cap }) => new Date(cap.window.endsAt)),
      new Date(now),
    ],
  );
  return rows.length;
}

/** Along the index cap_alerts_due, of all accounts; two servers never take the same one. */
async function takeDue(
  pool: pg.Pool,
  box: SecretBox,
  { now, again, limit }: Parameters<CapAlertStore['takeDue']>[0],
): Promise<DueCapAlert[]> {
  const { rows } = await pool.query<{
    account_id: string;
    id: string;
    body: string;
    attempts: number;
    url: string | null;
    emails: string[];
    sealed_secret: Buffer;
    posted_at: Date | null;
    mailed_at: Date | null;
  }>(
    `with due as (
       select account_id, cap_id, starts_at, threshold, maximum, generation from cap_alerts
        where next_attempt_at <= $1 order by next_attempt_at, threshold limit $3 for update skip locked)
     update cap_alerts a set attempts = a.attempts + 1, next_attempt_at = $2
       from due
       join cap_alert_settings s on s.account_id = due.account_id
      where a.account_id = due.account_id and a.cap_id = due.cap_id and a.starts_at = due.starts_at
        and a.threshold = due.threshold and a.maximum = due.maximum and a.generation = due.generation
     returning a.account_id, a.id, a.body, a.attempts, a.posted_at, a.mailed_at, s.url, s.emails, s.sealed_secret`,
    [new Date(now), new Date(again), limit],
  );
  return rows.map(({ account_id: accountId, id, body, attempts, url, emails, sealed_secret: sealed, ...received }) => ({
    ...{ id, body, attempt: attempts },
    ...{ isPosted: received.posted_at !== null, isMailed: received.mailed_at !== null },
    target: { accountId, url, emails, secret: box.open(sealed, capAlertContext(accountId)) },
  }));
}

function changeOf(accountId: string, before: CapAlertSettings | null, after: CapAlertSettings | null): Change {
  return {
    kind: 'cap_alerts',
    action: before === null ? 'create' : after === null ? 'delete' : 'update',
    subject: { id: accountId, name: null },
    before: before && { document: before },
    after: after && { document: after },
  };
}

/** Where the sealed secret of an account's alerts belongs. */
export function capAlertContext(accountId: string): string {
  return `cap_alerts:${accountId}`;
}
