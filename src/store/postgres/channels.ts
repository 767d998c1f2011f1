import type pg from 'pg';
import type { FirehoseTarget } from '../../flows/read-firehose.ts';
import {
  type BucketTarget,
  CHANNEL_SERVICES,
  type ChannelSettings,
  type ChannelTarget,
  nameChannel,
  type WebhookSettings,
} from '../../model/channel.ts';
import {
  CHANNEL_FAULT_KINDS,
  type ChannelFaultKind,
  type ChannelProgress,
  type ChannelState,
  FAULTS_KEPT_MAX,
  WAITING_COUNTED_MAX,
} from '../../outbox/channel.ts';
import type { ChannelDirectory, ChannelStore } from '../../outbox/outbox-store.ts';
import { inTransaction } from './in-transaction.ts';

type Db = Pick<pg.ClientBase, 'query'>;

/** The channels of a flow as it is deployed now; those it no longer has are switched off, and send what waits. */
export async function writeChannels(
  client: Db,
  request: { accountId: string; flowId: string; targets: readonly FirehoseTarget[]; now: number },
): Promise<void> {
  const { accountId, flowId, now } = request;
  // Without a bucket nothing can be written, and nothing is kept for it.
  const targets = request.targets.filter(({ isEnabled, settings }) => isEnabled && settings.bucket !== '');
  await client.query(
    `update event_channels set is_active = false, updated_at = $4
      where account_id = $1 and flow_id = $2 and is_active and service <> all($3::text[])`,
    [accountId, flowId, targets.map(({ service }) => service), new Date(now)],
  );
  for (const { service, settings } of targets) {
    // What is configured anew is tried at once.
    await client.query(
      `insert into event_channels as c
         (account_id, id, service, flow_id, is_active, settings, created_at, updated_at)
       values ($1, $2, $3, $4, true, $5, $6, $6)
       on conflict (account_id, id) do update
          set is_active = true, settings = excluded.settings, updated_at = excluded.updated_at, next_attempt_at = null`,
      [accountId, nameChannel(flowId, service), service, flowId, JSON.stringify(settings), new Date(now)],
    );
  }
}

export interface ChannelRow {
  account_id: string;
  id: string;
  service: string;
  /** null: of a webhook. */
  flow_id: string | null;
  settings: ChannelSettings | WebhookSettings;
  is_active: boolean;
  attempts: number;
  failing_since: Date | null;
}

/** A row that this program cannot send for is none of its channels. */
export function targetOf(row: Pick<ChannelRow, 'service' | 'flow_id' | 'settings'>): ChannelTarget | null {
  if (row.service === 'webhook') return { service: 'webhook', flowId: null, settings: row.settings as WebhookSettings };
  return bucketOf(row);
}

function bucketOf({
  service,
  flow_id: flowId,
  settings,
}: Pick<ChannelRow, 'service' | 'flow_id' | 'settings'>): BucketTarget | null {
  const known = CHANNEL_SERVICES.find((each) => each === service);
  // The service of a row says which settings it has.
  return known === undefined || flowId === null
    ? null
    : { service: known, flowId, settings: settings as ChannelSettings };
}

export function createChannelStore(pool: pg.Pool): ChannelStore {
  return {
    listStates: (accountId, flowId) => listStates(pool, accountId, flowId),
    recover: (accountId, { flowId, service, since, now }) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ id: string }>(
          'select id from event_channels where account_id = $1 and flow_id = $2 and service = coalesce($3, service)',
          [accountId, flowId, service],
        );
        return recoverChannels(client, accountId, { ids: rows.map(({ id }) => id), since, now });
      }),
  };
}

async function listStates(pool: pg.Pool, accountId: string, flowId: string | null): Promise<ChannelState[]> {
  const states = await readProgress(pool, accountId, { flowId, id: null });
  return states.flatMap(({ row, progress }) => {
    const bucket = bucketOf(row);
    return bucket === null ? [] : [{ ...bucket, ...progress }];
  });
}

interface StateRow extends ChannelRow {
  delivered: string;
  delivered_at: Date | null;
  fault_kind: string | null;
  fault_reason: string | null;
  next_attempt_at: Date | null;
  waiting: number;
  waiting_since: Date | null;
  failed: number;
  failed_reason: string | null;
}

/** Of one channel, or of the firehoses of a flow or all. Counts along the primary key of the outbox, up to the bound. */
export async function readProgress(
  pool: pg.Pool,
  accountId: string,
  { flowId, id }: { flowId: string | null; id: string | null },
): Promise<{ row: ChannelRow; progress: ChannelProgress }[]> {
  const { rows } = await pool.query<StateRow>(
    `select c.account_id, c.id, c.service, c.flow_id, c.settings, c.is_active, c.attempts, c.failing_since, c.delivered,
            c.delivered_at, c.fault_kind, c.fault_reason, c.next_attempt_at,
            w.waiting, w.waiting_since, f.failed, f.failed_reason
       from event_channels c
      cross join lateral (
        select count(*)::int as waiting, min(o.added_at) as waiting_since
          from (select added_at from outbox
                 where account_id = c.account_id and channel_id = c.id and failed_at is null limit $3) o) w
      cross join lateral (
        select count(*)::int as failed,
               (select r.reason from outbox r
                 where r.account_id = c.account_id and r.channel_id = c.id and r.failed_at is not null
                 order by r.failed_at desc limit 1) as failed_reason
          from (select from outbox
                 where account_id = c.account_id and channel_id = c.id and failed_at is not null limit $3) o) f
      where c.account_id = $1
        and case when $4::text is null then c.flow_id = coalesce($2, c.flow_id) else c.id = $4 end
      order by c.flow_id, c.service`,
    [accountId, flowId, WAITING_COUNTED_MAX + 1, id],
  );
  const faults = await listFaults(pool, accountId, rows);
  return rows.map((row) => ({ row, progress: progressOf(row, faults.get(row.id) ?? []) }));
}

interface FaultRow {
  channel_id: string;
  kind: string;
  reason: string;
  began_at: Date;
  ended_at: Date | null;
}

/** Backwards along the primary key. */
async function listFaults(pool: pg.Pool, accountId: string, channels: readonly ChannelRow[]) {
  const { rows } = await pool.query<FaultRow>(
    `select f.channel_id, f.kind, f.reason, f.began_at, f.ended_at
       from unnest($2::text[]) as k(channel_id)
      cross join lateral (
        select channel_id, kind, reason, began_at, ended_at from channel_faults
         where account_id = $1 and channel_id = k.channel_id order by began_at desc limit $3) f`,
    [accountId, channels.map(({ id }) => id), FAULTS_KEPT_MAX],
  );
  const faults = new Map<string, FaultRow[]>();
  for (const row of rows) faults.set(row.channel_id, [...(faults.get(row.channel_id) ?? []), row]);
  return faults;
}

function progressOf(row: StateRow, faults: readonly FaultRow[]): ChannelProgress {
  return {
    isActive: row.is_active,
    ...{ waiting: Math.min(row.waiting, WAITING_COUNTED_MAX), isWaitingMore: row.waiting > WAITING_COUNTED_MAX },
    ...{ waitingSince: timeOf(row.waiting_since), failed: row.failed, failedReason: row.failed_reason },
    ...{ delivered: Number(row.delivered), deliveredAt: timeOf(row.delivered_at) },
    ...{ failingSince: timeOf(row.failing_since), attempts: row.attempts, nextAttemptAt: timeOf(row.next_attempt_at) },
    fault: row.fault_kind === null ? null : { kind: kindOf(row.fault_kind), reason: row.fault_reason ?? '' },
    faults: faults.map(({ kind, reason, began_at, ended_at }) => ({
      ...{ kind: kindOf(kind), reason, beganAt: began_at.getTime(), endedAt: timeOf(ended_at) },
    })),
  };
}

/** Written by `noteFault` alone; a kind of a later version is one of the store. */
function kindOf(kind: string): ChannelFaultKind {
  return CHANNEL_FAULT_KINDS.find((known) => known === kind) ?? 'unavailable';
}

function timeOf(date: Date | null): number | null {
  return date?.getTime() ?? null;
}

/** By outbox_failed. */
export async function recoverChannels(
  client: Db,
  accountId: string,
  { ids, since, now }: { ids: readonly string[]; since: number; now: number },
): Promise<number> {
  await client.query(
    'update event_channels set next_attempt_at = null, updated_at = $3 where account_id = $1 and id = any($2::text[])',
    [accountId, ids, new Date(now)],
  );
  const { rows: recovered } = await client.query(
    `update outbox set failed_at = null, reason = null, attempts = 0, next_attempt_at = null
      where account_id = $1 and channel_id = any($2::text[]) and failed_at >= $3 returning lead_id`,
    [accountId, ids, new Date(since)],
  );
  return recovered.length;
}

/** Which flows have channels, read anew whenever the configuration of their account has changed. */
export function createChannelDirectory(pool: pg.Pool): ChannelDirectory {
  const active = new Map<string, { all: boolean; flowIds: ReadonlySet<string> }>();
  const counts = new Map<string, number>();
  return {
    follow: async (accountId) => {
      const { rows } = await pool.query<{ flow_id: string | null; flow_ids: string[] | null; is_active: boolean }>(
        'select flow_id, flow_ids, is_active from event_channels where account_id = $1',
        [accountId],
      );
      const named = rows
        .filter(({ is_active }) => is_active)
        .map(({ flow_id, flow_ids }) => flow_ids ?? (flow_id === null ? null : [flow_id]));
      active.set(accountId, { all: named.includes(null), flowIds: new Set(named.flatMap((ids) => ids ?? [])) });
      counts.set(accountId, rows.length);
    },
    hasActive: ({ accountId, flowId }) => {
      const known = active.get(accountId);
      return known !== undefined && (known.all || known.flowIds.has(flowId));
    },
    hasAny: () => [...counts.values()].some((count) => count > 0),
  };
}
