import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { KEPT } from '../../keeping/periods.ts';
import { firstIdAt } from '../../lib/ids.ts';
import type { Account } from '../../model/entity.ts';
import { createAccountStore } from './accounts.ts';
import { createEventStore } from './events.ts';
import { countStrays, ensurePartitions, readPartitions } from './partitions.ts';
import { sweepLeads } from './retention.ts';
import { createTableKeeper } from './table-keeper.ts';

const DAY_MS = 86_400_000;
/** A Wednesday. */
const START = Date.UTC(2031, 0, 1);
const LONG = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const SHORT = 'bbbbbbbbbbbbbbbbbbbbbbbb';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 2 });
  const account = { name: 'Acme', timeZone: 'UTC', isPingEnabled: true };
  await createAccountStore(pool).insert({ ...account, id: LONG, dataRetentionInDays: 30 }, START - 400 * DAY_MS);
  await createAccountStore(pool).insert({ ...account, id: SHORT, dataRetentionInDays: 5 }, START - 400 * DAY_MS);
});
beforeEach(async () => {
  for (const { name } of await readPartitions(pool)) await pool.query(`drop table ${name}`);
  await pool.query('truncate leads, lead_data, lead_search, events, pings, retries, unknowns, feedback, held_leads');
  await pool.query(`update accounts set reasons_stripped_below = '', data_truncated_at = null`);
  await setPeriods(LONG, { dataRetentionInDays: 30 });
  await setPeriods(SHORT, { dataRetentionInDays: 5 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function setPeriods(id: string, periods: Pick<Account, 'dataRetentionInDays' | 'factsRetentionInDays'>) {
  const accounts = createAccountStore(pool);
  const { factsRetentionInDays: _, ...account } = (await accounts.find(id)) as Account;
  await accounts.update({ ...account, ...periods });
}

/** Partitions as they are made in time, for each of the days from the start on. */
async function makePartitions(days: number, partitionDays: number): Promise<void> {
  for (let day = 0; day <= days; day += 14) await ensurePartitions(pool, START + day * DAY_MS, { partitionDays });
}

const dayAt = (day: number) => START + day * DAY_MS;
const leadAt = (day: number, serial = 1) =>
  `${firstIdAt(dayAt(day) + 3_600_000).slice(0, 8)}${String(serial).padStart(16, '0')}`;

interface Told {
  reason?: string;
  warning?: string;
}

async function insertLead(accountId: string, id: string, { reason = 'No: Ann Archer', warning = '' }: Told = {}) {
  const at = new Date(Number.parseInt(id.slice(0, 8), 16) * 1000);
  await pool.query(
    `insert into leads (account_id, id, flow_id, source_id, revision, node_id, outcome, reason, price, submitted_at)
     values ($1, $2, 'f', 's', 1, 'n', 'failure', $3, 0, $4)`,
    [accountId, id, reason, at],
  );
  const vars = { lead: { first_name: 'Ann', last_name: 'Archer', email: 'ann@example.com' } };
  await pool.query('insert into lead_data (account_id, lead_id, part, document) values ($1, $2, 0, $3)', [
    ...[accountId, id, JSON.stringify({ version: 1, vars, steps: {} })],
  ]);
  await pool.query('insert into lead_search (account_id, lead_id, words) values ($1, $2, $3)', [accountId, id, 'ann']);
  await pool.query(
    `insert into events (account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, facts)
     values ($1, $2, 0, $3, 'source', 'failure', $4, 'f', 's', $5)`,
    [
      accountId,
      id,
      `${id.slice(0, 8)}ffffffffffffffff`,
      reason,
      JSON.stringify({ version: 1, host: 'n', warnings: [warning] }),
    ],
  );
}

const TABLES = { leads: 'id', events: 'lead_id', lead_data: 'lead_id', lead_search: 'lead_id' };
async function idsIn(table: keyof typeof TABLES, accountId: string): Promise<string[]> {
  const { rows } = await pool.query(`select ${TABLES[table]} as id from ${table} where account_id = $1 order by 1`, [
    accountId,
  ]);
  return rows.map(({ id }) => id);
}
async function expectLeads(accountId: string, expected: { all: string[]; personal: string[] }) {
  expect(await idsIn('leads', accountId)).toEqual(expected.all);
  expect(await idsIn('events', accountId)).toEqual(expected.all);
  expect(await idsIn('lead_data', accountId)).toEqual(expected.personal);
  expect(await idsIn('lead_search', accountId)).toEqual(expected.personal);
}

describe('leads past the period of their account', () => {
  it('go with their partition where it is the longest, and one by one where it is shorter', async () => {
    await makePartitions(60, 1);
    for (const accountId of [LONG, SHORT]) for (const day of [0, 20, 40]) await insertLead(accountId, leadAt(day));
    const swept = await sweepLeads(pool, dayAt(42));
    // Of each of four tables 12 days are past 30 days.
    expect(swept).toEqual({ partitions: 12 * 4, personal: 0, leads: 1 });
    await expectLeads(LONG, { all: [leadAt(20), leadAt(40)], personal: [leadAt(20), leadAt(40)] });
    await expectLeads(SHORT, { all: [leadAt(40)], personal: [leadAt(40)] });
    expect((await createAccountStore(pool).find(SHORT))?.dataTruncatedAt).toBe(dayAt(37));
    expect(await sweepLeads(pool, dayAt(42))).toEqual({ partitions: 0, personal: 0, leads: 0 });
  });

  it('go on their day where a partition holds a week', async () => {
    await makePartitions(60, 7);
    for (const day of [5, 6, 11]) await insertLead(LONG, leadAt(day));
    // The week from day 5 on ends with day 11.
    expect(await sweepLeads(pool, dayAt(37))).toMatchObject({ leads: 2 });
    await expectLeads(LONG, { all: [leadAt(11)], personal: [leadAt(11)] });
  });

  it('go batch by batch, and a night that was missed is made up for', async () => {
    await makePartitions(14, 1);
    for (let serial = 0; serial < 1_100; serial += 1) await insertLead(SHORT, leadAt(serial % 3, serial));
    expect(await sweepLeads(pool, dayAt(20))).toMatchObject({ leads: 1_100, partitions: 0 });
    await expectLeads(SHORT, { all: [], personal: [] });
  });

  it('lose their values and keep their facts where these have a longer period', async () => {
    await setPeriods(SHORT, { dataRetentionInDays: 5, factsRetentionInDays: 60 });
    await makePartitions(60, 1);
    const told = { reason: 'No: Ann Archer, ann@example.com, 512-789-1111 said "never"', warning: 'Archer is unknown' };
    for (const day of [0, 20, 40]) await insertLead(SHORT, leadAt(day), told);
    await pool.query(
      `insert into retries (account_id, id, lead_id, event_id, flow_id, source_id, step_id, recipient_id, status, last_outcome,
         last_reason, created_at, updated_at) values ($1, 'r', $2, 'e', 'f', 's', 'p', 'q', 'failed', 'error', 'Ann', $3, $3)`,
      [SHORT, leadAt(20), new Date(dayAt(41))],
    );
    await sweepLeads(pool, dayAt(42));
    await expectLeads(SHORT, { all: [leadAt(0), leadAt(20), leadAt(40)], personal: [leadAt(40)] });
    const { rows } = await pool.query(
      `select l.id, l.reason, e.reason as event, e.facts -> 'warnings' ->> 0 as warning from leads l
         join events e on e.account_id = l.account_id and e.lead_id = l.id order by l.id`,
    );
    // The document of the first one went with its partition, after its reasons.
    const stripped = { reason: 'No: … …, …, … said …', event: 'No: … …, …, … said …', warning: '… is unknown' };
    expect(rows).toEqual([
      { id: leadAt(0), ...stripped },
      { id: leadAt(20), ...stripped },
      { id: leadAt(40), reason: told.reason, event: told.reason, warning: told.warning },
    ]);
    expect((await pool.query('select last_reason from retries')).rows).toEqual([{ last_reason: null }]);
    await sweepLeads(pool, dayAt(85));
    await expectLeads(SHORT, { all: [leadAt(40)], personal: [] });
  });

  it('stay whole under a legal hold, where readers find them, and are no strays', async () => {
    await makePartitions(60, 1);
    for (const accountId of [LONG, SHORT]) for (const day of [0, 1]) await insertLead(accountId, leadAt(day));
    for (const accountId of [LONG, SHORT])
      await pool.query(`insert into held_leads (account_id, lead_id, hold_id) values ($1, $2, 'h')`, [
        accountId,
        leadAt(0),
      ]);
    await sweepLeads(pool, dayAt(50));
    for (const accountId of [LONG, SHORT]) await expectLeads(accountId, { all: [leadAt(0)], personal: [leadAt(0)] });
    const found = await createEventStore(pool).findLead({ accountId: LONG, leadId: leadAt(0) });
    expect(found).toMatchObject({ lead: { reason: 'No: Ann Archer', expiresAt: null }, events: [{ type: 'source' }] });
    expect(await countStrays(pool)).toBe(0);
    await pool.query('delete from held_leads');
    await sweepLeads(pool, dayAt(51));
    for (const accountId of [LONG, SHORT]) await expectLeads(accountId, { all: [], personal: [] });
  });

  it('keep their facts, and no values, while something of them is not settled', async () => {
    await makePartitions(60, 1);
    await insertLead(LONG, leadAt(0));
    await pool.query(
      `insert into unknowns (account_id, lead_id, event_id, flow_id, source_id, step_id, recipient_id, reason, holds, happened_at)
       values ($1, $2, 'e', 'f', 's', 'p', 'q', 'Ann', '{"version":2,"caps":[],"lists":[]}', $3)`,
      [LONG, leadAt(0), new Date(dayAt(0))],
    );
    await sweepLeads(pool, dayAt(50));
    await expectLeads(LONG, { all: [leadAt(0)], personal: [] });
    await pool.query('update unknowns set resolved_at = $1', [new Date(dayAt(50))]);
    await sweepLeads(pool, dayAt(51));
    await expectLeads(LONG, { all: [], personal: [] });
  });

  it('stay while they are not in the tables of counts', async () => {
    await makePartitions(60, 1);
    for (const day of [0, 3]) await insertLead(LONG, leadAt(day));
    await pool.query(`insert into digests (account_id, since, id) values ($1, $2, 'x')`, [LONG, leadAt(2).slice(0, 8)]);
    await sweepLeads(pool, dayAt(50));
    await expectLeads(LONG, { all: [leadAt(3)], personal: [leadAt(3)] });
    await pool.query('truncate digests');
  });
});

describe('what else has a period', () => {
  it('pings of an account with a shorter one go with it', async () => {
    for (const accountId of [LONG, SHORT])
      await pool.query(
        `insert into pings (account_id, id, flow_id, source_id, revision, node_id, outcome, price, submitted_at, expires_at, facts)
         values ($1, $2, 'f', 's', 1, 'n', 'success', 0, now(), now(), '{}')`,
        [accountId, leadAt(0)],
      );
    await keeperAt(dayAt(10)).sweepPings();
    expect((await pool.query('select account_id from pings')).rows).toEqual([{ account_id: LONG }]);
  });

  it('revisions go long after another one took their place, and never while one runs or is saved last', async () => {
    await pool.query(
      `insert into flows (account_id, id, saved_revision, deployed_revision, created_at, updated_at) values ($1, 'f', 5, 3, now(), now())`,
      [LONG],
    );
    const deployed = [dayAt(0), dayAt(1), dayAt(400), null, null];
    for (const [index, at] of deployed.entries())
      await pool.query(
        `insert into flow_revisions (account_id, flow_id, revision, document, saved_at, deployed_at) values ($1, 'f', $2, '{}', $3, $4)`,
        [LONG, index + 1, new Date(dayAt(index)), at === null ? null : new Date(at)],
      );
    const revisionsAfter = async (day: number) => {
      await keeperAt(dayAt(day)).sweepRevisions();
      return (await pool.query('select revision from flow_revisions order by 1')).rows.map(({ revision }) => revision);
    };
    expect(await revisionsAfter(360)).toEqual([1, 2, 3, 4, 5]);
    // The first was replaced on day 1, the second on day 400, the fourth never ran.
    expect(await revisionsAfter(500)).toEqual([2, 3, 5]);
    await insertLead(LONG, leadAt(399));
    await pool.query('update leads set revision = 2');
    expect(await revisionsAfter(800)).toEqual([2, 3, 5]);
    await pool.query('truncate leads');
    // A draft that changes a revision keeps it; what is left of one that was published does not.
    await pool.query(
      `insert into flow_drafts (account_id, flow_id, version, base_revision, document, user_kind, user_id, user_name, updated_at)
       values ($1, 'f', 1, 2, '{}', 'key', 'k', 'k', now())`,
      [LONG],
    );
    expect(await revisionsAfter(800)).toEqual([2, 3, 5]);
    await pool.query('update flow_drafts set document = null');
    expect(await revisionsAfter(800)).toEqual([3, 5]);
  });

  it('jobs go with the period of their account where that is shorter, the activity log after three years', async () => {
    for (const accountId of [LONG, SHORT]) {
      await pool.query(
        `insert into jobs (account_id, id, kind, state, asked_by, input, created_at, updated_at, ended_at)
         values ($1, $1, 'resubmit', 'done', '{}', '{}', $2, $2, $2)`,
        [accountId, new Date(START)],
      );
      await pool.query(
        `insert into activity (account_id, id, at, actor_kind, actor_id, actor_name, kind, action, subject_id)
         values ($1, $1, $2, 'key', 'k', 'k', 'flow', 'create', 'f')`,
        [accountId, new Date(START)],
      );
    }
    await keeperAt(dayAt(10)).sweepJobs();
    expect((await pool.query('select account_id from jobs')).rows).toEqual([{ account_id: LONG }]);
    expect(await keeperAt(dayAt(1_000)).sweepActivity()).toBe(0);
    expect(await keeperAt(dayAt(1_100)).sweepActivity()).toBe(2);
  });

  it('is in the table of periods, and nothing else is', async () => {
    const { rows } = await pool.query(
      `select c.relname as name from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and c.relname <> 'schema_migrations' order by 1`,
    );
    expect(KEPT.flatMap(({ tables }) => tables).toSorted()).toEqual(rows.map(({ name }) => name));
  });
});

const keeperAt = (now: number) =>
  createTableKeeper(pool, { clock: { now: () => now }, abandoned: '', schema: 'public' });
