-- Alerts of caps that fill up (decision page 0078).
-- Locks: none that matter, the tables are new.

-- Where an account wants to be told, and from which shares on.
create table cap_alert_settings (
  account_id text collate "C" primary key references accounts (id),
  url text not null,
  -- Percent of the maximum.
  thresholds integer[] not null,
  -- The key alerts are signed with, encrypted with SLUICE_SECRET_KEY.
  sealed_secret bytea not null,
  -- When a server last compared the counters of the account.
  looked_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- A row for each threshold that a cap has reached in a window. The key lets each be recorded once.
create table cap_alerts (
  account_id text collate "C" not null references accounts (id),
  cap_id text collate "C" not null,
  starts_at timestamptz not null,
  threshold integer not null,
  -- Another maximum, and a count that began again, are reached anew.
  maximum integer not null,
  generation integer not null,
  -- The webhook-id of every attempt.
  id text collate "C" not null,
  -- The body of every attempt, JSON.
  body text not null,
  ends_at timestamptz not null,
  recorded_at timestamptz not null,
  attempts integer not null default 0,
  -- null: it was received, or given up.
  next_attempt_at timestamptz,
  sent_at timestamptz,
  -- Why the last attempt failed.
  reason text,
  primary key (account_id, cap_id, starts_at, threshold, maximum, generation)
);

create index cap_alerts_due on cap_alerts (next_attempt_at) where next_attempt_at is not null;
-- Ids sort by time: also for the last ones of an account.
create unique index cap_alerts_by_id on cap_alerts (account_id, id);
