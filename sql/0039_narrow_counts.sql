-- Counts take a third of the disk and are read by the day, the hour or the quarter (decision page 0102). What they are of gets
-- a number, so a row has that number and an instant in place of five texts.
-- Locks: the tables of counts, from here to the end of the migration. Nothing is counted meanwhile, and statistics wait;
-- submissions do not, because what they add waits in `digests`. Each table is read once and written anew: about two minutes
-- for the counts of two million leads.

lock table event_kinds, event_tallies, statistics, latency_tallies, field_tallies in access exclusive mode;

-- What a measure or a latency is of.
create table statistics_keys (
  account_id text collate "C" not null,
  -- source, recipient, purchase_price, sale_price
  level text collate "C" not null,
  flow_id text collate "C" not null,
  source_id text collate "C" not null,
  -- Empty at the levels source and purchase_price.
  recipient_id text collate "C" not null,
  -- 1/10 000 dollars; -1 at the levels source and recipient.
  price bigint not null,
  key integer generated always as identity,
  primary key (account_id, level, flow_id, source_id, recipient_id, price),
  unique (account_id, key)
);

insert into statistics_keys (account_id, level, flow_id, source_id, recipient_id, price)
select account_id, level, flow_id, source_id, recipient_id, price from statistics
 union
select account_id, level, flow_id, source_id, recipient_id, -1 from latency_tallies;

-- Measures by the hour (UTC): src/statistics/measures.ts says what each is. null: nothing.
create table statistics_hours (
  key integer not null,
  -- Seconds since 1970 by 3,600.
  hour integer not null,
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
  cost bigint,
  revenue bigint,
  primary key (key, hour)
) with (fillfactor = 90);

insert into statistics_hours (
  key, hour,
  source_leads_submitted, source_leads_success, source_leads_failure, source_leads_error, source_events_success,
  source_events_failure, source_events_error, recipient_leads_submitted, recipient_leads_success,
  recipient_leads_failure, recipient_leads_error, recipient_events_success, recipient_events_failure,
  recipient_events_error, return_received_leads_submitted, return_received_leads_success,
  return_received_leads_failure, return_received_leads_error, return_received_events_success,
  return_received_events_failure, return_received_events_error, return_sent_leads_submitted,
  return_sent_leads_success, return_sent_leads_failure, return_sent_leads_error, return_sent_events_success,
  return_sent_events_failure, return_sent_events_error, conversion_received_leads_submitted,
  conversion_received_leads_success, conversion_received_leads_failure, conversion_received_leads_error,
  conversion_received_events_success, conversion_received_events_failure, conversion_received_events_error,
  conversion_sent_leads_submitted, conversion_sent_leads_success, conversion_sent_leads_failure,
  conversion_sent_leads_error, conversion_sent_events_success, conversion_sent_events_failure,
  conversion_sent_events_error, ping_submitted, ping_success, ping_won, bids_asked, bids_made, bids_won, cost,
  revenue
)
select k.key, s.bucket / 4,
  sum(s.source_leads_submitted), sum(s.source_leads_success), sum(s.source_leads_failure), sum(s.source_leads_error),
  sum(s.source_events_success), sum(s.source_events_failure), sum(s.source_events_error),
  sum(s.recipient_leads_submitted), sum(s.recipient_leads_success), sum(s.recipient_leads_failure),
  sum(s.recipient_leads_error), sum(s.recipient_events_success), sum(s.recipient_events_failure),
  sum(s.recipient_events_error), sum(s.return_received_leads_submitted), sum(s.return_received_leads_success),
  sum(s.return_received_leads_failure), sum(s.return_received_leads_error), sum(s.return_received_events_success),
  sum(s.return_received_events_failure), sum(s.return_received_events_error), sum(s.return_sent_leads_submitted),
  sum(s.return_sent_leads_success), sum(s.return_sent_leads_failure), sum(s.return_sent_leads_error),
  sum(s.return_sent_events_success), sum(s.return_sent_events_failure), sum(s.return_sent_events_error),
  sum(s.conversion_received_leads_submitted), sum(s.conversion_received_leads_success),
  sum(s.conversion_received_leads_failure), sum(s.conversion_received_leads_error),
  sum(s.conversion_received_events_success), sum(s.conversion_received_events_failure),
  sum(s.conversion_received_events_error), sum(s.conversion_sent_leads_submitted),
  sum(s.conversion_sent_leads_success), sum(s.conversion_sent_leads_failure), sum(s.conversion_sent_leads_error),
  sum(s.conversion_sent_events_success), sum(s.conversion_sent_events_failure), sum(s.conversion_sent_events_error),
  sum(s.ping_submitted), sum(s.ping_success), sum(s.ping_won), sum(s.bids_asked), sum(s.bids_made), sum(s.bids_won),
  sum(s.cost), sum(s.revenue)
  from statistics s
  join statistics_keys k using (account_id, level, flow_id, source_id, recipient_id, price)
 group by 1, 2
 order by 2, 1;

-- The second, third and fourth quarter of each hour: the first is what is left of the hour.
create table statistics_quarters (
  key integer not null,
  -- Seconds since 1970 by 900; never a multiple of 4.
  quarter integer not null,
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
  cost bigint,
  revenue bigint,
  primary key (key, quarter)
) with (fillfactor = 90);

insert into statistics_quarters (
  key, quarter,
  source_leads_submitted, source_leads_success, source_leads_failure, source_leads_error, source_events_success,
  source_events_failure, source_events_error, recipient_leads_submitted, recipient_leads_success,
  recipient_leads_failure, recipient_leads_error, recipient_events_success, recipient_events_failure,
  recipient_events_error, return_received_leads_submitted, return_received_leads_success,
  return_received_leads_failure, return_received_leads_error, return_received_events_success,
  return_received_events_failure, return_received_events_error, return_sent_leads_submitted,
  return_sent_leads_success, return_sent_leads_failure, return_sent_leads_error, return_sent_events_success,
  return_sent_events_failure, return_sent_events_error, conversion_received_leads_submitted,
  conversion_received_leads_success, conversion_received_leads_failure, conversion_received_leads_error,
  conversion_received_events_success, conversion_received_events_failure, conversion_received_events_error,
  conversion_sent_leads_submitted, conversion_sent_leads_success, conversion_sent_leads_failure,
  conversion_sent_leads_error, conversion_sent_events_success, conversion_sent_events_failure,
  conversion_sent_events_error, ping_submitted, ping_success, ping_won, bids_asked, bids_made, bids_won, cost,
  revenue
)
select k.key, s.bucket,
  s.source_leads_submitted, s.source_leads_success, s.source_leads_failure, s.source_leads_error,
  s.source_events_success, s.source_events_failure, s.source_events_error, s.recipient_leads_submitted,
  s.recipient_leads_success, s.recipient_leads_failure, s.recipient_leads_error, s.recipient_events_success,
  s.recipient_events_failure, s.recipient_events_error, s.return_received_leads_submitted,
  s.return_received_leads_success, s.return_received_leads_failure, s.return_received_leads_error,
  s.return_received_events_success, s.return_received_events_failure, s.return_received_events_error,
  s.return_sent_leads_submitted, s.return_sent_leads_success, s.return_sent_leads_failure, s.return_sent_leads_error,
  s.return_sent_events_success, s.return_sent_events_failure, s.return_sent_events_error,
  s.conversion_received_leads_submitted, s.conversion_received_leads_success, s.conversion_received_leads_failure,
  s.conversion_received_leads_error, s.conversion_received_events_success, s.conversion_received_events_failure,
  s.conversion_received_events_error, s.conversion_sent_leads_submitted, s.conversion_sent_leads_success,
  s.conversion_sent_leads_failure, s.conversion_sent_leads_error, s.conversion_sent_events_success,
  s.conversion_sent_events_failure, s.conversion_sent_events_error, s.ping_submitted, s.ping_success, s.ping_won,
  s.bids_asked, s.bids_made, s.bids_won, s.cost, s.revenue
  from statistics s
  join statistics_keys k using (account_id, level, flow_id, source_id, recipient_id, price)
 where s.bucket % 4 <> 0
 order by 2, 1;

drop table statistics;

-- The same as the hours, by the day (UTC).
create table statistics_days (
  key integer not null,
  -- Seconds since 1970 by 86,400.
  day integer not null,
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
  cost bigint,
  revenue bigint,
  primary key (key, day)
) with (fillfactor = 90);

insert into statistics_days (
  key, day,
  source_leads_submitted, source_leads_success, source_leads_failure, source_leads_error, source_events_success,
  source_events_failure, source_events_error, recipient_leads_submitted, recipient_leads_success,
  recipient_leads_failure, recipient_leads_error, recipient_events_success, recipient_events_failure,
  recipient_events_error, return_received_leads_submitted, return_received_leads_success,
  return_received_leads_failure, return_received_leads_error, return_received_events_success,
  return_received_events_failure, return_received_events_error, return_sent_leads_submitted,
  return_sent_leads_success, return_sent_leads_failure, return_sent_leads_error, return_sent_events_success,
  return_sent_events_failure, return_sent_events_error, conversion_received_leads_submitted,
  conversion_received_leads_success, conversion_received_leads_failure, conversion_received_leads_error,
  conversion_received_events_success, conversion_received_events_failure, conversion_received_events_error,
  conversion_sent_leads_submitted, conversion_sent_leads_success, conversion_sent_leads_failure,
  conversion_sent_leads_error, conversion_sent_events_success, conversion_sent_events_failure,
  conversion_sent_events_error, ping_submitted, ping_success, ping_won, bids_asked, bids_made, bids_won, cost,
  revenue
)
select h.key, h.hour / 24,
  sum(h.source_leads_submitted), sum(h.source_leads_success), sum(h.source_leads_failure), sum(h.source_leads_error),
  sum(h.source_events_success), sum(h.source_events_failure), sum(h.source_events_error),
  sum(h.recipient_leads_submitted), sum(h.recipient_leads_success), sum(h.recipient_leads_failure),
  sum(h.recipient_leads_error), sum(h.recipient_events_success), sum(h.recipient_events_failure),
  sum(h.recipient_events_error), sum(h.return_received_leads_submitted), sum(h.return_received_leads_success),
  sum(h.return_received_leads_failure), sum(h.return_received_leads_error), sum(h.return_received_events_success),
  sum(h.return_received_events_failure), sum(h.return_received_events_error), sum(h.return_sent_leads_submitted),
  sum(h.return_sent_leads_success), sum(h.return_sent_leads_failure), sum(h.return_sent_leads_error),
  sum(h.return_sent_events_success), sum(h.return_sent_events_failure), sum(h.return_sent_events_error),
  sum(h.conversion_received_leads_submitted), sum(h.conversion_received_leads_success),
  sum(h.conversion_received_leads_failure), sum(h.conversion_received_leads_error),
  sum(h.conversion_received_events_success), sum(h.conversion_received_events_failure),
  sum(h.conversion_received_events_error), sum(h.conversion_sent_leads_submitted),
  sum(h.conversion_sent_leads_success), sum(h.conversion_sent_leads_failure), sum(h.conversion_sent_leads_error),
  sum(h.conversion_sent_events_success), sum(h.conversion_sent_events_failure), sum(h.conversion_sent_events_error),
  sum(h.ping_submitted), sum(h.ping_success), sum(h.ping_won), sum(h.bids_asked), sum(h.bids_made), sum(h.bids_won),
  sum(h.cost), sum(h.revenue)
  from statistics_hours h
 group by 1, 2
 order by 2, 1;

alter table event_kinds add column id integer generated always as identity;
alter table event_kinds add unique (account_id, id);

-- How often, by quarter of an hour (UTC).
alter table event_tallies rename to event_tallies_before;
alter index event_tallies_pkey rename to event_tallies_before_pkey;
create table event_tallies (
  -- The id of `event_kinds`.
  kind integer not null,
  -- Seconds since 1970 by 900, of the id of the event, lead or ping.
  bucket integer not null,
  events integer not null,
  -- Leads whose first event of the kind it is; null: as many as events.
  leads integer,
  -- The smallest and the greatest id, of events, leads or pings; the greatest is null where it is the smallest.
  first_id bytea not null,
  last_id bytea,
  primary key (kind, bucket)
) with (fillfactor = 90);

insert into event_tallies (kind, bucket, events, leads, first_id, last_id)
select k.id, t.bucket, t.events, nullif(t.leads, t.events), decode(t.first_id, 'hex'),
       nullif(decode(t.last_id, 'hex'), decode(t.first_id, 'hex'))
  from event_tallies_before t
  join event_kinds k using (account_id, kind)
 order by 2, 1;

-- The same by the day.
create table event_tallies_days (
  kind integer not null,
  -- Seconds since 1970 by 86,400.
  day integer not null,
  events integer not null,
  leads integer,
  first_id bytea not null,
  last_id bytea,
  primary key (kind, day)
) with (fillfactor = 90);

insert into event_tallies_days (kind, day, events, leads, first_id, last_id)
select k.id, t.bucket / 96, sum(t.events), nullif(sum(t.leads), sum(t.events)), decode(min(t.first_id), 'hex'),
       nullif(decode(max(t.last_id), 'hex'), decode(min(t.first_id), 'hex'))
  from event_tallies_before t
  join event_kinds k using (account_id, kind)
 group by 1, 2
 order by 2, 1;

drop table event_tallies_before;

-- How long leads (level source) and deliveries (level recipient) took: a histogram of slots by hour.
alter table latency_tallies rename to latency_tallies_before;
alter index latency_tallies_pkey rename to latency_tallies_before_pkey;
create table latency_tallies (
  -- Of `statistics_keys`.
  key integer not null,
  -- Seconds since 1970 by 3,600.
  bucket integer not null,
  -- See src/statistics/latency-slots.ts.
  slot smallint not null,
  count integer not null,
  primary key (key, bucket, slot)
) with (fillfactor = 90);

insert into latency_tallies (key, bucket, slot, count)
select k.key, t.bucket, t.slot, t.count
  from latency_tallies_before t
  join statistics_keys k using (account_id, level, flow_id, source_id, recipient_id)
 where k.price = -1
 order by 2, 1, 3;

drop table latency_tallies_before;

-- What a count of a field is of.
create table field_keys (
  account_id text collate "C" not null,
  flow_id text collate "C" not null,
  field_id text collate "C" not null,
  key integer generated always as identity,
  primary key (account_id, flow_id, field_id),
  unique (account_id, key)
);

insert into field_keys (account_id, flow_id, field_id)
select distinct account_id, flow_id, field_id from field_tallies;

-- How many leads had a value of a field, by quarter of an hour of their source event.
alter table field_tallies rename to field_tallies_before;
alter index field_tallies_pkey rename to field_tallies_before_pkey;
create table field_tallies (
  -- Of `field_keys`.
  key integer not null,
  bucket integer not null,
  leads integer not null,
  primary key (key, bucket)
) with (fillfactor = 90);

insert into field_tallies (key, bucket, leads)
select k.key, t.bucket, t.leads
  from field_tallies_before t
  join field_keys k using (account_id, flow_id, field_id)
 order by 2, 1;

drop table field_tallies_before;
