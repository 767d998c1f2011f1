-- What is counted of leads, and what they are found by (decision page 0091).
-- Locks: `nodes` for a moment, an installation has a handful of rows. The other tables are new.

-- Does the process add digests to what it writes? Those from before this migration do not.
alter table nodes add column adds_digests boolean not null default false;

-- What waits to be counted: whatever writes events, pings or money entries adds a row in the same transaction. Rows live for
-- seconds.
create table digests (
  account_id text collate "C" not null,
  -- The second (8 hexadecimal digits) of the smallest id that the row may concern.
  since text collate "C" not null,
  -- The smallest lead, ping, event or money entry that the row is of; none is of two rows.
  id text collate "C" not null,
  -- JSON: what the row adds, summed up already; null: nothing.
  tallies text,
  -- JSON: leads with the events to count, and pings; null: none.
  later text,
  -- JSON: [[lead, words], ...] for the search; null: none.
  words text,
  primary key (account_id, since, id)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, toast_tuple_target = 8160);
alter table digests alter column tallies set storage external;
alter table digests alter column later set storage external;
alter table digests alter column words set storage external;

-- How far leads and pings from before digests are counted: those of the account below the cursor are.
create table digest_progress (
  account_id text collate "C" not null references accounts (id),
  leads_below text collate "C" not null default '000000000000000000000000',
  updated_at timestamptz not null,
  primary key (account_id)
);

-- Leads from this id on count with their end. An installation without leads counts all.
insert into installation (name, value)
select 'digests_from', convert_to('000000000000000000000000', 'UTF8')
 where not exists (select from leads) and not exists (select from pings) and not exists (select from nodes);

-- What happened, without when: a few thousand rows an account.
create table event_kinds (
  account_id text collate "C" not null,
  -- The first 8 bytes of the SHA-256 of all that follows.
  kind bigint not null,
  -- event, lead or ping
  subject text not null,
  -- Of an event; else empty.
  type text not null,
  outcome text not null,
  flow_id text collate "C" not null,
  source_id text collate "C" not null,
  -- Empty: none.
  step_id text collate "C" not null,
  recipient_id text collate "C" not null,
  -- The reason without what differs from lead to lead; empty: none.
  reason_class text not null,
  primary key (account_id, kind)
);

-- How often, by quarter of an hour (UTC).
create table event_tallies (
  account_id text collate "C" not null,
  kind bigint not null,
  -- Seconds since 1970 by 900, of the id of the event, lead or ping.
  bucket integer not null,
  events integer not null,
  -- Leads whose first event of the kind it is.
  leads integer not null,
  -- The smallest and the greatest id: of events, leads or pings.
  first_id text collate "C" not null,
  last_id text collate "C" not null,
  primary key (account_id, kind, bucket)
) with (fillfactor = 80);

-- Measures by quarter of an hour: src/statistics/measures.ts says what each is. null: nothing.
create table statistics (
  account_id text collate "C" not null,
  -- source, recipient, purchase_price, sale_price
  level text collate "C" not null,
  bucket integer not null,
  flow_id text collate "C" not null,
  source_id text collate "C" not null,
  -- Empty at the levels source and purchase_price.
  recipient_id text collate "C" not null,
  -- 1/10 000 dollars; -1 at the levels source and recipient.
  price bigint not null,
  source_leads_submitted integer,
  source_leads_success integer,
  source_leads_failure integer,
  source_leads_error integer,
  source_events_success integer,
  source_events_failure integer,
  source_events_error integer,
  recipient_leads_submitted integer,
  recipient_leads_success integer,
  recipient_leads_failure integer,
  recipient_leads_error integer,
  recipient_events_success integer,
  recipient_events_failure integer,
  recipient_events_error integer,
  return_received_leads_submitted integer,
  return_received_leads_success integer,
  return_received_leads_failure integer,
  return_received_leads_error integer,
  return_received_events_success integer,
  return_received_events_failure integer,
  return_received_events_error integer,
  return_sent_leads_submitted integer,
  return_sent_leads_success integer,
  return_sent_leads_failure integer,
  return_sent_leads_error integer,
  return_sent_events_success integer,
  return_sent_events_failure integer,
  return_sent_events_error integer,
  conversion_received_leads_submitted integer,
  conversion_received_leads_success integer,
  conversion_received_leads_failure integer,
  conversion_received_leads_error integer,
  conversion_received_events_success integer,
  conversion_received_events_failure integer,
  conversion_received_events_error integer,
  conversion_sent_leads_submitted integer,
  conversion_sent_leads_success integer,
  conversion_sent_leads_failure integer,
  conversion_sent_leads_error integer,
  conversion_sent_events_success integer,
  conversion_sent_events_failure integer,
  conversion_sent_events_error integer,
  ping_submitted integer,
  ping_success integer,
  ping_won integer,
  bids_asked integer,
  bids_made integer,
  bids_won integer,
  -- 1/10 000 dollars.
  cost bigint,
  revenue bigint,
  primary key (account_id, level, bucket, flow_id, source_id, recipient_id, price)
) with (fillfactor = 80);

-- How long leads (level source) and deliveries (level recipient) took: a histogram of slots by hour.
create table latency_tallies (
  account_id text collate "C" not null,
  level text collate "C" not null,
  -- Seconds since 1970 by 3,600.
  bucket integer not null,
  flow_id text collate "C" not null,
  source_id text collate "C" not null,
  recipient_id text collate "C" not null,
  -- See src/statistics/latency-slots.ts.
  slot smallint not null,
  count integer not null,
  primary key (account_id, level, bucket, flow_id, source_id, recipient_id, slot)
) with (fillfactor = 80);

-- How many leads had a value of a field, by quarter of an hour of their source event.
create table field_tallies (
  account_id text collate "C" not null,
  flow_id text collate "C" not null,
  field_id text collate "C" not null,
  bucket integer not null,
  leads integer not null,
  primary key (account_id, flow_id, bucket, field_id)
) with (fillfactor = 80);

-- What leads are found by. Partitioned by the lead's id like `leads`, and dropped with them.
create table lead_search (
  account_id text collate "C" not null,
  lead_id text collate "C" not null,
  words tsvector not null,
  primary key (account_id, lead_id)
) partition by range (lead_id);
create index lead_search_words on lead_search using gin (words);
create table lead_search_default partition of lead_search default;
