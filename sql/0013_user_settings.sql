-- What a console keeps for each user, such as the density of its lists.
-- Locks: none that matter, the table is new.

create table user_settings (
  account_id text collate "C" not null,
  user_id text collate "C" not null,
  -- A JSON object of at most 16 KiB, kept as it was sent.
  document json not null,
  primary key (account_id, user_id),
  foreign key (account_id, user_id) references users (account_id, id) on delete cascade
);
