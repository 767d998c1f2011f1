-- Erasing and exporting a person (decision page 0098). New tables only.

-- What a job of erasing or exporting is about; the row goes with the end of the job.
create table privacy_requests (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  -- The person, encrypted; null: leads are named.
  sealed_person bytea,
  lead_ids text[] not null,
  created_at timestamptz not null,
  primary key (account_id, id)
);

-- What was erased, signed; kept for good, without a value of a person.
create table erasure_receipts (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  statement text not null,
  signature bytea not null,
  created_at timestamptz not null,
  primary key (account_id, id)
);
