-- Which failed leads were sent through their flow again, and as which lead.
-- Locks: none that matter, the table is new.

-- Written before the new lead runs, with its id, so that a crash leaves a trace and a second request does not send the
-- lead twice.
create table resubmissions (
  account_id text collate "C" not null,
  lead_id text collate "C" not null,
  -- 1 for the first time; further ones only when asked for.
  attempt smallint not null,
  as_lead_id text collate "C" not null,
  created_at timestamptz not null,
  primary key (account_id, lead_id, attempt)
);
