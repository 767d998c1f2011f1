-- Links to the posting page of a source, for vendors without an account (decision page 0106).
-- Locks: none that matter, the table is new.

create table posting_links (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  flow_id text collate "C" not null,
  -- Of the entity: it is the one in the submit URL, and stays when the source is saved again.
  source_id text collate "C" not null,
  -- SHA-256 of the token, which finds the link.
  token_hash bytea not null unique,
  -- The token, encrypted, so that an owner can copy the link again.
  sealed_token bytea not null,
  -- Whom vendors ask; null: nobody is named.
  contact text,
  shows_caps boolean not null,
  shows_prices boolean not null,
  hides_rules boolean not null,
  allows_live_tests boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
create index posting_links_by_source on posting_links (account_id, flow_id, source_id);
