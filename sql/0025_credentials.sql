-- What recipients ask of their senders: passwords, tokens, keys (decision page 0081).
-- Locks: none that matter, the table is new.

create table credentials (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  name text not null,
  type text not null,
  package text,
  -- What is no secret, by the names of the table in src/credentials/credential-types.ts.
  settings jsonb not null,
  -- The secrets as one JSON object, encrypted with SLUICE_SECRET_KEY.
  sealed_secrets bytea not null,
  -- A token that was fetched with them, sealed too, and when it ends; a change of the secrets drops it.
  sealed_token bytea,
  token_expires_at timestamptz,
  -- Written at most once a minute and process.
  last_used_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
