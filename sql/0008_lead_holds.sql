-- Places of leads that have ended while a delivery of theirs has not (decision 48).
-- Locks: `unknowns` for the moment of dropping a column; it has a row per delivery that may have arrived.

-- One row per lead that was no success and has a delivery that is tried again or may have arrived: its list entries and
-- its places in the caps of flow and source. Goes when a delivery came through: then they are used for good.
create table lead_holds (
  account_id text collate "C" not null,
  lead_id text collate "C" not null,
  -- held: as while the lead ran. counted: used, because a delivery may have arrived; given back if none did.
  -- released: given back; a retry that is run by hand takes them again.
  state text not null,
  -- As in `runs.holds`.
  holds json not null,
  primary key (account_id, lead_id)
);

-- Unknown deliveries kept the places of their lead themselves.
insert into lead_holds (account_id, lead_id, state, holds)
  select distinct on (account_id, lead_id) account_id, lead_id, 'counted', lead_holds from unknowns
   where resolved_at is null and lead_holds is not null
   order by account_id, lead_id, event_id;
alter table unknowns drop column lead_holds;
