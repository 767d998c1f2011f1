import type pg from 'pg';
import type { Money } from '../../model/money.ts';
import type { InnerLeadStore, InnerStanding } from '../../retries/resolve-inner.ts';
import { UNKNOWN_COLUMNS, type UnknownRow, unknownOf } from './retries.ts';

/** Deliveries to other flows of this installation, and the leads they have made. */
export function createInnerLeadStore(pool: pg.Pool): InnerLeadStore {
  return {
    listLost: async (limit) => {
      const { rows } = await pool.query<UnknownRow & { inner_account_id: string; inner_lead_id: string }>(LIST_LOST, [
        limit,
      ]);
      return rows.map((row) => ({
        unknown: unknownOf(row),
        innerLead: { accountId: row.inner_account_id, leadId: row.inner_lead_id },
      }));
    },
    readStandings: async (leads) => {
      const { rows } = await pool.query<StandingRow>(READ_STANDINGS, [
        leads.map(({ accountId }) => accountId),
        leads.map(({ leadId }) => leadId),
      ]);
      return rows.map(standingOf);
    },
  };
}

/** Of all accounts, along unknowns_inner, which holds what is open alone. */
const LIST_LOST = `
  select ${UNKNOWN_COLUMNS}, u.inner_account_id, u.inner_lead_id
    from unknowns u where u.resolved_at is null and u.inner_lead_id is not null
   order by u.account_id, u.event_id limit $1`;

/** By primary keys and unknowns_by_lead. One statement: a run row goes with the transaction that writes its lead. */
const READ_STANDINGS = `
  select l.flow_id, l.source_id, l.outcome, l.price::float8 as price,
    exists (select from runs r where r.account_id = k.account_id and r.lead_id = k.id) as is_running,
    exists (select from unknowns u where u.account_id = k.account_id and u.lead_id = k.id and u.resolved_at is null)
      as has_unknown,
    exists (select from events e where e.account_id = k.account_id and e.lead_id = k.id
      and e.type in ('recipient', 'retry') and e.outcome = 'success') as is_sold,
    exists (select from events e where e.account_id = k.account_id and e.lead_id = k.id
      and e.type = 'source' and e.facts ->> 'interrupted' = 'true') as is_interrupted
    from unnest($1::text[], $2::text[]) with ordinality as k(account_id, id, ord)
    left join leads l on l.account_id = k.account_id and l.id = k.id
   order by k.ord`;

interface StandingRow {
  flow_id: string | null;
  source_id: string | null;
  outcome: string | null;
  price: number | null;
  is_running: boolean;
  has_unknown: boolean;
  is_sold: boolean;
  is_interrupted: boolean;
}

function standingOf(row: StandingRow): InnerStanding {
  const { flow_id: flowId, source_id: sourceId, outcome, price } = row;
  const end =
    flowId === null || sourceId === null || outcome === null
      ? null
      : { flowId, sourceId, outcome, price: (price ?? 0) as Money, isInterrupted: row.is_interrupted }; // the column is in the unit of Money
  return { end, isRunning: row.is_running, hasUnknown: row.has_unknown, isSold: row.is_sold };
}
