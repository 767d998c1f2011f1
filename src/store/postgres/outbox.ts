import type pg from 'pg';
import type { EventOfLead } from '../../events/event-store.ts';
import { type Channel, FAULTS_KEPT_MAX, type OutboxRow } from '../../outbox/channel.ts';
import type { ChannelKey, OutboxStore } from '../../outbox/outbox-store.ts';
import { announceConfig, lockAccount } from './accounts.ts';
import { type ChannelRow, targetOf } from './channels.ts';
import { EVENT_COLUMNS, type EventRow, withLeads } from './events.ts';
import { inTransaction } from './in-transaction.ts';

type Db = Pick<pg.ClientBase, 'query'>;

export function createOutboxStore({ pool, nodeId }: { pool: pg.Pool; nodeId: string }): OutboxStore {
  return {
    takeChannels: (request) => takeChannels(pool, { ...request, nodeId }),
    renewLease: async ({ accountId, id }, leasedUntil) => {
      const { rows } = await pool.query(
        `update event_channels set leased_until = $4 where account_id = $1 and id = $2 and node_id = $3 returning id`,
        [accountId, id, nodeId, new Date(leasedUntil)],
      );
      return rows.length > 0;
    },
    release: async ({ accountId, id }) => {
      await pool.query(
        `update event_channels set node_id = null, leased_until = null
          where account_id = $1 and id = $2 and node_id = $3`,
        [accountId, id, nodeId],
      );
    },
    readPage: (key, page) => readPage(pool, key, page),
    readEvents: (accountId, rows) => inTransaction(pool, (client) => readEvents(client, accountId, rows)),
    endPage: (key, end) => inTransaction(pool, (client) => endPage(client, key, end)),
    noteFault: (key, fault) => inTransaction(pool, (client) => noteFault(client, key, fault)),
    disable: (key, end) => inTransaction(pool, (client) => disable(client, key, end)),
    dropWaiting: async ({ accountId, id }) => {
      const { rows } = await pool.query(
        'delete from outbox where account_id = $1 and channel_id = $2 and failed_at is null returning lead_id',
        [accountId, id],
      );
      return rows.length;
    },
  };
}

/**
 * For all accounts, as every part of a spread database can be asked by itself. There are as many channels as flows that
 * have one; whether something waits is one look at the primary key of the outbox. A channel of a process without a lease
 * is free, as its leads are.
 */
async function takeChannels(
  pool: pg.Pool,
  request: Parameters<OutboxStore['takeChannels']>[0] & { nodeId: string },
): Promise<Channel[]> {
  const { now, leasedUntil, limit, besides, nodeId } = request;
  const { rows } = await pool.query<ChannelRow>(
    `with due as (
       select c.account_id, c.id from event_channels c
        where coalesce(c.next_attempt_at, $1) <= $1
          and c.account_id || '/' || c.id <> all($4::text[])
          and (c.node_id is null or c.node_id = $5 or c.leased_until < $1
            or c.node_id <> all(array(select n.id from nodes n where n.lease_expires_at >= now())))
          and exists (select from outbox o
                       where o.account_id = c.account_id and o.channel_id = c.id and o.failed_at is null
                         and coalesce(o.next_attempt_at, $1) <= $1)
        order by c.served_at nulls first limit $3 for update of c skip locked
     )
     update event_channels c set node_id = $5, leased_until = $2, served_at = $1
       from due where c.account_id = due.account_id and c.id = due.id
     returning c.account_id, c.id, c.service, c.flow_id, c.settings, c.is_active, c.attempts, c.failing_since`,
    [new Date(now), new Date(leasedUntil), limit, besides, nodeId],
  );
  return rows.flatMap((row) => {
    const target = targetOf(row);
    if (target === null) return [];
    return [
      {
        ...target,
        ...{ accountId: row.account_id, id: row.id },
        ...{ isActive: row.is_active, attempts: row.attempts, failingSince: row.failing_since?.getTime() ?? null },
      },
    ];
  });
}

/** Along the primary key; the look for an earlier event of the lead is one, too. */
async function readPage(
  db: Db,
  { accountId, id }: ChannelKey,
  { after, now, limit }: Parameters<OutboxStore['readPage']>[1],
): Promise<OutboxRow[]> {
  const { rows } = await db.query<{
    lead_id: string;
    seq: number;
    last_seq: number;
    attempts: number;
    is_behind_failed: boolean;
  }>(
    `select o.lead_id, o.seq, o.last_seq, o.attempts,
            exists (select from outbox f
                     where f.account_id = $1 and f.channel_id = $2 and f.lead_id = o.lead_id and f.seq < o.seq
                       and f.failed_at is not null) as is_behind_failed
       from outbox o
      where o.account_id = $1 and o.channel_id = $2 and (o.lead_id, o.seq) > ($3, $4) and o.failed_at is null
        and not exists (select from outbox w
                         where w.account_id = $1 and w.channel_id = $2 and w.lead_id = o.lead_id and w.seq <= o.seq
                           and w.next_attempt_at > $5)
      order by o.lead_id, o.seq limit $6`,
    [accountId, id, after?.leadId ?? '', after?.seq ?? 0, new Date(now), limit],
  );
  return rows.map((row) => ({
    ...{ leadId: row.lead_id, seq: row.seq, lastSeq: row.last_seq, attempts: row.attempts },
    isBehindFailed: row.is_behind_failed,
  }));
}

/** Along the primary keys, in the partitions of these leads. */
async function readEvents(
  client: pg.ClientBase,
  accountId: string,
  rows: readonly OutboxRow[],
): Promise<EventOfLead[]> {
  // One view for both queries: an event is never seen without its lead.
  await client.query('set transaction isolation level repeatable read, read only');
  const leadIds = rows.map(({ leadId }) => leadId).sort();
  const { rows: found } = await client.query<EventRow>(
    `select ${EVENT_COLUMNS}
       from unnest($2::text[], $3::int2[], $4::int2[]) as k(lead_id, seq, last_seq)
       join events e on e.account_id = $1 and e.lead_id = k.lead_id and e.seq between k.seq and k.last_seq
      where e.lead_id between $5 and $6
      order by e.lead_id, e.seq`,
    [
      ...[accountId, rows.map(({ leadId }) => leadId), rows.map(({ seq }) => seq), rows.map(({ lastSeq }) => lastSeq)],
      ...[leadIds[0], leadIds.at(-1)],
    ],
  );
  return withLeads(client, { accountId, rows: found });
}

async function endPage(client: Db, key: ChannelKey, end: Parameters<OutboxStore['endPage']>[1]): Promise<void> {
  const { accountId, id } = key;
  const { delivered, events, refused, now } = end;
  if (delivered.length > 0) {
    await client.query(
      `delete from outbox o using unnest($3::text[], $4::int2[]) as k(lead_id, seq)
        where o.account_id = $1 and o.channel_id = $2 and o.lead_id = k.lead_id and o.seq = k.seq`,
      [accountId, id, delivered.map(({ leadId }) => leadId), delivered.map(({ seq }) => seq)],
    );
  }
  for (const { row, reason, nextAttemptAt } of refused) {
    await client.query(
      `update outbox set attempts = attempts + 1, reason = $5, next_attempt_at = $6, failed_at = $7
        where account_id = $1 and channel_id = $2 and lead_id = $3 and seq = $4`,
      [
        ...[accountId, id, row.leadId, row.seq, reason, nextAttemptAt === null ? null : new Date(nextAttemptAt)],
        nextAttemptAt === null ? new Date(now) : null,
      ],
    );
  }
  if (events === 0) return;
  await client.query(
    `update event_channels set delivered = delivered + $3, delivered_at = $4, failing_since = null, fault_kind = null,
       fault_reason = null, attempts = 0, next_attempt_at = null
      where account_id = $1 and id = $2`,
    [accountId, id, events, new Date(now)],
  );
  await client.query(
    'update channel_faults set ended_at = $3 where account_id = $1 and channel_id = $2 and ended_at is null',
    [accountId, id, new Date(now)],
  );
}

/** What is added meanwhile is found by the next look, which meets the same answer. */
async function disable(
  client: pg.ClientBase,
  { accountId, id }: ChannelKey,
  { reason, now }: Parameters<OutboxStore['disable']>[1],
): Promise<void> {
  await lockAccount(client, accountId);
  await client.query(
    `update event_channels set is_active = false, disabled_reason = $3, disabled_at = coalesce(disabled_at, $4),
       updated_at = $4
      where account_id = $1 and id = $2`,
    [accountId, id, reason, new Date(now)],
  );
  await client.query(
    `update outbox set failed_at = $4, reason = $3, next_attempt_at = null
      where account_id = $1 and channel_id = $2 and failed_at is null`,
    [accountId, id, reason, new Date(now)],
  );
  await announceConfig(client, accountId);
}

/** A failure that goes on is one row, with what failed last. */
async function noteFault(client: Db, key: ChannelKey, fault: Parameters<OutboxStore['noteFault']>[1]): Promise<void> {
  const { accountId, id } = key;
  const { kind, reason, now, nextAttemptAt } = fault;
  await client.query(
    `update event_channels set failing_since = coalesce(failing_since, $3), fault_kind = $4, fault_reason = $5,
       attempts = attempts + 1, next_attempt_at = $6
      where account_id = $1 and id = $2`,
    [accountId, id, new Date(now), kind, reason, new Date(nextAttemptAt)],
  );
  const { rows } = await client.query(
    `update channel_faults set kind = $3, reason = $4
      where account_id = $1 and channel_id = $2 and ended_at is null returning began_at`,
    [accountId, id, kind, reason],
  );
  if (rows.length > 0) return;
  await client.query(
    `insert into channel_faults (account_id, channel_id, began_at, kind, reason) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [accountId, id, new Date(now), kind, reason],
  );
  await client.query(
    `delete from channel_faults where account_id = $1 and channel_id = $2 and began_at < (
       select began_at from channel_faults where account_id = $1 and channel_id = $2
        order by began_at desc offset $3 limit 1)`,
    [accountId, id, FAULTS_KEPT_MAX - 1],
  );
}
