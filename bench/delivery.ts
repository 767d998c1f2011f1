import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Pool, request } from 'undici';
import { builtinModules } from '../src/integrations/builtin-modules.ts';
import { parseAllowedNetwork } from '../src/integrations/forbidden-address.ts';
import { createHttpClient, type HttpClient } from '../src/integrations/http-client.ts';
import { createRecipientLimits } from '../src/integrations/recipient-limits/recipient-limits.ts';
import { createModuleRegistry } from '../src/integrations/registry.ts';
import { assert } from '../src/lib/assert.ts';
import { systemClock } from '../src/lib/clock.ts';
import { createIds } from '../src/lib/ids.ts';
import { packageRoot } from '../src/package-root.ts';
import { type LeadRun, startRun } from '../src/pipeline/lead-run.ts';
import type { PhaseDeps } from '../src/pipeline/phase.ts';
import { PHASES } from '../src/pipeline/phases.ts';
import type { RunStore } from '../src/pipeline/run-store.ts';
import { runSteps } from '../src/pipeline/steps/run-steps.ts';
import { compileTestFlow, FLOW_ID } from '../src/pipeline/testing/test-flow.ts';
import { openEmbeddedPostgres } from '../src/store/embedded/embedded.ts';
import { migrate, readMigrations } from '../src/store/postgres/migrate.ts';
import { createRunStore } from '../src/store/postgres/run-store.ts';
import type { Floor } from './intake-floors.ts';
import { printFloors } from './intake-table.ts';
import { forkScript } from './processes.ts';
import type { recipientHandlers } from './recipient.ts';
import { median } from './statistics.ts';
import { deliveryStep, flowWith, SOURCE_ENTITY_ID } from './workloads.ts';

export interface DeliveryOptions {
  rounds: number;
  deliveriesPerRound: number;
  /** Times the floor that is allowed: short rounds on a machine that others share. */
  slack: number;
}

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));
const TIMES_BARE_UNDICI_MAX = 2.5;
/** Deliveries under way at once, of every variant: as a busy server has them, below the pool's bound. */
const AT_ONCE = 32;
/** Enough that code is compiled and connections stand. */
const WARM_UP = 3_000;

interface Variant {
  name: string;
  /** Makes a function that delivers one lead; what is made before it is not measured. */
  prepare(lead: number): () => Promise<void>;
}

/**
 * CPU of this process per delivery to a recipient in a process of its own: a bare undici call with a finished body; the
 * recipient step, with mapping, HTTP client and reading of the answer, on a store that does nothing; and the step with
 * its durable intent and the lead's settlement on PostgreSQL. Rounds are interleaved. Prints the medians, writes
 * bench/results/delivery.json, and answers whether the step costs at most 2.5 bare calls.
 */
export async function measureDelivery(options: DeliveryOptions): Promise<boolean> {
  const recipient = forkScript<typeof recipientHandlers>(new URL('./recipient.ts', import.meta.url));
  const home = mkdtempSync(join(tmpdir(), 'sluice-delivery-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const closers: (() => Promise<unknown>)[] = [recipient.stop];
  try {
    const url = `http://127.0.0.1:${await recipient.ask('listen', null)}`;
    const variants = await openVariants({ url, home, closers });
    const before = await recipient.ask('deliveries', null);
    const measured = await measureRounds(variants, options);
    const delivered = (await recipient.ask('deliveries', null)) - before;
    const expected = variants.length * (WARM_UP + options.rounds * options.deliveriesPerRound);
    if (delivered !== expected) throw new Error(`${delivered} of ${expected} deliveries arrived`);
    return report(measured, options);
  } finally {
    for (const close of closers.reverse()) await close();
    rmSync(home, { recursive: true, force: true });
  }
}

interface Measured {
  name: string;
  usPerDelivery: number;
  rounds: number[];
}

async function measureRounds(variants: Variant[], options: DeliveryOptions): Promise<Measured[]> {
  for (const variant of variants) await measureRound(variant, WARM_UP);
  const rounds = variants.map((): number[] => []);
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [index, variant] of variants.entries()) {
      rounds[index]?.push(await measureRound(variant, options.deliveriesPerRound));
    }
  }
  return variants.map(({ name }, index) => {
    const own = rounds[index] ?? [];
    return { name, usPerDelivery: median(own), rounds: own };
  });
}

/** Leads prepared at a time: about as many as a busy server has under way: what is alive is copied when memory is collected. */
const PREPARED_MAX = 4 * AT_ONCE;

/** µs of CPU per delivery. */
async function measureRound(variant: Variant, count: number): Promise<number> {
  let us = 0;
  for (let first = 0; first < count; first += PREPARED_MAX) {
    const size = Math.min(PREPARED_MAX, count - first);
    const deliveries = Array.from({ length: size }, (_, lead) => variant.prepare(first + lead));
    us += await measureDeliveries(deliveries);
  }
  return us / count;
}

async function measureDeliveries(deliveries: (() => Promise<void>)[]): Promise<number> {
  let next = 0;
  const before = process.cpuUsage();
  const sendOneByOne = async (): Promise<void> => {
    for (let deliver = deliveries[next++]; deliver !== undefined; deliver = deliveries[next++]) await deliver();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendOneByOne));
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function openVariants({
  url,
  closers,
  home,
}: {
  url: string;
  home: string;
  closers: (() => Promise<unknown>)[];
}): Promise<Variant[]> {
  const pool = new Pool(url, { connections: AT_ONCE, pipelining: 1 });
  closers.push(() => pool.close());
  const client = createHttpClient({ clock: systemClock, allowedNetworks: LOOPBACK });
  closers.push(client.close);
  const opened = await openEmbeddedPostgres({ dataDir: home });
  if (!opened.ok) throw new Error(opened.error.message);
  closers.push(opened.value.stop);
  const migrated = await migrate(opened.value.connection, readMigrations(join(packageRoot, 'sql')));
  if (!migrated.ok) throw new Error(migrated.error.message);
  const store = createRunStore({
    connection: opened.value.connection,
    nodeId: 'aaaaaaaaaaaaaaaaaaaaaaaa',
    pause,
    monotonic: systemClock.monotonic,
  });
  closers.push(store.close);
  const flow = compileTestFlow(flowWith([deliveryStep({ url: `${url}/` })]), MODULES).flow;
  const { deliver } = createRecipientLimits({
    ...{ deliver: client.deliver, clock: systemClock, startTimer: DEPS.startTimer },
    waitingMax: AT_ONCE,
    onChange: () => undefined,
  });
  const depsWith = (own: RunStore): PhaseDeps => ({
    ...DEPS,
    findFlow: () => ({ kind: 'found', flow }),
    deliver,
    store: own,
  });
  return [
    { name: 'bare undici call', prepare: () => () => callBare(url, pool) },
    { name: 'HTTP client alone', prepare: () => () => callClient(url, client) },
    stepVariant('recipient step and HTTP client, without store', {
      deps: depsWith(NO_STORE),
      isSettled: false,
    }),
    stepVariant('the same with intent and settlement on PostgreSQL', { deps: depsWith(store), isSettled: true }),
  ];
}

const BODY = JSON.stringify({
  lead_id: '6b00d7de5fd4371e940df5a3',
  first_name: 'Ada',
  last_name: 'Lovelace',
  email: 'ada.1234567@example.com',
  phone: '5127891234',
  state: 'TX',
});

async function callBare(url: string, dispatcher: Pool): Promise<void> {
  const { statusCode, body } = await request(url, {
    dispatcher,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: BODY,
  });
  const answer = (await body.json()) as { outcome?: string }; // an edge: bench/recipient.ts wrote it
  if (statusCode !== 200 || answer.outcome !== 'success') throw new Error(`the recipient answered ${statusCode}`);
}

async function callClient(url: string, { deliver }: HttpClient): Promise<void> {
  const result = await deliver(
    {
      url,
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: BODY,
    },
    { timeoutMs: DEPS.timeoutMs },
  );
  if (result.kind !== 'answered') throw new Error(`not delivered: ${result.reason}`);
}

/** The phases before the steps are run outside of the measure: they cost the same for every sender. */
function stepVariant(name: string, { deps, isSettled }: { deps: PhaseDeps; isSettled: boolean }): Variant {
  return {
    name,
    prepare: (lead) => {
      const run = arrived(deps, lead);
      return async () => {
        await runSteps(run, deps);
        const [result] = run.stepResults;
        if (result?.outcome !== 'success') throw new Error(`not delivered: ${result?.reason}`);
        if (isSettled) await endLead(run, deps);
      };
    },
  };
}

const STEPS = PHASES.findIndex((phase) => phase.name === 'steps');

function arrived(deps: PhaseDeps, lead: number): LeadRun {
  const body = `first_name=Ada&last_name=Lovelace&email=ada.${1_000_000 + lead}%40example.com&phone_1=5127891234&state=TX`;
  const run = startRun({
    flowId: FLOW_ID,
    sourceRef: SOURCE_ENTITY_ID,
    request: {
      method: 'POST',
      uri: `/flows/${FLOW_ID}/sources/${SOURCE_ENTITY_ID}/submit`,
      version: '1.1',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': String(body.length) },
      body,
      timestamp: Date.now(),
    },
    ip: '192.0.2.1',
    authorization: undefined,
    arrivedAt: deps.clock.monotonic(),
  });
  for (const phase of PHASES.slice(0, STEPS)) {
    const verdict = phase.run(run, deps);
    // Without lists, caps and keys no phase before the steps has to wait.
    assert(!(verdict instanceof Promise) && verdict.kind === 'proceed', `${phase.name} lets the lead through at once`);
  }
  return run;
}

async function endLead(run: LeadRun, deps: PhaseDeps): Promise<void> {
  for (const phase of PHASES.slice(STEPS + 1)) {
    const verdict = await phase.run(run, deps);
    if (verdict.kind !== 'proceed') throw new Error(`${phase.name} ended with ${verdict.kind}`);
  }
}

const LOOPBACK = [parseAllowedNetwork('127.0.0.0/8')].flatMap((network) => (network.ok ? [network.value] : []));
const MODULES = createModuleRegistry(builtinModules(LOOPBACK));

const NO_STORE: RunStore = {
  look: async () => ({ kind: 'seen', lists: [], caps: [] }),
  claim: async () => ({ kind: 'committed', took: { caps: [], lists: [] } }),
  settle: async () => ({ kind: 'settled' }),
};

const DEPS: Omit<PhaseDeps, 'findFlow' | 'deliver' | 'store'> = {
  clock: systemClock,
  ids: createIds({ now: systemClock.now, random: Math.random }),
  random: Math.random,
  maySubmit: async () => false,
  isLeaseHeld: () => true,
  hashListValue: (value) => createHash('sha256').update(value).digest(),
  hashSearchValue: (value) => createHash('sha256').update(value).digest(),
  host: 'bench',
  version: '0.0.0',
  timeoutMs: 30_000,
  settleWaitMs: 10_000,
  startTimer: (ms, onEnd) => {
    const timer = setTimeout(onEnd, ms);
    return () => clearTimeout(timer);
  },
  report: ({ where, error }) => {
    throw new Error(`a fault in ${where}`, { cause: error });
  },
};

function report(measured: Measured[], options: DeliveryOptions): boolean {
  const [bare, , step] = measured;
  for (const { name, usPerDelivery, rounds } of measured) {
    console.log(`${usPerDelivery.toFixed(1).padStart(8)} µs  ${name} (rounds: ${rounds.map(Math.round).join(', ')})`);
  }
  const ratio = (step?.usPerDelivery ?? Number.NaN) / (bare?.usPerDelivery ?? Number.NaN);
  const bound = TIMES_BARE_UNDICI_MAX * options.slack;
  const floor: Floor = {
    name: 'CPU per delivery without store, times a bare undici call',
    kind: 'at-most',
    bound,
    measured: ratio,
    holds: ratio <= bound,
  };
  printFloors([floor]);
  mkdirSync(RESULTS, { recursive: true });
  const json = JSON.stringify(
    { node: process.version, ...options, atOnce: AT_ONCE, measured, floors: [floor] },
    null,
    2,
  );
  writeFileSync(`${RESULTS}delivery.json`, `${json}\n`);
  return floor.holds;
}
