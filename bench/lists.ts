import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type pg from 'pg';
import { killAll, withDatabase } from '../test/chaos/stage.ts';
import { deployFlow, openClient, submitPath } from './flow-api.ts';
import type { Floor } from './intake-floors.ts';
import { printFloors } from './intake-table.ts';
import type { loadHandlers } from './load.ts';
import { forkScript, type ScriptProcess } from './processes.ts';
import { type ServerProcess, startSluice } from './sluice-server.ts';
import { median } from './statistics.ts';
import { flowWith, SOURCE_ENTITY_ID } from './workloads.ts';

export interface ListsOptions {
  /** Of the imported file. */
  rows: number;
  /** Entries of the large list. */
  entries: number;
  rounds: number;
  /** Of each measured window. */
  seconds: number;
}

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));
const SMALL_ENTRIES = 5_000;
const CONNECTIONS = 16;
const TIMES_MAX = 1.1;
/** What an import of any size may add to the memory of the server. */
const RSS_GROWTH_MIB_MAX = 200;
const POLL_MS = 250;
const IMPORT_MS_MAX = 1_800_000;

/**
 * Imports a file of a million phones, kills the server and its PostgreSQL with SIGKILL halfway, and compares what the list
 * has in the end with the file; reports rows a second and how much memory the server took. Then measures what a list check
 * costs PostgreSQL against a list of 5 000 and one of 5 million entries. Writes bench/results/lists.json; returns whether
 * nothing was lost or doubled, memory is bounded, and the large list costs at most 1.1 times the small one.
 */
export async function measureLists(options: ListsOptions): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-lists-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const start = () => startSluice({ dataDir: join(home, 'data'), logPath: join(home, 'server.log') });
  const load = forkScript<typeof loadHandlers>(new URL('./load.ts', import.meta.url));
  let server = await start();
  try {
    const imported = await measureImport(server, { rows: options.rows, restart: async () => (server = await start()) });
    const checks = await withDatabase(join(home, 'data'), (db) => measureChecks({ load, server, db }, options));
    return report({ imported, checks }, options);
  } finally {
    await server.stop();
    await load.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

interface Imported {
  added: number;
  repeated: number;
  count: number;
  attempts: number;
  seconds: number;
  rssBeforeMib: number;
  rssPeakMib: number;
}

async function measureImport(
  first: ServerProcess,
  { rows, restart }: { rows: number; restart: () => Promise<ServerProcess> },
): Promise<Imported> {
  let server = first;
  const text = Array.from({ length: rows }, (_, number) => `${phoneOf(number)}\n`).join('');
  const file = new Uint8Array(gzipSync(text, { level: 1 }));
  await openClient(server).createList({ name: 'Imported', type: 'phone' });
  const rssBeforeMib = readRssMib(server.pid);
  let rssPeakMib = rssBeforeMib;
  const startedAt = performance.now();
  const sent = await openClient(server).importListFile('imported', file, {}, { timeoutMs: 60_000 });
  const id = 'job' in sent ? sent.job.id : '';
  let isKilled = false;
  while (performance.now() - startedAt < IMPORT_MS_MAX) {
    await pause(POLL_MS);
    const job = await openClient(server).readJob(id);
    rssPeakMib = Math.max(rssPeakMib, readRssMib(server.pid));
    if (!isKilled && job.progress.done >= rows / 2) {
      console.log(`     killed after ${job.progress.done} rows, ${seconds(startedAt)} s`);
      isKilled = true;
      await killAll(server);
      server = await restart();
    }
    if (job.ended_at === null) continue;
    const { added = 0, repeated = 0 } = job.counters as Record<string, number>;
    const { count } = await openClient(server).readList('imported');
    return { added, repeated, count, attempts: job.attempt, seconds: seconds(startedAt), rssBeforeMib, rssPeakMib };
  }
  throw new Error('the import did not end');
}

function seconds(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 100) / 10;
}

/** Eight million different numbers. */
function phoneOf(number: number): string {
  return `512${2_000_000 + number}`;
}

/** Of the process alone, without its PostgreSQL. */
function readRssMib(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(line?.[1] ?? 0) / 1024);
}

interface Stage {
  load: ScriptProcess<typeof loadHandlers>;
  server: ServerProcess;
  db: pg.Client;
}

interface Costs {
  cpuUs: number;
  /** Pages of the table and its index that were looked at. */
  pages: number;
}

/** Medians of interleaved rounds against both lists; the first round warms and is not counted. */
async function measureChecks(stage: Stage, options: ListsOptions): Promise<{ small: Costs; large: Costs }> {
  const flows = {
    small: await fillList(stage, 'Small', SMALL_ENTRIES),
    large: await fillList(stage, 'Large', options.entries),
  };
  await stage.db.query('vacuum analyze list_items');
  await stage.db.query('checkpoint');
  const measured: { small: Costs[]; large: Costs[] } = { small: [], large: [] };
  let firstPerson = 0;
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const name of round % 2 === 0 ? (['small', 'large'] as const) : (['large', 'small'] as const)) {
      const { costs, requests } = await measureWindow(stage, {
        flowId: flows[name],
        seconds: options.seconds,
        firstPerson,
      });
      firstPerson += requests;
      if (round > 0) measured[name].push(costs);
    }
  }
  const medians = (all: readonly Costs[]): Costs => ({
    cpuUs: median(all.map(({ cpuUs }) => cpuUs)),
    pages: median(all.map(({ pages }) => pages)),
  });
  return { small: medians(measured.small), large: medians(measured.large) };
}

/** A flow that checks a list of random entries; returns its id. */
async function fillList({ server, db }: Stage, name: string, entries: number): Promise<string> {
  const list = await openClient(server).createList({ name, type: 'phone' });
  await db.query(
    `insert into list_items (account_id, list_id, value, added_at)
     select l.account_id, l.contents_id, sha256((l.id || n)::bytea), now() from lists l, generate_series(1, $2::int) n
      where l.id = $1`,
    [list.id, entries],
  );
  const flow = { ...flowWith([]), list_checks: { dnc: { value: '{{lead.phone_1}}', list_name: name } } };
  return deployFlow(server, flow);
}

async function measureWindow(
  { load, server, db }: Stage,
  window: { flowId: string; seconds: number; firstPerson: number },
): Promise<{ costs: Costs; requests: number }> {
  const postmasterPid = server.postmasterPid();
  const before = await readPages(db);
  const report = await load.ask('run', {
    port: server.port,
    path: submitPath(window.flowId, SOURCE_ENTITY_ID),
    expected: { status: 201, text: '"outcome":"success"' },
    watched: [{ name: 'postgres', pid: postmasterPid, exceptPid: null }],
    connections: CONNECTIONS,
    firstPerson: window.firstPerson,
    warmUpMs: 250,
    windowMs: window.seconds * 1000,
    requestsMax: Number.MAX_SAFE_INTEGER,
  });
  const { requests, requestsInAll, unexpected, cpuUs } = report;
  if (unexpected > 0 || requests === 0) throw new Error(`${unexpected} unexpected answers: ${report.unexpectedSample}`);
  // Sessions report what they have read when they are idle for a second.
  await pause(1_500);
  const pages = ((await readPages(db)) - before) / requestsInAll;
  return { costs: { cpuUs: (cpuUs['postgres'] ?? Number.NaN) / requests, pages }, requests: requestsInAll };
}

async function readPages(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ pages: string }>(
    `select sum(heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit) as pages
       from pg_statio_user_tables where relname = 'list_items'`,
  );
  return Number(rows[0]?.pages);
}

function report(
  { imported, checks }: { imported: Imported; checks: { small: Costs; large: Costs } },
  options: ListsOptions,
): boolean {
  const { added, repeated, count, attempts, seconds: took, rssBeforeMib, rssPeakMib } = imported;
  const { small, large } = checks;
  console.log(
    `     import: ${options.rows} rows in ${took} s with a kill -9 (${Math.round(options.rows / took)} a second), ${attempts} attempts, RSS ${rssBeforeMib} MiB before, ${rssPeakMib} MiB at most`,
  );
  for (const [name, { cpuUs, pages }] of Object.entries(checks))
    console.log(
      `     ${name} list: PostgreSQL ${cpuUs.toFixed(0)} µs CPU and ${pages.toFixed(2)} pages of list_items a lead`,
    );
  const atMost = (name: string, measured: number, bound: number): Floor => ({
    ...{ name, kind: 'at-most', bound, measured, holds: measured <= bound },
  });
  const lost = Math.abs(options.rows - count) + Math.abs(options.rows - added) + repeated;
  const floors = [
    atMost('rows lost, doubled or counted twice', lost, 0),
    atMost('MiB of RSS that the import added', rssPeakMib - rssBeforeMib, RSS_GROWTH_MIB_MAX),
    atMost(
      `PostgreSQL CPU of a lead, ${options.entries} entries to ${SMALL_ENTRIES}`,
      large.cpuUs / small.cpuUs,
      TIMES_MAX,
    ),
    atMost('pages of list_items, the same', large.pages / small.pages, TIMES_MAX),
  ];
  printFloors(floors);
  mkdirSync(RESULTS, { recursive: true });
  const json = JSON.stringify({ node: process.version, options, imported, checks, floors }, null, 2);
  writeFileSync(`${RESULTS}lists.json`, `${json}\n`);
  return floors.every(({ holds }) => holds);
}
