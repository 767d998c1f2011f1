-- Revenue caps count ten-thousandths of a dollar (decision page 0076): 32 bits end at 214 748 dollars.
-- Locks: `cap_windows`, wholly, while it is written anew. That is short: it has a row per cap and window of the last 35
-- days, thousands at most, and no lead has a row in it. Leads wait that long. `cap_alerts`, which has fewer, likewise.

alter table cap_windows
  alter column count type bigint,
  alter column held type bigint;

-- In the unit of the counter.
alter table cap_alerts alter column maximum type bigint;
