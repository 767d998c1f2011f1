-- How each process sees its recipients: places in use and the circuit (decision 0029). Written by a loop when something
-- changed, read by the API; leads never wait for it.
-- Locks: only new objects.

create table recipient_health (
  account_id text collate "C" not null,
  recipient_id text collate "C" not null,
  -- Scheme, host and port.
  origin text collate "C" not null,
  -- What a process told goes with the process.
  node_id text collate "C" not null references nodes (id) on delete cascade,
  -- closed, open, half_open
  state text not null,
  running integer not null,
  waiting integer not null,
  -- Requests that had to wait, since the process first sent there.
  waited bigint not null,
  -- Of the last minute; of an open circuit those that opened it.
  requests integer not null,
  errors integer not null,
  opened_at timestamptz,
  next_probe_at timestamptz,
  reported_at timestamptz not null,
  -- Somebody wants the circuit closed; its process does it and takes the wish back.
  is_close_asked boolean not null default false,
  primary key (account_id, recipient_id, origin, node_id)
);
create index recipient_health_by_node on recipient_health (node_id);
