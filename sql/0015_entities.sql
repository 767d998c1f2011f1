-- Senders and recipients of leads, which sources and steps of flows name (decision page 0057).
-- Locks: none that matter, the table is new. Reads the saved and the deployed revision of each flow once.

create table entities (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  name text not null,
  description text,
  -- The modules it sends or receives by.
  module_ids text[] not null,
  -- What it is as a source and as a recipient; null: it is none.
  source text,
  recipient text,
  field_suffix text,
  logo_url text,
  website text,
  time_zone text,
  trustedform_certified_vendor boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);

-- The account is one itself.
insert into entities (account_id, id, name, module_ids, source, recipient, created_at, updated_at)
select id, id, name, '{}', 'other', 'other', created_at, created_at from accounts;

-- Those that flows name, as a save makes them from now on.
insert into entities (account_id, id, name, module_ids, source, recipient, created_at, updated_at)
select account_id, id, left((array_agg(name order by revision desc))[1], 200),
       coalesce(array_agg(distinct module_id) filter (where module_id <> ''), '{}'),
       max('other') filter (where is_source), max('other') filter (where not is_source),
       min(created_at), min(created_at)
  from (
    select f.account_id, f.created_at, r.revision, named.is_source,
           lower(named.part -> 'entity' ->> 'id') as id,
           named.part -> 'entity' ->> 'name' as name,
           named.part -> 'integration' ->> 'module_id' as module_id
      from flows f
      join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id
       and r.revision in (f.saved_revision, f.deployed_revision)
     cross join lateral (
       select true as is_source, part from jsonb_path_query(r.document, '$.sources[*]') as part
       union all
       select false, part from jsonb_path_query(r.document, '$.steps[*]') as part
     ) as named
     where f.deleted_at is null
  ) as reference
 where id ~ '^[0-9a-f]{24}$' and name ~ '\S'
 group by account_id, id
on conflict do nothing;
