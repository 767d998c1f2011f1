import type pg from 'pg';
import type { ResubmissionStore } from '../../resubmission/resubmission.ts';

export function createResubmissionStore(pool: pg.Pool): ResubmissionStore {
  return {
    claim: async ({ accountId, leadId, asLeadId, isAgain, now }) => {
      // Two requests at once ask for the same attempt, and the key lets one of them have it.
      const { rowCount } = await pool.query(
        `insert into resubmissions (account_id, lead_id, attempt, as_lead_id, created_at)
         select $1, $2, coalesce(max(r.attempt), 0) + 1, $3, $4 from resubmissions r
          where r.account_id = $1 and r.lead_id = $2
         having count(*) = 0 or $5
         on conflict do nothing`,
        [accountId, leadId, asLeadId, new Date(now), isAgain],
      );
      return rowCount === 1 ? 'claimed' : 'taken';
    },
    giveBack: async ({ accountId, leadId, asLeadId }) => {
      await pool.query('delete from resubmissions where account_id = $1 and lead_id = $2 and as_lead_id = $3', [
        accountId,
        leadId,
        asLeadId,
      ]);
    },
    findAll: async (accountId, leadIds) => {
      const { rows } = await pool.query<{ lead_id: string; as_lead_id: string }>(
        `select lead_id, as_lead_id from resubmissions where account_id = $1 and lead_id = any($2) order by attempt`,
        [accountId, leadIds],
      );
      return new Map(rows.map((row) => [row.lead_id, row.as_lead_id]));
    },
    findOpen: async (accountId, leadIds) => {
      // By unknowns_by_lead and retries_by_lead; what is unknown weighs more and comes last.
      const { rows } = await pool.query<{ lead_id: string; what: 'unknown' | 'retry' }>(
        `select lead_id, 'retry' as what from retries
          where account_id = $1 and lead_id = any($2) and status in ('waiting', 'running')
         union all
         select lead_id, 'unknown' from unknowns
          where account_id = $1 and lead_id = any($2) and resolved_at is null`,
        [accountId, leadIds],
      );
      const open = new Map<string, 'unknown' | 'retry'>();
      for (const { lead_id: leadId, what } of rows) if (open.get(leadId) !== 'unknown') open.set(leadId, what);
      return open;
    },
  };
}
