import type pg from 'pg';
import type { RowEnd } from '../../jobs/import-leads-deps.ts';

type FindEnds = (asked: {
  accountId: string;
  leadIds: readonly string[];
}) => Promise<ReadonlyMap<string, RowEnd | 'running'>>;

/** How leads ended, or that they are under way, as of one instant: one statement, along the primary keys of both tables. */
export function createFindEnds(pool: pg.Pool): FindEnds {
  return async ({ accountId, leadIds }) => {
    const { rows } = await pool.query<{ id: string; outcome: RowEnd['outcome'] | null; reason: string | null }>(
      `select id, outcome, reason from leads where account_id = $1 and id = any($2)
        union all
       select lead_id, null, null from runs where account_id = $1 and lead_id = any($2)`,
      [accountId, leadIds],
    );
    return new Map(
      rows.map(({ id, outcome, reason }) => [id, outcome === null ? 'running' : { outcome, reason }] as const),
    );
  };
}
