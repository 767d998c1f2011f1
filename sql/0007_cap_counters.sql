-- Counters of caps are never below 0. A database that was killed alone used to leave `held` below what run rows hold,
-- and a cap then let more leads through than its maximum, for good.
-- Locks: `cap_windows`, wholly, for one pass over it (a row per cap and window of the last 35 days) and over `runs`,
-- which holds only what is in flight. Leads wait that long.

lock table cap_windows in access exclusive mode;

-- A place is held by as many run rows as say so. What was delivered beyond a maximum stays counted.
with holds as (
  select r.account_id, hold ->> 0 as cap_id, to_timestamp((hold ->> 1)::float8 / 1000) as starts_at,
    (hold ->> 2)::integer as generation, count(*)::integer as held
  from runs r, json_array_elements(r.holds -> 'caps') as hold
  group by 1, 2, 3, 4
), counted as (
  select c.account_id, c.cap_id, c.starts_at, coalesce(h.held, 0) as held
  from cap_windows c
  left join holds h on h.account_id = c.account_id and h.cap_id = c.cap_id and h.starts_at = c.starts_at
    and h.generation = c.generation
)
update cap_windows c set held = k.held, count = greatest(c.count, 0), updated_at = now()
from counted k
where c.account_id = k.account_id and c.cap_id = k.cap_id and c.starts_at = k.starts_at
  and (c.held <> k.held or c.count < 0);

alter table cap_windows
  add constraint cap_windows_held_check check (held >= 0),
  add constraint cap_windows_count_check check (count >= 0);
