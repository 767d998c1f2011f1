-- What people said about problems (decision page 0105). The problems themselves are what is counted of events.
-- Locks: none that matter, the table is new.

create table problem_marks (
  account_id text collate "C" not null references accounts (id),
  -- 24 hexadecimal digits of the SHA-256 of what its failures have in common.
  id text collate "C" not null,
  -- open, acknowledged, muted, resolved
  state text not null,
  muted_until timestamptz,
  note text,
  changed_at timestamptz not null,
  primary key (account_id, id)
);
