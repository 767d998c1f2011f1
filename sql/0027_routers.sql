-- Submit URLs in front of several flows (decision page 0089).
-- Locks: none that matter, the table is new.

create table routers (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  name text,
  -- Reads what is submitted to the router.
  module_id text not null,
  -- [{id, flow_id, source_id, rule_set}], in the order they are asked
  routes jsonb not null,
  revision integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
