-- Who changed what (decision page 0048).
-- Locks: none that matter, the table is new.

-- A row per change of the configuration, written in the transaction that makes it.
create table activity (
  account_id text collate "C" not null references accounts (id),
  -- Sorts by time.
  id text collate "C" not null,
  at timestamptz not null,
  actor_kind text not null,
  actor_id text collate "C" not null,
  actor_name text not null,
  -- null: it came from the machine itself.
  ip text,
  kind text not null,
  action text not null,
  subject_id text collate "C" not null,
  subject_name text,
  -- The whole document without secrets; null: there was none, or it is a revision of a flow.
  before json,
  after json,
  -- Revisions of a flow are kept for ever, so they are not copied.
  before_revision integer,
  after_revision integer,
  primary key (account_id, id)
);
-- What happened to one thing; what one actor did.
create index activity_by_subject on activity (account_id, subject_id, id);
create index activity_by_actor on activity (account_id, actor_id, id);
