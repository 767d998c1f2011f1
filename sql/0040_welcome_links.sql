-- Links that sign an account's first administrator in (decision page 0103). They go when one is used, and work for as long
-- as no user of the account has signed in.
-- Locks: none that matter, the table is new.

create table welcome_links (
  -- SHA-256 of the link's token.
  token_hash bytea primary key,
  account_id text collate "C" not null references accounts (id),
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index welcome_links_by_account on welcome_links (account_id, created_at);
