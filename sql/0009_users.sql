-- People: users of an account, the links that let them in, their sessions, and failed attempts to sign in.
-- Locks: none that matter, every table is new.

create table users (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  -- In lower case, so that an address is one user however it is typed.
  email text collate "C" not null,
  first_name text not null,
  last_name text not null,
  -- A name of the table of roles.
  role text not null,
  -- `scrypt$N$r$p$salt$hash`; null until the invitation is accepted.
  password_hash text,
  -- Sealed with the secret key; null: no second factor.
  sealed_totp bytea,
  -- A second factor that is being set up; takes the place of the other when its first code is confirmed.
  pending_totp bytea,
  -- The last 30-second step whose code was accepted: each code works once.
  totp_step bigint,
  -- SHA-256 of the recovery codes that are left.
  recovery_hashes bytea[] not null default '{}',
  created_at timestamptz not null,
  last_login_at timestamptz,
  disabled_at timestamptz,
  primary key (account_id, id)
);
-- A person signs in by e-mail address alone, so an address belongs to one user of the installation.
create unique index users_by_email on users (email);

-- The link that lets a user set a password: one per user, a new one replaces the earlier. Goes when it is used.
create table invitations (
  account_id text collate "C" not null,
  user_id text collate "C" not null,
  -- SHA-256 of the link's token.
  token_hash bytea not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (account_id, user_id),
  foreign key (account_id, user_id) references users (account_id, id) on delete cascade
);

create table sessions (
  account_id text collate "C" not null,
  id text collate "C" not null,
  user_id text collate "C" not null,
  -- SHA-256 of the cookie's token.
  token_hash bytea not null unique,
  created_at timestamptz not null,
  -- Written at most once a minute.
  last_seen_at timestamptz not null,
  ip text not null,
  user_agent text not null,
  primary key (account_id, id),
  foreign key (account_id, user_id) references users (account_id, id) on delete cascade
);
create index sessions_by_user on sessions (account_id, user_id);

-- Failed attempts to sign in, counted for all servers together. Rows go an hour after the last failure.
create table sign_in_failures (
  -- `email:` and a SHA-256, or `address:` and an IP address or an IPv6 /64.
  key text collate "C" primary key,
  failures integer not null,
  last_at timestamptz not null
);
create index sign_in_failures_by_time on sign_in_failures (last_at);
