import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { TestDatabase } from './database.ts';
import { urlOf } from './sluice-process.ts';
import { TEST_SCHEMA } from './test-schema.ts';

/** What a standby of a test stands for: the same database by a role that can only read, and that may lag behind. */
export interface TestStandby {
  /** For SLUICE_READ_DATABASE_URL. */
  url: string;
  /** Leads and events with ids from here on have not been replayed; null: everything has. */
  stopReplayAt(leadId: string | null): Promise<void>;
  /** Removes the role; the servers that use it have stopped. */
  drop(): Promise<void>;
}

/** All that reading routes need. A statement on any other table fails. */
const TABLES_READ = [
  'accounts',
  'activity',
  'batch_file_rows',
  'batch_files',
  'digest_progress',
  'digests',
  'event_kinds',
  'event_tallies',
  'events',
  'held_leads',
  'installation',
  'latency_tallies',
  'lead_data',
  'lead_search',
  'leads',
  'list_items',
  'money_entries',
  'pings',
  'resubmissions',
  'runs',
  'schema_migrations',
  'statistics_keys',
  'statistics_hours',
  'statistics_quarters',
  'statistics_days',
  'event_tallies_by_day',
  'field_keys',
  'field_tallies',
  'latency_tallies',
  'flows',
  'flow_revisions',
  'entities',
];
/** By the column with the lead's id, the tables that lag together; tables of counts do not: `withoutCounting`. */
const TABLES_BEHIND: Readonly<Record<string, string>> = {
  leads: 'id',
  lead_data: 'lead_id',
  lead_search: 'lead_id',
  events: 'lead_id',
  pings: 'id',
  digests: 'id',
};

/** The test server has no second server behind it; the rows that a standby does not have yet are hidden from a role. */
export async function openTestStandby(database: TestDatabase): Promise<TestStandby> {
  const role = `reader_${randomBytes(6).toString('hex')}`;
  const pool = new pg.Pool({ ...database.connection, max: 1 });
  const run = (sql: string) => pool.query(sql);
  await run(`create role ${role} login`);
  await run(`alter role ${role} set default_transaction_read_only = on`);
  await run(`grant usage on schema ${TEST_SCHEMA} to ${role}`);
  await run('create table replay (stops_at text collate "C")');
  await run('insert into replay values (null)');
  for (const table of [...TABLES_READ, 'replay']) await run(`grant select on ${table} to ${role}`);
  for (const [table, column] of Object.entries(TABLES_BEHIND)) {
    await run(`alter table ${table} enable row level security`);
    await run(
      `create policy replayed on ${table} to ${role} using (not coalesce(${column} >= (select stops_at from replay), false))`,
    );
  }
  return {
    url: urlOf({ connection: { ...database.connection, user: role } }),
    stopReplayAt: async (leadId) => {
      await pool.query('update replay set stops_at = $1', [leadId]);
    },
    drop: async () => {
      await run(`drop owned by ${role}`);
      await run(`drop role ${role}`);
      await pool.end();
    },
  };
}
