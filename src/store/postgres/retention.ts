import type pg from 'pg';
import type { LeadsSwept } from '../../jobs/table-keeper.ts';
import { keepsOf } from '../../keeping/periods.ts';
import { firstIdAt } from '../../lib/ids.ts';
import { readCounted } from './digests.ts';
import { deletePersonalPart, PERSONAL_TABLES, stripReasons } from './forget-leads.ts';
import { inTransaction } from './in-transaction.ts';
import { dropAllBut, readPartitions } from './partitions.ts';

/*
 * Leads past the periods of their account (decision page 0097). A partition that is past the longest period of all accounts is
 * dropped; everything else is deleted batch by batch. Legal holds keep all of a lead; what is not settled keeps its facts.
 */

const DAY_MS = 86_400_000;
/** Leads of one transaction, so that its locks are short; transactions of one account in one night. */
const BATCH_LEADS = 500;
const BATCHES_MAX = 20_000;
/** Rows that may be moved when a partition is dropped: readers wait meanwhile. Where more stay, the others are deleted one by one. */
const KEPT_ROWS_MAX = 20_000;

/** Events first, leads last: an event is never without its lead. */
const FACTS_TABLES = ['events', 'leads'] as const;

interface Periods {
  accountId: string;
  personal: number;
  facts: number;
}

/** Deletes what the periods of the accounts have ended. Goes on where it was stopped: what is deleted is not found again. */
export async function sweepLeads(pool: pg.Pool, now: number): Promise<LeadsSwept> {
  const periods = await readPeriods(pool);
  if (periods.length === 0) return { partitions: 0, personal: 0, leads: 0 };
  for (const each of periods) if (each.facts > each.personal) await stripAccount(pool, { ...each, now });
  const longest = {
    personal: Math.max(...periods.map(({ personal }) => personal)),
    facts: Math.max(...periods.map(({ facts }) => facts)),
  };
  const counted = await readAllCounted(pool, periods);
  const swept = {
    partitions: await dropPast(pool, { longest, now, counted: [...counted.values()] }),
    personal: 0,
    leads: 0,
  };
  const days = await readDays(pool);
  for (const each of periods) {
    const { accountId } = each;
    const endOf = (kind: 'personal' | 'facts') => {
      const before = now - each[kind] * DAY_MS;
      // A partition of a day goes as a whole tomorrow.
      const day =
        each[kind] === longest[kind] ? days.find((one) => one.startsAt <= before && before < one.endsAt) : undefined;
      return firstIdAt(day?.startsAt ?? before);
    };
    swept.leads += await sweepFacts(pool, { accountId, below: earlier(endOf('facts'), counted.get(accountId)) });
    swept.personal += await sweepPersonal(pool, {
      accountId,
      below: earlier(endOf('personal'), counted.get(accountId)),
    });
    await noteTruncation(pool, { accountId, before: now - each.personal * DAY_MS });
  }
  return swept;
}

/** Of all accounts. An installation has a handful. */
async function readPeriods(pool: pg.Pool): Promise<Periods[]> {
  const { rows } = await pool.query<{ id: string; personal: number; facts: number | null }>(
    'select id, data_retention_in_days as personal, facts_retention_in_days as facts from accounts order by id',
  );
  return rows.map(({ id, personal, facts }) => ({
    accountId: id,
    ...keepsOf({ dataRetentionInDays: personal, ...(facts === null ? {} : { factsRetentionInDays: facts }) }),
  }));
}

/** What is not in the tables of counts yet is not deleted: it would be missing there for good. By account. */
async function readAllCounted(pool: pg.Pool, periods: readonly Periods[]): Promise<Map<string, string>> {
  const counted = new Map<string, string>();
  for (const { accountId } of periods) counted.set(accountId, (await readCounted(pool, accountId)).until);
  return counted;
}

function earlier(below: string, until: string | undefined): string {
  return until !== undefined && until < below ? until : below;
}

/** Partitions of a day. */
async function readDays(pool: pg.Pool): Promise<{ startsAt: number; endsAt: number }[]> {
  const partitions = await readPartitions(pool);
  return partitions.filter(({ table, startsAt, endsAt }) => table === 'lead_data' && endsAt - startsAt <= DAY_MS);
}

const IS_HELD = 'exists (select from held_leads h where h.account_id = t.account_id and h.lead_id = ID)';

/** A lead whose facts are still needed, by the indexes by lead. */
const IS_OPEN = `(${IS_HELD}
  or exists (select from retries r where r.account_id = t.account_id and r.lead_id = ID
              and r.status in ('waiting', 'running', 'unknown'))
  or exists (select from unknowns u where u.account_id = t.account_id and u.lead_id = ID and u.resolved_at is null)
  or exists (select from feedback f where f.account_id = t.account_id and f.lead_id = ID
              and f.status in ('pending', 'relaying', 'unanswered')))`;

const keptOf = (condition: string, id: string) => condition.replaceAll('ID', `t.${id}`);

/** Drops partitions that are past the longest period; returns how many. */
async function dropPast(
  pool: pg.Pool,
  { longest, now, counted }: { longest: { personal: number; facts: number }; now: number; counted: readonly string[] },
): Promise<number> {
  const partitions = (await readPartitions(pool)).toSorted((one, other) => one.startsAt - other.startsAt);
  const tables = [
    ...PERSONAL_TABLES.map((table) => ({ table, days: longest.personal, kept: keptOf(IS_HELD, 'lead_id') })),
    ...FACTS_TABLES.map((table) => ({
      ...{ table, days: longest.facts },
      kept: keptOf(IS_OPEN, table === 'leads' ? 'id' : 'lead_id'),
    })),
  ];
  let dropped = 0;
  for (const { table, days, kept } of tables) {
    const past = partitions.filter(
      (each) =>
        each.table === table &&
        each.endsAt <= now - days * DAY_MS &&
        counted.every((until) => firstIdAt(each.endsAt) <= until),
    );
    for (const each of past) dropped += Number(await dropAllBut(pool, each, { kept, keptMax: KEPT_ROWS_MAX }));
  }
  return dropped;
}

interface Sweep {
  accountId: string;
  /** The first id that stays. */
  below: string;
}

/**
 * Facts that outlive the personal part lose values of people, before that goes. Each lead is looked at once: the account says how
 * far it is, in the transaction of the batch; the end of a legal hold sets it back.
 */
async function stripAccount(pool: pg.Pool, { accountId, personal, now }: Periods & { now: number }): Promise<void> {
  const below = firstIdAt(now - personal * DAY_MS);
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const isLast = await inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ id: string; is_held: boolean }>(
        `select t.id, ${keptOf(IS_HELD, 'id')} as is_held from leads t
          where t.account_id = $1 and t.id < $2
            and t.id >= (select reasons_stripped_below from accounts where id = $1)
          order by t.id limit ${BATCH_LEADS}`,
        [accountId, below],
      );
      await stripReasons(client, { accountId, leadIds: rows.filter((row) => !row.is_held).map(({ id }) => id) });
      const isEnd = rows.length < BATCH_LEADS;
      await client.query(
        'update accounts set reasons_stripped_below = greatest(reasons_stripped_below, $2) where id = $1',
        [...[accountId, isEnd ? below : `${rows.at(-1)?.id}0`]],
      );
      return isEnd;
    });
    if (isLast) return;
  }
}

/** Along the primary key of `leads`; returns how many leads went. */
function sweepFacts(pool: pg.Pool, { accountId, below }: Sweep): Promise<number> {
  return sweepBatches(pool, async (client, after) => {
    const { rows } = await client.query<{ id: string; is_open: boolean }>(
      `select t.id, ${keptOf(IS_OPEN, 'id')} as is_open from leads t
        where t.account_id = $1 and t.id > $2 and t.id < $3 order by t.id limit ${BATCH_LEADS}`,
      [accountId, after, below],
    );
    const gone = rows.filter((row) => !row.is_open).map(({ id }) => id);
    await deletePersonalPart(client, { accountId, leadIds: gone });
    const range = [accountId, gone, gone[0] ?? '', gone.at(-1) ?? ''];
    for (const statement of OF_LEADS) await client.query(statement, range);
    await client.query('delete from resubmissions where account_id = $1 and lead_id = any($2)', [accountId, gone]);
    return { swept: gone.length, last: rows.length < BATCH_LEADS ? null : (rows.at(-1)?.id ?? null) };
  });
}

const OF_LEADS = [
  'delete from events where account_id = $1 and lead_id = any($2) and lead_id between $3 and $4',
  'delete from leads where account_id = $1 and id = any($2) and id between $3 and $4',
];

/** Along the primary key of `lead_data`; returns how many leads have no personal part any more. */
function sweepPersonal(pool: pg.Pool, { accountId, below }: Sweep): Promise<number> {
  return sweepBatches(pool, async (client, after) => {
    const { rows } = await client.query<{ lead_id: string; is_held: boolean }>(
      `select t.lead_id, ${keptOf(IS_HELD, 'lead_id')} as is_held
         from (select distinct account_id, lead_id from lead_data
                where account_id = $1 and lead_id > $2 and lead_id < $3 order by lead_id limit ${BATCH_LEADS}) t
        order by t.lead_id`,
      [accountId, after, below],
    );
    const leadIds = rows.filter((row) => !row.is_held).map((row) => row.lead_id);
    await stripReasons(client, { accountId, leadIds });
    await deletePersonalPart(client, { accountId, leadIds });
    return { swept: leadIds.length, last: rows.length < BATCH_LEADS ? null : (rows.at(-1)?.lead_id ?? null) };
  });
}

/** Each batch in a transaction of its own, until one is the last. */
async function sweepBatches(
  pool: pg.Pool,
  sweep: (client: pg.ClientBase, after: string) => Promise<{ swept: number; last: string | null }>,
): Promise<number> {
  let swept = 0;
  let after = '';
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const done = await inTransaction(pool, (client) => sweep(client, after));
    swept += done.swept;
    if (done.last === null) break;
    after = done.last;
  }
  return swept;
}

/** Says what the account has no personal data of any more; an account that is younger than its period has lost nothing. */
async function noteTruncation(
  pool: pg.Pool,
  { accountId, before }: { accountId: string; before: number },
): Promise<void> {
  await pool.query(
    `update accounts set data_truncated_at = greatest(data_truncated_at, $2)
      where id = $1 and created_at < $2`,
    [accountId, new Date(before)],
  );
}
