-- Kinds by the day with the events of each hour, so that a day of a time zone reads no quarters for the hours between it and UTC. The
-- table has another name: a server of an older version that still runs would count days without their hours.
lock table event_tallies, event_tallies_days in access exclusive mode;

create table event_tallies_by_day (
  -- The id of `event_kinds`.
  kind integer not null,
  -- Seconds since 1970 by 86,400.
  day integer not null,
  events integer not null,
  leads integer,
  first_id bytea not null,
  last_id bytea,
  -- Events of each hour (UTC); null: none.
  h0 integer, h1 integer, h2 integer, h3 integer, h4 integer, h5 integer, h6 integer, h7 integer,
  h8 integer, h9 integer, h10 integer, h11 integer, h12 integer, h13 integer, h14 integer, h15 integer,
  h16 integer, h17 integer, h18 integer, h19 integer, h20 integer, h21 integer, h22 integer, h23 integer,
  primary key (kind, day)
) with (fillfactor = 90);

insert into event_tallies_by_day (kind, day, events, leads, first_id, last_id,
       h0, h1, h2, h3, h4, h5, h6, h7, h8, h9, h10, h11,
       h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23)
select d.kind, d.day, d.events, d.leads, d.first_id, d.last_id,
       h.h0, h.h1, h.h2, h.h3, h.h4, h.h5, h.h6, h.h7, h.h8, h.h9, h.h10, h.h11,
       h.h12, h.h13, h.h14, h.h15, h.h16, h.h17, h.h18, h.h19, h.h20, h.h21, h.h22, h.h23
  from event_tallies_days d
  left join (
    select kind, bucket / 96 as day,
           sum(events) filter (where bucket / 4 % 24 = 0) as h0, sum(events) filter (where bucket / 4 % 24 = 1) as h1,
           sum(events) filter (where bucket / 4 % 24 = 2) as h2, sum(events) filter (where bucket / 4 % 24 = 3) as h3,
           sum(events) filter (where bucket / 4 % 24 = 4) as h4, sum(events) filter (where bucket / 4 % 24 = 5) as h5,
           sum(events) filter (where bucket / 4 % 24 = 6) as h6, sum(events) filter (where bucket / 4 % 24 = 7) as h7,
           sum(events) filter (where bucket / 4 % 24 = 8) as h8, sum(events) filter (where bucket / 4 % 24 = 9) as h9,
           sum(events) filter (where bucket / 4 % 24 = 10) as h10, sum(events) filter (where bucket / 4 % 24 = 11) as h11,
           sum(events) filter (where bucket / 4 % 24 = 12) as h12, sum(events) filter (where bucket / 4 % 24 = 13) as h13,
           sum(events) filter (where bucket / 4 % 24 = 14) as h14, sum(events) filter (where bucket / 4 % 24 = 15) as h15,
           sum(events) filter (where bucket / 4 % 24 = 16) as h16, sum(events) filter (where bucket / 4 % 24 = 17) as h17,
           sum(events) filter (where bucket / 4 % 24 = 18) as h18, sum(events) filter (where bucket / 4 % 24 = 19) as h19,
           sum(events) filter (where bucket / 4 % 24 = 20) as h20, sum(events) filter (where bucket / 4 % 24 = 21) as h21,
           sum(events) filter (where bucket / 4 % 24 = 22) as h22, sum(events) filter (where bucket / 4 % 24 = 23) as h23
      from event_tallies
     group by 1, 2) h on h.kind = d.kind and h.day = d.day
 order by d.day, d.kind;

drop table event_tallies_days;
