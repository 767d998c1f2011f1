import { createHash } from 'node:crypto';
import type pg from 'pg';
import { NO_BEFORE } from '../../events/id-range.ts';
import { bucketOf } from '../../events/reading-plan.ts';
import { firstIdAt, instantOfId } from '../../lib/ids.ts';
import { PROBLEM_HOURS, type ProblemKey, type ProblemKind } from '../../problems/problem.ts';
import type { FailureStore } from '../../problems/problem-store.ts';
import { looksLikeFault } from '../../problems/suspected-cause.ts';
import { chooseDaysAndQuarters, QUARTERS_OF_HOUR } from '../../statistics/grains.ts';
import { buildConditions } from './conditions.ts';
import { readCounted } from './digests.ts';
import { inReadingView } from './events.ts';

export function createFailureStore(pool: pg.Pool): FailureStore {
  return {
    listFailures: (request) =>
      inReadingView(pool, async (client) => {
        const { until } = await readCounted(client, request.accountId);
        const kinds = await findKinds(client, request);
        const counts = await readCounts(client, { kinds: [...kinds.keys()], ...request });
        const hours = await readHours(client, { kinds: counts.map(({ kind }) => kind), now: request.now });
        return {
          tallies: counts.flatMap(({ kind, ...count }) => {
            const found = kinds.get(kind);
            return found ? [{ ...found, ...count, hours: hours.get(kind) ?? new Map() }] : [];
          }),
          countedUntil: until >= NO_BEFORE ? null : instantOfId(until.padEnd(8, '0')),
        };
      }),
  };
}

/** Which events count as failures, and what they are failures of; a retry fails where its delivery does. */
const KIND_OF_TYPE: Readonly<Record<string, ProblemKind>> = {
  recipient: 'delivery',
  retry: 'delivery',
  source: 'source',
  'feedback-sent': 'feedback',
};

interface KindRow {
  id: number;
  type: string;
  outcome: 'error' | 'failure';
  flow_id: string;
  source_id: string;
  step_id: string;
  recipient_id: string;
  reason_class: string;
}

type Asked = Parameters<FailureStore['listFailures']>[0];

/** By the primary key: at most 20,000 rows an account, of which those that failed are a part. */
async function findKinds(
  client: pg.ClientBase,
  { accountId, flowIds, recipientIds }: Asked,
): Promise<Map<number, { id: string; key: ProblemKey }>> {
  const { text, values } = buildConditions(
    [accountId, Object.keys(KIND_OF_TYPE)],
    [
      ['k.flow_id = any($?)', flowIds],
      ['k.recipient_id = any($?)', recipientIds],
    ],
  );
  const { rows } = await client.query<KindRow>(
    `select k.id, k.type, k.outcome, k.flow_id, k.source_id, k.step_id, k.recipient_id, k.reason_class
       from event_kinds k
      where k.account_id = $1 and k.subject = 'event' and k.type = any($2)
        and (k.outcome = 'error' or (k.outcome = 'failure' and k.type in ('recipient', 'retry')))${text}`,
    values,
  );
  const wanted = rows.filter((row) => row.outcome === 'error' || looksLikeFault(row.reason_class));
  return new Map(wanted.map((row) => [row.id, keyOf(row)]));
}

function keyOf(row: KindRow): { id: string; key: ProblemKey } {
  const kind = KIND_OF_TYPE[row.type] ?? 'source';
  const isDelivery = kind === 'delivery';
  const key: ProblemKey = {
    kind,
    flowId: row.flow_id,
    sourceId: isDelivery ? '' : row.source_id,
    stepId: isDelivery ? row.step_id : '',
    recipientId: kind === 'source' ? '' : row.recipient_id,
    outcome: row.outcome,
    reasonClass: row.reason_class,
  };
  const parts = [kind, key.flowId, key.sourceId, key.stepId, key.recipientId, key.outcome, key.reasonClass];
  const id = createHash('sha256').update(parts.join('\t')).digest('hex').slice(0, 24);
  return { id, key };
}

interface CountRow {
  kind: number;
  events: string;
  leads: string;
  firstId: string;
  lastId: string;
}

/** For each kind along the primary keys of its tallies: by the day, and by the quarter where a day is not whole. */
async function readCounts(
  client: pg.ClientBase,
  { kinds, since, now }: { kinds: readonly number[]; since: number; now: number },
): Promise<{ kind: number; events: number; leads: number; firstId: string; lastId: string }[]> {
  const { days, quarters } = chooseDaysAndQuarters([bucketAt(since), bucketAt(now) + 1]);
  const runs = [days, quarters].flatMap((each) => [each.map(({ from }) => from), each.map(({ to }) => to)]);
  const { rows } = await client.query<CountRow>(
    `select k.id as kind, sum(t.events) as events, sum(t.leads) as leads, min(t.first_id) as "firstId",
            max(t.last_id) as "lastId"
       from unnest($1::integer[]) as k(id)
      cross join lateral (${sumTallies('event_tallies_by_day', 'day', 2)} union all ${sumTallies('event_tallies', 'bucket', 4)}) t
      group by k.id
     having sum(t.events) > 0`,
    [kinds, ...runs],
  );
  return rows.map((row) => ({ ...row, events: Number(row.events), leads: Number(row.leads) }));
}

function sumTallies(table: string, column: string, place: number): string {
  const text = (id: string) => `encode(${id}, 'hex') collate "C"`;
  return `select sum(t.events) as events, sum(coalesce(t.leads, t.events)) as leads, min(${text('t.first_id')}) as first_id,
      max(${text('coalesce(t.last_id, t.first_id)')}) as last_id
    from unnest($${place}::int[], $${place + 1}::int[]) as r(low, high)
    join ${table} t on t.${column} >= r.low and t.${column} < r.high
   where t.kind = k.id`;
}

/** Of the last hours, along the primary key: 96 rows a kind at most. */
async function readHours(
  client: pg.ClientBase,
  { kinds, now }: { kinds: readonly number[]; now: number },
): Promise<Map<number, Map<number, number>>> {
  const hour = Math.floor(now / 3_600_000) - PROBLEM_HOURS + 1;
  const { rows } = await client.query<{ kind: number; hour: number; events: string }>(
    `select t.kind, t.bucket / ${QUARTERS_OF_HOUR} as hour, sum(t.events) as events
       from event_tallies t
      where t.kind = any($1::integer[]) and t.bucket >= $2
      group by 1, 2`,
    [kinds, hour * QUARTERS_OF_HOUR],
  );
  const byKind = new Map<number, Map<number, number>>();
  for (const row of rows) {
    const hours = byKind.get(row.kind) ?? new Map<number, number>();
    hours.set(row.hour, Number(row.events));
    byKind.set(row.kind, hours);
  }
  return byKind;
}

function bucketAt(instant: number): number {
  return bucketOf(firstIdAt(instant));
}
