import type pg from 'pg';
import { openDatabase } from '../../src/cli/open-database.ts';
import { loadConfig } from '../../src/config.ts';
import { firstIdAt } from '../../src/lib/ids.ts';
import { createLog } from '../../src/observe/log.ts';
import { DAYS_AHEAD, ensurePartitions } from '../../src/store/postgres/partitions.ts';
import { deployFlow, openClient } from '../flow-api.ts';
import { type ServerProcess, startSluice } from '../sluice-server.ts';
import { createChance } from './chance.ts';
import { type Filled, fillDatabase } from './fill.ts';
import { buildFlows, SOURCES } from './installation.ts';
import { openPool } from './open-pool.ts';
import { planLeads } from './plan-leads.ts';
import { runTemplates, type TargetIds } from './run-templates.ts';

export interface SeedOptions {
  leads: number;
  days: number;
  /** The same seed makes the same leads, but for their times. */
  seed: number;
  /** How many of the sources send leads; absent: all. Fewer templates are made sooner. */
  sources?: number;
  /** Beside the leads that are there. */
  appends: boolean;
  /** Of the embedded database, or of the files of a server with another one. */
  dataDir: string;
  databaseUrl?: string;
  /** Where the server that saves the flows writes its log. */
  logPath: string;
  say(sentence: string): void;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Leads that begin now are counted with their end from then on. */
const NOTICE_MS = 1_000;
/** A line of progress each so many leads. */
const REPORTED_LEADS = 200_000;
/** Where recipients would listen: none does, and nothing is sent. */
const NO_RECIPIENT = 'http://127.0.0.1:9';

/** Fills a database; returns what it wrote, or why it did not. */
export async function seedDatabase(options: SeedOptions): Promise<Filled | string> {
  const { dataDir, databaseUrl } = options;
  const settings = { ...process.env, SLUICE_DATA_DIR: dataDir, ...(databaseUrl && { DATABASE_URL: databaseUrl }) };
  const config = loadConfig(settings);
  if (!config.ok) return config.error.map(({ message }) => message).join('\n');
  const opened = await openDatabase(config.value, createLog({ level: 'error', nodeName: 'seed' }));
  if (!opened.ok) return opened.error;
  const pool = openPool({ ...opened.value.connection, max: 2 });
  try {
    const { rows } = await pool.query('select from leads limit 1');
    if (rows.length > 0 && !options.appends) return 'The database has leads: use an empty one, or --append.';
    const target = await configure(pool, options);
    tell(options, 'flows are deployed; running templates');
    return await fill(pool, { options, target, connection: opened.value.connection });
  } finally {
    await pool.end();
    await opened.value.stop();
  }
}

/** Seconds since the process began, and what was done. */
function tell({ say }: SeedOptions, sentence: string): void {
  say(`${(performance.now() / 1000).toFixed(0)} s: ${sentence}`);
}

/** Saves and deploys the flows that are missing, over the API of a server for the time. */
async function configure(pool: pg.Pool, options: SeedOptions): Promise<TargetIds> {
  const { dataDir, databaseUrl, logPath } = options;
  const server = await startSluice({ dataDir, logPath, warmSeconds: 0, ...(databaseUrl && { databaseUrl }) });
  try {
    const known = await readFlowIds(server);
    for (const flow of buildFlows(NO_RECIPIENT)) if (!known.has(flow.id ?? '')) await deployFlow(server, flow);
  } finally {
    await server.stop();
  }
  const accounts = await pool.query<{ id: string }>('select id from accounts order by id limit 1');
  const lists = await pool.query<{ id: string; name: string }>('select id, name from lists');
  return {
    accountId: accounts.rows[0]?.id ?? '',
    lists: new Map(lists.rows.map(({ id, name }) => [name, id])),
  };
}

async function readFlowIds(server: ServerProcess): Promise<Set<string>> {
  const flows = await openClient(server).listFlows();
  return new Set(flows.flatMap(({ id }) => id ?? []));
}

async function fill(
  pool: pg.Pool,
  { options, target, connection }: { options: SeedOptions; target: TargetIds; connection: pg.PoolConfig },
): Promise<Filled> {
  const { leads, days, seed, sources } = options;
  const templates = await runTemplates(target, sources ?? SOURCES.length);
  tell(options, `${templates.length} templates ran`);
  const endsAt = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  await makePartitions(pool, { from: endsAt - days * DAY_MS, to: endsAt });
  await leaveToBackfill(pool);
  let reported = 0;
  const filled = await fillDatabase(connection, {
    planned: planLeads({ templates, leads, days, endsAt, chance: createChance(seed) }),
    endsAt,
    chance: createChance(seed + 1),
    report: (sofar) => {
      if (sofar.leads - reported < REPORTED_LEADS) return;
      reported = sofar.leads;
      tell(options, `${sofar.leads} leads, ${sofar.events} events`);
    },
  });
  tell(options, `${filled.leads} leads, ${filled.events} events and ${filled.pings} pings written`);
  return filled;
}

/**
 * What is written here has no digests: the server counts it like leads from before there were any. What was counted before is
 * counted again with it.
 */
async function leaveToBackfill(pool: pg.Pool): Promise<void> {
  await pool.query(
    `truncate digests, digest_progress, event_kinds, event_tallies, event_tallies_by_day, statistics_keys, statistics_hours,
       statistics_quarters, statistics_days, latency_tallies, field_keys, field_tallies, lead_search`,
  );
  await pool.query(
    `insert into installation (name, value) values ('digests_from', convert_to($1, 'UTF8'))
     on conflict (name) do update set value = excluded.value`,
    [firstIdAt(Date.now() + NOTICE_MS)],
  );
}

/** Of the past, as the server would have made them then. */
async function makePartitions(pool: pg.Pool, { from, to }: { from: number; to: number }): Promise<void> {
  for (let now = from; now < to + DAYS_AHEAD * DAY_MS; now += DAYS_AHEAD * DAY_MS) {
    const failed = await ensurePartitions(pool, Math.min(now, to));
    if (failed.length > 0) throw new Error(`partitions could not be made: ${failed.join(', ')}`);
  }
}
