-- Requests of POST /leads/resubmit that have a name, so that one sent twice is about the same leads and sends each once.
-- Locks: `resubmissions` for the moment of adding two columns and two indexes; it has a row per lead sent again.

create table resubmission_calls (
  account_id text collate "C" not null,
  -- As the caller named it.
  id text collate "C" not null,
  -- SHA-256 of what was asked for: a name stands for one request.
  request_hash bytea not null,
  -- Those it is about, in order; found once.
  lead_ids text[] not null,
  created_at timestamptz not null,
  primary key (account_id, id)
);

alter table resubmissions
  add column call_id text collate "C",
  -- When the new lead had ended; null: it is on its way, or its process stopped.
  add column ended_at timestamptz;
create unique index resubmissions_by_call on resubmissions (account_id, lead_id, call_id) where call_id is not null;
create index resubmissions_open on resubmissions (account_id, created_at) where ended_at is null;
