-- What recipients say of leads later, and what it does to money (decision page 0077).
-- Locks: none that matter, the tables are new.

-- A row per return or conversion that passed the door. Its event is written when its outcome is final.
create table feedback (
  account_id text collate "C" not null,
  -- Sorts by time.
  id text collate "C" not null,
  lead_id text collate "C" not null,
  flow_id text collate "C" not null,
  source_id text collate "C" not null,
  step_id text collate "C" not null,
  recipient_id text collate "C" not null,
  -- The event that it was sent for, of the delivery or of an attempt of it.
  delivery_event_id text collate "C" not null,
  -- return, conversion
  type text not null,
  -- In the recipient's words.
  reason text,
  -- refused, pending, relaying, accepted, declined, unanswered
  status text not null,
  -- Of the answer; null while it is pending or relaying.
  outcome text,
  outcome_reason text,
  -- rules, person, deadline, source; null: it is not decided.
  decided_by text,
  note text,
  -- Does an acceptance take back the cost, where the source is not asked?
  refunds_cost boolean not null default false,
  -- While pending: when the default decides, and what it is.
  deadline_at timestamptz,
  default_decision text,
  -- Times the source was asked; while relaying, when it is asked again.
  attempts smallint not null default 0,
  next_attempt_at timestamptz,
  -- Its feedback-received event; null: its outcome is not final.
  event_id text collate "C",
  received_at timestamptz not null,
  decided_at timestamptz,
  primary key (account_id, id)
);
-- A lead is returned once by a recipient; one that the rules refused may be sent again.
create unique index feedback_returns on feedback (account_id, lead_id, recipient_id)
  where type = 'return' and status <> 'refused';
create index feedback_by_lead on feedback (account_id, lead_id, id);
create index feedback_pending on feedback (deadline_at) where status = 'pending';
create index feedback_relaying on feedback (next_attempt_at) where status = 'relaying';

-- Corrections of what leads cost and earned: added, never changed. What a lead cost and earned at first is in its row and
-- its events.
create table money_entries (
  account_id text collate "C" not null,
  lead_id text collate "C" not null,
  id text collate "C" not null,
  -- cost, revenue
  kind text not null,
  -- 1/10 000 dollars, with its sign: a return is less than 0.
  amount bigint not null,
  -- return
  reason text not null,
  -- The feedback-received event that it is of.
  event_id text collate "C" not null,
  flow_id text collate "C" not null,
  source_id text collate "C" not null,
  recipient_id text collate "C" not null,
  created_at timestamptz not null,
  primary key (account_id, lead_id, id)
);
-- What a lead cost is taken back once, by the first recipient that returns it.
create unique index money_entries_cost on money_entries (account_id, lead_id) where kind = 'cost' and reason = 'return';
-- Reports go along it.
create index money_entries_by_time on money_entries (account_id, created_at);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed', tg_table_name;
end
$$;
create trigger money_entries_stay before update on money_entries for each row execute function refuse_change();
