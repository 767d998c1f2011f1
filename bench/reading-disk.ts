import type pg from 'pg';

/** Bytes on disk with indexes and what is stored apart. */
export interface DiskOfLeads {
  leads: number;
  /** `leads`, `lead_data` and `events`. */
  bytes: number;
  /** What counting and finding add. */
  addedBytes: number;
  byTable: Record<string, number>;
}

const OF_LEADS = ['leads', 'lead_data', 'events'];
const ADDED = [
  'digests',
  'digest_progress',
  'event_kinds',
  'event_tallies',
  'event_tallies_by_day',
  'statistics_keys',
  'statistics_hours',
  'statistics_quarters',
  'statistics_days',
  'latency_tallies',
  'field_keys',
  'field_tallies',
  'lead_search',
];

export async function measureDisk(db: pg.Client): Promise<DiskOfLeads> {
  const { rows } = await db.query<{ name: string; bytes: number }>(
    `select t.name, sum(pg_total_relation_size(p.relid))::float8 as bytes
       from unnest($1::text[]) as t(name)
       join pg_class c on c.relname = t.name and c.relnamespace = current_schema()::regnamespace
       cross join lateral pg_partition_tree(c.oid) p
      group by t.name
      union all
      select t.name, pg_total_relation_size(c.oid)::float8
        from unnest($1::text[]) as t(name)
        join pg_class c on c.relname = t.name and c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'`,
    [[...OF_LEADS, ...ADDED]],
  );
  const byTable = Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]));
  const sum = (names: readonly string[]) => names.reduce((all, name) => all + (byTable[name] ?? 0), 0);
  const { rows: leads } = await db.query<{ count: number }>('select count(*)::int as count from leads');
  return { leads: leads[0]?.count ?? 0, bytes: sum(OF_LEADS), addedBytes: sum(ADDED), byTable };
}
