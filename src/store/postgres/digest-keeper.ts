import type pg from 'pg';
import { firstIdAt } from '../../lib/ids.ts';
import type { WordsOf } from './counted-leads.ts';
import type { DigestsFrom } from './digest-calls.ts';
import { type Folded, foldDigests } from './fold-digests.ts';
import { inTransaction } from './in-transaction.ts';
import { mergeNewWords } from './merge-new-words.ts';
import { isTransient } from './session.ts';

/** A run of the duty ends after so long; the next one goes on. */
const RUN_MS_MAX = 5_000;
/** Transactions of one account before the others have their turn. */
const TURNS_MAX = 20;
/** How long words are in the list of new ones at most, while leads end. */
const MERGE_MS = 5_000;
/** Processes learn within it from which lead on they count at the end of leads. */
const NOTICE_MS = 10_000;

/** Counts what waits, for statistics and search. One in each process; of several, one counts an account at a time. */
export interface DigestKeeper {
  /** Leads from this id on are summed up at their end. */
  digestsFrom: DigestsFrom;
  /** Adds what waits to the tables, for a bounded time; returns how many rows and earlier leads it counted. */
  fold(): Promise<Omit<Folded, 'isMore'>>;
}

export function createDigestKeeper(
  pool: pg.Pool,
  { clock, wordsOf }: { clock: { now(): number; monotonic(): number }; wordsOf?: WordsOf },
): DigestKeeper {
  let from: string | null = null;
  let mergedAt = Number.NEGATIVE_INFINITY;
  let hasNew = false;

  async function foldAccount(accountId: string, until: number): Promise<Folded> {
    const sum: Folded = { rows: 0, earlier: 0, isMore: false };
    for (let turn = 0; turn < TURNS_MAX && clock.monotonic() < until; turn += 1) {
      const folded = await foldOnce(accountId);
      if (!folded) break;
      sum.rows += folded.rows;
      sum.earlier += folded.earlier;
      sum.isMore = folded.isMore;
      if (!folded.isMore) break;
    }
    return sum;
  }

  async function foldOnce(accountId: string): Promise<Folded | undefined> {
    try {
      return await inTransaction(pool, (client) => foldDigests(client, { accountId, now: clock.now(), wordsOf }));
    } catch (error) {
      // Another process has counted the account since our snapshot.
      if (isTransient(error)) return undefined;
      throw error;
    }
  }

  return {
    digestsFrom: () => from,
    async fold() {
      from ??= (await readDigestsFrom(pool)) ?? (await beginDigests(pool, clock.now()));
      const until = clock.monotonic() + RUN_MS_MAX;
      const sum = { rows: 0, earlier: 0 };
      const failures: unknown[] = [];
      let accounts = await listWaiting(pool, { from, now: clock.now() });
      for (let round = 0; round < ROUNDS_MAX && accounts.length > 0 && clock.monotonic() < until; round += 1) {
        const unfinished: string[] = [];
        for (const accountId of accounts) {
          // One account that cannot be counted keeps no other from it.
          const folded = await foldAccount(accountId, until).catch((error: unknown) => {
            failures.push(error);
            return { rows: 0, earlier: 0, isMore: false };
          });
          sum.rows += folded.rows;
          sum.earlier += folded.earlier;
          if (folded.isMore) unfinished.push(accountId);
        }
        accounts = unfinished;
      }
      hasNew ||= sum.rows > 0;
      if (hasNew && clock.monotonic() - mergedAt >= MERGE_MS) {
        hasNew = false;
        mergedAt = clock.monotonic();
        await mergeNewWords(pool, clock.now());
      }
      if (failures.length > 0) throw failures[0];
      return sum;
    },
  };
}

/** More than the time of a run lets through. */
const ROUNDS_MAX = 1_000;

/**
 * From which lead on processes count at the end of leads; null: a process of an earlier version lives, whose leads have no
 * digests. Set once, some seconds ahead: until a process knows it, it names its leads alone, and leads below are counted later.
 */
async function beginDigests(pool: pg.Pool, now: number): Promise<string | null> {
  const { rows } = await pool.query('select id from nodes where not adds_digests and lease_expires_at > now() limit 1');
  if (rows.length > 0) return null;
  await pool.query(`insert into installation (name, value) values ('digests_from', $1) on conflict do nothing`, [
    Buffer.from(firstIdAt(now + NOTICE_MS)),
  ]);
  return readDigestsFrom(pool);
}

async function readDigestsFrom(pool: pg.Pool): Promise<string | null> {
  const { rows } = await pool.query<{ digests_from: string }>(
    `select convert_from(value, 'UTF8') as digests_from from installation where name = 'digests_from'`,
  );
  return rows[0]?.digests_from ?? null;
}

/**
 * Of all accounts: those with rows that wait, or with earlier leads that are not counted yet. Each is looked up by primary
 * keys. An account that is new here gets its row.
 */
async function listWaiting(pool: pg.Pool, { from, now }: { from: string | null; now: number }): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; has_row: boolean }>(LIST_WAITING, [from]);
  const fresh = rows.filter((row) => !row.has_row).map(({ id }) => id);
  if (fresh.length > 0) {
    await pool.query(
      `insert into digest_progress (account_id, leads_below, updated_at)
       select id, '000000000000000000000000', $2 from unnest($1::text[]) as k(id) on conflict do nothing`,
      [fresh, new Date(now)],
    );
  }
  return rows.map(({ id }) => id);
}

/** Of all accounts. */
const LIST_WAITING = `
  select a.id, p.account_id is not null as has_row
    from accounts a left join digest_progress p on p.account_id = a.id
   where exists (select from digests d where d.account_id = a.id)
      or ($1 > '000000000000000000000000' and coalesce(p.leads_below, '') < $1)
   order by a.id`;
