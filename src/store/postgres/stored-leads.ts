import type pg from 'pg';
import type { StoredLead } from '../../jobs/privacy-deps.ts';

/** Leads of one read; each may have megabytes. */
const PAGE_LEADS = 50;

interface StoredRow {
  id: string;
  is_held: boolean;
  is_under_way: boolean;
  documents: unknown[] | null;
  facts: unknown[] | null;
  reasons: (string | null)[] | null;
}

/** All that is stored of leads of an account, in the order of their ids, along the primary keys and the indexes by lead. */
export async function readStoredLeads(
  pool: pg.Pool,
  { accountId, after, below, leadIds }: { accountId: string; after: string; below: string; leadIds: readonly string[] },
): Promise<StoredLead[]> {
  const { rows } = await pool.query<StoredRow>(
    `select l.id,
        exists (select from held_leads h where h.account_id = l.account_id and h.lead_id = l.id) as is_held,
        exists (select from retries r where r.account_id = l.account_id and r.lead_id = l.id and r.status = 'running')
          as is_under_way,
        (select json_agg(d.document) from lead_data d where d.account_id = l.account_id and d.lead_id = l.id) as documents,
        (select json_agg(e.facts) from events e where e.account_id = l.account_id and e.lead_id = l.id) as facts,
        array[l.reason]
          || array(select e.reason from events e where e.account_id = l.account_id and e.lead_id = l.id)
          || array(select r.last_reason from retries r where r.account_id = l.account_id and r.lead_id = l.id)
          || array(select concat_ws(' ', u.reason, u.note) from unknowns u
                    where u.account_id = l.account_id and u.lead_id = l.id)
          || array(select concat_ws(' ', f.reason, f.outcome_reason, f.note) from feedback f
                    where f.account_id = l.account_id and f.lead_id = l.id) as reasons
       from leads l
      where l.account_id = $1 and l.id > $2 and l.id < $3 and (cardinality($4::text[]) = 0 or l.id = any($4))
      order by l.id limit ${PAGE_LEADS}`,
    [accountId, after, below, leadIds],
  );
  return rows.map((row) => ({
    leadId: row.id,
    isHeld: row.is_held,
    isUnderWay: row.is_under_way,
    parts: [...(row.documents ?? []), ...(row.facts ?? []), ...(row.reasons ?? []).filter((each) => each !== null)],
  }));
}
