-- Intents are kept as they are written. A row is deleted seconds later, so compressing it saved no disk, and took half of what it costs.
-- Rows from before stay as they are.
-- Locks: `intents`, wholly, for a moment: nothing is rewritten.

alter table intents alter column state set storage external;
alter table intents set (toast_tuple_target = 8160);
