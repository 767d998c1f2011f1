import type pg from 'pg';

export interface OpenWork {
  /** Retries that wait or run. */
  retries: number;
  /** Unresolved deliveries of unknown outcome. */
  unknowns: number;
}

/** Counts what waits for somebody, in all accounts. */
export async function countOpenWork(pool: pg.Pool): Promise<OpenWork> {
  const { rows } = await pool.query<{ retries: number; unknowns: number }>(
    `select (select count(*)::int from retries where status in ('waiting', 'running')) as retries,
            (select count(distinct (account_id, lead_id, step_id))::int from unknowns where resolved_at is null) as unknowns`,
  );
  return { retries: rows[0]?.retries ?? 0, unknowns: rows[0]?.unknowns ?? 0 };
}
