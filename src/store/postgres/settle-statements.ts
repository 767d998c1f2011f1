import { byteaArray, int2Array, int4Array, int8Array, jsonArray, textArray, timestampArray } from './binary-array.ts';
import { insertRuns, lockOwnRuns } from './reserve-statements.ts';
import type { Statement } from './session.ts';

/*
 * Statements of the commit transaction (intents and settlements), in the order they run. The fence comes first: when a
 * run is no longer ours, nothing of the group is written. Lock order: list items, then caps.
 */

const NO_TEXT = textArray([]);
const NO_JSON = jsonArray([]);
const NO_BYTES = byteaArray([]);
const NO_INT = int4Array([]);
const NO_TIME = timestampArray([]);

/**
 * An intent of a run that was made in the same transaction. One whose commit was in doubt is written again: nothing was
 * sent for it.
 */
export const insertIntents: Statement = {
  name: 'insert_intents',
  text: `
    insert into intents (account_id, lead_id, seq, state)
    select account_id, lead_id, seq, state
    from unnest($1::text[], $2::text[], $3::int2[], $4::json[]) as k(account_id, lead_id, seq, state)
    on conflict (account_id, lead_id, seq) do update set state = excluded.state`,
  empty: [NO_TEXT, NO_TEXT, int2Array([]), NO_JSON],
};

/**
 * Fails unless these runs are ours and hold what their process knows of ($1 the node, $5 how many), and keeps them so
 * until the end of the transaction: a takeover locks a run before it reads its intents.
 */
export const lockIntendedRuns: Statement = {
  name: 'lock_intended_runs',
  text: `
    with locked as materialized (
      select r.lead_id
      from unnest($2::text[], $3::text[], $4::text[]) as k(account_id, lead_id, held)
      join runs r on r.account_id = k.account_id and r.lead_id = k.lead_id
      where r.node_id = $1 and r.holds::text is not distinct from k.held
      order by r.account_id, r.lead_id
      for no key update of r
    )
    select require_fence((select count(*) from locked), $5)`,
  empty: ['', NO_TEXT, NO_TEXT, NO_TEXT, 0],
};

/**
 * Ends runs that must still be ours and hold what is about to be settled ($1 the node, $5 how many): settling twice
 * finds no row, and a place that was lost with the database is not settled.
 */
export const endRuns: Statement = {
  name: 'end_runs',
  text: `
    with ended as (
      delete from runs r using unnest($2::text[], $3::text[], $4::text[]) as k(account_id, lead_id, held)
      where r.account_id = k.account_id and r.lead_id = k.lead_id and r.node_id = $1
        and r.holds::text is not distinct from k.held
      returning r.account_id, r.lead_id
    ), gone as (
      delete from intents i using ended e where i.account_id = e.account_id and i.lead_id = e.lead_id
    )
    select require_fence((select count(*) from ended), $5)`,
  empty: ['', NO_TEXT, NO_TEXT, NO_TEXT, 0],
};

export const insertLeads: Statement = {
  name: 'insert_leads',
  text: `
    insert into leads (account_id, id, flow_id, source_id, revision, node_id, outcome, reason, price, submitted_at)
    select account_id, id, flow_id, source_id, revision, $1, outcome, reason, price, submitted_at
    from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::int8[], $10::timestamptz[])
      as k(account_id, id, flow_id, source_id, revision, outcome, reason, price, submitted_at)
    on conflict do nothing`,
  empty: ['', NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_INT, NO_TEXT, NO_TEXT, int8Array([]), NO_TIME],
};

export const insertLeadData: Statement = {
  name: 'insert_lead_data',
  text: `
    insert into lead_data (account_id, lead_id, part, document)
    select account_id, lead_id, 0, document
    from unnest($1::text[], $2::text[], $3::json[]) as k(account_id, lead_id, document)
    on conflict do nothing`,
  empty: [NO_TEXT, NO_TEXT, NO_JSON],
};

export const insertEvents: Statement = {
  name: 'insert_events',
  text: `
    insert into events (account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, recipient_id, facts)
    select account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, recipient_id, facts
    from unnest($1::text[], $2::text[], $3::int2[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
      $10::text[], $11::text[], $12::json[])
      as k(account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, recipient_id, facts)
    on conflict do nothing`,
  empty: [
    NO_TEXT,
    NO_TEXT,
    int2Array([]),
    NO_TEXT,
    NO_TEXT,
    NO_TEXT,
    NO_TEXT,
    NO_TEXT,
    NO_TEXT,
    NO_TEXT,
    NO_TEXT,
    NO_JSON,
  ],
};

/** Deliveries to try again; written with the lead that they belong to. */
export const insertRetries: Statement = {
  name: 'insert_retries',
  text: `
    insert into retries (account_id, lead_id, id, event_id, flow_id, source_id, step_id, recipient_id, status,
      next_attempt_at, last_outcome, last_reason, created_at, updated_at)
    select account_id, lead_id, id, event_id, flow_id, source_id, step_id, recipient_id, 'waiting',
      next_attempt_at, last_outcome, last_reason, now(), now()
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
      $9::timestamptz[], $10::text[], $11::text[])
      as k(account_id, lead_id, id, event_id, flow_id, source_id, step_id, recipient_id, next_attempt_at, last_outcome,
        last_reason)
    on conflict do nothing`,
  empty: [NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TIME, NO_TEXT, NO_TEXT],
};

/** Deliveries of unknown end; written with the lead that they belong to. */
export const insertUnknowns: Statement = {
  name: 'insert_unknowns',
  text: `
    insert into unknowns (account_id, lead_id, event_id, flow_id, source_id, step_id, recipient_id, reason, holds,
      happened_at)
    select account_id, lead_id, event_id, flow_id, source_id, step_id, recipient_id, reason, holds, happened_at
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::json[],
      $10::timestamptz[])
      as k(account_id, lead_id, event_id, flow_id, source_id, step_id, recipient_id, reason, holds, happened_at)
    on conflict do nothing`,
  empty: [NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_JSON, NO_TIME],
};

/** What leads hold beyond their end, because a delivery of theirs has not ended; written with the lead. */
export const insertLeadHolds: Statement = {
  name: 'insert_lead_holds',
  text: `
    insert into lead_holds (account_id, lead_id, state, holds)
    select account_id, lead_id, state, holds
    from unnest($1::text[], $2::text[], $3::text[], $4::json[]) as k(account_id, lead_id, state, holds)
    on conflict do nothing`,
  empty: [NO_TEXT, NO_TEXT, NO_TEXT, NO_JSON],
};

/** Enters held values into their lists, from $5 on. */
export const keepListItems: Statement = {
  name: 'keep_list_items',
  text: `
    with locked as materialized (
      select i.account_id, i.list_id, i.value, k.added_at
      from unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::timestamptz[]) as k(account_id, list_id, value, holder, added_at)
      join list_items i on i.account_id = k.account_id and i.list_id = k.list_id and i.value = k.value
      where i.holder = k.holder
      order by i.account_id, i.list_id, i.value
      for update of i
    )
    update list_items i set added_at = l.added_at, holder = null
    from locked l where i.account_id = l.account_id and i.list_id = l.list_id and i.value = l.value`,
  empty: [NO_TEXT, NO_TEXT, NO_BYTES, NO_TEXT, NO_TIME],
};

/** Gives held values back: what was only held goes, what had been added before stays as it was. */
export const releaseListItems: Statement = {
  name: 'release_list_items',
  text: `
    with locked as materialized (
      select i.account_id, i.list_id, i.value, i.added_at
      from unnest($1::text[], $2::text[], $3::bytea[], $4::text[]) as k(account_id, list_id, value, holder)
      join list_items i on i.account_id = k.account_id and i.list_id = k.list_id and i.value = k.value
      where i.holder = k.holder
      order by i.account_id, i.list_id, i.value
      for update of i
    ), gone as (
      delete from list_items i using locked l
      where i.account_id = l.account_id and i.list_id = l.list_id and i.value = l.value and l.added_at is null
    )
    update list_items i set holder = null
    from locked l
    where i.account_id = l.account_id and i.list_id = l.list_id and i.value = l.value and l.added_at is not null`,
  empty: [NO_TEXT, NO_TEXT, NO_BYTES, NO_TEXT],
};

/** Settles places, folded per window: kept ones count, all stop being held. A reset since then leaves the row alone. */
export const settleCapWindows: Statement = {
  name: 'settle_cap_windows',
  text: `
    with locked as materialized (
      select c.account_id, c.cap_id, c.starts_at, k.kept, k.settled
      from unnest($1::text[], $2::text[], $3::timestamptz[], $4::int[], $5::int[], $6::int[])
        as k(account_id, cap_id, starts_at, generation, kept, settled)
      join cap_windows c on c.account_id = k.account_id and c.cap_id = k.cap_id and c.starts_at = k.starts_at
      where c.generation = k.generation
      order by c.account_id, c.cap_id, c.starts_at
      for update of c
    )
    update cap_windows c set count = c.count + l.kept, held = c.held - l.settled, updated_at = now()
    from locked l where c.account_id = l.account_id and c.cap_id = l.cap_id and c.starts_at = l.starts_at`,
  empty: [NO_TEXT, NO_TEXT, NO_TIME, NO_INT, NO_INT, NO_INT],
};

/** Which of these leads has this node settled before? Asked only when a commit was in doubt. */
export const findSettled: Statement = {
  name: 'find_settled',
  text: `
    select l.id from unnest($2::text[], $3::text[]) as k(account_id, id)
    join leads l on l.account_id = k.account_id and l.id = k.id
    where l.node_id = $1`,
  empty: ['', NO_TEXT, NO_TEXT],
};

export const COMMIT_STATEMENTS = [
  insertRuns,
  lockIntendedRuns,
  insertIntents,
  endRuns,
  lockOwnRuns,
  insertLeads,
  insertLeadData,
  insertEvents,
  insertRetries,
  insertUnknowns,
  insertLeadHolds,
  keepListItems,
  releaseListItems,
  settleCapWindows,
  findSettled,
];
