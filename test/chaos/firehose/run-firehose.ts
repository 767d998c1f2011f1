import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { deployFlow, openClient, submitPath } from '../../../bench/flow-api.ts';
import { forkScript, type ScriptProcess } from '../../../bench/processes.ts';
import type { ServerProcess } from '../../../bench/sluice-server.ts';
import { flowWith, SOURCE_ENTITY_ID } from '../../../bench/workloads.ts';
import type { FilterStep } from '../../../src/model/flow.ts';
import { killAll, pause, type Stage, setStage, until } from '../stage.ts';
import { type SteadyTraffic, startSteadyTraffic } from '../steady-traffic.ts';
import type { Verdict } from '../verdicts.ts';
import type { bucketHandlers } from './bucket.ts';

/**
 * `npm run chaos -- firehose`: leads at half the measured load into a flow that copies its events to S3 and to Azure. S3 is
 * down for a while, then again while the server and its PostgreSQL are killed. In the end each bucket must have every event
 * that is stored, in the order of each lead, and what came twice must be the same.
 */
export interface FirehoseOptions {
  /** How long S3 is down the first time, seconds. */
  downSeconds: number;
}

export interface FirehoseResult {
  verdicts: Verdict[];
  faults: string[];
}

const CONNECTIONS = 64;
const CALIBRATION_MS = 6_000;
/** Under the same load before S3 goes down, so that what the load itself takes is not counted. */
const SETTLE_MS = 20_000;
const SETTLE_SHORT_MS = 3_000;
const SAMPLE_EVERY_MS = 500;
/** Memory that an outage may cost beside what the same load takes without one. */
const MEMORY_MIB_MAX = 100;
const DOWN_BEFORE_KILL_MS = 4_000;
const LOAD_AFTER_KILL_MS = 4_000;
const DRAIN_MS_MAX = 300_000;

const SERVICES = ['aws', 'azure'] as const;
type Service = (typeof SERVICES)[number];

type Buckets = Record<Service, { process: ScriptProcess<typeof bucketHandlers>; logPath: string }>;

export async function runFirehose(options: FirehoseOptions): Promise<FirehoseResult> {
  const stage = await setStage([]);
  const home = join(stage.recipientLogPath, '..');
  const newBucket = (service: Service) => ({
    process: forkScript<typeof bucketHandlers>(new URL('./bucket.ts', import.meta.url)),
    logPath: join(home, `${service}.log`),
  });
  const buckets = { aws: newBucket('aws'), azure: newBucket('azure') };
  let isClean = false;
  try {
    const result = await play(stage, { ...options, buckets });
    isClean = isGreenFirehose(result);
    return result;
  } finally {
    await Promise.all(SERVICES.map((service) => buckets[service].process.stop()));
    await stage.end({ isClean });
  }
}

export function isGreenFirehose({ verdicts, faults }: FirehoseResult): boolean {
  return faults.length === 0 && verdicts.every(({ broken }) => broken === 0);
}

async function play(stage: Stage, { buckets, downSeconds }: FirehoseOptions & { buckets: Buckets }) {
  const faults: string[] = [];
  const acknowledged: string[] = [];
  let server = await stage.startServer();
  const path = await deploy(server, buckets);
  let traffic = await startSteadyTraffic({ port: server.port, path, connections: CONNECTIONS });
  const rate = await calibrate(server, traffic);
  traffic.setRate(rate);

  const before = await watch(server, downSeconds < 60 ? SETTLE_SHORT_MS : SETTLE_MS);
  await buckets.aws.process.ask('goDown', undefined);
  const during = await watch(server, downSeconds * 1_000);
  const states = await readStates(server);
  console.log(`S3 was down for ${downSeconds} s: ${states.aws} rows wait for it, ${states.azure} for Azure`);
  if (states.aws <= rate) faults.push(`only ${states.aws} rows waited for a bucket that was down`);
  if (states.azure > states.aws / 4) faults.push(`${states.azure} rows waited for Azure, which was there`);
  await buckets.aws.process.ask('listen', buckets.aws);
  const caughtUp = await catchUp(server, { rate, msMax: downSeconds * 1_000 });
  console.log(
    `S3 has everything after ${(caughtUp.ms / 1_000).toFixed(1)} s, ${(caughtUp.ms / downSeconds / 1_000).toFixed(2)} of the time it was down, while leads went on`,
  );
  if (!caughtUp.isDone) faults.push(`S3 had not caught up within the ${downSeconds} s that it was down`);
  const most = Math.max(during, caughtUp.memoryMiB);
  console.log(
    `memory: ${before} MiB before, ${during} while S3 was down, ${caughtUp.memoryMiB} while it caught up (${most - before >= 0 ? '+' : ''}${most - before} MiB)`,
  );
  if (most - before > MEMORY_MIB_MAX) faults.push(`memory grew by ${most - before} MiB`);

  await buckets.aws.process.ask('goDown', undefined);
  await pause(DOWN_BEFORE_KILL_MS);
  await buckets.aws.process.ask('listen', buckets.aws);
  // Some of what waited is on its way.
  await pause(SAMPLE_EVERY_MS);
  const killed = await killAll(server);
  traffic.abandon();
  acknowledged.push(...traffic.ledger.acknowledged);
  server = await stage.startServer();
  console.log(`${killed} processes were killed while S3 caught up, and started again`);
  traffic = await startSteadyTraffic({ port: server.port, path, connections: CONNECTIONS });
  traffic.setRate(rate);
  await pause(LOAD_AFTER_KILL_MS);
  await traffic.end();
  acknowledged.push(...traffic.ledger.acknowledged);
  if (!(await until(async () => isSent(await readStates(server)), DRAIN_MS_MAX)))
    faults.push('rows of the outbox are left');
  const verdicts = await stage.withDatabase((db) => judgeBuckets(db, { buckets, acknowledged }));
  await server.stop();
  return { verdicts, faults };
}

async function deploy(server: ServerProcess, buckets: Buckets): Promise<string> {
  const client = openClient(server);
  const [s3, azure] = [
    await buckets.aws.process.ask('listen', buckets.aws),
    await buckets.azure.process.ask('listen', buckets.azure),
  ];
  const aws = await client.createCredential({
    ...{ name: 'S3', type: 'aws', access_key_id: 'chaos', secret_access_key: 'chaos' },
    endpoint: `http://127.0.0.1:${s3}`,
  });
  const key = await client.createCredential({
    ...{ name: 'Azure', type: 'azure', account_name: 'chaos', account_key: 'Y2hhb3M=' },
    endpoint: `http://127.0.0.1:${azure}`,
  });
  const pass = (index: number): FilterStep => ({
    type: 'filter',
    reason: `filter ${index}`,
    rule_set: { op: 'and', rules: [{ lhv: 'lead.email', op: 'is blank' }] },
  });
  const services = {
    aws: { enabled: true, bucket: 'chaos', credential_id: aws.id },
    azure: { enabled: true, bucket: 'chaos', credential_id: key.id },
  };
  // Three events a lead, so that there is an order.
  const flow = { ...flowWith([]), steps: [pass(1), pass(2)], firehose: { services } };
  return submitPath(await deployFlow(server, flow), SOURCE_ENTITY_ID);
}

/**
 * Half of what the server takes with its firehose: leads as fast as they are answered, until all of their events have
 * arrived, too.
 */
async function calibrate(server: ServerProcess, traffic: SteadyTraffic): Promise<number> {
  const startedAt = performance.now();
  traffic.setRate(null);
  await pause(CALIBRATION_MS);
  const leads = traffic.ledger.acknowledged.length;
  const answered = (leads * 1_000) / (performance.now() - startedAt);
  traffic.setRate(0);
  if (!(await until(async () => isSent(await readStates(server)), DRAIN_MS_MAX)))
    throw new Error('the first leads were not sent');
  const load = (traffic.ledger.acknowledged.length * 1_000) / (performance.now() - startedAt);
  console.log(
    `the most: ${answered.toFixed(0)} leads/s answered, ${load.toFixed(0)}/s with all of their events in two buckets; from here ${(load / 2).toFixed(0)}/s`,
  );
  return load / 2;
}

async function readStates(server: ServerProcess): Promise<Record<Service, number>> {
  const states = await openClient(server).listFirehoseStates();
  const waiting = (service: Service) => states.find((each) => each.service === service)?.waiting ?? 0;
  return { aws: waiting('aws'), azure: waiting('azure') };
}

function isSent({ aws, azure }: Record<Service, number>): boolean {
  return aws === 0 && azure === 0;
}

/** The most memory within the time, MiB. */
async function watch(server: ServerProcess, ms: number): Promise<number> {
  const endsAt = performance.now() + ms;
  let most = 0;
  while (performance.now() < endsAt) {
    most = Math.max(most, readMemory(server));
    await pause(SAMPLE_EVERY_MS);
  }
  return most;
}

/** Until not more waits than comes in a second. */
async function catchUp(server: ServerProcess, { rate, msMax }: { rate: number; msMax: number }) {
  const startedAt = performance.now();
  let memoryMiB = 0;
  const isDone = await until(async () => {
    await pause(SAMPLE_EVERY_MS);
    memoryMiB = Math.max(memoryMiB, readMemory(server));
    return (await readStates(server)).aws < rate;
  }, msMax);
  return { isDone, memoryMiB, ms: performance.now() - startedAt };
}

function readMemory({ pid }: ServerProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

async function judgeBuckets(
  db: pg.Client,
  { buckets, acknowledged }: { buckets: Buckets; acknowledged: readonly string[] },
): Promise<Verdict[]> {
  const { rows } = await db.query<{ lead_id: string; id: string }>(
    'select lead_id, id from events order by lead_id, seq',
  );
  const leads = new Set(rows.map((row) => row.lead_id));
  return [
    verdict(
      'acknowledged leads that are not stored',
      acknowledged.filter((id) => !leads.has(id)),
    ),
    ...SERVICES.flatMap((service) => judgeBucket(rows, { service, logPath: buckets[service].logPath })),
  ];
}

function judgeBucket(
  events: readonly { lead_id: string; id: string }[],
  { service, logPath }: { service: Service; logPath: string },
): Verdict[] {
  const hashes = new Map<string, string>();
  const order = new Map<string, string[]>();
  const changed: string[] = [];
  let doubles = 0;
  for (const line of readFileSync(logPath, 'utf8').split('\n')) {
    const [leadId = '', eventId = '', hash] = line.split(' ');
    if (hash === undefined) continue;
    const known = hashes.get(eventId);
    if (known !== undefined) doubles += 1;
    if (known !== undefined && known !== hash) changed.push(eventId);
    if (known !== undefined) continue;
    hashes.set(eventId, hash);
    order.set(leadId, [...(order.get(leadId) ?? []), eventId]);
  }
  const expected = new Map<string, string[]>();
  for (const { lead_id: leadId, id } of events) expected.set(leadId, [...(expected.get(leadId) ?? []), id]);
  console.log(`${service}: ${hashes.size} objects of ${expected.size} leads, ${doubles} written twice`);
  const isInOrder = ([leadId, ids]: [string, string[]]) => ids.join() === (order.get(leadId) ?? []).join();
  return [
    verdict(
      `${service}: events that are not in the bucket`,
      events.map(({ id }) => id).filter((id) => !hashes.has(id)),
    ),
    verdict(
      `${service}: objects of no event`,
      [...order.keys()].filter((leadId) => !expected.has(leadId)),
    ),
    verdict(
      `${service}: leads whose events came in another order`,
      [...expected].filter((each) => !isInOrder(each)).map(([id]) => id),
    ),
    verdict(`${service}: objects that came twice with other bytes`, changed),
  ];
}

function verdict(name: string, broken: readonly string[]): Verdict {
  return { name, broken: broken.length, example: broken[0] ?? null };
}
