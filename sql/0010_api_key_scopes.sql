-- API keys with a scope, an end and a history of their texts (decision page 0048).
-- Locks: `api_keys` for a moment; an installation has a handful of keys.

alter table api_keys
  -- The first characters of the key; null: the operator chose it, or it is older than prefixes.
  add column prefix text,
  -- What it may do: a role, or a list of permissions.
  add column role text,
  add column permissions text[],
  -- Where it may submit; null: everywhere.
  add column flow_ids text[],
  add column source_ids text[],
  -- {kind, id, name}; null: a first start, or before keys had an author.
  add column created_by jsonb,
  add column expires_at timestamptz,
  add column last_used_at timestamptz;

-- A superuser's key was the only one that could replace all flows; every other key could do all the rest there was.
update api_keys set role = case when is_superuser then 'owner' else 'editor' end;
alter table api_keys drop column is_superuser;
alter table api_keys add constraint api_keys_scope check ((role is null) <> (permissions is null));

-- Every text a key has had. They are kept, so that one that was rotated or revoked never comes back.
create table api_key_secrets (
  -- SHA-256; the text itself is 256 random bits and is not kept.
  key_hash bytea primary key,
  account_id text collate "C" not null,
  key_id text collate "C" not null,
  -- Until when the text is valid; null: it is the key's present one.
  valid_until timestamptz,
  foreign key (account_id, key_id) references api_keys (account_id, id)
);
-- The present text of each key, and the earlier ones.
create index api_key_secrets_by_key on api_key_secrets (account_id, key_id);
insert into api_key_secrets (key_hash, account_id, key_id) select key_hash, account_id, id from api_keys;
alter table api_keys drop column key_hash;
