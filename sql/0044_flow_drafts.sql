-- Drafts of flows, test leads, and notes of revisions (decision page 0108).
-- Locks: the new column takes the lock of flow_revisions for a moment; nothing is rewritten.

alter table flow_revisions add column note text;

-- One a flow. The row outlives the draft, so that no number of a version comes twice.
create table flow_drafts (
  account_id text collate "C" not null,
  flow_id text collate "C" not null,
  version integer not null,
  base_revision integer not null,
  -- As it was sent; null: the draft was discarded or published.
  document json,
  -- The connection string that stands in the document as a mask; null: the draft gives none.
  sealed_secret bytea,
  -- Who saved it last, with the name of that day.
  user_kind text not null,
  user_id text collate "C" not null,
  user_name text not null,
  updated_at timestamptz not null,
  primary key (account_id, flow_id),
  foreign key (account_id, flow_id) references flows (account_id, id)
);

-- Leads that people made up for a flow, with what they expect of each.
create table test_leads (
  account_id text collate "C" not null,
  flow_id text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  -- Of the source's entity, or the source's own.
  source_id text collate "C" not null,
  -- Values, assumptions and the expected outcome.
  sealed_lead bytea not null,
  user_kind text not null,
  user_id text collate "C" not null,
  user_name text not null,
  updated_at timestamptz not null,
  primary key (account_id, flow_id, id),
  foreign key (account_id, flow_id) references flows (account_id, id)
);
