-- Places are taken with the intent that first needs them, in one transaction, and stand in its row. Rows of `runs` that
-- were made before keep theirs in `runs.holds`; a recovery reads both.
-- Locks: `intents` for the moment of adding a column; it holds only what is in flight.

alter table intents add column holds json;

-- Ends a transaction in which something that was asked for is no longer to be had (ARCHITECTURE.md, "Claim").
create function require_claim(got bigint, expected bigint) returns boolean
language plpgsql as $$
begin
  if got <> expected then
    raise exception 'claim: % of % places are to be had', got, expected using errcode = 'SLF02';
  end if;
  return true;
end
$$;
