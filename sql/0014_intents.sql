-- Each intent is a row of its own, so that the last of twenty deliveries writes no more than the first. An intent of a run
-- under way was kept in `runs.state`; it is the first row of its run now.
-- Locks: `runs` while its rows are moved; it holds what is in flight, so for a moment.

create table intents (
  account_id text collate "C" not null,
  -- Of the run: a lead, or an attempt to deliver one again.
  lead_id text collate "C" not null,
  -- From 0, in the order the requests were about to leave.
  seq smallint not null,
  -- What a recovery needs beside the rows before it (masked).
  state json not null,
  primary key (account_id, lead_id, seq)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

insert into intents (account_id, lead_id, seq, state)
select account_id, lead_id, 0, state from runs where state is not null;

alter table runs drop column state;
