-- Lists of the account's own: how they are kept, and how their entries come in (decision pages 0069 and 0070).
-- Locks: `lists` for a moment, an account has a handful of them. The other tables are new.

alter table lists
  -- The name as addresses write it. `url_name` is that of the first name and never changes.
  add column name_key text collate "C",
  -- Values are known by their MD5, too: the keyed hash is that of the MD5.
  add column is_md5 boolean not null default false,
  -- Entries count for so long after they were added; null: for ever.
  add column ttl_seconds integer,
  -- `list_items.list_id` of the entries that count. Another one after they were all replaced at once.
  add column contents_id text collate "C",
  -- How many entries there were at the last count of a large list.
  add column counted bigint,
  add column counted_at timestamptz,
  add column total_jobs integer not null default 0,
  add column updated_at timestamptz;
update lists set name_key = url_name, contents_id = id, updated_at = created_at;
alter table lists
  alter column name_key set not null,
  alter column contents_id set not null,
  alter column updated_at set not null;

-- Entries that no list has any more: they are deleted little by little.
create table list_remains (
  account_id text collate "C" not null,
  contents_id text collate "C" not null,
  -- The list that had them; null: it was deleted.
  list_id text collate "C",
  -- What was added from here on goes to the list's new entries.
  carried_from timestamptz,
  created_at timestamptz not null,
  primary key (account_id, contents_id)
);

-- A file that a job works on, in parts, sealed. Deleted when the job ends.
create table job_files (
  account_id text collate "C" not null,
  job_id text collate "C" not null,
  part integer not null,
  content bytea not null,
  created_at timestamptz not null,
  primary key (account_id, job_id, part)
);
-- Sealed bytes cannot be compressed.
alter table job_files alter column content set storage external;
