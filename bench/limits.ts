import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Candidate, FlowDocument } from '../src/model/flow.ts';
import { deployFlow, submitPath } from './flow-api.ts';
import type { Floor } from './intake-floors.ts';
import { printFloors } from './intake-table.ts';
import type { loadHandlers } from './load.ts';
import { forkScript, type ScriptProcess } from './processes.ts';
import type { recipientHandlers } from './recipient.ts';
import { type ServerProcess, startSluice } from './sluice-server.ts';
import { median } from './statistics.ts';
import { dailyCap, deliveryStep, flowWith, SOURCE_ENTITY_ID } from './workloads.ts';

export interface LimitsOptions {
  rounds: number;
  /** Of each measured window. */
  seconds: number;
  connections: number;
}

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));
const WARM_UP_MS = 250;
/** The first round warms the code and is not counted. */
const WARM_ROUNDS = 1;

/** What each limit is compared with. */
const REFERENCE = 'delivered';

interface Row {
  name: string;
  /** How much of the throughput of the reference it must have. */
  atLeast: number;
  flow(recipientUrl: string): FlowDocument;
  /** Pings instead of leads. */
  pings?: true;
}

const BIDDERS = 20;
const NEVER_REACHED = 1_000_000_000;

const NO_LIMIT: Omit<Row, 'atLeast'> = {
  name: REFERENCE,
  flow: (url) => flowWith([deliveryStep({ url: `${url}/` })]),
};

/** What a limit may cost, a row each. */
const ROWS: readonly Row[] = [
  {
    name: 'one cap shared by all leads',
    atLeast: 0.95,
    flow: (url) => ({ ...NO_LIMIT.flow(url), caps: [dailyCap(NEVER_REACHED)] }),
  },
  {
    name: 'pings that count in a ping limit',
    atLeast: 0.5,
    pings: true,
    flow: (url) => ({
      ...NO_LIMIT.flow(url),
      ping_enabled: true,
      ping_limits: [{ maximum: NEVER_REACHED, duration: 1, duration_units: 'day', time_zone: 'UTC' }],
      pricing: { prices: [{ amount: 5 }] },
    }),
  },
  {
    name: `auctions of ${BIDDERS} bidders`,
    atLeast: 0.1,
    flow: (url) => ({
      ...flowWith([]),
      steps: [{ type: 'distribution', method: 'highest_bid', recipients: listBidders(url) }],
    }),
  },
];

function listBidders(url: string): Candidate[] {
  const asked = { 'json_property.state': '{{lead.state}}', outcome_search_path: 'outcome', price_path: 'price' };
  return Array.from({ length: BIDDERS }, (_, n) => {
    const { type: _type, id: _id, ...delivery } = deliveryStep({ url: `${url}/` });
    const properties = { ...asked, url: `${url}/bid/${n}`, outcome_search_term: 'success' };
    const mappings = Object.entries(properties).map(([property, value]) => ({ property, value }));
    const bid = { module_id: 'leadconduit-custom.outbound.json', mappings };
    return { ...delivery, key: `bidder_${n}`, entity: { name: `Bidder ${n}` }, bid };
  });
}

/**
 * Throughput of flows with limits against the same flow without one, in interleaved rounds on one server. Prints the
 * ratios, writes bench/results/limits.json, and returns whether each limit costs at most what it may.
 */
export async function measureLimits(options: LimitsOptions): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-limits-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const load = forkScript<typeof loadHandlers>(new URL('./load.ts', import.meta.url));
  const recipient = forkScript<typeof recipientHandlers>(new URL('./recipient.ts', import.meta.url));
  const server = await startSluice({ dataDir: join(home, 'data'), logPath: join(home, 'server.log') });
  try {
    const url = `http://127.0.0.1:${await recipient.ask('listen', null)}`;
    const targets = new Map<string, Target>();
    for (const { name, flow, pings } of [NO_LIMIT, ...ROWS]) {
      const path = submitPath(await deployFlow(server, flow(url)), SOURCE_ENTITY_ID);
      targets.set(name, pings ? { path: path.replace(/submit$/, 'ping'), status: 200 } : { path, status: 201 });
    }
    return report(await measureRounds({ load, server, targets }, options), options);
  } finally {
    await server.stop();
    await Promise.all([load.stop(), recipient.stop()]);
    rmSync(home, { recursive: true, force: true });
  }
}

interface Stage {
  load: ScriptProcess<typeof loadHandlers>;
  server: ServerProcess;
  /** By name of the row. */
  targets: ReadonlyMap<string, Target>;
}

/** Where it is sent, and with what it is answered. */
interface Target {
  path: string;
  status: number;
}

/** What one window said. */
interface Figures {
  perSecond: number;
  /** CPU of a lead. */
  serverUs: number;
  postgresUs: number;
}

/** Figures of each round, by name. */
async function measureRounds(stage: Stage, { rounds, seconds, connections }: LimitsOptions) {
  const { load, server, targets } = stage;
  const measured = new Map<string, Figures[]>([...targets.keys()].map((name) => [name, []]));
  const postmasterPid = server.postmasterPid();
  let firstPerson = 0;
  for (let round = 0; round < rounds + WARM_ROUNDS; round += 1) {
    const all = [...targets];
    for (const [name, { path, status }] of round % 2 === 0 ? all : all.toReversed()) {
      const { requests, requestsInAll, windowMs, cpuUs, unexpected, unexpectedSample } = await load.ask('run', {
        port: server.port,
        path,
        expected: { status, text: '"outcome":"success"' },
        watched: [
          { name: 'server', pid: server.pid, exceptPid: postmasterPid },
          { name: 'postgres', pid: postmasterPid, exceptPid: null },
        ],
        connections,
        firstPerson,
        warmUpMs: WARM_UP_MS,
        windowMs: seconds * 1000,
        requestsMax: Number.MAX_SAFE_INTEGER,
      });
      if (unexpected > 0) throw new Error(`${name}: ${unexpected} unexpected answers, such as ${unexpectedSample}`);
      firstPerson += requestsInAll;
      if (round >= WARM_ROUNDS) {
        const perSecond = (requests * 1000) / windowMs;
        const usOf = (process: string) => (cpuUs[process] ?? Number.NaN) / requests;
        measured.get(name)?.push({ perSecond, serverUs: usOf('server'), postgresUs: usOf('postgres') });
      }
    }
  }
  return measured;
}

function report(measured: ReadonlyMap<string, Figures[]>, options: LimitsOptions): boolean {
  const reference = measured.get(REFERENCE) ?? [];
  const floors = ROWS.map(({ name, atLeast }): Floor => {
    const own = measured.get(name) ?? [];
    // Of the same round: the machine is as busy for one as for the other.
    const timesReference = (figure: keyof Figures) =>
      median(own.map((each, round) => each[figure] / (reference[round]?.[figure] ?? Number.NaN)));
    const ratio = timesReference('perSecond');
    console.log(`     ${name}: ${describe(own)}; ${REFERENCE}: ${describe(reference)}`);
    const kind = 'at-least';
    return {
      name: `${name}: throughput, times ${REFERENCE}`,
      kind,
      bound: atLeast,
      measured: ratio,
      holds: ratio >= atLeast,
    };
  });
  printFloors(floors);
  mkdirSync(RESULTS, { recursive: true });
  const json = JSON.stringify({ node: process.version, options, measured: [...measured], floors }, null, 2);
  writeFileSync(`${RESULTS}limits.json`, `${json}\n`);
  return floors.every(({ holds }) => holds);
}

function describe(figures: readonly Figures[]): string {
  const middle = (figure: keyof Figures) => median(figures.map((each) => each[figure])).toFixed(0);
  return `${middle('perSecond')} a second, CPU of server ${middle('serverUs')} and PostgreSQL ${middle('postgresUs')} µs each`;
}
