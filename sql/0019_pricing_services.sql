-- External services that are asked what a lead costs (decision page 0072).
-- Locks: none that matter, the table is new.

create table pricing_services (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  name text not null,
  url text not null,
  -- Paths of the variables it is sent.
  variables text[] not null,
  -- The key its questions are signed with, encrypted with SLUICE_SECRET_KEY.
  sealed_secret bytea not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
