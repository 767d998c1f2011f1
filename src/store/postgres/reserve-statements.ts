import { byteaArray, int4Array, jsonArray, textArray, timestampArray } from './binary-array.ts';
import type { Statement } from './session.ts';

/*
 * Statements of the reserve transaction, in the order they run. Rows are locked by `select … order by key for update`
 * before anything is written: ordering the input alone leaves deadlocks. Lock order everywhere: list items, then caps.
 */

const NO_TEXT = textArray([]);
const NO_BYTES = byteaArray([]);
const NO_INT = int4Array([]);
const NO_TIME = timestampArray([]);

/**
 * Are these values on their lists, and which lead holds them? Primary key lookups, one per value, and one more where a
 * lead holds it: has that lead ended?
 */
export const lockListItems: Statement = {
  name: 'lock_list_items',
  text: `
    select k.ord::int as ord, (extract(epoch from i.added_at) * 1000)::float8 as added_at, i.holder,
      case when i.holder is not null then exists (
        select from lead_holds h where h.account_id = i.account_id and h.lead_id = i.holder) else false end as is_retried
    from unnest($1::text[], $2::text[], $3::bytea[]) with ordinality as k(account_id, list_id, value, ord)
    join list_items i on i.account_id = k.account_id and i.list_id = k.list_id and i.value = k.value
    order by i.account_id, i.list_id, i.value
    for update of i`,
  empty: [NO_TEXT, NO_TEXT, NO_BYTES],
};

/**
 * Holds values. Rows seen by lockListItems are ours to write; a row that appeared since belongs to another node, and
 * stays as it is: what is not returned was lost. $5 says whether the row was seen with an (outdated) entry.
 */
export const holdListItems: Statement = {
  name: 'hold_list_items',
  text: `
    insert into list_items as i (account_id, list_id, value, holder, added_at)
    select account_id, list_id, value, holder, added_at
    from unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::timestamptz[])
      as k(account_id, list_id, value, holder, added_at)
    order by account_id, list_id, value
    on conflict (account_id, list_id, value) do update set holder = excluded.holder
    where i.holder is null and (i.added_at is null) = (excluded.added_at is null)
    returning i.holder, i.list_id, encode(i.value, 'hex') as value`,
  empty: [NO_TEXT, NO_TEXT, NO_BYTES, NO_TEXT, NO_TIME],
};

/** Opens windows that this node has not met yet. */
export const openCapWindows: Statement = {
  name: 'open_cap_windows',
  text: `
    insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, generation)
    select account_id, cap_id, starts_at, ends_at, flow_id, generation
    from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::int[])
      as k(account_id, cap_id, starts_at, ends_at, flow_id, generation)
    order by account_id, cap_id, starts_at
    on conflict do nothing`,
  empty: [NO_TEXT, NO_TEXT, NO_TIME, NO_TIME, NO_TEXT, NO_INT],
};

/** The counters of these windows, locked. One row per cap, however many leads of the group ask for it. */
export const lockCapWindows: Statement = {
  name: 'lock_cap_windows',
  text: `
    select k.ord::int as ord, c.count, c.held, c.failed_count, c.generation
    from unnest($1::text[], $2::text[], $3::timestamptz[]) with ordinality as k(account_id, cap_id, starts_at, ord)
    join cap_windows c on c.account_id = k.account_id and c.cap_id = k.cap_id and c.starts_at = k.starts_at
    order by c.account_id, c.cap_id, c.starts_at
    for update of c`,
  empty: [NO_TEXT, NO_TEXT, NO_TIME],
};

/** Writes counters that lockCapWindows locked and the group decided on. */
export const writeCapWindows: Statement = {
  name: 'write_cap_windows',
  text: `
    update cap_windows c
    set count = k.count, held = k.held, failed_count = k.failed_count, generation = k.generation, updated_at = now()
    from unnest($1::text[], $2::text[], $3::timestamptz[], $4::int[], $5::int[], $6::int[], $7::int[])
      as k(account_id, cap_id, starts_at, count, held, failed_count, generation)
    where c.account_id = k.account_id and c.cap_id = k.cap_id and c.starts_at = k.starts_at`,
  empty: [NO_TEXT, NO_TEXT, NO_TIME, NO_INT, NO_INT, NO_INT, NO_INT],
};

/** The run row of a lead that holds its first place or is about to be sent. $1 is the node. */
export const insertRuns: Statement = {
  name: 'insert_runs',
  text: `
    insert into runs (account_id, lead_id, node_id, flow_id, source_id, revision, submitted_at, retry_id, holds)
    select account_id, lead_id, $1, flow_id, source_id, revision, submitted_at, retry_id, holds
    from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::timestamptz[], $8::text[], $9::json[])
      as k(account_id, lead_id, flow_id, source_id, revision, submitted_at, retry_id, holds)`,
  empty: ['', NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_INT, NO_TIME, NO_TEXT, jsonArray([])],
};

/** More places for runs that must still be ours and hold what their process knows of ($1 the node, $6 how many). */
export const updateRunHolds: Statement = {
  name: 'update_run_holds',
  text: `
    with written as (
      update runs r set holds = k.holds
      from unnest($2::text[], $3::text[], $4::text[], $5::json[]) as k(account_id, lead_id, held, holds)
      where r.account_id = k.account_id and r.lead_id = k.lead_id and r.node_id = $1
        and r.holds::text is not distinct from k.held
      returning r.lead_id
    )
    select require_fence((select count(*) from written), $6)`,
  empty: ['', NO_TEXT, NO_TEXT, NO_TEXT, jsonArray([]), 0],
};

/**
 * Those of these runs that are ours, locked: what they hold, and whether something may have been sent. Asked only after
 * the fence stopped a group.
 */
export const lockOwnRuns: Statement = {
  name: 'lock_own_runs',
  text: `
    select r.lead_id, r.holds::text as holds, exists (
        select from intents i where i.account_id = r.account_id and i.lead_id = r.lead_id) as has_sent
    from unnest($2::text[], $3::text[]) as k(account_id, lead_id)
    join runs r on r.account_id = k.account_id and r.lead_id = k.lead_id
    where r.node_id = $1
    order by r.account_id, r.lead_id
    for update of r`,
  empty: ['', NO_TEXT, NO_TEXT],
};

export const RESERVE_STATEMENTS = [
  lockListItems,
  holdListItems,
  openCapWindows,
  lockCapWindows,
  writeCapWindows,
  insertRuns,
  updateRunHolds,
  lockOwnRuns,
];
