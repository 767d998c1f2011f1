-- Saved reports, with who may look at them without signing in and when they are mailed (decision page 0100).
-- Locks: none that matter, the table is new.

create table reports (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  name text not null,
  -- As the API takes it, but for the name.
  definition json not null,
  -- SHA-256 of the token of its link; null: it is not shared.
  share_hash bytea unique,
  share_expires_at timestamptz,
  -- When it is mailed next: by its schedule, or again after a failure. null: never.
  mail_due_at timestamptz,
  -- The time of the schedule that is due; it stays while mailing fails.
  mail_scheduled_at timestamptz,
  mail_attempts integer not null default 0,
  mailed_at timestamptz,
  -- Why the last attempt failed; null: it did not, or there was none.
  mail_fault text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
create index reports_mail_due on reports (mail_due_at) where mail_due_at is not null;
