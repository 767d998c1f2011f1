import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROUTES } from '../client/src/generated.ts';
import { withDatabase } from '../test/chaos/stage.ts';
import { treeCpuUs } from './cpu.ts';
import type { Floor } from './intake-floors.ts';
import { printFloors } from './intake-table.ts';
import { type DiskOfLeads, measureDisk } from './reading-disk.ts';
import { type ExportFigures, measureExport } from './reading-export.ts';
import { checkReading } from './reading-floors.ts';
import { type IntakeFigures, measureIntakeBesideReaders } from './reading-intake.ts';
import { listRequests, READING_GROUPS, type ReadingGroup, type ReadingRequest } from './reading-requests.ts';
import { readSamples } from './reading-samples.ts';
import { type Read, type ReadingOptions, type ReadingStage, read } from './reading-stage.ts';
import { seedDatabase } from './seed/seed-database.ts';
import { untilCounted } from './seed/until-counted.ts';
import { startSluice } from './sluice-server.ts';
import { median, percentile } from './statistics.ts';

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));
/** Before anything is measured: code is compiled and caches are as they are of a server that runs. */
const WARM_REQUESTS = 60;
/** Of a database that is made for the time: half of all, so that its templates are made in seconds. */
const SOURCES = 15;
/** Of pairs of filters, a short run asks one in so many. */
const PAIRS_LEFT_OUT = 6;
/** Of each group. */
const SLOW_SHOWN_MAX = 10;

/**
 * Reads a seeded installation as people do, and reports how long each kind of request takes, what it costs PostgreSQL, what
 * submissions feel of it, and what an export and the tables of counts take. Requests whose routes the server does not have
 * are left out. Writes bench/results/reading.json; returns whether each promise holds.
 */
export async function measureReading(options: ReadingOptions): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-reading-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const dataDir = options.dataDir ?? join(home, 'data');
  try {
    if (options.dataDir === undefined) await seed({ dataDir, home, leads: options.leads });
    const server = await startSluice({ dataDir, logPath: join(home, 'server.log') });
    try {
      return await withDatabase(dataDir, (db) => measure({ server, db }, options));
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function seed({ dataDir, home, leads }: { dataDir: string; home: string; leads: number }): Promise<void> {
  const say = (sentence: string) => console.log(`     ${sentence}`);
  const logPath = join(home, 'seed.log');
  const done = await seedDatabase({
    leads,
    days: 60,
    seed: 1,
    sources: SOURCES,
    appends: false,
    dataDir,
    logPath,
    say,
  });
  if (typeof done === 'string') throw new Error(done);
}

async function measure(stage: ReadingStage, options: ReadingOptions): Promise<boolean> {
  console.log(`     counted after ${((await untilCounted(stage.db)) / 1000).toFixed(0)} s`);
  const all = listRequests(await readSamples(stage.db)).filter(({ group }) => isThere(READING_GROUPS[group].route));
  const requests = options.ratiosOnly ? leaveOutPairs(all) : all;
  for (const name of missingGroups()) console.log(`     ${name}: left out, this server has no such route`);
  // First: the memory that it adds is hidden by what pages took before.
  const exported =
    options.exportRows > 0 && isThere('/exports') ? await measureExport(stage, { rows: options.exportRows }) : null;
  for (const request of spread(requests, WARM_REQUESTS)) await read(stage.server, request);
  const reads = await readAll(stage, { requests, rounds: options.rounds });
  printReads(reads);
  const intake = options.seconds > 0 ? await measureIntakeBesideReaders(stage, { requests, ...options }) : null;
  const disk = await measureDisk(stage.db);
  const floors = checkReading({ reads, intake, exported, disk }, options);
  report({ reads, intake, exported, disk, floors }, options);
  return floors.every(({ holds }) => holds);
}

function leaveOutPairs(requests: readonly ReadingRequest[]): ReadingRequest[] {
  const isPair = ({ name }: ReadingRequest) => name.includes(' and ');
  const pairs = requests.filter(isPair);
  return requests.filter((each) => !isPair(each) || pairs.indexOf(each) % PAIRS_LEFT_OUT === 0);
}

function isThere(route: string): boolean {
  return Object.values(ROUTES).some(({ path }) => path === route);
}

function missingGroups(): string[] {
  return Object.entries(READING_GROUPS).flatMap(([name, { route }]) => (isThere(route) ? [] : [name]));
}

/** So many of them, from all places of the list. */
function spread<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, place) => all[Math.floor(place * step)]).filter(
    (each) => each !== undefined,
  );
}

/** Round after round, so that a slow minute of the machine touches all requests. */
async function readAll(
  { server }: ReadingStage,
  { requests, rounds }: { requests: readonly ReadingRequest[]; rounds: number },
): Promise<Read[]> {
  const postmasterPid = server.postmasterPid();
  const times = requests.map(() => [] as number[]);
  const cpu = requests.map(() => ({ server: 0, postgres: 0 }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, request] of requests.entries()) {
      const before = { server: treeCpuUs(server.pid, postmasterPid), postgres: treeCpuUs(postmasterPid) };
      times[place]?.push(await read(server, request));
      const own = cpu[place];
      if (!own) continue;
      own.server += treeCpuUs(server.pid, postmasterPid) - before.server;
      own.postgres += treeCpuUs(postmasterPid) - before.postgres;
    }
  }
  return requests.map((request, place) => ({
    request,
    ms: times[place] ?? [],
    serverUs: (cpu[place]?.server ?? 0) / rounds,
    postgresUs: (cpu[place]?.postgres ?? 0) / rounds,
  }));
}

function readsOf(reads: readonly Read[], group: ReadingGroup): Read[] {
  return reads.filter(({ request }) => request.group === group);
}

/** A line a group, and below it the requests that are slower than it promises. */
function printReads(reads: readonly Read[]): void {
  for (const [group, { p95MsMax }] of Object.entries(READING_GROUPS)) {
    const own = readsOf(reads, group as ReadingGroup); // a key of the table
    if (own.length === 0) continue;
    const ms = own.flatMap((each) => each.ms);
    console.log(
      `     ${group}: ${own.length} requests, p50 ${median(ms).toFixed(1)} ms, p95 ${percentile(ms, 0.95).toFixed(1)} ms, ${describeCpu(own)}`,
    );
    const slow = own.filter((each) => median(each.ms) > p95MsMax);
    if (slow.length > SLOW_SHOWN_MAX) console.log(`       ${slow.length} are slower than ${p95MsMax} ms; the slowest:`);
    for (const each of slow.toSorted((one, other) => median(other.ms) - median(one.ms)).slice(0, SLOW_SHOWN_MAX)) {
      const { name, method, path, body } = each.request;
      const sent = `${method} ${path}${body ? ` ${JSON.stringify(body)}` : ''}`;
      console.log(`       slow: ${name}: p50 ${median(each.ms).toFixed(0)} ms, ${describeCpu([each])}: ${sent}`);
    }
  }
}

function describeCpu(reads: readonly Read[]): string {
  const middle = (of: (each: Read) => number) =>
    (reads.reduce((sum, each) => sum + of(each), 0) / reads.length / 1000).toFixed(1);
  return `CPU of server ${middle(({ serverUs }) => serverUs)} and PostgreSQL ${middle(({ postgresUs }) => postgresUs)} ms`;
}

function report(
  measured: {
    reads: readonly Read[];
    intake: IntakeFigures | null;
    exported: ExportFigures | null;
    disk: DiskOfLeads;
    floors: readonly Floor[];
  },
  options: ReadingOptions,
): void {
  printFloors(measured.floors);
  mkdirSync(RESULTS, { recursive: true });
  const json = JSON.stringify({ node: process.version, options, ...measured }, null, 2);
  writeFileSync(`${RESULTS}reading.json`, `${json}\n`);
}
