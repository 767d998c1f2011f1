import type pg from 'pg';
import type { EventFilter, Sort } from '../../events/event-store.ts';
import { type Buckets, OTHER_REASONS, type Tally } from '../../events/reading-plan.ts';
import { classifyReason } from '../../statistics/classify-reason.ts';
import { buildConditions, type Conditions } from './conditions.ts';

/** What kinds are looked for by; leads have no type, step or recipient. */
export type KindFilter = Omit<EventFilter, 'leadIds'>;

export interface KindQuestion {
  accountId: string;
  subject: 'event' | 'lead';
  filter: KindFilter;
}

/** Does the filter leave kinds out? If not, all entries are on the page, and nothing is gained by looking for them. */
export function isNarrow({
  types,
  outcomes,
  flowIds,
  sourceIds,
  stepIds,
  recipientIds,
  reason,
  reasonClasses,
}: KindFilter): boolean {
  return [types, outcomes, flowIds, sourceIds, stepIds, recipientIds, reason, reasonClasses].some(
    (given) => given !== undefined,
  );
}

/** The kinds that entries of the filter can be of: by the primary key, some thousands of rows an account. */
export async function findKinds(client: pg.ClientBase, question: KindQuestion): Promise<string[]> {
  const { reasonClasses } = question.filter;
  const { text, values } = buildKindConditions(question);
  const { rows } = await client.query<{ kind: string; reason_class: string }>(
    `select k.id::text as kind, k.reason_class from event_kinds k where k.account_id = $1 and k.subject = $2${text}`,
    values,
  );
  const kept = rows.filter(({ reason_class: reasonClass }) => isOfClass(reasonClass, reasonClasses));
  return kept.map(({ kind }) => kind);
}

/** Conditions on `event_kinds k` behind the account, the subject and some further parameters of the statement. */
export function buildKindConditions(
  { accountId, subject, filter }: KindQuestion,
  further: readonly unknown[] = [],
): Conditions {
  const { reason } = filter;
  return buildConditions(
    [accountId, subject, ...further],
    [
      ['k.type = any($?)', filter.types],
      ['k.outcome = any($?)', filter.outcomes],
      ['k.flow_id = any($?)', filter.flowIds],
      ['k.source_id = any($?)', filter.sourceIds],
      ['lower(k.step_id) = any($?)', filter.stepIds],
      ['k.recipient_id = any($?)', filter.recipientIds],
      ['k.reason_class = any($?)', reason === undefined ? undefined : [classifyReason(reason), OTHER_REASONS]],
    ],
  );
}

function isOfClass(reasonClass: string, wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || reasonClass === OTHER_REASONS || wanted.includes(reasonClass.toLowerCase());
}

/** Is the reason of one of these classes? Without case, as rules compare. */
export function hasClass(reason: string | null, wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || wanted.includes(classifyReason(reason).toLowerCase());
}

/**
 * The tallies of these kinds, which are of one account, in some quarters of an hour, in the order of the page, and the quarters they are all of: where
 * there are more than `max`, the last quarter is left to the next step. By the primary key, for each kind by itself: so `max`
 * bounds what is read of each, however long the window is.
 */
export async function readTallies(
  client: pg.ClientBase,
  { kinds, window, sort, max }: { kinds: readonly string[]; window: Buckets; sort: Sort; max: number },
): Promise<{ tallies: Tally[]; read: Buckets }> {
  const order = sort === 'asc' ? 'asc' : 'desc';
  const { rows } = await client.query<Tally>(
    `select t.bucket, t.events, encode(t.first_id, 'hex') as "firstId", encode(coalesce(t.last_id, t.first_id), 'hex') as "lastId"
       from unnest($1::integer[]) as k(kind)
      cross join lateral (
        select * from event_tallies t
         where t.kind = k.kind and t.bucket between $2 and $3
         order by t.bucket ${order} limit $4) t
      order by t.bucket ${order} limit $4`,
    [kinds, window.low, window.high, max],
  );
  const last = rows.at(-1)?.bucket;
  // A kind has one tally in a quarter, so a quarter alone is full only where there are more kinds than tallies of a step.
  if (rows.length < max || last === undefined) return { tallies: rows, read: window };
  const whole = rows.filter(({ bucket }) => bucket !== last);
  if (whole.length === 0)
    return { tallies: [await sumQuarter(client, { kinds, bucket: last })], read: { low: last, high: last } };
  return {
    tallies: whole,
    read: sort === 'asc' ? { low: window.low, high: last - 1 } : { low: last + 1, high: window.high },
  };
}

/** All tallies of these kinds in one quarter, as one. */
async function sumQuarter(
  client: pg.ClientBase,
  { kinds, bucket }: { kinds: readonly string[]; bucket: number },
): Promise<Tally> {
  const { rows } = await client.query<Omit<Tally, 'bucket'>>(
    `select sum(t.events)::int as events, min(encode(t.first_id, 'hex') collate "C") as "firstId",
            max(encode(coalesce(t.last_id, t.first_id), 'hex') collate "C") as "lastId"
       from event_tallies t
      where t.kind = any($1::integer[]) and t.bucket = $2`,
    [kinds, bucket],
  );
  return { bucket, events: 0, firstId: '', lastId: '', ...rows[0] };
}
