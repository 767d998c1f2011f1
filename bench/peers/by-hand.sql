-- What by-hand.ts keeps. The functions are one round trip each, so a transaction holds the row of the cap for as long as
-- its commit takes and no longer.
create table persons (flow text not null, email text not null, at timestamptz not null, primary key (flow, email));
create table caps (flow text not null, day date not null, taken int not null, primary key (flow, day));
create table leads (
  id uuid primary key, flow text not null, email text not null, document jsonb not null, outcome text, reason text,
  price numeric, at timestamptz not null default now()
);
create table events (
  id bigint generated always as identity primary key, lead_id uuid not null, type text not null, facts jsonb,
  at timestamptz not null default now()
);
create index on events (lead_id);

create function reject_lead(p_id uuid, p_flow text, p_email text, p_document jsonb, p_reason text) returns void
language sql as $$
  insert into leads (id, flow, email, document, outcome, reason, price)
  values (p_id, p_flow, p_email, p_document, 'failure', p_reason, 0);
  insert into events (lead_id, type, facts) values (p_id, 'rejected', jsonb_build_object('reason', p_reason));
$$;

-- Returns why the lead is not taken; null: it is, and holds its person and a place in the cap.
create function begin_lead(p_id uuid, p_flow text, p_email text, p_document jsonb, p_cap int) returns text
language plpgsql as $$
declare
  why text;
begin
  insert into persons values (p_flow, p_email, now())
  on conflict (flow, email) do update set at = now() where persons.at < now() - interval '30 days';
  if not found then
    why := 'duplicate';
  else
    insert into caps as c values (p_flow, current_date, 1)
    on conflict (flow, day) do update set taken = c.taken + 1 where c.taken < p_cap;
    if not found then
      why := 'cap';
      delete from persons where flow = p_flow and email = p_email;
    end if;
  end if;
  if why is not null then
    perform reject_lead(p_id, p_flow, p_email, p_document, why);
  else
    insert into leads (id, flow, email, document) values (p_id, p_flow, p_email, p_document);
    insert into events (lead_id, type) values (p_id, 'received');
  end if;
  return why;
end
$$;

-- A lead that was not sold gives back its person and its place.
create function end_lead(p_id uuid, p_flow text, p_email text, p_outcome text, p_price numeric, p_answer jsonb) returns void
language plpgsql as $$
begin
  update leads set outcome = p_outcome, price = p_price where id = p_id;
  insert into events (lead_id, type, facts) values (p_id, 'delivered', p_answer);
  if p_outcome <> 'success' then
    delete from persons where flow = p_flow and email = p_email;
    update caps set taken = taken - 1 where flow = p_flow and day = current_date;
  end if;
end
$$;
