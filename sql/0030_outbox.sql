-- Events on their way to buckets and webhooks (decision page 0083).
-- Locks: none that matter, the tables are new.

-- Where events of an account go: of a flow to a bucket, by its deployed firehose; of one flow or all to a webhook.
create table event_channels (
  account_id text collate "C" not null references accounts (id),
  -- Of a firehose the flow's id, a dot and the service.
  id text collate "C" not null,
  -- aws, azure or webhook.
  service text not null,
  -- null: of every flow.
  flow_id text collate "C",
  -- Else nothing is added any more, and what waits is still sent.
  is_active boolean not null,
  -- Bucket, prefix and credential of a firehose; address and filter of a webhook.
  settings jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- The process that sends, until when, and when it last took the channel.
  node_id text collate "C",
  leased_until timestamptz,
  served_at timestamptz,
  -- While it fails: since when, why, how often in a row, and when it is tried again.
  failing_since timestamptz,
  fault_kind text,
  fault_reason text,
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  -- Events that have arrived.
  delivered bigint not null default 0,
  delivered_at timestamptz,
  primary key (account_id, id)
);

-- What waits: a row for a lead's end, and one for each event after it. The events themselves are in `events`.
create table outbox (
  account_id text collate "C" not null,
  channel_id text collate "C" not null,
  lead_id text collate "C" not null,
  -- The first and the last event of the lead that the row stands for.
  seq smallint not null,
  last_seq smallint not null,
  added_at timestamptz not null,
  -- Of a row that was refused for what it is.
  attempts smallint not null default 0,
  next_attempt_at timestamptz,
  -- Set aside after too many of them.
  failed_at timestamptz,
  reason text,
  primary key (account_id, channel_id, lead_id, seq)
);

-- Rows live for seconds: what they leave behind would slow the look at the oldest.
alter table outbox set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- For how many are set aside, and for sending them again.
create index outbox_failed on outbox (account_id, channel_id, failed_at) where failed_at is not null;

-- Times during which a channel failed; the last ones are kept.
create table channel_faults (
  account_id text collate "C" not null references accounts (id),
  channel_id text collate "C" not null,
  began_at timestamptz not null,
  kind text not null,
  reason text not null,
  -- null: it fails still.
  ended_at timestamptz,
  primary key (account_id, channel_id, began_at)
);

-- Secrets that came within a flow. Its document has a mask in their place.
create table flow_secrets (
  account_id text collate "C" not null references accounts (id),
  flow_id text collate "C" not null,
  -- The path in the document.
  name text collate "C" not null,
  -- Encrypted with SLUICE_SECRET_KEY.
  sealed_secret bytea not null,
  updated_at timestamptz not null,
  primary key (account_id, flow_id, name)
);
