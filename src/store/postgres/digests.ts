import type pg from 'pg';
import { MEASURES } from '../../statistics/measures.ts';

/** All events, leads, pings and money entries with an id below `until` are in the tables of counts and of search. */
export interface Counted {
  until: string;
}

/** Greater than every id: what `until` is when nothing waits. */
export const AFTER_ALL_IDS = 'g';
/** Nothing is less. */
export const BEFORE_ALL_IDS = '000000000000000000000000';

/** Rows that are counted for the metrics at most. */
export const DIGESTS_COUNTED_MAX = 100_000;

/**
 * How far an account is counted. Of one snapshot with the tables: read it in a transaction that is `repeatable read`, or use
 * COUNTED_UNTIL in the statement itself. One row of each table is looked at, along the primary keys.
 */
export async function readCounted(client: pg.ClientBase | pg.Pool, accountId: string): Promise<Counted> {
  const { rows } = await client.query<{ until: string }>(`select ${COUNTED_UNTIL} as until`, [accountId]);
  return { until: rows[0]?.until ?? '' };
}

/**
 * The same as an expression of a statement whose $1 is the account. Leads from before digests (below `digests_from`) are
 * counted in the order of their ids, up to `leads_below`. Without `digests_from` nothing is counted yet: ''.
 */
export const COUNTED_UNTIL = countedUntil('true');

/**
 * From which lead on words may be missing, as above. A lead has them with its end: a row with words is of a process of an
 * earlier version.
 */
export async function readFound(client: pg.ClientBase, accountId: string): Promise<Counted> {
  const { rows } = await client.query<{ until: string }>(`select ${FOUND_UNTIL} as until`, [accountId]);
  return { until: rows[0]?.until ?? '' };
}

const FOUND_UNTIL = countedUntil('d.words is not null');

/** `waits`: which rows of `digests` count. */
function countedUntil(waits: string): string {
  return `least(
  coalesce((select min(d.since) from digests d where d.account_id = $1 and ${waits}), '${AFTER_ALL_IDS}'),
  coalesce((
    select case when f.value = convert_to('${BEFORE_ALL_IDS}', 'UTF8') then '${AFTER_ALL_IDS}' else (
        select case when p.leads_below >= convert_from(f.value, 'UTF8') then '${AFTER_ALL_IDS}' else p.leads_below end
        from digest_progress p where p.account_id = $1) end
    from installation f where f.name = 'digests_from'), '')
) collate "C"`;
}

/** The columns of `statistics` that are added up. */
export const MEASURE_COLUMNS: readonly string[] = MEASURES.map(({ name }) => name);
