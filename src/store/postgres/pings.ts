import type pg from 'pg';
import type { PageRequest } from '../../events/event-store.ts';
import {
  PING_OUTCOMES,
  type PingFilter,
  type PingRecord,
  type PingStats,
  type PingStatsRequest,
  type PingStore,
} from '../../events/ping-store.ts';
import { assert } from '../../lib/assert.ts';
import { firstIdAt } from '../../lib/ids.ts';
import type { Money } from '../../model/money.ts';
import { PINGS_LIST_ID } from '../../pipeline/named-ping.ts';
import { parsePingFacts } from '../../stored/ping-facts.ts';
import { inTransaction } from './in-transaction.ts';
import { ORDER } from './leads.ts';

/** A rare filter may read the whole range; past this it gives up, and the caller has to narrow it. */
const READ_MS_MAX = 15_000;
/** A lead gets its id when its body has been read, which is soon after its instant. */
const BODY_MS_MAX = 60_000;

export function createPingStore(pool: pg.Pool): PingStore {
  const reading = <T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> =>
    inTransaction(pool, async (client) => {
      await client.query(`set local statement_timeout = ${READ_MS_MAX}`);
      return work(client);
    });
  return {
    pageOfPings: (request) => reading((client) => pageOfPings(client, request)),
    findPing: (key) => reading((client) => findPing(client, key)),
    findLeadOfPing: (ping) => reading((client) => findLeadOfPing(client, ping)),
    countPings: (request) => reading((client) => countPings(client, request)),
  };
}

interface PingRow {
  account_id: string;
  id: string;
  flow_id: string;
  source_id: string;
  revision: number;
  outcome: string;
  reason: string | null;
  price: string;
  submitted_at: Date;
  expires_at: Date;
  facts: unknown;
  redeemed_at: Date | null;
  held_by: string | null;
}

/** With the row of `list_items` that says who has the price, by its primary key. */
const PINGS = `
  select p.account_id, p.id, p.flow_id, p.source_id, p.revision, p.outcome, p.reason, p.price, p.submitted_at,
         p.expires_at, p.facts, i.added_at as redeemed_at, i.holder as held_by
    from pings p
    left join list_items i
      on i.account_id = p.account_id and i.list_id = '${PINGS_LIST_ID}' and i.value = decode(p.id, 'hex')`;

/** Along pings_by_flow, or the primary key of each partition, merged. */
async function pageOfPings(client: pg.ClientBase, request: PageRequest<PingFilter>): Promise<PingRecord[]> {
  const { accountId, range, filter, sort, limit } = request;
  const { rows } = await client.query<PingRow>(
    `${PINGS}
      where p.account_id = $1 and p.id > $2 and p.id < $3
        and ($4::text[] is null or p.flow_id = any($4))
        and ($5::text[] is null or p.source_id = any($5))
        and ($6::text[] is null or p.outcome = any($6))
      order by p.id ${ORDER[sort]} limit $7`,
    [accountId, range.after, range.before, filter.flowIds, filter.sourceIds, filter.outcomes, limit],
  );
  return rows.map(pingOf);
}

/** By primary key. */
export async function findPing(
  client: pg.ClientBase,
  { accountId, pingId }: { accountId: string; pingId: string },
): Promise<PingRecord | null> {
  const { rows } = await client.query<PingRow>(`${PINGS} where p.account_id = $1 and p.id = $2`, [accountId, pingId]);
  return rows[0] ? pingOf(rows[0]) : null;
}

/** Along the primary key, the leads of a minute; the instant leaves one or two of them. */
export async function findLeadOfPing(client: pg.ClientBase, ping: PingRecord): Promise<string | null> {
  const { accountId, id, flowId, sourceId, redeemedAt } = ping;
  if (redeemedAt === null) return null;
  const [from, below] = [firstIdAt(redeemedAt), firstIdAt(redeemedAt + BODY_MS_MAX)];
  const { rows } = await client.query<{ id: string }>(
    `select l.id from leads l
       join events e on e.account_id = l.account_id and e.lead_id = l.id and e.type = 'source'
      where l.account_id = $1 and l.id >= $2 and l.id < $3 and e.lead_id >= $2 and e.lead_id < $3
        and l.flow_id = $4 and l.source_id = $5 and l.submitted_at = $6 and e.facts ->> 'ping_id' = $7`,
    [accountId, from, below, flowId, sourceId, new Date(redeemedAt), id],
  );
  return rows[0]?.id ?? null;
}

interface StatsRow {
  flow_id: string;
  source_id: string;
  started_at: Date;
  submitted: number;
  success: number;
  limited: number;
  redeemed: number;
}

/** Reads the pings of the range, some 100 ms for 100 000. */
async function countPings(client: pg.ClientBase, request: PingStatsRequest): Promise<PingStats[]> {
  const { accountId, range, filter, interval, timeZone, limit } = request;
  const { rows } = await client.query<StatsRow>(
    `select p.flow_id, p.source_id, date_trunc($6, p.submitted_at, $7) as started_at, count(*)::int as submitted,
            count(*) filter (where p.outcome = 'success')::int as success,
            count(*) filter (where p.facts ->> 'limit' is not null)::int as limited,
            count(i.added_at)::int as redeemed
       from pings p
       left join list_items i
         on i.account_id = p.account_id and i.list_id = '${PINGS_LIST_ID}' and i.value = decode(p.id, 'hex')
      where p.account_id = $1 and p.id > $2 and p.id < $3
        and ($4::text[] is null or p.flow_id = any($4))
        and ($5::text[] is null or p.source_id = any($5))
      group by p.flow_id, p.source_id, 3
      order by 3 desc, p.flow_id, p.source_id limit $8`,
    [accountId, range.after, range.before, filter.flowIds, filter.sourceIds, interval, timeZone, limit],
  );
  return rows.map((row) => ({
    flowId: row.flow_id,
    sourceId: row.source_id,
    startedAt: row.started_at.getTime(),
    submitted: row.submitted,
    success: row.success,
    limited: row.limited,
    redeemed: row.redeemed,
  }));
}

function pingOf(row: PingRow): PingRecord {
  const outcome = PING_OUTCOMES.find((known) => known === row.outcome);
  assert(outcome !== undefined, `ping ${row.id} has the unknown outcome ${row.outcome}`);
  return {
    accountId: row.account_id,
    id: row.id,
    flowId: row.flow_id,
    sourceId: row.source_id,
    revision: row.revision,
    outcome,
    reason: row.reason,
    price: Number(row.price) as Money, // the column is in the unit of Money
    submittedAt: row.submitted_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    facts: parsePingFacts(row.facts),
    redeemedAt: row.redeemed_at?.getTime() ?? null,
    heldBy: row.held_by,
  };
}
