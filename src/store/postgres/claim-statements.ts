import {
  booleanArray,
  byteaArray,
  int2Array,
  int4Array,
  int8Array,
  jsonArray,
  textArray,
  timestampArray,
} from './binary-array.ts';
import type { Statement } from './session.ts';

/*
 * Statements by which leads look and claim. Rows are locked in the order of their keys before anything is written:
 * ordering the input of an update alone leaves deadlocks. Lock order everywhere: run rows, list items, caps.
 */

const NO_TEXT = textArray([]);
const NO_BYTES = byteaArray([]);
const NO_INT = int4Array([]);
const NO_WIDE = int8Array([]);
const NO_TIME = timestampArray([]);
const NO_JSON = jsonArray([]);

const IS_RETRIED = `case when i.holder is not null then exists (
        select from lead_holds h where h.account_id = i.account_id and h.lead_id = i.holder) else false end as is_retried`;

const ADDED_AT = '(extract(epoch from i.added_at) * 1000)::float8 as added_at';

/**
 * What stands of list values ($1 to $3) and cap windows ($4 to $6), all as of one moment. Primary key lookups, and one
 * more where a lead holds a value: has that lead ended? Without a lock and without opening a window.
 */
export const lookAtPlaces: Statement = {
  name: 'look_at_places',
  text: `
    select k.ord::int as list, null::int as cap, ${ADDED_AT}, i.holder, ${IS_RETRIED},
      null::float8 as count, null::float8 as held, null::int as generation, null::float8 as own_maximum
    from unnest($1::text[], $2::text[], $3::bytea[]) with ordinality as k(account_id, list_id, value, ord)
    join list_items i on i.account_id = k.account_id and i.list_id = k.list_id and i.value = k.value
    union all
    select null, k.ord::int, null, null, false, c.count::float8, c.held::float8, c.generation, c.own_maximum::float8
    from unnest($4::text[], $5::text[], $6::timestamptz[]) with ordinality as k(account_id, cap_id, starts_at, ord)
    join cap_windows c on c.account_id = k.account_id and c.cap_id = k.cap_id and c.starts_at = k.starts_at`,
  empty: [NO_TEXT, NO_TEXT, NO_BYTES, NO_TEXT, NO_TEXT, NO_TIME],
};

/** The pings that posts name, by primary key; asked only for those. */
export const lookAtPings: Statement = {
  name: 'look_at_pings',
  text: `
    select k.ord::int as ord, p.flow_id, p.source_id, p.outcome, p.price::float8 as price,
      (extract(epoch from p.expires_at) * 1000)::float8 as expires_at, p.facts
    from unnest($1::text[], $2::text[]) with ordinality as k(account_id, id, ord)
    join pings p on p.account_id = k.account_id and p.id = k.id`,
  empty: [NO_TEXT, NO_TEXT],
};

/**
 * Locks the rows of values in the order of the keys. One that has no row gets one where $4 says who holds it (empty: no
 * lead, for now); null: it needs none. Row or not, each key is taken in its turn, so that no two groups wait for each
 * other: a lock of the rows that are there, and an insert of the others after it, would meet in a deadlock.
 */
export const takeListItems: Statement = {
  name: 'take_list_items',
  text: `
    insert into list_items as i (account_id, list_id, value, holder)
    select account_id, list_id, value, nullif(holder, '')
    from unnest($1::text[], $2::text[], $3::bytea[], $4::text[]) as k(account_id, list_id, value, holder)
    where k.holder is not null or exists (
      select from list_items o where o.account_id = k.account_id and o.list_id = k.list_id and o.value = k.value)
    order by account_id, list_id, value
    on conflict (account_id, list_id, value) do update set holder = i.holder where false`,
  empty: [NO_TEXT, NO_TEXT, NO_BYTES, NO_TEXT],
};

/** What stands in rows that takeListItems has locked, and in those of values that are only checked. */
export const readListItems: Statement = {
  name: 'read_list_items',
  text: `
    select k.ord::int as ord, ${ADDED_AT}, i.holder, ${IS_RETRIED}
    from unnest($1::text[], $2::text[], $3::bytea[]) with ordinality as k(account_id, list_id, value, ord)
    join list_items i on i.account_id = k.account_id and i.list_id = k.list_id and i.value = k.value`,
  empty: [NO_TEXT, NO_TEXT, NO_BYTES],
};

/**
 * Holds values for leads ($4), where $5 says so and nobody does yet; fails when one of them, held or only checked, is on
 * its list since its cut-off ($6) or another lead holds it. Their rows are locked.
 */
export const holdListItems: Statement = {
  name: 'hold_list_items',
  text: `
    with asked as materialized (
      select k.lead_id, k.is_held, i.account_id, i.list_id, i.value, i.holder,
        i.holder <> k.lead_id or i.added_at >= coalesce(k.cutoff, '-infinity') as is_found
      from unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::boolean[], $6::timestamptz[])
        as k(account_id, list_id, value, lead_id, is_held, cutoff)
      join list_items i on i.account_id = k.account_id and i.list_id = k.list_id and i.value = k.value
    ), held as (
      update list_items i set holder = a.lead_id
      from asked a
      where a.is_held and a.holder is null
        and i.account_id = a.account_id and i.list_id = a.list_id and i.value = a.value
    )
    select require_claim((select count(*) from asked where is_found), 0)`,
  empty: [NO_TEXT, NO_TEXT, NO_BYTES, NO_TEXT, booleanArray([]), NO_TIME],
};

/** Takes rows away again that were made for a claim that was not granted. */
export const dropListItems: Statement = {
  name: 'drop_list_items',
  text: `
    delete from list_items i using unnest($1::text[], $2::text[], $3::bytea[]) as k(account_id, list_id, value)
    where i.account_id = k.account_id and i.list_id = k.list_id and i.value = k.value
      and i.holder is null and i.added_at is null`,
  empty: [NO_TEXT, NO_TEXT, NO_BYTES],
};

/** Opens windows that this process has not met yet. */
export const openCapWindows: Statement = {
  name: 'open_cap_windows',
  text: `
    insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, generation, updated_at)
    select account_id, cap_id, starts_at, ends_at, flow_id, generation, opened_at
    from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::int[], $7::timestamptz[])
      as k(account_id, cap_id, starts_at, ends_at, flow_id, generation, opened_at)
    order by account_id, cap_id, starts_at
    on conflict do nothing`,
  empty: [NO_TEXT, NO_TEXT, NO_TIME, NO_TIME, NO_TEXT, NO_INT, NO_TIME],
};

/** The counters of these windows, locked. */
export const lockCapWindows: Statement = {
  name: 'lock_cap_windows',
  text: `
    select k.ord::int as ord, c.count::float8 as count, c.held::float8 as held, c.generation,
      c.own_maximum::float8 as own_maximum
    from unnest($1::text[], $2::text[], $3::timestamptz[]) with ordinality as k(account_id, cap_id, starts_at, ord)
    join cap_windows c on c.account_id = k.account_id and c.cap_id = k.cap_id and c.starts_at = k.starts_at
    order by c.account_id, c.cap_id, c.starts_at
    for update of c`,
  empty: [NO_TEXT, NO_TEXT, NO_TIME],
};

/** Starts locked counters again that are of an older generation than a claim (decision 10). */
export const restartCapWindows: Statement = {
  name: 'restart_cap_windows',
  text: `
    update cap_windows c set count = 0, held = 0, failed_count = 0, own_maximum = null, generation = k.generation,
      updated_at = now()
    from unnest($1::text[], $2::text[], $3::timestamptz[], $4::int[]) as k(account_id, cap_id, starts_at, generation)
    where c.account_id = k.account_id and c.cap_id = k.cap_id and c.starts_at = k.starts_at
      and c.generation < k.generation`,
  empty: [NO_TEXT, NO_TEXT, NO_TIME, NO_INT],
};

/**
 * What a group does to counters, folded to one row a window and generation: $5 more that is used, $6 more that is held,
 * $7 more leads that were refused. Where a claim takes a place $8 is the maximum, else -1: fails unless all those windows
 * are there in that generation and stay within it, or within their own ($9 how many). A window that was reset since is left alone otherwise.
 */
export const changeCapWindows: Statement = {
  name: 'change_cap_windows',
  text: `
    with locked as materialized (
      select c.account_id, c.cap_id, c.starts_at, k.used, k.held, k.refused, k.maximum
      from unnest($1::text[], $2::text[], $3::timestamptz[], $4::int[], $5::int8[], $6::int8[], $7::int[], $8::int8[])
        as k(account_id, cap_id, starts_at, generation, used, held, refused, maximum)
      join cap_windows c on c.account_id = k.account_id and c.cap_id = k.cap_id and c.starts_at = k.starts_at
      where c.generation = k.generation
      order by c.account_id, c.cap_id, c.starts_at
      for update of c
    ), changed as (
      update cap_windows c set count = c.count + l.used, held = c.held + l.held, failed_count = c.failed_count + l.refused,
        updated_at = now()
      from locked l where c.account_id = l.account_id and c.cap_id = l.cap_id and c.starts_at = l.starts_at
      returning l.maximum >= 0 and c.count + c.held <= coalesce(c.own_maximum, l.maximum) as fits
    )
    select require_claim((select count(*) from changed where fits), $9)`,
  empty: [NO_TEXT, NO_TEXT, NO_TIME, NO_INT, NO_WIDE, NO_WIDE, NO_INT, NO_WIDE, 0],
};

/** The run row of a lead that claims for the first time; a second one is a fault of ours and fails. $1 is the node. */
export const insertRuns: Statement = {
  name: 'insert_runs',
  text: `
    insert into runs (account_id, lead_id, node_id, flow_id, source_id, revision, submitted_at, retry_id)
    select account_id, lead_id, $1, flow_id, source_id, revision, submitted_at, retry_id
    from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::timestamptz[], $8::text[])
      as k(account_id, lead_id, flow_id, source_id, revision, submitted_at, retry_id)`,
  empty: ['', NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_INT, NO_TIME, NO_TEXT],
};

/**
 * Fails unless these runs are ours ($1 the node, $4 how many), and keeps them so until the end of the transaction: a
 * takeover locks a run before it reads its intents.
 */
export const lockClaimingRuns: Statement = {
  name: 'lock_claiming_runs',
  text: `
    with locked as materialized (
      select r.lead_id
      from unnest($2::text[], $3::text[]) as k(account_id, lead_id)
      join runs r on r.account_id = k.account_id and r.lead_id = k.lead_id
      where r.node_id = $1
      order by r.account_id, r.lead_id
      for no key update of r
    )
    select require_fence((select count(*) from locked), $4)`,
  empty: ['', NO_TEXT, NO_TEXT, 0],
};

const INTENT_ROWS = `
    insert into intents (account_id, lead_id, seq, state, holds)
    select account_id, lead_id, seq, state, holds
    from unnest($1::text[], $2::text[], $3::int2[], $4::json[], $5::json[]) as k(account_id, lead_id, seq, state, holds)`;

const NO_INTENTS = [NO_TEXT, NO_TEXT, int2Array([]), NO_JSON, NO_JSON];

/** The request of each claim, and the places it took ($5). One whose commit was in doubt is there already: then it fails. */
export const insertIntents: Statement = { name: 'insert_intents', text: INTENT_ROWS, empty: NO_INTENTS };

/** The same once the runs were read: an intent whose commit was in doubt is written again, because nothing was sent for it. */
export const rewriteIntents: Statement = {
  name: 'rewrite_intents',
  text: `${INTENT_ROWS}
    on conflict (account_id, lead_id, seq) do update set state = excluded.state, holds = excluded.holds`,
  empty: NO_INTENTS,
};

/** Rows for batches; one whose commit was in doubt is there already. A row that is new waits for no lock. */
export const insertBatchRows: Statement = {
  name: 'insert_batch_rows',
  text: `
    insert into batch_rows (account_id, batch_id, id, lead_id, run_id, content, created_at)
    select account_id, batch_id, id, lead_id, run_id, content, created_at
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::timestamptz[])
      as k(account_id, batch_id, id, lead_id, run_id, content, created_at)
    on conflict (account_id, batch_id, id) do update set content = excluded.content`,
  empty: [NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_BYTES, NO_TIME],
};

/** Those of these runs that are ours, locked. Asked only after the fence stopped a group. */
export const lockOwnRuns: Statement = {
  name: 'lock_own_runs',
  text: `
    select r.lead_id, r.holds
    from unnest($2::text[], $3::text[]) as k(account_id, lead_id)
    join runs r on r.account_id = k.account_id and r.lead_id = k.lead_id
    where r.node_id = $1
    order by r.account_id, r.lead_id
    for update of r`,
  empty: ['', NO_TEXT, NO_TEXT],
};

/** Their intents: where each stands, and the places it took. */
export const readIntents: Statement = {
  name: 'read_intents',
  text: `
    select i.lead_id, i.seq, i.holds
    from unnest($1::text[], $2::text[]) as k(account_id, lead_id)
    join intents i on i.account_id = k.account_id and i.lead_id = k.lead_id
    order by i.account_id, i.lead_id, i.seq`,
  empty: [NO_TEXT, NO_TEXT],
};

export const LOOK_STATEMENTS = [lookAtPlaces, lookAtPings];

export const CLAIM_STATEMENTS = [
  takeListItems,
  readListItems,
  holdListItems,
  dropListItems,
  openCapWindows,
  lockCapWindows,
  restartCapWindows,
  changeCapWindows,
  insertRuns,
  lockClaimingRuns,
  insertIntents,
  rewriteIntents,
  insertBatchRows,
  lockOwnRuns,
  readIntents,
];
