import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { firstIdAt } from '../../lib/ids.ts';
import { createEventStore } from './events.ts';
import { inTransaction } from './in-transaction.ts';
import { PLANNED_ONCE, readLead, readLeadFacts, readLeads } from './leads.ts';
import { ensurePartitions } from './partitions.ts';

/*
 * What it reads to find the leads of a page, in several partitions of which the planner knows how many rows they have: it
 * must not take a few leads for millions, and read whole partitions.
 */

const ACCOUNT = 'aaaaaaaaaaaaaaaaaaaaaaa1';
const TODAY = Date.UTC(2031, 0, 1);
const DAY_MS = 86_400_000;
const DAYS = 3;
const LEADS_A_DAY = 4_000;
const EVENTS_A_LEAD = 5;
const TABLES = ['leads', 'lead_data', 'events'] as const;

const idOf = (day: number, lead: number) =>
  `${firstIdAt(TODAY + day * DAY_MS).slice(0, 8)}${String(lead).padStart(16, '0')}`;

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 1 });
  await pool.query(`insert into accounts (id, name, time_zone, created_at) values ($1, 'x', 'UTC', now())`, [ACCOUNT]);
  await ensurePartitions(pool, TODAY, { partitionDays: 1 });
  for (let day = 0; day < DAYS; day += 1) {
    const start = firstIdAt(TODAY + day * DAY_MS).slice(0, 8);
    const ids = `select $2 || lpad(n::text, 16, '0') as id from generate_series(0, ${LEADS_A_DAY - 1}) n`;
    await pool.query(
      `insert into leads (account_id, id, flow_id, source_id, revision, node_id, outcome, price, submitted_at)
       select $1, id, 'f', 's', 1, 'n', 'success', 0, now() from (${ids}) l`,
      [ACCOUNT, start],
    );
    await pool.query(
      `insert into lead_data (account_id, lead_id, part, document) select $1, id, 0, '{}' from (${ids}) l`,
      [ACCOUNT, start],
    );
    await pool.query(
      `insert into events (account_id, lead_id, seq, id, type, outcome, flow_id, source_id, facts)
       select $1, id, seq, substr(id, 1, 23) || seq, case seq when 0 then 'source' else 'recipient' end, 'success', 'f', 's',
              '{"version": 1}'
         from (${ids}) l, generate_series(0, ${EVENTS_A_LEAD - 1}) seq`,
      [ACCOUNT, start],
    );
  }
  // As autovacuum does it: the partitions alone.
  const { rows } = await pool.query<{ name: string }>(
    `select i.inhrelid::regclass::text as name from pg_inherits i join pg_class p on p.oid = i.inhparent
      where p.relname = any($1)`,
    [TABLES],
  );
  for (const { name } of rows) await pool.query(`analyze ${name}`);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Fifty leads of the last two days, as a page of events has them. */
const LEAD_IDS = Array.from({ length: 50 }, (_, place) => idOf(DAYS - 1 - (place % 2), place * 70));

/** Rows that the statements of `read` took from each table. */
async function countRowsRead(read: (client: pg.ClientBase) => Promise<unknown>): Promise<Record<string, number>> {
  return inTransaction(pool, async (client) => {
    const before = await readCounters(client);
    await read(client);
    const after = await readCounters(client);
    return Object.fromEntries(TABLES.map((table) => [table, (after.get(table) ?? 0) - (before.get(table) ?? 0)]));
  });
}

/** Of this session, as far as they are not handed on yet. */
async function readCounters(client: pg.ClientBase): Promise<Map<string, number>> {
  const { rows } = await client.query<{ table: string; rows: number }>(
    `select p.relname as table, sum(s.seq_tup_read + coalesce(s.idx_tup_fetch, 0))::int as rows
       from pg_stat_xact_user_tables s join pg_inherits i on i.inhrelid = s.relid join pg_class p on p.oid = i.inhparent
      where p.relname = any($1) group by 1`,
    [TABLES],
  );
  return new Map(rows.map(({ table, rows: count }) => [table, count]));
}

describe('leads of a page, in two partitions', () => {
  it('are read with their documents, each of which is looked up by its key', async () => {
    const key = { accountId: ACCOUNT, leadIds: LEAD_IDS };
    expect((await inTransaction(pool, (client) => readLeads(client, key))).size).toBe(50);
    expect(await countRowsRead((client) => readLeads(client, key))).toEqual({ leads: 50, lead_data: 50, events: 50 });
  });

  it('are read without documents, of which none is looked at', async () => {
    const key = { accountId: ACCOUNT, leadIds: LEAD_IDS };
    expect(await countRowsRead((client) => readLeadFacts(client, key))).toEqual({
      leads: 50,
      lead_data: 0,
      events: 50,
    });
  });
});

describe('one lead', () => {
  const leadId = idOf(1, 7);

  it('is read as a page reads it, one row of each table', async () => {
    const { one, many } = await inTransaction(pool, async (client) => ({
      one: await readLead(client, { accountId: ACCOUNT, leadId, parts: [0] }),
      many: (await readLeads(client, { accountId: ACCOUNT, leadIds: [leadId] })).get(leadId),
    }));
    expect(one?.id).toBe(leadId);
    expect(one).toEqual(many);
    const rows = await countRowsRead(async (client) => {
      for (const setting of PLANNED_ONCE) await client.query(setting);
      await readLead(client, { accountId: ACCOUNT, leadId, parts: [0] });
    });
    expect(rows).toEqual({ leads: 1, lead_data: 1, events: 1 });
  });

  it('and its events are read by plans that are made once', async () => {
    const events = createEventStore(pool);
    for (let times = 0; times < 3; times += 1) {
      expect((await events.findLead({ accountId: ACCOUNT, leadId }))?.events).toHaveLength(EVENTS_A_LEAD);
      expect((await events.findDeliveries({ accountId: ACCOUNT, leadId }))?.events).toHaveLength(EVENTS_A_LEAD);
    }
    expect(await events.findLead({ accountId: ACCOUNT, leadId: idOf(1, LEADS_A_DAY) })).toBeNull();
    const { rows } = await pool.query(
      `select name, custom_plans from pg_prepared_statements where name = any($1) and generic_plans >= 3 order by name`,
      [['read_lead', 'events_of_lead', 'deliveries_of_lead']],
    );
    // The first test ran it once without the settings.
    expect(rows.map(({ name, custom_plans: custom }) => [name, Number(custom)])).toEqual([
      ['deliveries_of_lead', 0],
      ['events_of_lead', 0],
      ['read_lead', 1],
    ]);
  });
});
