-- Rows that recipient steps collect, and the files they are delivered in (decision page 0088).
-- Locks: none that matter, the tables are new.

create table batches (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  name text not null,
  -- As the API takes it, but for the name.
  definition jsonb not null,
  -- Its next run by its schedule; null: none.
  scheduled_at timestamptz,
  -- Its next run: that, a file that is to be sent again, or somebody's wish, whichever comes first. null: none.
  due_at timestamptz,
  -- A person asked for the next run: when, and whether its rows stay for the run after it.
  asked_at timestamptz,
  asked_keeps_rows boolean not null default false,
  -- The run under way: of which process, and its own id, which fences what it writes. null: none.
  run_node text collate "C",
  run_id text collate "C",
  -- The last run that ended, and why it could not deliver everything; null: it could, or there was none.
  last_run_at timestamptz,
  last_error text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Its files can be downloaded until they expire.
  deleted_at timestamptz,
  primary key (account_id, id)
);
create index batches_due on batches (due_at) where due_at is not null;

-- A row per delivery to a batch, written by the claim of its step. It counts when the run has ended and its event is a success.
create table batch_rows (
  account_id text collate "C" not null,
  batch_id text collate "C" not null,
  -- The event of the delivery; sorts by time.
  id text collate "C" not null,
  lead_id text collate "C" not null,
  -- Of `runs`: the lead, or the attempt to deliver it again.
  run_id text collate "C" not null,
  -- Values by column as JSON, encrypted with SLUICE_SECRET_KEY.
  content bytea not null,
  created_at timestamptz not null,
  -- The file that took it; null: it waits.
  file_id text collate "C",
  primary key (account_id, batch_id, id)
);
create index batch_rows_waiting on batch_rows (account_id, batch_id, id) where file_id is null;
create index batch_rows_by_lead on batch_rows (account_id, lead_id);
create index batch_rows_by_file on batch_rows (account_id, file_id) where file_id is not null;

-- Files as they are sent. Name and content never change.
create table batch_files (
  account_id text collate "C" not null,
  -- Sorts by time.
  id text collate "C" not null,
  batch_id text collate "C" not null,
  name text not null,
  content_type text not null,
  row_count integer not null,
  byte_count integer not null,
  -- waiting, delivered, failed
  state text not null,
  attempts integer not null default 0,
  -- Why the last attempt failed; null: it did not, or there was none.
  reason text,
  -- Where the last attempt went, without secrets.
  target text,
  created_at timestamptz not null,
  attempted_at timestamptz,
  delivered_at timestamptz,
  next_attempt_at timestamptz,
  expires_at timestamptz not null,
  primary key (account_id, id)
);
create index batch_files_by_batch on batch_files (account_id, batch_id, id);
create index batch_files_waiting on batch_files (account_id, batch_id, id) where state = 'waiting';
create index batch_files_expired on batch_files (expires_at);

-- The content of files in parts, encrypted with SLUICE_SECRET_KEY.
create table batch_file_parts (
  account_id text collate "C" not null,
  file_id text collate "C" not null,
  part integer not null,
  content bytea not null,
  primary key (account_id, file_id, part)
);

-- Which rows a file has, in its order. A row that stays for the next run is in several.
create table batch_file_rows (
  account_id text collate "C" not null,
  file_id text collate "C" not null,
  position integer not null,
  row_id text collate "C" not null,
  lead_id text collate "C" not null,
  primary key (account_id, file_id, position)
);
create index batch_file_rows_by_lead on batch_file_rows (account_id, lead_id);
