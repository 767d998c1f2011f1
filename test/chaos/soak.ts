import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { deployFlow, submitPath } from '../../bench/flow-api.ts';
import { forkScript } from '../../bench/processes.ts';
import { type ServerProcess, startSluice } from '../../bench/sluice-server.ts';
import { median } from '../../bench/statistics.ts';
import { deliveryStep, flowWith, SOURCE_ENTITY_ID } from '../../bench/workloads.ts';
import { createIds } from '../../src/lib/ids.ts';
import type { RecipientStep } from '../../src/model/flow.ts';
import type { faultyRecipientHandlers } from './faulty-recipient.ts';
import { printSummary } from './print.ts';
import { killAll, pause, withDatabase } from './stage.ts';
import { type SteadyLedger, startSteadyTraffic } from './steady-traffic.ts';
import type { Verdict } from './verdicts.ts';

/**
 * `npm run chaos -- soak`: leads at half the rate that was the most this machine could do, for minutes, to buyers that
 * fail in every way by chance. Then the books are compared, and nothing of the server may have grown.
 */
export interface SoakOptions {
  minutes: number;
}

const BUYERS = 4;
const CONNECTIONS = 128;
const CALIBRATION_MS = 15_000;
const SAMPLE_EVERY_MS = 5_000;
/** Idle connections to recipients are closed within it, and the pools themselves. */
const SETTLE_MS = 75_000;
const TIMEOUT_SECONDS = '2';
/** Sockets and files an idle server may hold more than before: a spare database connection, a retry under way. */
const FILES_SPARE = 10;
/** Memory after the first third of the run and at its end may differ by a collection that is due. */
const GROWTH_MAX = 1.15;

interface Sample {
  atMs: number;
  memoryMiB: number;
  files: number;
}

/** Prints samples, figures and verdicts; answers whether all hold. */
export async function runSoak({ minutes }: SoakOptions): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
  // The embedded server of a run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const recipient = forkScript<typeof faultyRecipientHandlers>(new URL('./faulty-recipient.ts', import.meta.url));
  const dataDir = join(home, 'data');
  const logPath = join(home, 'recipient.log');
  const ports = await recipient.ask('listen', { count: BUYERS, logPath });
  const server = await startSluice({ dataDir, logPath: join(home, 'server.log') });
  let isClean = false;
  try {
    const buyers = ports.map((port, index) => buyer(port, index));
    const flowId = await deployFlow(server, flowWith(buyers));
    const before = takeSample(server, 0);
    const { samples, ledger } = await load({ server, path: submitPath(flowId, SOURCE_ENTITY_ID), minutes });
    await recipient.ask('heal', null);
    await pause(SETTLE_MS);
    const after = takeSample(server, 0);
    const verdicts = [
      ...(await withDatabase(dataDir, (db) => judgeBooks(db, ledger))),
      ...judgeDeliveries(logPath, buyers),
      ...judgeGrowth({ before, after, samples }),
      { name: 'leads answered with anything but 201', broken: sum([...ledger.refused.values()]), example: '' },
      { name: 'connections of senders closed by the server', broken: ledger.closed, example: '' },
    ];
    printSummary(verdicts, []);
    isClean = verdicts.every(({ broken }) => broken === 0);
    await server.stop();
    return isClean;
  } finally {
    if (!server.hasExited()) await killAll(server);
    await recipient.stop();
    if (isClean) rmSync(home, { recursive: true, force: true });
    else console.log(`the data and the logs are kept in ${home}`);
  }
}

const ids = createIds({ now: Date.now, random: Math.random });

interface Buyer extends RecipientStep {
  id: string;
}

/** Every buyer is retried; every second one also after an unknown outcome, because it knows idempotency keys. */
function buyer(port: number, index: number): Buyer {
  const id = ids.next();
  const step = deliveryStep({ url: `http://127.0.0.1:${port}/deliver/{{lead.id}}/${id}` });
  const mappings = [...step.integration.mappings, { property: 'timeout_seconds', value: TIMEOUT_SECONDS }];
  return {
    ...step,
    id,
    entity: { id: ids.next(), name: `Buyer ${index}` },
    integration: { ...step.integration, mappings },
    retry_enabled: true,
    idempotent: index % 2 === 1,
  };
}

async function load({
  server,
  path,
  minutes,
}: {
  server: ServerProcess;
  path: string;
  minutes: number;
}): Promise<{ samples: Sample[]; ledger: SteadyLedger }> {
  const traffic = await startSteadyTraffic({ port: server.port, path, connections: CONNECTIONS });
  traffic.setRate(null);
  await pause(CALIBRATION_MS);
  const most = (traffic.ledger.acknowledged.length * 1000) / CALIBRATION_MS;
  traffic.setRate(most / 2);
  console.log(
    `the most: ${most.toFixed(0)} leads/s to ${BUYERS} buyers each; from here ${(most / 2).toFixed(0)}/s for ${minutes} min`,
  );
  const samples: Sample[] = [];
  const startedAt = performance.now();
  while (performance.now() - startedAt < minutes * 60_000) {
    await pause(SAMPLE_EVERY_MS);
    samples.push(takeSample(server, performance.now() - startedAt));
    const last = samples.at(-1);
    if (samples.length % 12 === 0 && last) console.log(describe(last, traffic.ledger));
  }
  await traffic.end();
  console.log(`${traffic.ledger.acknowledged.length} leads acknowledged, ${traffic.ledger.skipped} sends skipped`);
  return { samples, ledger: traffic.ledger };
}

function describe({ atMs, memoryMiB, files }: Sample, ledger: SteadyLedger): string {
  const refused = JSON.stringify(Object.fromEntries(ledger.refused));
  return `${(atMs / 60_000).toFixed(0)} min: ${memoryMiB} MiB, ${files} open files, ${ledger.acknowledged.length} leads, refused ${refused}`;
}

/** Of the server process, from /proc. */
function takeSample(server: ServerProcess, atMs: number): Sample {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  const residentKiB = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  return {
    atMs,
    memoryMiB: Math.round(residentKiB / 1024),
    files: readdirSync(`/proc/${server.pid}/fd`).length,
  };
}

/** Every acknowledged lead is stored with its source event and one event for each buyer. */
async function judgeBooks(db: pg.Client, ledger: SteadyLedger): Promise<Verdict[]> {
  const { rows } = await db.query<{ lead_id: string; sources: number; recipients: number }>(`
    select lead_id, count(*) filter (where type = 'source')::int as sources,
      count(*) filter (where type = 'recipient')::int as recipients
    from events group by lead_id`);
  const rowsByLead = new Map(rows.map((row) => [row.lead_id, row]));
  const leads = await db.query<{ id: string }>('select id from leads');
  const stored = new Set(leads.rows.map(({ id }) => id));
  const isWhole = (id: string): boolean =>
    rowsByLead.get(id)?.sources === 1 && rowsByLead.get(id)?.recipients === BUYERS;
  return [
    verdict(
      'acknowledged leads that are not stored',
      ledger.acknowledged.filter((id) => !stored.has(id)),
    ),
    verdict(
      'acknowledged leads without all their events',
      ledger.acknowledged.filter((id) => !isWhole(id)),
    ),
    verdict(
      'runs left over',
      (await db.query<{ lead_id: string }>('select lead_id from runs')).rows.map((row) => row.lead_id),
    ),
  ];
}

/** What may have been taken never comes again, but to buyers that know idempotency keys, and to those with one key. */
function judgeDeliveries(logPath: string, buyers: readonly Buyer[]): Verdict[] {
  const idempotent = new Set(buyers.filter((each) => each.idempotent).map((each) => each.id));
  const taken = new Map<string, string>();
  const doubled: string[] = [];
  const otherKeys: string[] = [];
  const counts = new Map<string, number>();
  for (const line of readFileSync(logPath, 'utf8').split('\n')) {
    const [leadId, stepId = '', fault = '', isTaken, key = ''] = line.split(' ');
    if (!isTaken) continue;
    counts.set(fault, (counts.get(fault) ?? 0) + 1);
    const delivery = `${leadId} ${stepId}`;
    const earlier = taken.get(delivery);
    if (earlier !== undefined && !idempotent.has(stepId)) doubled.push(`${delivery} after ${earlier.split(' ')[0]}`);
    if (earlier !== undefined && idempotent.has(stepId) && earlier.split(' ')[1] !== key) otherKeys.push(delivery);
    if (isTaken === 'taken') taken.set(delivery, `${fault} ${key}`);
  }
  console.log(`deliveries: ${JSON.stringify(Object.fromEntries(counts))}`);
  return [
    verdict('deliveries that may have been taken and came again', doubled),
    verdict('deliveries repeated with another idempotency key', otherKeys),
  ];
}

function judgeGrowth({ before, after, samples }: { before: Sample; after: Sample; samples: Sample[] }): Verdict[] {
  const third = Math.floor(samples.length / 3);
  const early = median(samples.slice(third, third + third / 2 + 1).map(({ memoryMiB }) => memoryMiB));
  const late = median(samples.slice(-Math.ceil(third / 2)).map(({ memoryMiB }) => memoryMiB));
  console.log(
    `memory: ${before.memoryMiB} MiB idle before, ${early} after a third, ${late} at the end, ${after.memoryMiB} idle after`,
  );
  console.log(`open files: ${before.files} idle before, ${after.files} idle after`);
  return [
    {
      name: `open files more than ${FILES_SPARE} over those before`,
      broken: Math.max(0, after.files - before.files - FILES_SPARE),
      example: '',
    },
    {
      name: `memory grew by more than ${Math.round((GROWTH_MAX - 1) * 100)} % over two thirds of the run`,
      broken: late > early * GROWTH_MAX ? 1 : 0,
      example: `${early} to ${late} MiB`,
    },
  ];
}

function verdict(name: string, broken: readonly string[]): Verdict {
  return { name, broken: broken.length, example: broken[0] ?? '' };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
