-- Receivers of every lead that a flow has processed.
-- Locks: none that matter, the table is new.

create table destinations (
  account_id text collate "C" not null references accounts (id),
  instance_id text collate "C" not null,
  name text not null,
  integration_name text not null,
  integration_icon_url text,
  -- [{name, action_id, webhook_url}]
  actions jsonb not null,
  -- The key its documents are signed with, encrypted with SLUICE_SECRET_KEY.
  sealed_secret bytea not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, instance_id)
);
