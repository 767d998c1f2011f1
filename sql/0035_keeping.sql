-- How long data is kept, and what must be kept (decision page 0097). Adds columns without a value, which locks `accounts` for a
-- moment; the tables are new.

alter table accounts
  -- Days that the facts of leads are kept; null: as long as their personal part.
  add column facts_retention_in_days integer,
  -- What was submitted before has no personal part any more.
  add column data_truncated_at timestamptz,
  -- Leads with smaller ids have no values of people in their reasons any more.
  add column reasons_stripped_below text collate "C" not null default '';

-- What must not be deleted, because somebody says so: a lead, or all leads of a person.
create table legal_holds (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  kind text not null,
  -- The person's e-mail address or phone number, encrypted; null: it names leads.
  sealed_subject bytea,
  note text not null,
  created_by json not null,
  created_at timestamptz not null,
  -- Of a person: leads with smaller ids were looked through.
  searched_below text collate "C" not null,
  primary key (account_id, id)
);

-- The leads of legal holds. Retention and erasure ask for each lead.
create table held_leads (
  account_id text collate "C" not null,
  lead_id text collate "C" not null,
  hold_id text collate "C" not null,
  primary key (account_id, lead_id, hold_id)
);
create index held_leads_by_hold on held_leads (account_id, hold_id, lead_id);
