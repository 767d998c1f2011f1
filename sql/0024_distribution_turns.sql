-- Turns of distributions: whose turn it is when leads are shared out (decision page 0075).
-- Locks: none; the table is new.

-- One row for the candidates that are offered a lead together: of a tier of a distribution. `turns` names them with their
-- weights, so that a change of these begins a new row. Locked for each group of choices, and written without waiting for
-- the disk: the claim that follows a choice flushes it.
create table distribution_turns (
  account_id text collate "C" not null,
  flow_id text collate "C" not null,
  step_id text collate "C" not null,
  turns text collate "C" not null,
  -- By candidate, in parts of a turn: how far it is behind its share. The sum is 0.
  credits json not null,
  updated_at timestamptz not null,
  primary key (account_id, flow_id, step_id, turns)
) with (fillfactor = 50); -- Few rows, written often, and no index on what is written: new versions stay on their page.
