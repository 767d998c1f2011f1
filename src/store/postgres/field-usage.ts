import type pg from 'pg';
import type { FieldUsageStore } from '../../flows/field-usage-store.ts';
import { firstIdAt } from '../../lib/ids.ts';
import { inTransaction } from './in-transaction.ts';

/** The reference calls the query heavy; past this it gives up, and the caller gets the advice to use a shorter time frame. */
const COUNT_MS_MAX = 30_000;

export function createFieldUsageStore(pool: pg.Pool): FieldUsageStore {
  return {
    countLeadsByField: (request) =>
      inTransaction(pool, async (client) => {
        await client.query(`set local statement_timeout = ${COUNT_MS_MAX}`);
        return countLeadsByField(client, request);
      }),
  };
}

/**
 * NUL escapes are in no document that is written now; jsonb refuses those of earlier versions, so they go.
 *
 * Reads the partitions of the time frame along the primary keys, because ids sort by time, and each lead's variables
 * once. A value lies under its field's id, or below the groups that the id names.
 */
async function countLeadsByField(
  client: pg.ClientBase,
  request: Parameters<FieldUsageStore['countLeadsByField']>[0],
): Promise<Map<string, number>> {
  const { accountId, flowId, fieldIds, startsAt, endsAt } = request;
  const { rows } = await client.query<{ field_id: string; leads: string }>(
    `with submitted as materialized (
       select (case when strpos(d.document::text, '\\u0000') = 0 then d.document
                    else regexp_replace(d.document::text, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000', '\\1', 'g')::json
               end #> '{vars,lead}')::jsonb as lead
         from leads l
         join lead_data d on d.account_id = l.account_id and d.lead_id = l.id and d.part = 0
        where l.account_id = $1 and l.flow_id = $2
          and l.id >= $3 and l.id < $4 and d.lead_id >= $3 and d.lead_id < $4
     )
     select field.id as field_id,
            count(*) filter (
              where btrim(coalesce(lead ->> field.id, lead #>> string_to_array(field.id, '.'), ''))
                    not in ('', '[]', '{}')
            ) as leads
       from submitted
      cross join unnest($5::text[]) as field (id)
      group by field.id`,
    // An id holds whole seconds, so the end is rounded up: a lead of the running second counts.
    [accountId, flowId, firstIdAt(startsAt), firstIdAt(endsAt + 999), fieldIds],
  );
  return new Map(rows.map((row) => [row.field_id, Number(row.leads)]));
}
