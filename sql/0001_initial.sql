-- The first schema: configuration, limits, runs in flight, leads and their events.
-- Locks: none that matter, every table is new.
--
-- Rules of the house (ARCHITECTURE.md, "Schema"): ids are 24-hex texts made in the process and compare bytewise;
-- account_id leads every key, so that an account's rows can live on one shard; nothing here uses a sequence.

create table accounts (
  id text collate "C" primary key,
  name text not null,
  time_zone text not null,
  data_retention_in_days integer not null default 90,
  -- Raised by every change of configuration that leads must see; nodes compare it with theirs.
  config_version bigint not null default 1,
  created_at timestamptz not null
);

-- Keys are 256 random bits; only their SHA-256 is kept.
create table api_keys (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  key_hash bytea not null unique,
  name text not null,
  is_superuser boolean not null default false,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (account_id, id)
);

create table flows (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  saved_revision integer not null,
  -- null: never deployed.
  deployed_revision integer,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (account_id, id)
);
-- Submit URLs carry no account: the flow is found by its id alone.
create unique index flows_by_id on flows (id);

-- Every revision ever saved; a lead runs on the one it began with.
create table flow_revisions (
  account_id text collate "C" not null,
  flow_id text collate "C" not null,
  revision integer not null,
  document jsonb not null,
  -- {path: sentence}: what keeps this revision from running; null when nothing does.
  errors jsonb,
  -- {cap id: generation} as of the deploy; null while the revision was never deployed.
  cap_generations jsonb,
  saved_at timestamptz not null,
  deployed_at timestamptz,
  primary key (account_id, flow_id, revision),
  foreign key (account_id, flow_id) references flows (account_id, id)
);

-- Custom fields only; the standard ones are built into the program.
create table fields (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  name text not null,
  type text not null,
  description text,
  aggregate boolean not null default true,
  masked boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Deleted while flows use it: they run on as if it existed until their next edit.
  deleted_at timestamptz,
  primary key (account_id, id)
);

-- Small facts of this installation, such as the key that list values are hashed with.
create table installation (
  name text collate "C" primary key,
  value bytea not null
);

create table lists (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  name text not null,
  url_name text collate "C" not null,
  -- phone, email or text: how values are normalised before they are hashed (decision 4).
  type text not null default 'text',
  created_at timestamptz not null,
  primary key (account_id, id),
  unique (account_id, url_name)
);

-- One row per value, as a keyed hash. added_at null: never added, only held by a running lead.
create table list_items (
  account_id text collate "C" not null,
  list_id text collate "C" not null,
  value bytea not null,
  added_at timestamptz,
  holder text collate "C",
  primary key (account_id, list_id, value)
) with (fillfactor = 80);

-- One row per cap and window. count + held never exceeds the maximum (decision 9).
create table cap_windows (
  account_id text collate "C" not null,
  cap_id text collate "C" not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  flow_id text collate "C" not null,
  count integer not null default 0,
  held integer not null default 0,
  failed_count integer not null default 0,
  -- Raised by a reset; a settlement of an older generation changes nothing (decision 10).
  generation integer not null default 0,
  updated_at timestamptz not null default now(),
  primary key (account_id, cap_id, starts_at)
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Server processes. A node whose lease has run out may have its runs taken over.
create table nodes (
  id text collate "C" primary key,
  host text not null,
  pid integer not null,
  -- When the process began, as its machine tells it: tells a process from a later one with the same pid.
  process_started text not null,
  started_at timestamptz not null,
  lease_expires_at timestamptz not null
);

-- A lead under way that holds a place or may have sent something. Small: only what is in flight.
create table runs (
  account_id text collate "C" not null,
  lead_id text collate "C" not null,
  node_id text collate "C" not null,
  flow_id text collate "C" not null,
  source_id text collate "C" not null,
  revision integer not null,
  submitted_at timestamptz not null,
  -- Places held: {caps: [...], lists: [...]}; what a recovery gives back or keeps.
  holds json,
  -- Written by an intent: what a recovery needs to tell the lead's story (masked). null: nothing was sent.
  state json,
  primary key (account_id, lead_id)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Decision facts of a lead: no personal data beyond the reason it was told.
create table leads (
  account_id text collate "C" not null,
  id text collate "C" not null,
  flow_id text collate "C" not null,
  source_id text collate "C" not null,
  revision integer not null,
  node_id text collate "C" not null,
  outcome text not null,
  reason text,
  -- 1/10 000 dollars.
  price bigint not null,
  submitted_at timestamptz not null,
  primary key (account_id, id)
) partition by range (id);

-- Personal data: variables, requests, responses, explanation; part 0 is written with the lead, later parts by
-- later events. Deleted apart from the facts.
create table lead_data (
  account_id text collate "C" not null,
  lead_id text collate "C" not null,
  part smallint not null,
  document json not null,
  primary key (account_id, lead_id, part)
) partition by range (lead_id);

-- Decision facts of an event. Partitioned by the lead's id, so that a lead's events sit together.
create table events (
  account_id text collate "C" not null,
  lead_id text collate "C" not null,
  seq smallint not null,
  id text collate "C" not null,
  type text not null,
  outcome text not null,
  reason text,
  flow_id text collate "C" not null,
  source_id text collate "C" not null,
  step_id text collate "C",
  recipient_id text collate "C",
  facts json not null,
  primary key (account_id, lead_id, seq)
) partition by range (lead_id);
-- /events pages by event id; not unique, because a unique index must hold the partition key.
create index events_by_id on events (account_id, id);

-- Rows outside the daily partitions land here; there should be none.
create table leads_default partition of leads default;
create table lead_data_default partition of lead_data default;
create table events_default partition of events default;

-- Ends a transaction in which a node touched runs that are no longer its own (ARCHITECTURE.md, "Fence").
create function require_fence(ours bigint, expected bigint) returns boolean
language plpgsql as $$
begin
  if ours <> expected then
    raise exception 'fence: % of % runs are ours', ours, expected using errcode = 'SLF01';
  end if;
  return true;
end
$$;
