-- Deliveries to other flows of the same installation (decision page 0089).
-- Locks: `unknowns` for the moment of adding two columns and an index; it holds deliveries that may have arrived alone.

-- The lead of another flow that the delivery may have made, of any account; null: it went over HTTP.
alter table unknowns add column inner_account_id text collate "C", add column inner_lead_id text collate "C";
create index unknowns_inner on unknowns (account_id, event_id) where resolved_at is null and inner_lead_id is not null;
