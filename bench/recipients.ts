import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { withDatabase } from '../test/chaos/stage.ts';
import { deployFlow, submitPath } from './flow-api.ts';
import type { Floor } from './intake-floors.ts';
import { printFloors } from './intake-table.ts';
import type { loadHandlers } from './load.ts';
import { forkScript, type ScriptProcess } from './processes.ts';
import type { recipientHandlers } from './recipient.ts';
import { type ServerProcess, startSluice } from './sluice-server.ts';
import { median } from './statistics.ts';
import { deliveryStep, flowWith, SOURCE_ENTITY_ID } from './workloads.ts';

export interface RecipientsOptions {
  rounds: number;
  /** Of each measured window. */
  seconds: number;
}

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));
const CONNECTIONS = 16;
/** Recipients of the flows: what the second half of 20 costs is compared with the recipients from 2 to 10. */
const COUNTS = [1, 10, 20] as const;
const TIMES_MAX = 1.15;
const COSTS = ['server CPU', 'PostgreSQL CPU', 'WAL'] as const;

type Costs = Record<(typeof COSTS)[number], number>;

/**
 * Does the last of many recipients cost what the first cost? Flows with 1, 10 and 20 recipients that all take the lead, in
 * rounds that are interleaved, on one server: CPU of the server and of PostgreSQL, and bytes of WAL, for each lead. Prints
 * what one of the recipients 2 to 10 and one of 11 to 20 costs, writes bench/results/recipients.json, and returns whether
 * the later ones cost at most 1.15 times the earlier ones.
 */
export async function measureRecipients(options: RecipientsOptions): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-recipients-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const load = forkScript<typeof loadHandlers>(new URL('./load.ts', import.meta.url));
  const recipient = forkScript<typeof recipientHandlers>(new URL('./recipient.ts', import.meta.url));
  const dataDir = join(home, 'data');
  const server = await startSluice({ dataDir, logPath: join(home, 'server.log') });
  try {
    const url = `http://127.0.0.1:${await recipient.ask('listen', null)}`;
    const flows = new Map<number, string>();
    for (const count of COUNTS) flows.set(count, await deployFlow(server, flowWithRecipients(url, count)));
    const perLead = await withDatabase(dataDir, (db) => measureRounds({ load, server, db, flows }, options));
    return report(perLead, options);
  } finally {
    await server.stop();
    await Promise.all([load.stop(), recipient.stop()]);
    rmSync(home, { recursive: true, force: true });
  }
}

function flowWithRecipients(url: string, count: number) {
  return flowWith(Array.from({ length: count }, (_, index) => deliveryStep({ url: `${url}/${index}` })));
}

interface Stage {
  load: ScriptProcess<typeof loadHandlers>;
  server: ServerProcess;
  db: pg.Client;
  /** Ids of flows by their number of recipients. */
  flows: ReadonlyMap<number, string>;
}

/** Medians of the rounds, by number of recipients. The first round warms the code and is not counted. */
async function measureRounds(stage: Stage, { rounds, seconds }: RecipientsOptions): Promise<Map<number, Costs>> {
  const measured = new Map<number, Costs[]>(COUNTS.map((count) => [count, []]));
  let firstPerson = 0;
  for (let round = 0; round <= rounds; round += 1) {
    for (const count of round % 2 === 0 ? COUNTS : COUNTS.toReversed()) {
      const { costs, requests } = await measureWindow(stage, { count, seconds, firstPerson });
      firstPerson += requests;
      if (round > 0) measured.get(count)?.push(costs);
    }
  }
  const medianOf = (all: readonly Costs[], cost: keyof Costs) => median(all.map((costs) => costs[cost]));
  return new Map(
    [...measured].map(([count, all]) => [
      count,
      {
        'server CPU': medianOf(all, 'server CPU'),
        'PostgreSQL CPU': medianOf(all, 'PostgreSQL CPU'),
        WAL: medianOf(all, 'WAL'),
      },
    ]),
  );
}

async function measureWindow(
  { load, server, db, flows }: Stage,
  window: { count: number; seconds: number; firstPerson: number },
): Promise<{ costs: Costs; requests: number }> {
  const postmasterPid = server.postmasterPid();
  const walBefore = await readWal(db);
  const report = await load.ask('run', {
    port: server.port,
    path: submitPath(flows.get(window.count) ?? '', SOURCE_ENTITY_ID),
    expected: { status: 201, text: '"outcome":"success"' },
    watched: [
      { name: 'node', pid: server.pid, exceptPid: postmasterPid },
      { name: 'postgres', pid: postmasterPid, exceptPid: null },
    ],
    connections: CONNECTIONS,
    firstPerson: window.firstPerson,
    warmUpMs: 250,
    windowMs: window.seconds * 1000,
    requestsMax: Number.MAX_SAFE_INTEGER,
  });
  const { requests, requestsInAll, unexpected, cpuUs } = report;
  if (unexpected > 0) throw new Error(`${unexpected} unexpected answers, such as ${report.unexpectedSample}`);
  if (requests === 0) throw new Error(`no lead with ${window.count} recipients was answered in ${window.seconds} s`);
  const perLead = (name: string) => (cpuUs[name] ?? Number.NaN) / requests;
  const costs = {
    'server CPU': perLead('node'),
    'PostgreSQL CPU': perLead('postgres'),
    WAL: ((await readWal(db)) - walBefore) / requestsInAll,
  };
  return { costs, requests: requestsInAll };
}

/** Bytes of WAL that were ever written. */
async function readWal(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ bytes: string }>("select pg_current_wal_insert_lsn() - '0/0' as bytes");
  return Number(rows[0]?.bytes);
}

function report(perLead: ReadonlyMap<number, Costs>, options: RecipientsOptions): boolean {
  const floors = COSTS.map((cost): Floor => {
    const [one, ten, twenty] = COUNTS.map((count) => perLead.get(count)?.[cost] ?? Number.NaN) as [
      number,
      number,
      number,
    ];
    const earlier = (ten - one) / 9;
    const later = (twenty - ten) / 10;
    const unit = cost === 'WAL' ? 'bytes' : 'µs';
    console.log(
      `     ${cost}: 1 recipient ${one.toFixed(0)} ${unit} a lead, each of 2 to 10 ${earlier.toFixed(0)}, each of 11 to 20 ${later.toFixed(0)}`,
    );
    const measured = later / earlier;
    return {
      name: `${cost} of a recipient from 11 to 20, times one from 2 to 10`,
      kind: 'at-most',
      bound: TIMES_MAX,
      measured,
      holds: measured <= TIMES_MAX,
    };
  });
  printFloors(floors);
  mkdirSync(RESULTS, { recursive: true });
  const json = JSON.stringify({ node: process.version, options, perLead: [...perLead], floors }, null, 2);
  writeFileSync(`${RESULTS}recipients.json`, `${json}\n`);
  return floors.every((floor) => floor.holds);
}
