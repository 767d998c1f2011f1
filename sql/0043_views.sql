-- Saved views of lists (decision page 0107).
-- Locks: none that matter, the table is new.

create table views (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  -- Of the person or the API key that saved it, with the name of that day.
  owner_kind text not null,
  owner_id text collate "C" not null,
  owner_name text not null,
  name text not null,
  section text not null check (section in ('leads', 'events')),
  -- Parameters of the list by their names, without values of leads.
  query json not null,
  is_shared boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
create index views_by_owner on views (account_id, owner_id);
