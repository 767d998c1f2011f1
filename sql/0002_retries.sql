-- Deliveries that are tried again, and deliveries nobody knows the end of.
-- Locks: `runs` for the moment of adding a column; it holds only what is in flight.

-- One row per delivery that is to be tried again (decision 25). The row is the job: whoever claims it writes its name
-- into it, and its attempt runs under a row of `runs` of its own, fenced like a lead.
create table retries (
  account_id text collate "C" not null,
  id text collate "C" not null,
  lead_id text collate "C" not null,
  -- The event of the delivery that failed first; also its idempotency key.
  event_id text collate "C" not null,
  flow_id text collate "C" not null,
  source_id text collate "C" not null,
  step_id text collate "C" not null,
  recipient_id text collate "C" not null,
  -- waiting, running, succeeded, failed, exhausted, cancelled, unknown
  status text not null,
  -- Attempts made after the first delivery.
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  last_outcome text not null,
  last_reason text,
  -- While it runs: the process and its attempt, whose id is also that of its event and of its row in `runs`.
  node_id text collate "C",
  attempt_id text collate "C",
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
create index retries_due on retries (next_attempt_at) where status = 'waiting';
create index retries_running on retries (node_id) where status = 'running';
create index retries_by_lead on retries (account_id, lead_id);

-- One row per delivery that may have arrived and was never answered (decision 24), until somebody says what became of it.
create table unknowns (
  account_id text collate "C" not null,
  -- Of the delivery.
  event_id text collate "C" not null,
  lead_id text collate "C" not null,
  flow_id text collate "C" not null,
  source_id text collate "C" not null,
  step_id text collate "C" not null,
  recipient_id text collate "C" not null,
  reason text,
  -- Places of the step that are kept because it may have been delivered, as in `runs.holds`.
  holds json not null,
  -- Those of the lead itself; null: the lead keeps them for another reason.
  lead_holds json,
  happened_at timestamptz not null,
  resolved_at timestamptz,
  -- delivered, not_delivered
  resolution text,
  note text,
  primary key (account_id, event_id)
);
create index unknowns_open on unknowns (account_id, event_id) where resolved_at is null;
create index unknowns_by_lead on unknowns (account_id, lead_id);

-- A run row of an attempt: `lead_id` is then the attempt's own id. null: the row is a lead's.
alter table runs add column retry_id text collate "C";
