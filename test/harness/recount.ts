import type pg from 'pg';
import { STANDARD_FIELDS } from '../../src/fields/standard-fields.ts';
import { classifyReason } from '../../src/statistics/classify-reason.ts';

/*
 * What the tables of counts must hold, counted anew from leads, events, pings and money entries. Written in SQL with windows,
 * so that it shares nothing with src/statistics but the class of a reason: a fault would have to be made twice.
 */

/** Each table as texts of its rows: what is there and should not be, and what should be there and is not. */
export interface Difference {
  table: string;
  surplus: string[];
  missing: string[];
}

/** Compares all rows of all accounts; empty: they are equal. The client must be at rest, and nothing may wait to be counted. */
export async function recount(client: pg.ClientBase): Promise<Difference[]> {
  await client.query('create temp table if not exists reason_classes (reason text primary key, class text not null)');
  const { rows: reasons } = await client.query<{ reason: string }>(
    'select reason from leads where reason is not null union select reason from pings where reason is not null union select reason from events where reason is not null',
  );
  await client.query('insert into reason_classes select * from unnest($1::text[], $2::text[]) on conflict do nothing', [
    reasons.map(({ reason }) => reason),
    reasons.map(({ reason }) => classifyReason(reason)),
  ]);
  const differences: Difference[] = [];
  for (const { table, stored, counted, values = [] } of COMPARISONS) {
    const there = await texts(client, stored, []);
    const due = await texts(client, counted, values);
    const [stores, dues] = [new Set(there), new Set(due)];
    const surplus = there.filter((row) => !dues.has(row));
    const missing = due.filter((row) => !stores.has(row));
    if (surplus.length + missing.length > 0) differences.push({ table, surplus, missing });
  }
  return differences;
}

async function texts(client: pg.ClientBase, sql: string, values: unknown[]): Promise<string[]> {
  const { rows } = await client.query<{ row: string }>(sql, values);
  return rows.map(({ row }) => row);
}

/** How many rows of counts there are, so that nothing is not taken for equal. */
export async function countCounts(client: pg.ClientBase): Promise<Record<string, number>> {
  const { rows } = await client.query(
    `select (select count(*)::int from event_kinds) as kinds, (select count(*)::int from event_tallies) as tallies,
       (select count(*)::int from statistics_hours) as statistics, (select count(*)::int from latency_tallies) as latencies,
       (select count(*)::int from field_tallies) as fields, (select count(*)::int from digests) as digests`,
  );
  return rows[0];
}

/** What one hour of a time zone adds to a measure, counted from the events. */
export interface HourlyAmount {
  /** Seconds since 1970 at which the hour begins. */
  hour: number;
  flow_id: string;
  source_id: string;
  /** '' at the level source. */
  recipient: string;
  measure: string;
  amount: number;
}

/** The amounts of all accounts by hours of a time zone: what `/events/stats` with `interval=hourly` must be made of. */
export async function recountByHour(
  client: pg.ClientBase,
  { level, timeZone }: { level: 'source' | 'recipient'; timeZone: string },
): Promise<HourlyAmount[]> {
  const { rows } = await client.query<HourlyAmount>(
    `with ${EVENTS}
     select extract(epoch from date_trunc('hour', to_timestamp(second), $2))::float8 as hour, flow_id, source_id, recipient, measure,
            sum(amount)::float8 as amount
       from amounts where level = $1 group by 1, 2, 3, 4, 5 having sum(amount) <> 0`,
    [level, timeZone],
  );
  return rows;
}

const TALLIED = 'count(*), count(*) filter (where place = 1), min(id), max(id)';
const SECOND = (id: string) => `('x' || left(${id}, 8))::bit(32)::bigint`;
const MONEY = (fact: string) => `coalesce(round((${fact})::numeric * 10000), 0)::bigint`;

/** Events with what they are counted by. */
const EVENTS = `
  counted_events as (
    select e.*, ${SECOND('e.id')} as second,
      case when e.type = 'source' then 'source' when e.type in ('recipient', 'retry') then 'recipient'
           when e.type like 'feedback-%' then (e.facts ->> 'feedback_type') || '_' || substr(e.type, 10) end as "of",
      ${MONEY(`select s.facts ->> 'purchase_price' from events s
        where s.account_id = e.account_id and s.lead_id = e.lead_id and s.type = 'source'`)} as purchase_price,
      case when e.type in ('recipient', 'retry') then case when e.outcome = 'success' then ${MONEY(`e.facts ->> 'revenue'`)} else 0 end
           else ${MONEY(`select d.facts ->> 'revenue' from events d
             where d.account_id = e.account_id and d.lead_id = e.lead_id and d.recipient_id = e.recipient_id
               and d.type in ('recipient', 'retry') and d.outcome = 'success' and d.seq < e.seq order by d.seq limit 1`)} end as sale_price
    from events e
  ), by_level as (
    select c.*, v.level, v.recipient, v.price
      from counted_events c cross join lateral (values
        ('source', '', -1::bigint), ('purchase_price', '', c.purchase_price),
        ('recipient', c.recipient_id, -1::bigint), ('sale_price', c.recipient_id, c.sale_price)) as v(level, recipient, price)
     where v.level in ('source', 'purchase_price') or c."of" <> 'source'
  ), bids as (
    select c.account_id, c.lead_id, c.seq, r.value as candidate
      from counted_events c, json_array_elements(c.facts -> 'distributions') d, json_array_elements(d.value -> 'recipients') r
     where c.type = 'source' and r.value ->> 'bid' is not null
  ), ping_bids as (
    select p.account_id, p.id, r.value as candidate
      from pings p, json_array_elements(p.facts -> 'distributions') d, json_array_elements(d.value -> 'recipients') r
     where r.value ->> 'bid' is not null
  ), amounts as (
    select account_id, level, second, flow_id, source_id, recipient, price, "of" || '_events_' || outcome as measure, 1::bigint as amount
      from by_level where "of" is not null and outcome <> 'skip'
    union all
    select account_id, level, second, flow_id, source_id, recipient, price, "of" || '_leads_' || outcome, 1 from (
      select *, row_number() over (partition by account_id, lead_id, level, recipient, price, "of", outcome order by seq) as place
        from by_level where "of" is not null and outcome <> 'skip') firsts where place = 1
    union all
    select account_id, level, second, flow_id, source_id, recipient, price, "of" || '_leads_submitted', 1 from (
      select *, row_number() over (partition by account_id, lead_id, level, recipient, price, "of" order by seq) as place
        from by_level where "of" is not null and outcome <> 'skip') firsts where place = 1
    union all
    select account_id, level, second, flow_id, source_id, recipient, price, 'cost', ${MONEY(`facts ->> 'cost'`)}
      from by_level where type = 'source'
    union all
    select account_id, level, second, flow_id, source_id, recipient, price, 'revenue', sale_price
      from by_level where type in ('recipient', 'retry')
    union all
    select account_id, level, second, flow_id, source_id, recipient, price, 'ping_won', 1
      from by_level where type = 'source' and outcome = 'success' and facts ->> 'ping_id' is not null
    union all
    select l.account_id, l.level, l.second, l.flow_id, l.source_id, l.recipient, l.price, m.measure, 1
      from bids b join by_level l using (account_id, lead_id, seq) cross join (values ('bids_asked'), ('bids_made'), ('bids_won')) m(measure)
     where case m.measure
       when 'bids_won' then b.candidate ->> 'verdict' = 'accepted'
       when 'bids_made' then b.candidate #>> '{bid,from}' <> 'ping' and b.candidate #>> '{bid,price}' is not null
       else b.candidate #>> '{bid,from}' <> 'ping' end
    union all
    select p.account_id, v.level, ${SECOND('p.id')}, p.flow_id, p.source_id, '', v.price, m.measure, m.amount
      from pings p
      cross join lateral (values ('source', -1::bigint), ('purchase_price', p.price)) v(level, price)
      cross join lateral (values ('ping_submitted', 1::bigint), ('ping_success', (p.outcome = 'success')::int::bigint),
        ('bids_asked', (select count(*) from ping_bids b where b.account_id = p.account_id and b.id = p.id)),
        ('bids_made', (select count(*) from ping_bids b where b.account_id = p.account_id and b.id = p.id
          and b.candidate #>> '{bid,price}' is not null))) m(measure, amount)
    union all
    select m.account_id, v.level, ${SECOND('m.id')}, m.flow_id, m.source_id, v.recipient, v.price, m.kind, m.amount
      from money_entries m
      cross join lateral (select ${MONEY(`select s.facts ->> 'purchase_price' from events s
        where s.account_id = m.account_id and s.lead_id = m.lead_id and s.type = 'source'`)} as bought,
        ${MONEY(`select d.facts ->> 'revenue' from events d
          where d.account_id = m.account_id and d.lead_id = m.lead_id and d.recipient_id = m.recipient_id
            and d.type in ('recipient', 'retry') and d.outcome = 'success' order by d.seq limit 1`)} as sold) prices
      cross join lateral (values ('source', '', -1::bigint), ('purchase_price', '', bought),
        ('recipient', m.recipient_id, -1::bigint), ('sale_price', m.recipient_id, sold)) v(level, recipient, price)
     where v.level in ('source', 'purchase_price') or m.kind = 'revenue'
  )`;

const COMPARISONS: { table: string; stored: string; counted: string; values?: unknown[] }[] = [
  {
    table: 'statistics_quarters',
    // The first quarter of an hour is what the others leave of it.
    stored: `
      select concat_ws('|', k.account_id, k.level, s.bucket, k.flow_id, k.source_id, k.recipient_id, k.price, s.measure,
          sum(s.amount)) as row
        from (
          select h.key, h.hour * 4 as bucket, m.key as measure, m.value::bigint as amount
            from statistics_hours h cross join lateral jsonb_each_text(to_jsonb(h) - '{key,hour}'::text[]) m
          union all
          select q.key, v.bucket, m.key, v.sign * m.value::bigint
            from statistics_quarters q cross join lateral jsonb_each_text(to_jsonb(q) - '{key,quarter}'::text[]) m
            cross join lateral (values (q.quarter, 1), (q.quarter / 4 * 4, -1)) as v(bucket, sign)
        ) s
        join statistics_keys k using (key)
       group by k.account_id, k.level, s.bucket, k.flow_id, k.source_id, k.recipient_id, k.price, s.measure
      having sum(s.amount) <> 0`,
    counted: measuresBy(900),
  },
  {
    table: 'statistics_days',
    stored: `
      select concat_ws('|', k.account_id, k.level, s.day, k.flow_id, k.source_id, k.recipient_id, k.price, m.key, m.value) as row
        from statistics_days s
        join statistics_keys k using (key)
        cross join lateral jsonb_each_text(to_jsonb(s) - '{key,day}'::text[]) m
       where m.value <> '0'`,
    counted: measuresBy(86_400),
  },
  {
    table: 'event_tallies',
    stored: storedTallies('event_tallies', 'bucket'),
    counted: talliesBy(900),
  },
  {
    table: 'event_tallies_by_day',
    stored: storedTallies('event_tallies_by_day', 'day'),
    counted: talliesBy(86_400),
  },
  {
    table: 'event_tallies_by_day, events of hours',
    stored: `
      select concat_ws('|', k.account_id, k.subject, k.type, k.outcome, k.flow_id, k.source_id, k.step_id, k.recipient_id,
          k.reason_class, t.day * 24 + substr(h.key, 2)::int, h.value) as row
        from event_tallies_by_day t
        join event_kinds k on k.id = t.kind
        cross join lateral jsonb_each_text(jsonb_strip_nulls(to_jsonb(t))) h
       where h.key ~ '^h[0-9]+$'`,
    counted: talliesBy(3_600, 'count(*)'),
  },
  {
    table: 'latency_tallies',
    stored: `
      select concat_ws('|', account_id, level, bucket, flow_id, source_id, recipient_id, slot, count) as row
        from latency_tallies join statistics_keys using (key) where price = -1`,
    counted: `
      with each as (
        select account_id, 'source' as level, id, flow_id, source_id, '' as recipient_id, (facts ->> 'total_ms')::float8 as ms
          from events where type = 'source' and facts ->> 'total_ms' is not null
        union all
        select account_id, 'recipient', id, flow_id, source_id, recipient_id, (facts ->> 'wait_ms')::float8
          from events where type = 'recipient' and outcome <> 'skip' and facts ->> 'wait_ms' is not null
      ), slotted as (
        select *, case when ms > 1 then least(240, ceil(ln(ms) / ln(1.1::float8) - 1e-9)) else 0 end::int as slot from each
      )
      select concat_ws('|', account_id, level, ${SECOND('id')} / 3600, flow_id, source_id, recipient_id, slot, count(*)) as row
        from slotted group by account_id, level, ${SECOND('id')} / 3600, flow_id, source_id, recipient_id, slot`,
  },
  {
    table: 'field_tallies',
    stored: `select concat_ws('|', account_id, flow_id, field_id, bucket, leads) as row from field_tallies join field_keys using (key)`,
    counted: `
      with submitted as materialized (
        select d.account_id, d.lead_id, (d.document #> '{vars,lead}') as lead from lead_data d where d.part = 0
      ), ids as (
        select id from unnest($1::text[]) k(id) union select id from fields
      )
      select concat_ws('|', s.account_id, e.flow_id, i.id, ${SECOND('e.id')} / 900, count(*)) as row
        from submitted s
        join events e on e.account_id = s.account_id and e.lead_id = s.lead_id and e.type = 'source'
        cross join ids i
       where btrim(coalesce(s.lead ->> i.id, s.lead #>> string_to_array(i.id, '.'), '')) not in ('', '[]', '{}')
       group by s.account_id, e.flow_id, i.id, ${SECOND('e.id')} / 900`,
    values: [[...STANDARD_FIELDS.keys()].filter((id) => id !== 'id')],
  },
];

function measuresBy(seconds: number): string {
  return `
    with ${EVENTS}
    select concat_ws('|', account_id, level, second / ${seconds}, flow_id, source_id, recipient, price, measure, sum(amount)) as row
      from amounts group by account_id, level, second / ${seconds}, flow_id, source_id, recipient, price, measure
    having sum(amount) <> 0`;
}

function storedTallies(table: string, column: string): string {
  return `
    select concat_ws('|', k.account_id, k.subject, k.type, k.outcome, k.flow_id, k.source_id, k.step_id, k.recipient_id,
        k.reason_class, t.${column}, t.events, coalesce(t.leads, t.events), encode(t.first_id, 'hex'),
        encode(coalesce(t.last_id, t.first_id), 'hex')) as row
      from ${table} t join event_kinds k on k.id = t.kind`;
}

function talliesBy(seconds: number, tallied = TALLIED): string {
  return `
    with each as (
      select account_id, 'event' as subject, type, outcome, flow_id, source_id, coalesce(step_id, '') as step_id,
        coalesce(recipient_id, '') as recipient_id, coalesce(c.class, '') as class, id, lead_id, seq
        from events e left join reason_classes c using (reason)
      union all
      select account_id, 'lead', '', outcome, flow_id, source_id, '', '', coalesce(c.class, ''), id, id, 0
        from leads left join reason_classes c using (reason)
      union all
      select account_id, 'ping', '', outcome, flow_id, source_id, '', '', coalesce(c.class, ''), id, id, 0
        from pings left join reason_classes c using (reason)
    ), placed as (
      select *, ${SECOND('id')} / ${seconds} as bucket, row_number() over (
        partition by account_id, subject, type, outcome, flow_id, source_id, step_id, recipient_id, class, lead_id order by seq) as place
        from each
    )
    select concat_ws('|', account_id, subject, type, outcome, flow_id, source_id, step_id, recipient_id, class, bucket, ${tallied}) as row
      from placed group by account_id, subject, type, outcome, flow_id, source_id, step_id, recipient_id, class, bucket`;
}
