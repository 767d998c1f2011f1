import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { EventFilter, LeadPageFilter } from '../src/events/event-store.ts';
import { NO_AFTER, NO_BEFORE } from '../src/events/id-range.ts';
import { packageRoot } from '../src/package-root.ts';
import { openEmbeddedPostgres } from '../src/store/embedded/embedded.ts';
import { createEventStore } from '../src/store/postgres/events.ts';
import { migrate, readMigrations } from '../src/store/postgres/migrate.ts';
import { connectInSchema, DEFAULT_SCHEMA } from '../src/store/postgres/schemas.ts';
import { treeCpuUs } from './cpu.ts';
import type { Floor } from './intake-floors.ts';
import { printFloors } from './intake-table.ts';

const ACCOUNT = '5fd0c0de0000000000000001';
const LEADS = 50_000;
const EVENTS_OF_LEAD = 4;
/** Over 60 days. */
const SECONDS_BETWEEN = 100;
const BEGIN = 0x6500_0000;
const PAGE = 100;
/** /proc counts in hundredths of a second: so many rounds are tens of them. */
const ROUNDS = 40;
const WARM_ROUNDS = 5;
/** A page that matches nothing finds that in what is counted, and reads no event. */
const NOTHING_TIMES_MAX = 1;
/** Three leads of long ago are found by their tallies. */
const RARE_TIMES_MAX = 2;

type Kind = 'full' | 'rare' | 'nothing';

const COMMON: Readonly<Record<Kind, readonly EventFilter[]>> = {
  full: [
    {},
    { outcomes: ['success'] },
    { flowIds: ['f0'] },
    { sourceIds: ['s0'] },
    { flowIds: ['f1'], sourceIds: ['s1'] },
  ],
  rare: [{ flowIds: ['quiet'] }, { sourceIds: ['quiet'] }],
  nothing: [
    { flowIds: ['none'] },
    { sourceIds: ['none'] },
    { reason: 'None such' },
    { flowIds: ['f0'], sourceIds: ['s1'] },
  ],
};
const OF_EVENTS: Readonly<Record<Kind, readonly EventFilter[]>> = {
  full: [...COMMON.full, { types: ['recipient'] }, { recipientIds: ['r0'] }],
  rare: COMMON.rare,
  nothing: [...COMMON.nothing, { types: ['feedback-sent'] }, { types: ['source'], outcomes: ['skip'] }],
};
const OF_LEADS: Readonly<Record<Kind, readonly LeadPageFilter[]>> = {
  ...COMMON,
  nothing: [...COMMON.nothing, { outcomes: ['error'] }],
};

/**
 * CPU of pages of events and of leads by what they match, of the store and PostgreSQL together, in the same minute: ratios, which
 * a slow machine has too. Returns whether they hold.
 */
export async function measurePages(): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-pages-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o711);
  try {
    const opened = await openEmbeddedPostgres({ dataDir: join(home, 'data'), fallbackDir: join(home, 'fallback') });
    if (!opened.ok) throw new Error(opened.error.message);
    try {
      return await measureOn(opened.value.connection);
    } finally {
      await opened.value.stop();
    }
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

async function measureOn(connection: pg.ClientConfig): Promise<boolean> {
  const inSchema = connectInSchema(connection, DEFAULT_SCHEMA);
  const migrated = await migrate(inSchema, readMigrations(join(packageRoot, 'sql')), DEFAULT_SCHEMA);
  if (!migrated.ok) throw new Error(migrated.error.message);
  // One connection, whose process is the one that is measured.
  const pool = new pg.Pool({ ...inSchema, max: 1 });
  try {
    await fill(pool);
    console.log(
      `     ${(performance.now() / 1000).toFixed(0)} s: ${LEADS} leads with ${LEADS * EVENTS_OF_LEAD} events`,
    );
    const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    const pid = rows[0]?.pid ?? 0;
    const store = createEventStore(pool);
    const page = {
      accountId: ACCOUNT,
      range: { after: NO_AFTER, before: NO_BEFORE },
      sort: 'desc',
      limit: PAGE,
    } as const;
    const leadsOf = { events: PAGE, withDocuments: false };
    const floors = [
      ...(await measureKinds(pid, {
        name: 'pages of events',
        filters: OF_EVENTS,
        read: async (filter) => (await store.pageOfEvents({ ...page, filter, leadsOf })).found.length,
      })),
      ...(await measureKinds(pid, {
        name: 'pages of leads',
        filters: OF_LEADS,
        read: async (filter) => (await store.pageOfLeads({ ...page, filter })).found.length,
      })),
    ];
    printFloors(floors);
    return floors.every(({ holds }) => holds);
  } finally {
    await pool.end();
  }
}

interface Asked<Filter> {
  name: string;
  filters: Readonly<Record<Kind, readonly Filter[]>>;
  /** How many entries the page has. */
  read(filter: Filter): Promise<number>;
}

/** The kinds take turns, so that a slow moment of the machine touches all. */
async function measureKinds<Filter>(pid: number, { name, filters, read }: Asked<Filter>): Promise<Floor[]> {
  const us: Record<Kind, number> = { full: 0, rare: 0, nothing: 0 };
  const kinds = ['full', 'rare', 'nothing'] as const;
  for (let round = -WARM_ROUNDS; round < ROUNDS; round += 1) {
    for (const kind of kinds) {
      const before = cpuUs(pid);
      for (const filter of filters[kind]) refuseWrong(kind, { filter, entries: await read(filter) });
      if (round >= 0) us[kind] += (cpuUs(pid) - before) / filters[kind].length / ROUNDS;
    }
  }
  const shown = kinds.map((kind) => `${kind} ${(us[kind] / 1000).toFixed(2)} ms`).join(', ');
  console.log(`     ${name}: CPU of one that is ${shown}`);
  return [
    atMost(`${name}: CPU of one that matches nothing, times a full one`, us.nothing / us.full, NOTHING_TIMES_MAX),
    atMost(`${name}: CPU of one that matches three leads, times a full one`, us.rare / us.full, RARE_TIMES_MAX),
  ];
}

/** A ratio of pages that are not what they are called says nothing. */
function refuseWrong(kind: Kind, { filter, entries }: { filter: unknown; entries: number }): void {
  const isRight = { full: entries === PAGE, rare: entries > 0 && entries < PAGE, nothing: entries === 0 }[kind];
  if (!isRight) throw new Error(`a page that is ${kind} has ${entries} entries: ${JSON.stringify(filter)}`);
}

/** Of this process and of its connection. */
function cpuUs(backendPid: number): number {
  const { user, system } = process.cpuUsage();
  return user + system + treeCpuUs(backendPid);
}

function atMost(name: string, measured: number, bound: number): Floor {
  return { name, kind: 'at-most', bound, measured, holds: measured <= bound };
}

/** 14 flows with four or five sources each, and three leads of a flow that went quiet; all of it counted. */
async function fill(pool: pg.Pool): Promise<void> {
  const id = (second: string, number: string) => `lpad(to_hex(${second}), 8, '0') || lpad(to_hex(${number}), 16, '0')`;
  await pool.query(
    `insert into leads (account_id, id, flow_id, source_id, revision, node_id, outcome, reason, price, submitted_at)
     select $1, ${id(`${BEGIN} + i * ${SECONDS_BETWEEN}`, 'i')}, case when i < 3 then 'quiet' else 'f' || i % 14 end,
            case when i < 3 then 'quiet' else 's' || i % 14 + 14 * (i % 5) end, 1, 'n',
            case when i % 3 = 0 then 'success' else 'failure' end, case when i % 3 = 0 then null else 'Not sold' end, 0,
            '2023-09-12'
       from generate_series(0, ${LEADS - 1}) i`,
    [ACCOUNT],
  );
  await pool.query(
    `insert into events (account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, recipient_id, facts)
     select l.account_id, l.id, seq, ${id(`${BEGIN} + n * ${SECONDS_BETWEEN}`, `n * ${EVENTS_OF_LEAD} + seq`)},
            case seq when 0 then 'source' when 1 then 'filter' else 'recipient' end,
            case when seq = 0 then l.outcome when seq = 3 then 'skip' else 'success' end, case when seq = 0 then l.reason end,
            l.flow_id, l.source_id, case when seq > 0 then 'step0' || seq end, case when seq > 1 then 'r' || n % 7 end, '{}'
       from (select *, row_number() over (order by id) - 1 as n from leads) l, generate_series(0, ${EVENTS_OF_LEAD - 1}) seq`,
  );
  // Kinds and tallies as the duty `digests` writes them.
  await pool.query(
    `with entries as materialized (
       select 'event' as subject, id, type, outcome, flow_id, source_id, coalesce(step_id, '') as step_id,
              coalesce(recipient_id, '') as recipient_id, coalesce(reason, '') as reason_class from events
       union all select 'lead', id, '', outcome, flow_id, source_id, '', '', coalesce(reason, '') from leads),
     named as materialized (
       select *, hashtextextended(concat_ws('|', subject, type, outcome, flow_id, source_id, step_id, recipient_id, reason_class), 0) as kind
         from entries),
     kinds as (
       insert into event_kinds (account_id, kind, subject, type, outcome, flow_id, source_id, step_id, recipient_id, reason_class)
       select distinct $1, kind, subject, type, outcome, flow_id, source_id, step_id, recipient_id, reason_class from named
       returning id, kind)
     insert into event_tallies (kind, bucket, events, first_id, last_id)
     select k.id, ('x' || left(n.id, 8))::bit(32)::int / 900, count(*), decode(min(n.id), 'hex'),
            nullif(decode(max(n.id), 'hex'), decode(min(n.id), 'hex'))
       from named n join kinds k using (kind) group by 1, 2`,
    [ACCOUNT],
  );
  for (const table of ['leads', 'events', 'event_kinds', 'event_tallies']) await pool.query(`analyze ${table}`);
}
