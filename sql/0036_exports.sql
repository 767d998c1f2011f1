-- Exports of events and leads as files (decision page 0095).
-- Locks: none that matter, every table is new.

-- One for each job of the kind `export`, with the same id. How it stands is in the job.
create table exports (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  -- What was asked: range, filters, rules, fields, format.
  definition json not null,
  -- Who asked: kind, id and name of the actor.
  asked_by json not null,
  -- The addresses of users that get the link.
  email_to text[] not null,
  created_at timestamptz not null,
  -- Rows and bytes that are written, in how many parts.
  row_count bigint not null default 0,
  byte_count bigint not null default 0,
  part_count integer not null default 0,
  -- null until the file is whole.
  file_name text,
  -- Retention has cut the range.
  is_truncated boolean not null default false,
  -- When its end is to be mailed; null: nothing is.
  mail_due_at timestamptz,
  mail_attempts integer not null default 0,
  mailed_at timestamptz,
  -- Why the last attempt to mail failed.
  mail_fault text,
  primary key (account_id, id)
);
create index exports_mail_due on exports (mail_due_at) where mail_due_at is not null;

-- The file, in parts of at most 1 MiB that follow one another; each is written with the checkpoint of its job.
create table export_parts (
  account_id text collate "C" not null,
  export_id text collate "C" not null,
  part integer not null,
  content bytea not null,
  primary key (account_id, export_id, part)
);
-- The parts are compressed already.
alter table export_parts alter column content set storage external;

-- Who has downloaded it, and when.
create table export_downloads (
  account_id text collate "C" not null,
  export_id text collate "C" not null,
  id text collate "C" not null,
  at timestamptz not null,
  asked_by json not null,
  ip text,
  primary key (account_id, export_id, id)
);
