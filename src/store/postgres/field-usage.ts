import type pg from 'pg';
import type { FieldUsageStore } from '../../flows/field-usage-store.ts';
import { firstIdAt } from '../../lib/ids.ts';
import { BUCKET_SECONDS } from '../../statistics/measures.ts';
import { readCounted } from './digests.ts';
import { inReadingView } from './events.ts';

/** The reference calls the query heavy; past this it gives up, and the caller gets the advice to use a shorter time frame. */
const COUNT_MS_MAX = 30_000;

export function createFieldUsageStore(pool: pg.Pool): FieldUsageStore {
  return {
    countLeadsByField: (request) =>
      inReadingView(pool, async (client) => {
        await client.query(`set local statement_timeout = ${COUNT_MS_MAX}`);
        return (await isInCounts(client, request)) ? sumFields(client, request) : countLeadsByField(client, request);
      }),
  };
}

/** Counts follow leads by seconds; further behind, they are being made anew. */
const COUNTED_LATE_MS_MAX = 60_000;
const BUCKET_MS = BUCKET_SECONDS * 1000;

type UsageRequest = Parameters<FieldUsageStore['countLeadsByField']>[0];

/** Is the time frame made of whole quarters of an hour, and all of it counted that has passed? */
async function isInCounts(client: pg.ClientBase, { accountId, startsAt, endsAt, now }: UsageRequest): Promise<boolean> {
  if (startsAt % BUCKET_MS !== 0 || (endsAt % BUCKET_MS !== 0 && endsAt < now)) return false;
  const { until } = await readCounted(client, accountId);
  return until >= firstIdAt(Math.min(endsAt, now - COUNTED_LATE_MS_MAX));
}

/** Along the primary keys: the fields of the flow, and of each its quarters of an hour. */
async function sumFields(client: pg.ClientBase, request: UsageRequest): Promise<Map<string, number>> {
  const { accountId, flowId, fieldIds, startsAt, endsAt } = request;
  const { rows } = await client.query<{ field_id: string; leads: string }>(
    `select k.field_id, t.leads
       from field_keys k
      cross join lateral (
        select sum(t.leads) as leads from field_tallies t where t.key = k.key and t.bucket >= $4 and t.bucket < $5) t
      where k.account_id = $1 and k.flow_id = $2 and k.field_id = any($3) and t.leads is not null`,
    [accountId, flowId, fieldIds, startsAt / BUCKET_MS, Math.ceil(endsAt / BUCKET_MS)],
  );
  return new Map(rows.map((row) => [row.field_id, Number(row.leads)]));
}

/**
 * NUL escapes are in no document that is written now; jsonb refuses those of earlier versions, so they go.
 *
 * Reads the partitions of the time frame along the primary keys, because ids sort by time, and each lead's variables
 * once. A value lies under its field's id, or below the groups that the id names.
 */
async function countLeadsByField(client: pg.ClientBase, request: UsageRequest): Promise<Map<string, number>> {
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
