import type pg from 'pg';
import { parseLater, parseTallies, parseWords } from '../../statistics/stored-digest.ts';
import { addTallies, createTallies, type Tallies } from '../../statistics/tallies.ts';
import { addStoredTallies } from './add-tallies.ts';
import { type LeadToCount, sumStoredLeads, sumStoredPings, type WordsOf } from './counted-leads.ts';
import { BEFORE_ALL_IDS } from './digests.ts';

/** Rows of one transaction: each has at most the leads of a group. */
export const FOLD_ROWS_MAX = 256;
/** Leads, and pings, from before digests that one transaction counts. */
export const BACKFILL_LEADS_MAX = 1_000;

/** What one transaction counted. `isMore`: there may be more to count. */
export interface Folded {
  rows: number;
  /** Leads and pings from before digests. */
  earlier: number;
  isMore: boolean;
}

/**
 * Takes rows of an account out of `digests` and adds them to the tables, in one transaction of one snapshot: so each counts
 * once, whatever is killed. Once no row that it sees is left, it also counts leads from before digests, in the order of their
 * ids. undefined: another process counts this account.
 *
 * Rows that name leads alone are dropped where the leads are still to be counted as earlier ones: all that this snapshot has
 * of them is counted then, and what is committed later has a row that is taken later.
 */
export async function foldDigests(
  client: pg.ClientBase,
  { accountId, now, wordsOf }: { accountId: string; now: number; wordsOf?: WordsOf | undefined },
): Promise<Folded | undefined> {
  await client.query('set transaction isolation level repeatable read');
  const progress = await lockProgress(client, accountId);
  if (!progress) return undefined;
  const taken = await takeRows(client, accountId);
  const tallies = createTallies();
  for (const row of taken) if (row.tallies !== null) addTallies(tallies, parseTallies(row.tallies));
  const later = taken.flatMap((row) => (row.later === null ? [] : [parseLater(row.later)]));
  const leads: LeadToCount[] = later.flatMap((each) => each.leads).filter(({ leadId }) => isPassed(leadId, progress));
  await sumStoredLeads(client, { accountId, leads, tallies });
  const pingIds = later.flatMap((each) => each.pingIds).filter((id) => isPassed(id, progress));
  await sumStoredPings(client, { accountId, pingIds, tallies });
  const words = taken.flatMap((row) => (row.words === null ? [] : parseWords(row.words)));
  const isMore = taken.length === FOLD_ROWS_MAX;
  const earlier = isMore ? undefined : await countEarlier(client, { accountId, progress, tallies, now, wordsOf });
  await addStoredTallies(client, { accountId, tallies });
  await addWords(client, { accountId, words: [...words, ...(earlier?.words ?? [])] });
  return { rows: taken.length, earlier: earlier?.count ?? 0, isMore: isMore || (earlier?.isMore ?? false) };
}

interface Progress {
  /** Leads from this id on have digests of their own; null: this is not known yet, so all leads are earlier ones. */
  digestsFrom: string | null;
  leadsBelow: string;
}

/** The lock of the account, which ends with the transaction. */
async function lockProgress(client: pg.ClientBase, accountId: string): Promise<Progress | undefined> {
  const { rows } = await client.query<{ leads_below: string; digests_from: string | null }>(
    `select p.leads_below, (select convert_from(i.value, 'UTF8') from installation i where i.name = 'digests_from') as digests_from
       from digest_progress p where p.account_id = $1 for update of p skip locked`,
    [accountId],
  );
  const [row] = rows;
  return row && { digestsFrom: row.digests_from, leadsBelow: row.leads_below };
}

function isPassed(id: string, { digestsFrom, leadsBelow }: Progress): boolean {
  return digestsFrom !== null && (id >= digestsFrom || id < leadsBelow);
}

interface DigestRow {
  tallies: string | null;
  later: string | null;
  words: string | null;
}

/** The oldest, along the primary key. */
async function takeRows(client: pg.ClientBase, accountId: string): Promise<DigestRow[]> {
  const { rows } = await client.query<DigestRow>(
    `with taken as materialized (
       select d.account_id, d.since, d.id from digests d where d.account_id = $1 order by d.since, d.id limit $2
     )
     delete from digests d using taken t
      where d.account_id = t.account_id and d.since = t.since and d.id = t.id
     returning d.tallies, d.later, d.words`,
    [accountId, FOLD_ROWS_MAX],
  );
  return rows;
}

/** Counts the next leads and pings from before digests and moves the cursor; undefined: all are counted, or none may be yet. */
async function countEarlier(
  client: pg.ClientBase,
  given: {
    accountId: string;
    progress: Progress;
    tallies: Tallies;
    now: number;
    wordsOf: WordsOf | undefined;
  },
): Promise<{ count: number; isMore: boolean; words: [string, string][] } | undefined> {
  const { accountId, progress, tallies, now, wordsOf } = given;
  const { digestsFrom, leadsBelow } = progress;
  if (digestsFrom === null || digestsFrom === BEFORE_ALL_IDS || leadsBelow >= digestsFrom) return undefined;
  const range = [accountId, leadsBelow, digestsFrom, BACKFILL_LEADS_MAX];
  const leadIds = await listIds(client, EARLIER_LEADS, range);
  const pingIds = await listIds(client, EARLIER_PINGS, range);
  const ends = [leadIds, pingIds].flatMap((ids) => (ids.length < BACKFILL_LEADS_MAX ? [] : `${ids.at(-1)}0`));
  const next = ends.toSorted()[0] ?? digestsFrom;
  const leads = leadIds
    .filter((id) => id < next)
    .map((leadId): LeadToCount => ({ leadId, from: 0, to: Number.MAX_SAFE_INTEGER, entryIds: 'all' }));
  const words = await sumStoredLeads(client, { accountId, leads, tallies, wordsOf });
  const pings = pingIds.filter((id) => id < next);
  await sumStoredPings(client, { accountId, pingIds: pings, tallies });
  await client.query('update digest_progress set leads_below = $2, updated_at = $3 where account_id = $1', [
    ...[accountId, next, new Date(now)],
  ]);
  return { count: leads.length + pings.length, isMore: next !== digestsFrom, words };
}

/** Along the primary key. */
const EARLIER_LEADS = 'select id from leads where account_id = $1 and id >= $2 and id < $3 order by id limit $4';
/** Along the primary key. */
const EARLIER_PINGS = 'select id from pings where account_id = $1 and id >= $2 and id < $3 order by id limit $4';

async function listIds(client: pg.ClientBase, sql: string, values: unknown[]): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(sql, values);
  return rows.map(({ id }) => id);
}

/** Texts of words are far shorter; a longer one fits into no `tsvector` for sure. */
const WORDS_CHARACTERS_MAX = 50_000;

/** Each is the text of a `tsvector`, made by src/search/lead-words.ts. A lead that was forgotten meanwhile gets none. */
async function addWords(
  client: pg.ClientBase,
  { accountId, words }: { accountId: string; words: readonly (readonly [leadId: string, words: string])[] },
): Promise<void> {
  const all = [...new Map(words)];
  if (all.length === 0) return;
  await client.query(
    `insert into lead_search (account_id, lead_id, words)
     select $1, k.lead_id, k.words::tsvector from unnest($2::text[], $3::text[]) as k(lead_id, words)
      where length(k.words) <= $4
        and exists (select from lead_data d where d.account_id = $1 and d.lead_id = k.lead_id and d.part = 0)
     on conflict (account_id, lead_id) do update set words = excluded.words`,
    [accountId, all.map(([leadId]) => leadId), all.map(([, text]) => text), WORDS_CHARACTERS_MAX],
  );
}
