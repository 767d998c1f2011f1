import { byteaArray, int2Array, int4Array, int8Array, jsonArray, textArray, timestampArray } from './binary-array.ts';
import type { Statement } from './session.ts';

/*
 * Statements that end leads, in the order they run. The fence comes first: when a run is no longer ours, nothing of the
 * group is written.
 */

const NO_TEXT = textArray([]);
const NO_JSON = jsonArray([]);
const NO_BYTES = byteaArray([]);
const NO_INT = int4Array([]);
const NO_TIME = timestampArray([]);

/**
 * Ends runs that must still be ours with the intents their process knows of ($1 the node, $4 how many runs, $5 how many
 * intents): settling twice finds no row, and an intent whose commit was in doubt is found by its number.
 */
export const endRuns: Statement = {
  name: 'end_runs',
  text: `
    with ended as (
      delete from runs r using unnest($2::text[], $3::text[]) as k(account_id, lead_id)
      where r.account_id = k.account_id and r.lead_id = k.lead_id and r.node_id = $1
      returning r.account_id, r.lead_id
    ), gone as (
      delete from intents i using ended e where i.account_id = e.account_id and i.lead_id = e.lead_id
      returning i.lead_id
    )
    select require_fence((select count(*) from ended), $4), require_fence((select count(*) from gone), $5)`,
  empty: ['', NO_TEXT, NO_TEXT, 0, 0],
};

/** A lead is settled once: a second time fails, so that nothing beside it is counted twice. */
export const insertLeads: Statement = {
  name: 'insert_leads',
  text: `
    insert into leads (account_id, id, flow_id, source_id, revision, node_id, outcome, reason, price, submitted_at)
    select account_id, id, flow_id, source_id, revision, $1, outcome, reason, price, submitted_at
    from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::int8[], $10::timestamptz[])
      as k(account_id, id, flow_id, source_id, revision, outcome, reason, price, submitted_at)`,
  empty: ['', NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_INT, NO_TEXT, NO_TEXT, int8Array([]), NO_TIME],
};

/** Pings have no further rows: neither data nor events. Like leads they are settled once. */
export const insertPings: Statement = {
  name: 'insert_pings',
  text: `
    insert into pings (account_id, id, flow_id, source_id, revision, node_id, outcome, reason, price, submitted_at,
      expires_at, facts)
    select account_id, id, flow_id, source_id, revision, $1, outcome, reason, price, submitted_at, expires_at, facts
    from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::int8[], $10::timestamptz[],
      $11::timestamptz[], $12::json[])
      as k(account_id, id, flow_id, source_id, revision, outcome, reason, price, submitted_at, expires_at, facts)`,
  empty: ['', NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_INT, NO_TEXT, NO_TEXT, int8Array([]), NO_TIME, NO_TIME, NO_JSON],
};

/**
 * Beside a lead that is new there is no such row, nor an event: one would be a fault, and is an error. `on conflict` would look for
 * it and write each row in two steps.
 */
export const insertLeadData: Statement = {
  name: 'insert_lead_data',
  text: `
    insert into lead_data (account_id, lead_id, part, document)
    select account_id, lead_id, 0, document
    from unnest($1::text[], $2::text[], $3::json[]) as k(account_id, lead_id, document)`,
  empty: [NO_TEXT, NO_TEXT, NO_JSON],
};

export const insertEvents: Statement = {
  name: 'insert_events',
  text: `
    insert into events (account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, recipient_id, facts)
    select account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, recipient_id, facts
    from unnest($1::text[], $2::text[], $3::int2[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
      $10::text[], $11::text[], $12::json[])
      as k(account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, recipient_id, facts)`,
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

/** What leads are found by (decision page 0094). Beside the lead that is new there is no row of it. */
export const insertLeadSearch: Statement = {
  name: 'insert_lead_search',
  text: `
    insert into lead_search (account_id, lead_id, words)
    select account_id, lead_id, words::tsvector
    from unnest($1::text[], $2::text[], $3::text[]) as k(account_id, lead_id, words)`,
  empty: [NO_TEXT, NO_TEXT, NO_TEXT],
};

/** What statistics are to count: a row for all ends of the group in an account (decision page 0091). */
export const insertDigests: Statement = {
  name: 'insert_digests',
  text: `
    insert into digests (account_id, since, id, tallies, later)
    select account_id, since, id, tallies, later
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as k(account_id, since, id, tallies, later)`,
  empty: [NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT],
};

/**
 * What channels are to send of leads ($3 their flows): a row for all events of an end. Run only where this process knows of
 * a channel. Along the primary key of channels, of which an account has a few.
 */
export const insertOutbox: Statement = {
  name: 'insert_outbox',
  text: `
    insert into outbox (account_id, channel_id, lead_id, seq, last_seq, added_at)
    select k.account_id, c.id, k.lead_id, 0, k.last_seq, k.added_at
    from unnest($1::text[], $2::text[], $3::text[], $4::int2[], $5::timestamptz[])
      as k(account_id, lead_id, flow_id, last_seq, added_at)
    join event_channels c on c.account_id = k.account_id and c.is_active and coalesce(c.flow_id, k.flow_id) = k.flow_id
      and (c.flow_ids is null or k.flow_id = any(c.flow_ids))
    on conflict do nothing`,
  empty: [NO_TEXT, NO_TEXT, NO_TEXT, int2Array([]), NO_TIME],
};

/** Deliveries to try again; written with the lead that they belong to. */
export const insertRetries: Statement = {
  name: 'insert_retries',
  text: `
    insert into retries (account_id, lead_id, id, event_id, flow_id, source_id, step_id, recipient_id, status,
      next_attempt_at, last_outcome, last_reason, created_at, updated_at)
    select account_id, lead_id, id, event_id, flow_id, source_id, step_id, recipient_id, 'waiting',
      next_attempt_at, last_outcome, last_reason, created_at, created_at
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
      $9::timestamptz[], $10::text[], $11::text[], $12::timestamptz[])
      as k(account_id, lead_id, id, event_id, flow_id, source_id, step_id, recipient_id, next_attempt_at, last_outcome,
        last_reason, created_at)
    on conflict do nothing`,
  empty: [NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TIME, NO_TEXT, NO_TEXT, NO_TIME],
};

/** Deliveries of unknown end; written with the lead that they belong to. */
export const insertUnknowns: Statement = {
  name: 'insert_unknowns',
  text: `
    insert into unknowns (account_id, lead_id, event_id, flow_id, source_id, step_id, recipient_id, reason, holds,
      happened_at, inner_account_id, inner_lead_id)
    select account_id, lead_id, event_id, flow_id, source_id, step_id, recipient_id, reason, holds, happened_at,
      inner_account_id, inner_lead_id
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::json[],
      $10::timestamptz[], $11::text[], $12::text[])
      as k(account_id, lead_id, event_id, flow_id, source_id, step_id, recipient_id, reason, holds, happened_at,
        inner_account_id, inner_lead_id)
    on conflict do nothing`,
  empty: [NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_JSON, NO_TIME, NO_TEXT, NO_TEXT],
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

/**
 * Settles values that leads hold ($4): entered into their lists from $5 on, or free again where that is null. What was
 * only held goes then, what had been added before stays as it was.
 */
export const settleListItems: Statement = {
  name: 'settle_list_items',
  text: `
    with locked as materialized (
      select i.account_id, i.list_id, i.value, i.added_at, k.kept_at
      from unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::timestamptz[])
        as k(account_id, list_id, value, holder, kept_at)
      join list_items i on i.account_id = k.account_id and i.list_id = k.list_id and i.value = k.value
      where i.holder = k.holder
      order by i.account_id, i.list_id, i.value
      for update of i
    ), gone as (
      delete from list_items i using locked l
      where i.account_id = l.account_id and i.list_id = l.list_id and i.value = l.value
        and l.kept_at is null and l.added_at is null
    )
    update list_items i set added_at = coalesce(l.kept_at, l.added_at), holder = null
    from locked l
    where i.account_id = l.account_id and i.list_id = l.list_id and i.value = l.value
      and coalesce(l.kept_at, l.added_at) is not null`,
  empty: [NO_TEXT, NO_TEXT, NO_BYTES, NO_TEXT, NO_TIME],
};

/** Which of these leads and pings are settled, and by which node? Asked only when a commit was in doubt or stopped by the fence. */
export const findSettled: Statement = {
  name: 'find_settled',
  text: `
    select l.id, l.node_id from unnest($1::text[], $2::text[]) as k(account_id, id)
    join leads l on l.account_id = k.account_id and l.id = k.id
    union all
    select p.id, p.node_id from unnest($1::text[], $2::text[]) as k(account_id, id)
    join pings p on p.account_id = k.account_id and p.id = k.id`,
  empty: [NO_TEXT, NO_TEXT],
};

export const SETTLE_STATEMENTS = [
  endRuns,
  insertLeads,
  insertPings,
  insertLeadData,
  insertLeadSearch,
  insertEvents,
  insertDigests,
  insertOutbox,
  insertRetries,
  insertUnknowns,
  insertLeadHolds,
  settleListItems,
  findSettled,
];
