-- Pings: a sender asks for a price before it submits the lead (decision page 0074).
-- Locks: `accounts` for a moment, an installation has a handful of rows. The other table is new.

-- Above `ping_enabled` of the flows, which is false unless somebody sets it: so no flow of today answers pings by itself.
alter table accounts add column lead_ping_enabled boolean not null default true;

-- A ping and what it promised. No value of the person: `facts` has keyed hashes. Partitioned by the ping's id like leads,
-- and dropped with its partition.
create table pings (
  account_id text collate "C" not null,
  id text collate "C" not null,
  flow_id text collate "C" not null,
  source_id text collate "C" not null,
  revision integer not null,
  node_id text collate "C" not null,
  outcome text not null,
  reason text,
  -- 1/10 000 dollars.
  price bigint not null,
  submitted_at timestamptz not null,
  -- Until then a post gets the price.
  expires_at timestamptz not null,
  facts json not null,
  primary key (account_id, id)
) partition by range (id);
-- GET /pings of one flow, newest first.
create index pings_by_flow on pings (account_id, flow_id, id);

-- Rows outside the partitions land here; there should be none.
create table pings_default partition of pings default;
