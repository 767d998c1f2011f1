create table bodies (
  id bigint generated always as identity primary key, body jsonb not null, at timestamptz not null default now()
);
