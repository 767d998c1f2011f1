-- What API keys asked for lately (decision page 0110).
-- Locks: none that matter, the table is new.

create table key_requests (
  account_id text collate "C" not null references accounts (id),
  -- Not of a key that must be there: its requests stay their days when it ends.
  key_id text collate "C" not null,
  -- Sorts by time.
  id text collate "C" not null,
  -- When it was answered.
  at timestamptz not null,
  -- As OpenAPI names it, and its method and path without values: `/flows/{id}`.
  operation text not null,
  method text not null,
  path text not null,
  status smallint not null,
  ms real not null,
  trace_id text not null,
  -- Of the body of the answer, as it was sent; null: it was not known before it was sent.
  bytes bigint,
  -- Requests of this key before it that were not written: too many came at once.
  skipped integer not null,
  primary key (account_id, key_id, id)
);
