import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployFlow, openClient, submitPath } from './flow-api.ts';
import type { Floor } from './intake-floors.ts';
import { printFloors } from './intake-table.ts';
import { sendPaced } from './paced-senders.ts';
import { forkScript, type ScriptProcess } from './processes.ts';
import { type ServerProcess, startSluice } from './sluice-server.ts';
import { median, percentile } from './statistics.ts';
import type { watchedRecipientHandlers } from './watched-recipients.ts';
import { deliveryStep, flowWith, SOURCE_ENTITY_ID } from './workloads.ts';

export interface IsolationOptions {
  rounds: number;
  /** Of each window. */
  seconds: number;
  /** Times the bound that a disturbed machine is allowed. */
  slack: number;
}

const TIMES_UNDISTURBED_MAX = 1.5;
const LEADS_PER_SECOND = 100;
/** One for each recipient: a lead goes to the one that buys in its state. */
const STATES = ['TX', 'CA', 'OK', 'LA', 'NY'];
const HUNG_PLACE = STATES.length - 1;
const TIMEOUT_SECONDS = '5';

interface Window {
  /** Of the leads to the four that answer. */
  p99Ms: number;
  notSold: number;
}

/**
 * Five recipients, each lead goes to one; then the fifth stops answering. How much longer the leads of the other four
 * take then, windows interleaved, medians. Prints it and answers whether it is at most 1.5 times as long.
 */
export async function measureIsolation(options: IsolationOptions): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-isolation-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const recipients = forkScript<typeof watchedRecipientHandlers>(new URL('./watched-recipients.ts', import.meta.url));
  const server = await startSluice({ dataDir: join(home, 'data'), logPath: join(home, 'server.log') });
  try {
    const ports = await recipients.ask('listen', { count: STATES.length });
    const path = submitPath(await deployFlow(server, flowTo(ports)), SOURCE_ENTITY_ID);
    const run = (isHung: boolean, seconds: number) => runWindow({ server, recipients, path, isHung, seconds });
    await run(false, options.seconds);
    const undisturbed: Window[] = [];
    const disturbed: Window[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      undisturbed.push(await run(false, options.seconds));
      disturbed.push(await run(true, options.seconds));
    }
    const waited = await waitedAt(server, ports);
    return report({ undisturbed, disturbed, waited, slack: options.slack });
  } finally {
    await server.stop();
    await recipients.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

function flowTo(ports: readonly number[]) {
  const steps = ports.map((port, place) => {
    const step = deliveryStep({ url: `http://127.0.0.1:${port}/deliver/{{lead.id}}` });
    const mappings = [...step.integration.mappings, { property: 'timeout_seconds', value: TIMEOUT_SECONDS }];
    return {
      ...step,
      entity: { name: `Buyer ${place}` },
      integration: { ...step.integration, mappings },
      rule_set: {
        op: 'and' as const,
        rules: [{ lhv: 'lead.state', op: 'is equal to' as const, rhv: STATES[place] ?? '' }],
      },
    };
  });
  return flowWith(steps);
}

async function runWindow({
  recipients,
  isHung,
  server,
  path,
  seconds,
}: {
  server: ServerProcess;
  recipients: ScriptProcess<typeof watchedRecipientHandlers>;
  path: string;
  isHung: boolean;
  seconds: number;
}): Promise<Window> {
  await recipients.ask('hang', { places: isHung ? [HUNG_PLACE] : [] });
  const sent = await sendPaced({
    port: server.port,
    path,
    leadsPerSecond: LEADS_PER_SECOND,
    seconds,
    valuesOf: (index) => ({ email: `ada.${index}@example.com`, state: STATES[index % STATES.length] ?? '' }),
  });
  const others = sent.filter(({ index }) => index % STATES.length !== HUNG_PLACE);
  return {
    p99Ms: percentile(
      others.map(({ ms }) => ms),
      0.99,
    ),
    notSold: others.filter(({ status, outcome }) => status !== 201 || outcome !== 'success').length,
  };
}

/** Requests that had to wait for a place at their recipient, in the order of the ports. */
async function waitedAt(server: ServerProcess, ports: readonly number[]): Promise<number[]> {
  const health = await openClient(server).listRecipientHealth();
  return ports.map((port) =>
    health.filter(({ origin }) => origin.endsWith(`:${port}`)).reduce((sum, { waited }) => sum + waited, 0),
  );
}

function report({
  undisturbed,
  disturbed,
  waited,
  slack,
}: {
  undisturbed: Window[];
  disturbed: Window[];
  waited: number[];
  slack: number;
}): boolean {
  console.log(`requests that waited for a place at their recipient: ${waited.join(', ')}`);
  const othersWaited = waited.toSpliced(HUNG_PLACE, 1).reduce((sum, count) => sum + count, 0);
  const p99 = (windows: Window[]) => windows.map(({ p99Ms }) => p99Ms);
  const format = (windows: Window[]) =>
    p99(windows)
      .map((ms) => ms.toFixed(1))
      .join(', ');
  console.log(
    `p99 of the other four, ms: undisturbed ${format(undisturbed)}; while the fifth hangs ${format(disturbed)}`,
  );
  const ratio = median(p99(disturbed)) / median(p99(undisturbed));
  const bound = TIMES_UNDISTURBED_MAX * slack;
  const notSold = [...undisturbed, ...disturbed].reduce((sum, window) => sum + window.notSold, 0);
  const floors: Floor[] = [
    {
      name: 'p99 while the fifth hangs, times undisturbed',
      kind: 'at-most',
      bound,
      measured: ratio,
      holds: ratio <= bound,
    },
    {
      name: 'requests to the other four that waited for a place',
      kind: 'at-most',
      bound: 0,
      measured: othersWaited,
      holds: othersWaited === 0,
    },
    {
      name: 'leads of the other four that were not sold',
      kind: 'at-most',
      bound: 0,
      measured: notSold,
      holds: notSold === 0,
    },
  ];
  printFloors(floors);
  return floors.every((floor) => floor.holds);
}
