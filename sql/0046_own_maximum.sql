-- Another maximum of a cap in one window (decision page 0109), in the unit of the counter; null: what the flow says.
-- Locks: `cap_windows`, wholly, for a moment: a column without a default rewrites nothing.

alter table cap_windows
  add column own_maximum bigint,
  add constraint cap_windows_own_maximum_check check (own_maximum >= 0);
