-- Work that is not a request, as people see it (decision page 0053). The queue itself is the schema sluice_worker,
-- which its library makes. Locks: none that matter, the tables are new.

-- One row per piece of queued work. It goes some days after its end, and what it left with it.
create table jobs (
  account_id text collate "C" not null,
  id text collate "C" not null,
  -- A row of src/jobs/jobs.ts.
  kind text not null,
  -- queued, running, done, done_with_failures, cancelled, failed
  state text not null,
  -- The caller's name for it, so that a request that is made twice makes one job; null: it has none.
  call_id text collate "C",
  -- Who asked: kind, id and name of the actor.
  asked_by json not null,
  -- What is to be done.
  input json not null,
  -- How far it is: the work's own note, from which it goes on after a stop.
  checkpoint json,
  -- Pieces in all, null: not known yet; and pieces behind it.
  total integer,
  done integer not null default 0,
  -- Pieces by outcome.
  counters json not null default '{}',
  -- Why it failed or was put back; no values of leads.
  reason text,
  -- The last lines of its log: [{at, text}].
  lines json not null default '[]',
  -- Counts the times it was begun: who writes names it, so that a process that was given up writes nothing.
  attempt integer not null default 0,
  node_id text collate "C",
  -- Of this attempt, for the rate: when it began, and how much was behind it then.
  begun_at timestamptz,
  begun_done integer not null default 0,
  cancel_asked_at timestamptz,
  created_at timestamptz not null,
  started_at timestamptz,
  updated_at timestamptz not null,
  ended_at timestamptz,
  primary key (account_id, id)
);
create unique index jobs_by_call on jobs (account_id, kind, call_id) where call_id is not null;
create index jobs_open on jobs (id) where ended_at is null;
create index jobs_ended on jobs (ended_at) where ended_at is not null;

-- What a job leaves for people, in parts, each written with the progress it belongs to.
create table job_artefacts (
  account_id text collate "C" not null,
  job_id text collate "C" not null,
  name text not null,
  part integer not null,
  content_type text not null,
  content text not null,
  expires_at timestamptz not null,
  primary key (account_id, job_id, name, part)
);
create index job_artefacts_expired on job_artefacts (expires_at);

-- Which process a pool of the queue belongs to: jobs that a process which is gone had taken are freed by it.
create table job_pools (
  id text collate "C" primary key,
  node_id text collate "C" not null,
  created_at timestamptz not null default now()
);
