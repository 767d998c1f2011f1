import type pg from 'pg';
import { NO_BEFORE } from '../../events/id-range.ts';
import type { ReasonGroup, ReasonGroups, ReasonQuestion, ReasonStore } from '../../events/reason-store.ts';
import { instantOfId } from '../../lib/ids.ts';
import { readCounted } from './digests.ts';
import { buildKindConditions } from './event-kinds.ts';
import { inReadingView } from './events.ts';

export function createReasonStore(pool: pg.Pool): ReasonStore {
  return {
    listReasons: (question) => inReadingView(pool, (client) => listReasons(client, question)),
  };
}

interface GroupRow extends Omit<ReasonGroup, 'sampleIds' | 'events' | 'leads'> {
  events: string;
  leads: string;
  middleId: string;
  total: string;
}

/** By the primary keys: the kinds of the account, and for each its tallies of these quarters of an hour. */
async function listReasons(client: pg.ClientBase, question: ReasonQuestion): Promise<ReasonGroups> {
  const { accountId, buckets, limit } = question;
  const { until } = await readCounted(client, accountId);
  const { text, values } = buildKindConditions(question, [buckets.low, buckets.high, limit]);
  const { rows } = await client.query<GroupRow>(
    `select k.reason_class as "reasonClass", sum(t.events) as events, sum(t.leads) as leads, min(t.first_id) as "firstId",
            max(t.last_id) as "lastId", max(t.first_id) as "middleId", count(*) over () as total
       from event_kinds k
       join event_tallies t on t.account_id = k.account_id and t.kind = k.kind
      where k.account_id = $1 and k.subject = $2 and k.reason_class <> '' and t.bucket between $3 and $4${text}
      group by k.reason_class
      order by sum(t.events) desc, k.reason_class limit $5`,
    values,
  );
  return {
    groups: rows.map(groupOf),
    total: Number(rows[0]?.total ?? 0),
    countedUntil: until >= NO_BEFORE ? null : instantOfId(until.padEnd(8, '0')),
  };
}

function groupOf({ middleId, total: _, events, leads, ...row }: GroupRow): ReasonGroup {
  const sampleIds = [...new Set([row.lastId, middleId, row.firstId])];
  return { ...row, events: Number(events), leads: Number(leads), sampleIds };
}
