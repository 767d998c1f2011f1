import type pg from 'pg';
import { NO_BEFORE } from '../../events/id-range.ts';
import type { ReasonGroup, ReasonGroups, ReasonQuestion, ReasonStore } from '../../events/reason-store.ts';
import { instantOfId } from '../../lib/ids.ts';
import { chooseDaysAndQuarters } from '../../statistics/grains.ts';
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

/**
 * By the primary keys: the kinds of the account, and for each its tallies by the day, and by the quarter where a day is not
 * whole.
 */
async function listReasons(client: pg.ClientBase, question: ReasonQuestion): Promise<ReasonGroups> {
  const { accountId, buckets, limit } = question;
  const { until } = await readCounted(client, accountId);
  const { days, quarters } = chooseDaysAndQuarters([buckets.low, buckets.high + 1]);
  const runs = [days, quarters].flatMap((each) => [each.map(({ from }) => from), each.map(({ to }) => to)]);
  const { text, values } = buildKindConditions(question, [limit, ...runs]);
  const { rows } = await client.query<GroupRow>(
    `select k.reason_class as "reasonClass", sum(t.events) as events, sum(t.leads) as leads, min(t.first_id) as "firstId",
            max(t.last_id) as "lastId", max(t.last_first_id) as "middleId", count(*) over () as total
       from event_kinds k
      cross join lateral (${sumTallies('event_tallies_by_day', 'day', 4)} union all ${sumTallies('event_tallies', 'bucket', 6)}) t
      where k.account_id = $1 and k.subject = $2 and k.reason_class <> ''${text}
      group by k.reason_class
     having sum(t.events) > 0
      order by sum(t.events) desc, k.reason_class limit $3`,
    values,
  );
  return {
    groups: rows.map(groupOf),
    total: Number(rows[0]?.total ?? 0),
    countedUntil: until >= NO_BEFORE ? null : instantOfId(until.padEnd(8, '0')),
  };
}

/** Of one kind, in the runs that two parameters have; without a row, of nothing. */
function sumTallies(table: string, column: string, place: number): string {
  const text = (id: string) => `encode(${id}, 'hex') collate "C"`;
  return `select sum(t.events) as events, sum(coalesce(t.leads, t.events)) as leads, min(${text('t.first_id')}) as first_id,
      max(${text('t.first_id')}) as last_first_id, max(${text('coalesce(t.last_id, t.first_id)')}) as last_id
    from unnest($${place}::int[], $${place + 1}::int[]) as r(low, high)
    join ${table} t on t.${column} >= r.low and t.${column} < r.high
   where t.kind = k.id`;
}

function groupOf({ middleId, total: _, events, leads, ...row }: GroupRow): ReasonGroup {
  const sampleIds = [...new Set([row.lastId, middleId, row.firstId])];
  return { ...row, events: Number(events), leads: Number(leads), sampleIds };
}
