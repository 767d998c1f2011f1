import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FlowDocument } from '../src/model/flow.ts';
import { deployFlow, submitPath } from './flow-api.ts';
import type { Floor } from './intake-floors.ts';
import { printFloors } from './intake-table.ts';
import type { LoopReport, loopWatchHandlers } from './loop-watch.ts';
import { type SentLead, sendPaced } from './paced-senders.ts';
import { asksOf, forkScript, type ScriptProcess } from './processes.ts';
import type { savingClientHandlers } from './saving-client.ts';
import { API_KEY, type ServerProcess, startSluice } from './sluice-server.ts';
import { percentile } from './statistics.ts';
import { flowWith, SOURCE_ENTITY_ID } from './workloads.ts';
import { WORST_FLOWS } from './worst-flows.ts';

export interface SavingLoadOptions {
  leadsPerSecond: number;
  /** Only flows whose name has one of these; absent: all. */
  only?: readonly string[];
}

/** What the loop of a server may be held at a time. */
const TURN_MS_MAX = 50;
/** As many flows of the largest size as the largest body holds. */
const FLOWS_OF_A_BODY = 2;
/** Before the first window: connections open, code is compiled. */
const WARM_UP_MS = 5_000;
const WINDOW_MS_MIN = 3_000;
const DEPLOYED_MS_MAX = 60_000;
const POLL_MS = 50;

interface Server {
  server: ServerProcess;
  watch: ScriptProcess<typeof loopWatchHandlers>['ask'];
}

/** What a window of leads to both servers looked like. */
interface Window {
  loops: LoopReport[];
  leads: SentLead[];
  ms: number;
}

/** A request that the measurement is about; what is saved may be deployed behind it. */
interface Saving {
  name: string;
  method: 'POST' | 'PUT';
  body: string;
  flowIds: string[];
  deploys: boolean;
}

/**
 * Two servers on one database take leads at a fixed rate while the largest flows are saved and deployed on the first:
 * how long their event loops are held, in CPU of the main thread, and whether a lead is refused. Each window has a
 * quiet one of the same length behind it, because wall time depends on the machine. Prints it and answers whether no
 * turn took more than 50 ms of CPU and no lead was refused.
 */
export async function measureSavingUnderLoad(options: SavingLoadOptions): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-saving-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const client = forkScript<typeof savingClientHandlers>(new URL('./saving-client.ts', import.meta.url));
  const servers: Server[] = [];
  try {
    for (const place of [1, 2]) {
      const server = await startSluice({
        dataDir: join(home, 'data'),
        logPath: join(home, `server-${place}.log`),
        loads: new URL('./loop-watch.ts', import.meta.url),
      });
      servers.push({ server, watch: asksOf<typeof loopWatchHandlers>(server.child, `server ${place}`) });
    }
    const path = submitPath(await deployFlow(servers[0]?.server ?? unreachable(), flowWith([])), SOURCE_ENTITY_ID);
    await Promise.all(servers.map(({ server }) => untilDeployed(server, path)));
    const run = (work: () => Promise<unknown>) => runWindow({ servers, path, work, ...options });
    await run(() => pause(WARM_UP_MS));
    const floors: Floor[] = [];
    for (const saving of savings().filter(({ name }) => options.only?.some((text) => name.includes(text)) ?? true)) {
      const busy = await run(() => saveAndDeploy({ saving, servers, client }));
      const quiet = await run(() => pause(busy.ms));
      print(saving.name, { busy, quiet });
      floors.push(...floorsOf(saving.name, busy));
      for (const id of saving.flowIds) await client.ask('send', requestTo(servers[0], 'DELETE', `/flows/${id}`, ''));
    }
    printFloors(floors);
    return floors.every(({ holds }) => holds);
  } finally {
    for (const { server } of servers.reverse()) await server.stop();
    await client.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

function unreachable(): never {
  throw new Error('there are two servers');
}

/** Every worst flow saved and deployed, and the largest body that is taken. */
function savings(): Saving[] {
  const single = WORST_FLOWS.map(({ name, flow }, index): Saving => {
    const id = flowIdOf(index);
    const body = JSON.stringify({ ...flow(index), id } satisfies FlowDocument);
    return { name, method: 'POST', body, flowIds: [id], deploys: true };
  });
  const largest = single.toSorted((a, b) => b.body.length - a.body.length)[0];
  if (!largest) throw new Error('there are worst flows');
  const ids = Array.from({ length: FLOWS_OF_A_BODY }, (_, index) => flowIdOf(WORST_FLOWS.length + index));
  const bodies = ids.map((id) => largest.body.replace(largest.flowIds[0] ?? '', id));
  const all: Saving = {
    name: `${FLOWS_OF_A_BODY} times ${largest.name} in one body`,
    method: 'PUT',
    body: `[${bodies.join(',')}]`,
    flowIds: ids,
    deploys: false,
  };
  return [...single, all];
}

function flowIdOf(index: number): string {
  return (0x5fd4371e + index).toString(16).padEnd(24, '0');
}

/** On the first server; ends when both of them run it. */
async function saveAndDeploy(at: {
  saving: Saving;
  servers: readonly Server[];
  client: ScriptProcess<typeof savingClientHandlers>;
}): Promise<void> {
  const { saving, servers, client } = at;
  const { method, body, flowIds, deploys } = saving;
  const send = (request: Parameters<typeof requestTo>) => client.ask('send', requestTo(...request));
  const saved = await send([servers[0], method, '/flows', body]);
  if (saved.status >= 300) throw new Error(`${saving.name} was answered ${saved.status}: ${saved.text}`);
  if (deploys) {
    for (const id of flowIds) {
      const deployed = await send([servers[0], 'POST', `/flows/${id}/deploy`, '']);
      if (deployed.status !== 200) throw new Error(`${saving.name} was answered ${deployed.status}: ${deployed.text}`);
      const path = submitPath(id, SOURCE_ENTITY_ID);
      await Promise.all(servers.map(({ server }) => untilDeployed(server, path)));
    }
  }
  await pause(WINDOW_MS_MIN);
}

function requestTo(to: Server | undefined, method: string, path: string, body: string) {
  return { url: `http://127.0.0.1:${to?.server.port}${path}`, method, body, key: API_KEY };
}

/** DELETE is answered by the source’s module, and is no lead; 404 and 503 say that the flow does not run there yet. */
async function untilDeployed(server: ServerProcess, path: string): Promise<void> {
  const deadline = performance.now() + DEPLOYED_MS_MAX;
  while (performance.now() < deadline) {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'DELETE' });
    await answer.arrayBuffer();
    if (answer.status === 405) return;
    await pause(POLL_MS);
  }
  throw new Error('a server does not run the flow that was deployed');
}

/** Leads go to both servers from the first look at their loops to the last, while the work is done. */
async function runWindow(at: {
  servers: readonly Server[];
  path: string;
  leadsPerSecond: number;
  work: () => Promise<unknown>;
}): Promise<Window> {
  const { servers, path, leadsPerSecond, work } = at;
  const over = new AbortController();
  const takeAll = () => Promise.all(servers.map(({ watch }) => watch('take', null)));
  await takeAll();
  const startedAt = performance.now();
  const sending = servers.map(({ server }) =>
    sendPaced({
      port: server.port,
      path,
      leadsPerSecond,
      over: over.signal,
      valuesOf: (index) => ({ first_name: 'Ada', email: `ada.${index}@example.com`, state: 'TX' }),
    }),
  );
  try {
    await work();
  } finally {
    over.abort();
  }
  const ms = performance.now() - startedAt;
  const leads = (await Promise.all(sending)).flat();
  return { loops: await takeAll(), leads, ms };
}

function print(name: string, { busy, quiet }: { busy: Window; quiet: Window }): void {
  const ms = (value: number) => value.toFixed(0).padStart(4);
  const p99 = ({ leads }: Window) =>
    percentile(
      leads.map((lead) => lead.ms),
      0.99,
    );
  console.log(`${name}: ${(busy.ms / 1_000).toFixed(1)} s, ${busy.leads.length} leads, ${refused(busy)} refused`);
  busy.loops.forEach((loop, index) => {
    const calm = quiet.loops[index];
    if (!calm) return;
    console.log(
      `  server ${index + 1}: longest turn ${ms(loop.longestTurnMs)} ms CPU (quiet ${ms(calm.longestTurnMs)}), longest delay ${ms(loop.longestDelayMs)} ms, ${ms(loop.longestDelayMs - calm.longestDelayMs)} over the quiet ${ms(calm.longestDelayMs)}; CPU ${ms(loop.cpuMs)} ms (quiet ${ms(calm.cpuMs)})`,
    );
  });
  console.log(`  p99 of leads ${ms(p99(busy))} ms (quiet ${ms(p99(quiet))})`);
}

function refused({ leads }: Window): number {
  return leads.filter(({ status }) => status !== 201).length;
}

function floorsOf(name: string, busy: Window): Floor[] {
  const turnMs = Math.max(...busy.loops.map(({ longestTurnMs }) => longestTurnMs));
  const count = refused(busy);
  return [
    {
      name: `${name}: CPU of the longest turn of a loop, ms`,
      kind: 'at-most',
      bound: TURN_MS_MAX,
      measured: turnMs,
      holds: turnMs <= TURN_MS_MAX,
    },
    { name: `${name}: leads refused`, kind: 'at-most', bound: 0, measured: count, holds: count === 0 },
  ];
}
